import Documents
public import Domain

/// Two photos of a scene that decides, one of each side: crops, and what changed between them.
public struct VerdictPicture: Sendable, Hashable {
  /// One of the two photos.
  public struct Side: Sendable, Hashable {
    /// The photo.
    public var photo: PhotoID
    /// A crop at one image pixel a screen pixel, as a JPEG file's bytes.
    public var crop: [UInt8]
    /// The path of the whole photo, relative to the page; nil for no link.
    public var link: String?

    /// Makes a side.
    public init(photo: PhotoID, crop: [UInt8], link: String?) {
      (self.photo, self.crop, self.link) = (photo, crop, link)
    }
  }

  /// One number that changed.
  public struct Change: Sendable, Hashable {
    /// What it measures.
    public var name: String
    /// By how much it changed, with its unit.
    public var text: String

    /// Makes a change.
    public init(_ name: String, _ text: String) { (self.name, self.text) = (name, text) }
  }

  /// The attribute.
  public var attribute: Attribute
  /// The scene.
  public var scene: SceneID
  /// The scene's difference, in JOD.
  public var difference: Double
  /// The photo of the baseline.
  public var baseline: Side
  /// The photo of the candidate.
  public var candidate: Side
  /// What changed from the first to the second.
  public var changes: [Change]
  /// Where a model sees the quality change, as a PNG or JPEG file's bytes with what it shows; nil
  /// without a model.
  public var map: (picture: [UInt8], meaning: String)? {
    get { mapPicture.map { ($0, mapMeaning) } }
    set { (mapPicture, mapMeaning) = (newValue?.picture, newValue?.meaning ?? "") }
  }
  private var mapPicture: [UInt8]?
  private var mapMeaning = ""

  /// Makes a picture.
  public init(
    attribute: Attribute, scene: SceneID, difference: Double, baseline: Side, candidate: Side,
    changes: [Change]
  ) {
    (self.attribute, self.scene, self.difference) = (attribute, scene, difference)
    (self.baseline, self.candidate, self.changes) = (baseline, candidate, changes)
  }
}

extension VerdictReport {
  /// The crops of the scenes that decide; nil without any.
  var pictureSection: ReportSection? {
    guard !pictures.isEmpty else { return nil }
    return ReportSection(
      "pictures", "Where, and what changed",
      lead:
        "The scenes with the largest differences: the same part of both photos at 1:1, the baseline at the left. Changes are measured on the faces, brought to the same size."
    ) {
      Markup.element(.div, .class("grid scenes")) {
        for picture in pictures { article(picture) }
      }
    }
  }

  private func article(_ picture: VerdictPicture) -> Markup {
    .element(.article) {
      Markup.element(.h3) {
        "\(picture.scene.text), \(picture.attribute): \(NumberFormat.signed(picture.difference)) JOD"
      }
      Markup.element(.div, .class("pair")) {
        crop(picture.baseline, verdict.baseline)
        crop(picture.candidate, verdict.candidate)
      }
      Markup.element(.ul, .class("changes")) {
        for change in picture.changes {
          Markup.element(.li) {
            "\(change.name) "
            Markup.element(.strong, text: change.text)
          }
        }
      }
      if let map = picture.map, let image = EmbeddedImage(map.picture) {
        Markup.element(.figure, .class("map")) {
          Markup.element(
            .img, .source(image), Markup.Attribute(.alt, "Where the quality changes"))
          Markup.element(.figcaption, text: map.meaning)
        }
      }
    }
  }

  private func crop(_ side: VerdictPicture.Side, _ group: String) -> Markup {
    let name = "\(group): \(side.photo)"
    return .element(.figure) {
      if let image = EmbeddedImage(side.crop) {
        Markup.element(.div, .class("crop")) {
          Markup.element(.img, .source(image), Markup.Attribute(.alt, name))
        }
      }
      Markup.element(.figcaption) {
        if let link = side.link {
          Markup.element(.a, .link(toFile: link), text: name)
        } else {
          name
        }
      }
    }
  }
}

public import Domain
public import Files

/// What bridging came to: the gaps with their state, and the pictures.
public struct BridgeOutcome: Sendable {
  /// How a gap stands.
  public enum GapState: String, Hashable, Sendable, CaseIterable {
    /// Photos are missing in it.
    case open
    /// Errors alone may have made it: votes are missing, not photos.
    case uncertain
    /// Its photos stand close enough.
    case closed
    /// One of its photos is no longer on the scale.
    case unknown
  }

  /// A gap that was found now or earlier.
  public struct Gap: Hashable, Sendable {
    /// The photo below it.
    public var lower: ScenePhoto
    /// The photo above it.
    public var upper: ScenePhoto
    /// Its width when it was found.
    public var firstWidth: Double
    /// The largest step that is left in it; nil where that is not known.
    public var width: Double?
    /// The interval of that step.
    public var interval: ConfidenceInterval?
    /// How it stands.
    public var state: GapState
    /// The number of pictures that are new or wait for votes in it.
    public var pictures = 0
    /// Why a part of it stays without a picture; empty when nothing is wrong.
    public var problem = ""
  }

  /// How a picture stands.
  public enum PictureState: String, Hashable, Sendable, CaseIterable {
    /// It would be made without the dry run.
    case planned
    /// It was made now.
    case made
    /// It waits for votes.
    case waiting
    /// Votes have placed it.
    case placed
  }

  /// A picture of the bridge.
  public struct Picture: Hashable, Sendable {
    /// Its name.
    public var photo: PhotoID
    /// The reference that it was made from.
    public var source: PhotoID
    /// What was done.
    public var recipe: DegradationRecipe
    /// How it stands.
    public var state: PictureState
    /// By how much the source is expected to be better.
    public var expectedLoss: Double
    /// By how much votes found the source better; nil before.
    public var loss: Double?
    /// The interval of that loss.
    public var interval: ConfidenceInterval?
    /// The SHA-256 of its region; nil for a planned one.
    public var sha256: String?
  }

  /// The scene that the pictures are of.
  public var scene: SceneID
  /// The attribute.
  public var attribute: Attribute
  /// The kind of scale: `scene` or `unified`.
  public var scale: String
  /// The unit of widths and losses.
  public var unit: ScoreUnit
  /// The gaps, from the worst to the best photos.
  public var gaps: [Gap] = []
  /// The pictures, in the order of their names.
  public var pictures: [Picture] = []
  /// The comparisons that are wanted, and how many of them are new in the study's list.
  public var pairs: CSVWriter
  /// The number of comparisons that are new in the study's list.
  public var queued = 0
  /// The number of pictures that could not be made.
  public var failures = 0
  /// What all of this depends on.
  public var provenance: Provenance

  /// The number of gaps of a state.
  public func count(_ state: GapState) -> Int { gaps.count { $0.state == state } }

  /// The columns of ``gapRows``.
  public static let gapColumns = [
    "scene", "attribute", "scale", "lower", "upper", "first_width", "width", "low", "high",
    "state", "pictures", "problem",
  ]

  /// A row for each gap; photos of a unified scale are named with their scenes.
  public var gapRows: [[String]] {
    gaps.map { gap in
      let names = [gap.lower, gap.upper].map {
        scale == "unified" ? $0.crossName.text : $0.photo.text
      }
      return [scene.text, attribute.text, scale] + names + [
        Self.text(gap.firstWidth), Self.text(gap.width), Self.text(gap.interval?.low),
        Self.text(gap.interval?.high), gap.state.rawValue, "\(gap.pictures)", gap.problem,
      ]
    }
  }

  /// A row for each picture, with its recipe and lineage.
  public var pictureTable: CSVWriter {
    var table = CSVWriter(columns: [
      "scene", "image", "source", "subsampling_factor", "sharpening_amount", "noise_variance",
      "noise_seed", "state", "expected_loss", "loss", "loss_low", "loss_high", "sha256",
    ])
    for picture in pictures {
      let recipe = picture.recipe
      table.append([
        scene.text, picture.photo.text, picture.source.text,
        CSVWriter.text(recipe.subsamplingFactor), CSVWriter.text(recipe.sharpeningAmount),
        CSVWriter.text(recipe.noiseVariance),
        picture.state == .planned ? "" : "\(recipe.noiseSeed)", picture.state.rawValue,
        Self.text(picture.expectedLoss), Self.text(picture.loss), Self.text(picture.interval?.low),
        Self.text(picture.interval?.high), picture.sha256 ?? "",
      ])
    }
    return table
  }

  /// Writes `gaps.csv`, `pictures.csv` and `pairs.csv` with their provenance.
  ///
  /// - Throws: `InputError` when a file can't be written.
  public func write(to folder: String) throws(InputError) {
    var table = CSVWriter(columns: Self.gapColumns)
    for row in gapRows { table.append(row) }
    for (name, table) in [("gaps", table), ("pictures", pictureTable), ("pairs", pairs)] {
      try provenance.write(beside: "\(folder)/\(name).csv")
      try table.write(to: "\(folder)/\(name).csv")
    }
  }

  /// A number with three decimals.
  private static func text(_ value: Double?) -> String {
    CSVWriter.text(value.map { ($0 * 1000).rounded() / 1000 })
  }
}

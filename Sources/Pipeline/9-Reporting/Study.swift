import Documents
import Domain

/// A report's content with what several sections need to know about it.
struct Study {
  let content: ReportContent
  /// Every scene, ascending: its place is its place in the palette.
  let scenes: [SceneID]
  /// The unit of the unified scale, of cross-scene scores and of predictions.
  let unit: ScoreUnit
  private let images: [Key: EmbeddedImage?]

  private struct Key: Hashable {
    let scene: SceneID?
    let photo: PhotoID
  }

  init(_ content: ReportContent) {
    self.content = content
    var scenes = Set(content.sceneScales.map(\.scene))
    scenes.formUnion(content.unifiedScale?.photos.map(\.scene) ?? [])
    scenes.formUnion(content.unifiedScale?.alignments.map(\.scene) ?? [])
    scenes.formUnion(content.alignments.map(\.scene))
    scenes.formUnion(content.predictions.map(\.scene))
    self.scenes = scenes.sorted()
    let unit =
      content.unifiedScale?.unit ?? content.crossScale?.unit ?? content.sceneScales.first?.unit
      ?? ScoreUnit(.jod(.unstated))
    self.unit = unit.with(reference: .unstated)
    images = Dictionary(
      content.samples.map { (Key(scene: $0.scene, photo: $0.photo), EmbeddedImage($0.image)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The place of a scene in the palette.
  func paletteIndex(_ scene: SceneID) -> Int { scenes.firstIndex(of: scene) ?? 0 }

  /// A photo's picture: `nil` when none was given, `.some(nil)` when its bytes are not a picture.
  func image(of photo: PhotoID, in scene: SceneID?) -> EmbeddedImage?? {
    images[Key(scene: scene, photo: photo)]
  }

  /// The conventions in use; more than one must be said.
  var conventions: [ScaleConvention] {
    let used = Set(
      content.sceneScales.map(\.convention) + [content.crossScale?.convention].compactMap { $0 }
        + [content.unifiedScale?.convention].compactMap { $0 })
    return ScaleConvention.allCases.filter(used.contains)
  }

  /// How scenes map to the cross-scene scale, ascending by scene.
  var alignments: [SceneAlignment] {
    content.alignments.isEmpty ? content.unifiedScale?.alignments ?? [] : content.alignments
  }

  /// The interval's probability for words, such as `95 %`.
  var intervalLevel: String {
    let photos =
      content.unifiedScale?.photos ?? content.sceneScales.first?.photos
      ?? content.crossScale?.photos ?? []
    guard let level = photos.first?.interval.level, level > 0, level < 1 else { return "95 %" }
    return NumberFormat.compact(level * 100, decimals: 1) + "\u{00A0}%"
  }
}

/// A scene's name for people: `Indoor_Scene_12` as `Indoor Scene 12`.
func readable(_ scene: SceneID) -> String {
  scene.text.split(separator: "_", omittingEmptySubsequences: false).joined(separator: " ")
}

/// A quality for people, two decimals.
func quality(_ value: Double) -> String { NumberFormat.typeset(value, decimals: 2) }

/// The interval of a photo as a chart draws it; `nil` when it isn't known.
func span(_ interval: ConfidenceInterval?) -> Span? {
  interval.flatMap { Span($0.low, $0.high) }
}

/// A number of things, such as `1 photo` or `24 photos`.
func counted(_ count: Int, _ one: String, _ many: String) -> String {
  "\(NumberFormat.grouped(count)) \(count == 1 ? one : many)"
}

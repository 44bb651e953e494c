public import Domain

/// The scores that a run learns from: of one scale, or of each scene's own.
public struct TrainingScores: Hashable, Sendable {
  /// The attribute.
  public let attribute: Attribute
  /// The photos with the score to learn.
  public let photos: [ScaledPhoto]
  /// Whether the scores live on one scale for all scenes.
  public let isUnified: Bool
  /// Their unit.
  public let unit: ScoreUnit

  /// Reads a unified scale, the scales of scenes, or mean opinion scores (``OpinionScoresFile``).
  ///
  /// - Throws: `InputError` when it is none of them, or holds several attributes.
  public init(path: String) throws(InputError) {
    let table = try CSVTable(path: path)
    if OpinionScoresFile.isOpinionScores(table) {
      self.init(opinions: try OpinionScoresFile.read(path))
      return
    }
    if UnifiedScoresFile.isUnified(table) {
      self.init(try UnifiedScoresFile.read(path).scale)
      return
    }
    let scales = try ScoresFile.read(path)
    guard let attribute = scales.first?.attribute,
      scales.allSatisfy({ $0.attribute == attribute })
    else {
      throw InputError(path, "it holds several attributes", remedy: "give one at a time")
    }
    self.init(scales)
  }

  private init(opinions: (attribute: Attribute, photos: [ScaledPhoto])) {
    (attribute, photos) = opinions
    (isUnified, unit) = (true, ScoreUnit(.mos(dataSet: nil)))
  }

  /// The scores of a unified scale.
  public init(_ scale: UnifiedScale) {
    attribute = scale.attribute
    photos = scale.photos
    isUnified = true
    unit = scale.unit
  }

  /// The scores of per-scene scales of one attribute.
  public init(_ scales: [SceneScale]) {
    attribute = scales.first?.attribute ?? .details
    photos = scales.flatMap(\.photos)
    isUnified = false
    unit = scales.first?.unit.with(reference: .eachScene) ?? ScoreUnit(.jod(.eachScene))
  }
}

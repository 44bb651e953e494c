public import Domain

/// One photo's line in a file of scores.
public struct ScoreRecord: Hashable, Sendable, Codable {
  /// The path of the photo, as it was given.
  public var photo: String
  /// The model's name.
  public var model: String
  /// The attribute that the model was trained on.
  public var attribute: Attribute
  /// The score, in the unit of `unit`.
  public var score: Double
  /// The lower end of the 95 % interval, if the model can give one.
  public var low: Double?
  /// The upper end of the 95 % interval, if the model can give one.
  public var high: Double?
  /// The unit, such as `JOD of Indoor_1`.
  public var unit: String?
  /// The scene that the score was made for.
  public var scene: SceneFinding?
  /// How many crops were averaged.
  public var crops: Int?
  /// The standard deviation of the crops' scores.
  public var spread: Double?
  /// How far the photo lies from the model's training photos, about 1 for one of them.
  public var novelty: Double?
  /// Whether the photo lies outside what the model knows, so that its score and interval mean
  /// little.
  public var isOutside: Bool?
  /// What was done to the region that a reader should know.
  public var remark: String?

  /// Makes a record.
  public init(
    photo: String, model: String, attribute: Attribute, score: Double, low: Double? = nil,
    high: Double? = nil, unit: String? = nil, scene: SceneFinding? = nil, crops: Int? = nil,
    spread: Double? = nil, novelty: Double? = nil, isOutside: Bool? = nil, remark: String? = nil
  ) {
    self.photo = photo
    self.model = model
    self.attribute = attribute
    self.score = score
    self.low = low
    self.high = high
    self.unit = unit
    self.scene = scene
    self.crops = crops
    self.spread = spread
    self.novelty = novelty
    self.isOutside = isOutside
    self.remark = remark
  }

  /// The score alone.
  public var quality: QualityScore {
    QualityScore(
      photo: photo, model: model, attribute: attribute, score: score, low: low, high: high)
  }

  /// The columns of a table of records; `scene` is a given scene, never a predicted one.
  public static let columns = [
    "photo", "model", "attribute", "score", "low", "high", "unit", "scene", "predicted_scene",
    "scene_probability", "crops", "spread", "novelty", "outside", "remark",
  ]

  /// The fields of ``columns``; empty where there is nothing.
  public var fields: [String] {
    func text(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }
    let (told, predicted) = scene?.source == .given ? (scene, nil) : (nil, scene)
    return [
      photo, model, attribute.text, text(score), text(low), text(high), unit ?? "",
      told?.name ?? "", predicted?.name ?? "", text(predicted?.probability),
      crops.map(String.init) ?? "", text(spread), text(novelty),
      isOutside.map { $0 ? "yes" : "no" } ?? "", remark ?? "",
    ]
  }
}

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
  /// What was done to the region that a reader should know.
  public var remark: String?

  /// Makes a record.
  public init(
    photo: String, model: String, attribute: Attribute, score: Double, low: Double? = nil,
    high: Double? = nil, unit: String? = nil, scene: SceneFinding? = nil, crops: Int? = nil,
    remark: String? = nil
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
    self.remark = remark
  }

  /// The score alone.
  public var quality: QualityScore {
    QualityScore(
      photo: photo, model: model, attribute: attribute, score: score, low: low, high: high)
  }

  /// The columns of a table of records.
  public static let columns = [
    "photo", "model", "attribute", "score", "low", "high", "unit", "scene", "scene_source",
    "scene_probability", "crops", "remark",
  ]

  /// The fields of ``columns``; empty where there is nothing.
  public var fields: [String] {
    [
      photo, model, attribute.text, "\(score)", low.map { "\($0)" } ?? "",
      high.map { "\($0)" } ?? "", unit ?? "", scene?.name ?? "", scene?.source.rawValue ?? "",
      scene?.probability.map { "\($0)" } ?? "", crops.map(String.init) ?? "", remark ?? "",
    ]
  }
}

/// A photo's score by a model: one line in a file of scores.
public struct PhotoScore: Hashable, Sendable, Codable {
  /// The path of the photo, as it was given.
  public var photo: String
  /// The model's name.
  public var model: String
  /// The SHA-256 of the model's weights; nil for a model whose files are told apart elsewhere.
  public var modelSHA256: String?
  /// The attribute that the model was trained on.
  public var attribute: Attribute
  /// The score, in the unit of `unit`.
  public var score: Double
  /// The lower end of the 95 % interval, if the model can give one.
  public var low: Double?
  /// The upper end of the 95 % interval, if the model can give one.
  public var high: Double?
  /// The unit; nil where nobody stated one.
  public var unit: ScoreUnit?
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

  /// Makes a score.
  public init(
    photo: String, model: String, attribute: Attribute, score: Double, low: Double? = nil,
    high: Double? = nil, unit: ScoreUnit? = nil, scene: SceneFinding? = nil, crops: Int? = nil,
    spread: Double? = nil, novelty: Double? = nil, isOutside: Bool? = nil, remark: String? = nil,
    modelSHA256: String? = nil
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
    self.modelSHA256 = modelSHA256
  }
}

/// The scene that a score was made for.
public struct SceneFinding: Hashable, Sendable, Codable {
  /// Where the scene's name comes from.
  public enum Source: String, Hashable, Sendable, Codable, CaseIterable {
    /// Somebody gave it.
    case given
    /// The model predicted it.
    case predicted
  }

  /// The scene's name.
  public let name: String
  /// Where it comes from.
  public let source: Source
  /// The model's probability, of a predicted scene.
  public let probability: Double?

  /// Makes a finding.
  public init(name: String, source: Source, probability: Double? = nil) {
    self.name = name
    self.source = source
    self.probability = probability
  }
}

/// What was found for a part of the photos.
public struct SliceVerdict: Sendable, Hashable, Codable {
  /// What the photos are parted by, such as `condition`.
  public var field: String
  /// The value that these photos share.
  public var value: String
  /// The attribute.
  public var attribute: Attribute
  /// How the candidate stands to the baseline, corrected by Holm for the number of slices.
  public var outcome: Outcome
  /// The difference from the slice's own scenes.
  public var finding: DifferenceFinding
  /// The difference shrunk towards the whole, in JOD.
  public var shrunken: Double
  /// The lower end of the interval of the shrunken difference.
  public var shrunkenLow: Double
  /// The upper end of the interval of the shrunken difference.
  public var shrunkenHigh: Double
  /// The number of scenes.
  public var scenes: Int

  /// Makes a finding.
  public init(
    field: String, value: String, attribute: Attribute, outcome: Outcome,
    finding: DifferenceFinding, shrunken: Double, shrunkenLow: Double, shrunkenHigh: Double,
    scenes: Int
  ) {
    (self.field, self.value, self.attribute) = (field, value, attribute)
    (self.outcome, self.finding, self.scenes) = (outcome, finding, scenes)
    (self.shrunken, self.shrunkenLow) = (shrunken, shrunkenLow)
    self.shrunkenHigh = shrunkenHigh
  }

  private enum CodingKeys: String, CodingKey {
    case field, value, attribute, outcome
    case shrunken = "shrunken_jod"
    case shrunkenLow = "shrunken_low"
    case shrunkenHigh = "shrunken_high"
    case scenes
  }

  /// Reads a finding; its numbers stand beside the slice.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    field = try values.decode(String.self, forKey: .field)
    value = try values.decode(String.self, forKey: .value)
    attribute = try values.decode(Attribute.self, forKey: .attribute)
    outcome = try values.decode(Outcome.self, forKey: .outcome)
    finding = try DifferenceFinding(from: decoder)
    shrunken = try values.decode(Double.self, forKey: .shrunken)
    shrunkenLow = try values.decode(Double.self, forKey: .shrunkenLow)
    shrunkenHigh = try values.decode(Double.self, forKey: .shrunkenHigh)
    scenes = try values.decode(Int.self, forKey: .scenes)
  }

  /// Writes a finding; its numbers stand beside the slice.
  public func encode(to encoder: any Encoder) throws {
    try finding.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(field, forKey: .field)
    try values.encode(value, forKey: .value)
    try values.encode(attribute, forKey: .attribute)
    try values.encode(outcome, forKey: .outcome)
    try values.encode(shrunken, forKey: .shrunken)
    try values.encode(shrunkenLow, forKey: .shrunkenLow)
    try values.encode(shrunkenHigh, forKey: .shrunkenHigh)
    try values.encode(scenes, forKey: .scenes)
  }
}

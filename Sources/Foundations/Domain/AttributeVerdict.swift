/// What was found for one attribute; differences are candidate minus baseline, in JOD.
public struct AttributeVerdict: Sendable, Hashable, Codable {
  /// The attribute.
  public var attribute: Attribute
  /// How the candidate stands to the baseline.
  public var outcome: Outcome
  /// What the gate's rule says about this attribute.
  public var gateResult: GateResult
  /// Why, in one sentence.
  public var reason: String
  /// The difference and all that follows from it; nil where no scene shows both sides.
  public var finding: DifferenceFinding?
  /// How the difference varies from scene to scene; nil for one scene and for «these scenes only».
  public var heterogeneity: Heterogeneity?
  /// Every scene that shows both sides, ascending by name.
  public var scenes: [SceneEffect]
  /// The number of scenes in which the candidate is ahead.
  public var scenesFor: Int
  /// The number of scenes in which the baseline is ahead.
  public var scenesAgainst: Int
  /// The number of votes behind the scenes; 0 from scores.
  public var votes: Int
  /// The number of observers; 0 from scores.
  public var observers: Int
  /// The votes that put a photo of one side against one of the other; nil from scores.
  public var directVotes: DirectVotes?
  /// What the design can show.
  public var power: AchievedPower?
  /// What would decide it; nil when it is decided.
  public var missing: MissingEvidence?
  /// The scene without which the outcome would be another one, if there is one.
  public var pivotalScene: PivotalScene?
  /// What was left out, each in one sentence.
  public var excluded: [String]

  /// Makes a finding without numbers; the caller adds what there is.
  public init(
    attribute: Attribute, outcome: Outcome, gateResult: GateResult, reason: String
  ) {
    (self.attribute, self.outcome) = (attribute, outcome)
    (self.gateResult, self.reason) = (gateResult, reason)
    (scenes, scenesFor, scenesAgainst, votes, observers) = ([], 0, 0, 0, 0)
    excluded = []
  }

  private enum CodingKeys: String, CodingKey {
    case attribute, outcome
    case gateResult = "gate_result"
    case reason
    case scenes = "by_scene"
    case sceneCount = "scenes"
    case scenesFor = "scenes_for"
    case scenesAgainst = "scenes_against"
    case votes, observers
    case directVotes = "direct_votes"
    case power, missing
    case pivotalScene = "pivotal_scene"
    case excluded
  }

  /// Reads a finding; its numbers stand beside the attribute.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    attribute = try values.decode(Attribute.self, forKey: .attribute)
    outcome = try values.decode(Outcome.self, forKey: .outcome)
    gateResult = try values.decode(GateResult.self, forKey: .gateResult)
    reason = try values.decode(String.self, forKey: .reason)
    finding = try DifferenceFinding(ifPresentIn: decoder)
    heterogeneity = try Heterogeneity(ifPresentIn: decoder)
    scenes = try values.decode([SceneEffect].self, forKey: .scenes)
    scenesFor = try values.decode(Int.self, forKey: .scenesFor)
    scenesAgainst = try values.decode(Int.self, forKey: .scenesAgainst)
    votes = try values.decode(Int.self, forKey: .votes)
    observers = try values.decode(Int.self, forKey: .observers)
    directVotes = try values.decodeIfPresent(DirectVotes.self, forKey: .directVotes)
    power = try values.decodeIfPresent(AchievedPower.self, forKey: .power)
    missing = try values.decodeIfPresent(MissingEvidence.self, forKey: .missing)
    pivotalScene = try values.decodeIfPresent(PivotalScene.self, forKey: .pivotalScene)
    excluded = try values.decode([String].self, forKey: .excluded)
  }

  /// Writes a finding; its numbers stand beside the attribute.
  public func encode(to encoder: any Encoder) throws {
    try finding?.encode(to: encoder)
    try heterogeneity?.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(attribute, forKey: .attribute)
    try values.encode(outcome, forKey: .outcome)
    try values.encode(gateResult, forKey: .gateResult)
    try values.encode(reason, forKey: .reason)
    try values.encode(scenes, forKey: .scenes)
    try values.encode(scenes.count, forKey: .sceneCount)
    try values.encode(scenesFor, forKey: .scenesFor)
    try values.encode(scenesAgainst, forKey: .scenesAgainst)
    try values.encode(votes, forKey: .votes)
    try values.encode(observers, forKey: .observers)
    try values.encodeIfPresent(directVotes, forKey: .directVotes)
    try values.encodeIfPresent(power, forKey: .power)
    try values.encodeIfPresent(missing, forKey: .missing)
    try values.encodeIfPresent(pivotalScene, forKey: .pivotalScene)
    try values.encode(excluded, forKey: .excluded)
  }
}

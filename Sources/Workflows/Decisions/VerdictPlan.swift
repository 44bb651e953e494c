public import Decision
public import Domain
import Files

/// What a verdict was fixed to before the first vote: `verdict.json`, committed beside the study.
///
/// ```json
/// {"baseline": "A", "candidate": "B", "margin": 0.5, "visible": 1, "attributes": ["details"], "gate": "no-worse",
///  "scenes_are": "sample", "sequential": true, "slices": ["condition"], "budget": {"votes": 2000, "scenes": 20, "looks": 5}}
/// ```
///
/// Every key may be missing; a key that isn't known is an error.
public struct VerdictPlan: Hashable, Sendable, Codable {
  /// What is compared with.
  public var baseline: String?
  /// What is judged.
  public var candidate: String?
  /// The margin, in JOD.
  public var margin: Double?
  /// The visible difference, in JOD.
  public var visible: Double?
  /// The attributes.
  public var attributes: [Attribute]?
  /// The gate's rule.
  public var gate: GateRule?
  /// What the scenes stand for.
  public var scenesAre: SceneInference?
  /// Whether the run looks after every batch.
  public var sequential: Bool?
  /// The slices.
  public var slices: [String]?
  /// What the study may cost.
  public var budget: Budget?

  /// The most that a study may use.
  public struct Budget: Hashable, Sendable, Codable {
    /// The number of votes, over all attributes.
    public var votes: Int?
    /// The number of scenes of an attribute.
    public var scenes: Int?
    /// How often the verdict may be looked at.
    public var looks: Int?

    private enum CodingKeys: String, CodingKey, CaseIterable { case votes, scenes, looks }

    /// Reads a budget; refuses keys that aren't known.
    public init(from decoder: any Decoder) throws {
      try AnyKey.check(decoder, CodingKeys.allCases)
      let values = try decoder.container(keyedBy: CodingKeys.self)
      votes = try values.decodeIfPresent(Int.self, forKey: .votes)
      scenes = try values.decodeIfPresent(Int.self, forKey: .scenes)
      looks = try values.decodeIfPresent(Int.self, forKey: .looks)
    }
  }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case baseline, candidate, margin, visible, attributes, gate
    case scenesAre = "scenes_are"
    case sequential, slices, budget
  }

  /// Reads a plan from a file.
  ///
  /// - Throws: `InputError` for a file that is no plan, or that holds a key that isn't known.
  public static func read(_ path: String) throws(InputError) -> VerdictPlan {
    try CanonicalJSON.read(
      VerdictPlan.self, from: path, maximumBytes: 1 << 20, remedy: "see docs/verdicts.md")
  }

  /// Settings as the plan wants them; what it does not say stays as it is.
  public func settings(_ defaults: DecisionSettings) -> DecisionSettings {
    var settings = defaults
    settings.margin = margin ?? settings.margin
    settings.visible = visible ?? settings.visible
    settings.gate = gate ?? settings.gate
    settings.scenes = scenesAre ?? settings.scenes
    settings.isSequential = sequential ?? settings.isSequential
    return settings
  }

  /// Reads a plan; refuses keys that aren't known.
  public init(from decoder: any Decoder) throws {
    try AnyKey.check(decoder, CodingKeys.allCases)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    baseline = try values.decodeIfPresent(String.self, forKey: .baseline)
    candidate = try values.decodeIfPresent(String.self, forKey: .candidate)
    margin = try values.decodeIfPresent(Double.self, forKey: .margin)
    visible = try values.decodeIfPresent(Double.self, forKey: .visible)
    attributes = try values.decodeIfPresent([String].self, forKey: .attributes)?
      .map { Attribute($0) }
    gate = try values.decodeIfPresent(GateRule.self, forKey: .gate)
    scenesAre = try values.decodeIfPresent(SceneInference.self, forKey: .scenesAre)
    sequential = try values.decodeIfPresent(Bool.self, forKey: .sequential)
    slices = try values.decodeIfPresent([String].self, forKey: .slices)
    budget = try values.decodeIfPresent(Budget.self, forKey: .budget)
  }
}

/// Any key of a JSON object.
private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }

  static func check(_ decoder: any Decoder, _ known: [some CodingKey]) throws {
    let names = Set(known.map(\.stringValue))
    let keys = try decoder.container(keyedBy: AnyKey.self).allKeys
    if let key = keys.first(where: { !names.contains($0.stringValue) }) {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath + [key],
          debugDescription: "not one of \(names.sorted().joined(separator: ", "))"))
    }
  }
}

extension VerdictPlan {
  /// What of a run was not as planned, each in one sentence.
  ///
  /// - Parameters:
  ///   - verdict: what came out.
  ///   - asked: the slices that were asked for.
  ///   - looks: how often the verdict was looked at, this time included; nil where no history is
  ///     kept.
  /// - Returns: the sentences; none when everything was as planned.
  func deviations(of verdict: Verdict, slices asked: [String], looks: Int?) -> [String] {
    var found: [String] = []
    func compare<Value: Equatable>(_ name: String, _ planned: Value?, _ actual: Value) {
      guard let planned, planned != actual else { return }
      found.append("\(name): \(planned) was planned, \(actual) was used.")
    }
    compare("baseline", baseline, verdict.baseline)
    compare("candidate", candidate, verdict.candidate)
    compare("margin", margin, verdict.marginJOD)
    compare("visible", visible, verdict.visibleJOD)
    compare(
      "attributes", attributes?.map(\.text).sorted().joined(separator: ", "),
      verdict.attributes.map(\.attribute.text).joined(separator: ", "))
    compare("gate", gate?.rawValue, verdict.gate.rawValue)
    compare("scenes", scenesAre?.rawValue, verdict.scenesAre.rawValue)
    compare("sequential", sequential, verdict.isSequential)
    let (planned, used) = (Set(slices ?? []), Set(asked))
    if slices != nil || !asked.isEmpty, planned != used {
      found.append(
        "slices: \(planned.sorted().joined(separator: ", ")) were planned, "
          + "\(used.sorted().joined(separator: ", ")) were used.")
    }
    func bound(_ name: String, _ most: Int?, _ actual: Int) {
      guard let most, actual > most else { return }
      found.append("\(name): at most \(most) were planned, \(actual) were used.")
    }
    bound("votes", budget?.votes, verdict.attributes.reduce(0) { $0 + $1.votes })
    bound("scenes", budget?.scenes, verdict.attributes.map(\.scenes.count).max() ?? 0)
    if let looks {
      bound("looks", budget?.looks, looks)
      if !verdict.isSequential, looks > 1 {
        found.append("looks: \(looks) looks without a test that allows for them.")
      }
    }
    return found
  }
}

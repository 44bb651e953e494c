/// The answer to «is the candidate better than the baseline?», with what it rests on.
public struct Verdict: Sendable, Hashable, Codable {
  /// The version of the layout of the file.
  public var schema = 1
  /// What is compared with.
  public var baseline: String
  /// What is judged.
  public var candidate: String
  /// Where the differences come from.
  public var source: Source
  /// The outcome over all attributes: worse if any attribute is worse, else inconclusive if any is,
  /// else better if any is, else equivalent.
  public var outcome: Outcome
  /// The rule of the gate.
  public var gate: GateRule
  /// What the rule says about the candidate.
  public var gateResult: GateResult
  /// What an inconclusive gate counts as; nil keeps it a third answer.
  public var inconclusive: InconclusivePolicy?
  /// The exit code of the command: 0 pass, 1 fail, 3 inconclusive, after `inconclusive` was
  /// applied.
  public var exitCode: Int32
  /// The answer in one sentence.
  public var sentence: String
  /// The margin of equivalence and of «no worse», in JOD.
  public var marginJOD: Double
  /// The difference that counts as visible, in JOD.
  public var visibleJOD: Double
  /// The level of the intervals.
  public var confidenceLevel: Double
  /// What the scenes stand for.
  public var scenesAre: SceneInference
  /// Whether one may look after every batch without changing the error rates.
  public var isSequential: Bool
  /// One finding for each attribute, ascending by name.
  public var attributes: [AttributeVerdict]
  /// Findings for parts of the photos, those that are worse first.
  public var slices: [SliceVerdict]
  /// Whether the run kept to a plan that was fixed beforehand; nil without one.
  public var plan: PlanCheck?
  /// What a reader must know before the numbers, each in one sentence.
  public var notices: [String]
  /// What else a reader should know, each in one sentence.
  public var notes: [String]

  /// Where differences come from.
  public enum Source: String, Sendable, Hashable, Codable {
    /// People's votes.
    case votes
    /// A model's scores.
    case scores
  }

  /// Makes a verdict.
  public init(
    baseline: String, candidate: String, source: Source, outcome: Outcome, gate: GateRule,
    gateResult: GateResult, inconclusive: InconclusivePolicy? = nil, exitCode: Int32,
    sentence: String, marginJOD: Double,
    visibleJOD: Double, confidenceLevel: Double, scenesAre: SceneInference, isSequential: Bool,
    attributes: [AttributeVerdict], slices: [SliceVerdict] = [], plan: PlanCheck? = nil,
    notices: [String] = [], notes: [String] = []
  ) {
    (self.baseline, self.candidate, self.source) = (baseline, candidate, source)
    (self.outcome, self.gate, self.gateResult) = (outcome, gate, gateResult)
    self.inconclusive = inconclusive
    (self.exitCode, self.sentence) = (exitCode, sentence)
    (self.marginJOD, self.visibleJOD) = (marginJOD, visibleJOD)
    (self.confidenceLevel, self.scenesAre) = (confidenceLevel, scenesAre)
    self.isSequential = isSequential
    (self.attributes, self.slices, self.plan) = (attributes, slices, plan)
    (self.notices, self.notes) = (notices, notes)
  }

  private enum CodingKeys: String, CodingKey {
    case schema, baseline, candidate, source, outcome, gate
    case gateResult = "gate_result"
    case inconclusive = "inconclusive_counts_as"
    case exitCode = "exit_code"
    case sentence
    case marginJOD = "margin_jod"
    case visibleJOD = "visible_jod"
    case confidenceLevel = "confidence_level"
    case scenesAre = "scenes_are"
    case isSequential = "sequential"
    case attributes, slices, plan, notices, notes
  }
}

/// Whether a run kept to what was fixed beforehand.
public struct PlanCheck: Sendable, Hashable, Codable {
  /// The file of the plan.
  public var file: String
  /// The SHA-256 of the plan.
  public var sha256: String
  /// Whether everything was as planned.
  public var isKept: Bool
  /// What was not, each in one sentence.
  public var deviations: [String]

  /// Makes a check.
  public init(file: String, sha256: String, deviations: [String]) {
    (self.file, self.sha256, self.deviations) = (file, sha256, deviations)
    isKept = deviations.isEmpty
  }

  private enum CodingKeys: String, CodingKey {
    case file, sha256
    case isKept = "kept"
    case deviations
  }
}

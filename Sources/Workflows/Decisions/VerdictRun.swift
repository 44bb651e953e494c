import Comparison
public import Decision
public import Domain
public import Files
import Scaling
public import ScalingWorkflow
import Statistics
import Studies

/// Says whether a candidate is better than a baseline, from files.
public struct VerdictRun: Sendable {
  /// Where the differences come from.
  public enum Source: Sendable, Hashable {
    /// A file of votes.
    case votes(String, ScalingPlan)
    /// Files of one model's scores, and the measured scores of validation photos.
    case scores([String], scale: String?)
  }

  /// What came out.
  public struct Outcome: Sendable {
    /// The verdict.
    public let verdict: Verdict
    /// The pairs to be asked next, in the columns of `vernier next-pairs`; nil from scores.
    public let nextPairs: CSVWriter?
    /// The number of those pairs.
    public let nextPairCount: Int
    /// How earlier candidates stood, the latest last; empty without a history.
    public let history: [HistoryEntry]
    /// Photos of the scenes that decide.
    public let examples: [SceneExample]
  }

  /// Where it stands which photos belong to which group.
  public var groups: GroupSource
  /// What is compared with.
  public var baseline: String
  /// What is judged.
  public var candidate: String
  /// Where the differences come from.
  public var source: Source
  /// The attributes; nil takes all.
  public var attributes: [Attribute]?
  /// The facts that slices are made by.
  public var slices: [String] = []
  /// How the verdict is reached.
  public var settings = DecisionSettings()
  /// The file of the plan, and what it says.
  public var plan: (path: String, content: VerdictPlan)?
  /// The file of the history.
  public var history: String?
  /// How many pairs to ask next.
  public var batch = 24
  /// The seed of the sides of those pairs.
  public var seed: UInt64 = 1

  /// Plans a run with the default settings.
  public init(groups: GroupSource, baseline: String, candidate: String, source: Source) {
    (self.groups, self.baseline, self.candidate) = (groups, baseline, candidate)
    self.source = source
  }

  /// Reaches the verdict; writes nothing.
  ///
  /// - Parameter observer: hears progress.
  /// - Returns: the verdict, and the pairs that would tell most.
  /// - Throws: `InputError` for input that can't be used.
  public func run(observer: WorkflowObserver = .silent) throws -> Outcome {
    try settings.validate()
    guard batch >= 1 else {
      throw InputError(
        Setting("batch"), "\(batch) is no number of pairs", remedy: "give 1 or more")
    }
    let entries = try history.map { path throws(InputError) in try VerdictHistory.read(path) } ?? []
    let (sides, named) = try self.sides()
    let judged = try self.judged(sides, named, observer)
    var verdict = judged.verdict
    let (pairs, examples) = (judged.pairs, judged.examples)
    verdict.notices = try sourceNotices() + verdict.notices
    if let plan {
      let looks = history == nil ? nil : VerdictHistory.looks(entries, at: verdict)
      verdict.plan = PlanCheck(
        file: plan.path, sha256: try FileDigest.sha256(plan.path),
        deviations: plan.content.deviations(of: verdict, slices: slices, looks: looks))
    }
    return Outcome(
      verdict: verdict, nextPairs: pairs?.table, nextPairCount: pairs?.count ?? 0,
      history: history == nil ? [] : VerdictHistory.with(entries, verdict), examples: examples)
  }

  /// Refuses groups that are not there, before there are votes or scores.
  ///
  /// - Throws: `InputError` that names the group.
  func check() throws { _ = try sides() }

  private func sides() throws -> (Sides, StudyBaseline?) {
    let named = try groups.baseline(baseline)
    let sides = try Sides(
      groups.grouped(by: named?.field), baseline: named?.group ?? baseline, candidate: candidate)
    return (sides, named)
  }

  private func sourceNotices() throws(InputError) -> [String] {
    switch source {
    case .votes(let votes, _): try Notices.ofVotes(votes)
    case .scores(let scores, _): try Notices.ofScores(scores)
    }
  }

  private func judged(
    _ sides: Sides, _ named: StudyBaseline?, _ observer: WorkflowObserver
  ) throws -> (
    verdict: Verdict, pairs: (table: CSVWriter, count: Int)?, examples: [SceneExample]
  ) {
    switch source {
    case .votes(let votes, let plan):
      let found = try VotesEvidence(
        votes: votes, attributes: attributes, sides: sides, plan: plan, observer: observer)
      let verdict = try decide(
        found.attributes.map { found.evidence($0) },
        slices: try sliceEvidence(found.attributes, values: found.values, found.evidence),
        baseline: baseline, candidate: candidate, source: .votes, settings: settings)
      return (verdict, pairs(found, verdict), verdict.examples(found.examplePairs))
    case .scores(let scores, let scale):
      let found = try ScoresEvidence(
        scores: scores, kept: named, scale: scale, attributes: attributes, sides: sides)
      var verdict = try decide(
        found.attributes.map { found.evidence($0) },
        slices: try sliceEvidence(found.attributes, values: found.values, found.evidence),
        baseline: baseline, candidate: candidate, source: .scores, settings: settings)
      verdict.notes += found.notes
      return (verdict, nil, verdict.examples(found.examplePairs))
    }
  }

  /// What the verdict depends on.
  ///
  /// - Throws: `InputError` when a file can't be read.
  public func provenance() throws(InputError) -> Provenance {
    var inputs: [String] = []
    switch source {
    case .votes(let votes, _): inputs.append(votes)
    case .scores(let scores, let scale): inputs += scores + (scale.map { [$0] } ?? [])
    }
    if case .list(let path) = groups { inputs.append(path) }
    if let plan { inputs.append(plan.path) }
    return Provenance(
      command: ["verdict"], seed: seed,
      settings: [
        "baseline": .text(baseline), "candidate": .text(candidate),
        "margin": .number(settings.margin), "visible": .number(settings.visible),
        "gate": .text(settings.gate.rawValue), "scenes": .text(settings.scenes.rawValue),
        "sequential": .flag(settings.isSequential),
        "slices": .text(slices.joined(separator: ",")),
      ], inputs: try Provenance.digests(of: inputs))
  }

  /// The evidence of every value of every fact that slices are made by.
  private func sliceEvidence(
    _ attributes: [Attribute], values: (String) -> [String],
    _ evidence: (Attribute, (SceneID, Facts) -> Bool) -> AttributeEvidence
  ) throws(InputError) -> [SliceEvidence] {
    var all: [SliceEvidence] = []
    for field in slices {
      let known = values(field)
      guard !known.isEmpty else {
        throw InputError(
          Setting("slices"), "«\(field)» is not known for any photo",
          remedy: "add it to the study or as a column of the groups, or leave it out")
      }
      for value in known {
        for attribute in attributes {
          let part = evidence(attribute) { scene, facts in
            facts.value(of: field, scene: scene) == value
          }
          guard !part.scenes.isEmpty else { continue }
          all.append(SliceEvidence(field: field, value: value, evidence: part))
        }
      }
    }
    return all
  }

  /// The pairs whose votes narrow the undecided differences most.
  private func pairs(
    _ found: VotesEvidence, _ verdict: Verdict
  ) -> (table: CSVWriter, count: Int) {
    var table = CSVWriter(columns: [
      "scene", "attribute", "image_a", "image_b", "gain", "criterion", "batch", "batch_size",
      "seed", "random_share",
    ])
    let open = verdict.attributes.filter { $0.outcome == .inconclusive }.map(\.attribute)
    let targets = found.targets(Set(open))
    var generator = SeededGenerator(seed: seed)
    let chosen = decidingPairs(targets.map(\.1), count: batch, using: &generator)
    for (target, pair) in chosen {
      let judgements = targets[target].judgements
      // The criterion stays empty: which pairs narrow a difference follows from their number, not
      // from the answers.
      table.append([
        judgements.scene.text, judgements.attribute.text, judgements.photos[pair.a].text,
        judgements.photos[pair.b].text, CSVWriter.text(pair.gain), "",
        "\(judgements.votes.count)", "\(batch)", "\(seed)", "0",
      ])
    }
    return (table, chosen.count)
  }
}

public import Domain
import Files
import Scaling
import Statistics

/// Scales every scene of a votes file: `Scores_<Attribute>.csv`, `Clusters_<Attribute>.json` and, in JOD,
/// `Covariances_<Attribute>.jsonl`.
public struct ScalesFromVotes: Sendable {
  /// A file of scores that was written.
  public struct ScoreFile: Hashable, Sendable {
    /// The number of scenes in it.
    public let scenes: Int
    /// Where it lies.
    public let path: String
  }

  /// What came out.
  public struct Outcome: Hashable, Sendable {
    /// The files, ascending by attribute.
    public var files: [ScoreFile] = []
    /// The number of scenes in the votes.
    public var scenes = 0
    /// The number of scenes that can't be scaled.
    public var failures = 0
  }

  private let votes: String
  private let plan: ScalingPlan
  private let drawsFigures: Bool

  /// Plans a run.
  ///
  /// - Parameters:
  ///   - votes: the path of the votes.
  ///   - plan: how they become scales.
  ///   - drawsFigures: whether `Figures_<Attribute>.html` shows replicates, levels and clusters (paper 1, figure 2).
  public init(votes: String, plan: ScalingPlan, drawsFigures: Bool = false) {
    (self.votes, self.plan, self.drawsFigures) = (votes, plan, drawsFigures)
  }

  /// Scales every scene; one that can't be scaled doesn't stop the others.
  ///
  /// - Parameters:
  ///   - folder: where the files go.
  ///   - observer: receives progress, remarks about scenes, and failures.
  /// - Returns: the files and the failures.
  /// - Throws: `InputError` when the votes can't be read or a file not be written.
  public func run(to folder: String, observer: WorkflowObserver = .silent) throws -> Outcome {
    let scenes = SceneJudgements.grouping(
      try VotesFile.read(votes, allowsSelfVotes: plan.settings.prior.countsSelfVotes))
    var outcome = Outcome(scenes: scenes.count)
    var results: [SceneAnalysis] = []
    var covariances: [Attribute: [ScoreCovariance]] = [:]
    var choices: [String] = []
    var figures: [Attribute: [ScaleFigures]] = [:]
    for (index, scene) in scenes.enumerated() {
      let name = "\(votes), scene \(scene.scene), \(scene.attribute)"
      if let result = observer.attempt(name, { try scale(scene, observer) }) {
        results.append(result.analysis)
        if let drawn = result.figures { figures[scene.attribute, default: []].append(drawn) }
        choices.append("\(scene.scene), \(scene.attribute): \(result.scaled.choice.label)")
        covariances[scene.attribute, default: []].append(
          ScoreCovariance(result.scaled.scale, covariance: result.scaled.estimates.covariance))
      } else {
        outcome.failures += 1
      }
      observer.progress("scaling scenes", index + 1, of: scenes.count)
    }
    var record = plan.record
    record["pairs"] = .text(choices.joined(separator: "; "))
    let provenance = Provenance(
      command: ["scale"], seed: plan.settings.seed, settings: record,
      inputs: try Provenance.digests(of: [votes]))
    let groups = Dictionary(grouping: results, by: \.scale.attribute)
    for (attribute, group) in groups.sorted(by: { $0.key < $1.key }) {
      let path = "\(folder)/Scores_\(attribute.title).csv"
      try ScoresFile.write(group.map(\.scale), to: path, provenance: provenance)
      try AtomicFile.write(
        CanonicalJSON.document(group.map(ClusterRecord.init)),
        to: "\(folder)/Clusters_\(attribute.title).json")
      if drawsFigures {
        try AtomicFile.write(
          ScaleFigures.page(figures[attribute] ?? [], attribute: attribute, votes: votes),
          to: "\(folder)/Figures_\(attribute.title).html")
      }
      if plan.settings.convention == .jod {
        try CovariancesFile.write(covariances[attribute] ?? [], beside: path)
      }
      outcome.files.append(ScoreFile(scenes: group.count, path: path))
    }
    return outcome
  }

  private func scale(
    _ scene: SceneJudgements, _ observer: WorkflowObserver
  ) throws -> (analysis: SceneAnalysis, scaled: ScaledScene, figures: ScaleFigures?) {
    let scaled = try scaleScene(
      scene, settings: plan.settings, simulation: plan.simulation(of: scene))
    for note in scaled.notes + (plan.remark(scene, scaled).map { [$0] } ?? []) {
      observer.message("\(scene.scene), \(scene.attribute): \(note)")
    }
    let analysis = try analyseScene(scaled, rule: plan.levels, mode: plan.clusters)
    let figures = try drawsFigures ? ScaleFigures(analysis, scores: scaled.scores) : nil
    return (analysis, scaled, figures)
  }
}

extension ScalePrior {
  /// Whether votes of a photo against itself matter: pwcmp's published scales count them.
  fileprivate var countsSelfVotes: Bool { self == .pwcmp }
}

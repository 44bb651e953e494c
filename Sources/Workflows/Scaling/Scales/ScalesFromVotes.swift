public import Domain
import Files
import Scaling
import Statistics

/// Scales every scene of a votes file: `Scores_<Attribute>.csv`, `Clusters_<Attribute>.json` and,
/// in JOD, `Covariances_<Attribute>.jsonl`.
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

  /// Covariances grow with the square of the photos; scenes of more get none.
  static let photosWithCovariance = 300

  private let votes: String
  private let plan: ScalingPlan
  private let drawsFigures: Bool

  /// Plans a run.
  ///
  /// - Parameters:
  ///   - votes: the path of the votes.
  ///   - plan: how they become scales.
  ///   - drawsFigures: whether `Figures_<Attribute>.html` shows replicates, levels and clusters
  ///     (paper 1, figure 2).
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
    let scenes = try VotesFile.scenes(
      votes, allowsSelfVotes: plan.settings.prior.countsSelfVotes, observer: observer)
    var outcome = Outcome(scenes: scenes.count)
    var results: [SceneResult] = []
    var choices: [String] = []
    var figures: [Attribute: [ScaleFigures]] = [:]
    var large: [String] = []
    for (index, scene) in scenes.enumerated() {
      let name = "\(votes), scene \(scene.scene), \(scene.attribute)"
      if let result = observer.attempt(name, { try scale(scene, observer) }) {
        results.append(result)
        if let drawn = result.figures { figures[scene.attribute, default: []].append(drawn) }
        choices.append("\(scene.scene), \(scene.attribute): \(result.choice.label)")
        if plan.size(of: scene) != .ordinary { large.append("\(scene.scene), \(scene.attribute)") }
      } else {
        outcome.failures += 1
      }
      observer.progress("scaling scenes", index + 1, of: scenes.count)
    }
    var record = plan.record
    record["pairs"] = .text(choices.joined(separator: "; "))
    if !large.isEmpty { record["without-bootstrap"] = .text(large.joined(separator: "; ")) }
    let provenance = Provenance(
      command: ["scale"], seed: plan.settings.seed, settings: record,
      inputs: try Provenance.digests(of: [votes]))
    let groups = Dictionary(grouping: results, by: \.scale.attribute)
    for (attribute, group) in groups.sorted(by: { $0.key < $1.key }) {
      let path = "\(folder)/Scores_\(attribute.title).csv"
      try ScoresFile.write(group.map(\.scale), to: path, provenance: provenance)
      try AtomicFile.write(
        CanonicalJSON.document(group.compactMap(\.clusters)),
        to: "\(folder)/Clusters_\(attribute.title).json")
      if drawsFigures {
        try AtomicFile.write(
          ScaleFigures.page(figures[attribute] ?? [], attribute: attribute, votes: votes),
          to: "\(folder)/Figures_\(attribute.title).html")
      }
      if plan.settings.convention == .jod {
        try CovariancesFile.write(group.compactMap(\.covariance), beside: path)
      }
      outcome.files.append(ScoreFile(scenes: group.count, path: path))
    }
    return outcome
  }

  /// What became of one scene.
  private struct SceneResult {
    let scale: SceneScale
    let clusters: ClusterRecord?
    let choice: PairChoice
    /// The joint uncertainty of the scores; nil for scenes of too many photos.
    var covariance: ScoreCovariance?
    /// The replicates before and after clustering, where they were asked for.
    var figures: ScaleFigures?
  }

  private func scale(
    _ scene: SceneJudgements, _ observer: WorkflowObserver
  ) throws -> SceneResult {
    let name = "\(scene.scene), \(scene.attribute)"
    let size = plan.size(of: scene)
    if size == .manyPhotos {
      let result = try scaleLargeScene(
        scene, settings: plan.settings, isAdaptive: plan.simulation(of: scene) != nil)
      let remark = plan.remark(
        scene, positions: result.scale.photos.map(\.score), taken: result.choice)
      for note in result.notes + [remark].compactMap({ $0 }) {
        observer.message("\(name): \(note)")
      }
      return SceneResult(scale: result.scale, clusters: nil, choice: result.choice)
    }
    var plan = plan
    if size == .manyVotes {
      plan.settings.bootstraps = 0
      observer.message(
        "\(name): \(scene.votes.count) votes make a large study, of which no bootstrap replicates "
          + "are drawn unless \(Setting("bootstrap")) asks for them.")
    }
    let scaled = try plan.scaled(scene)
    let remark = plan.remark(scene, positions: scaled.fit.jod, taken: scaled.choice)
    for note in scaled.notes + [remark].compactMap({ $0 }) { observer.message("\(name): \(note)") }
    let analysis = try analyseScene(scaled, rule: plan.levels, mode: plan.clusters)
    return try SceneResult(
      scale: analysis.scale, clusters: ClusterRecord(analysis), choice: scaled.choice,
      covariance: plan.settings.convention == .jod
        && scene.photos.count <= Self.photosWithCovariance
        ? ScoreCovariance(scaled.scale, covariance: scaled.estimates.covariance) : nil,
      figures: drawsFigures ? ScaleFigures(analysis, scores: scaled.scores) : nil)
  }
}

extension ScalePrior {
  /// Whether votes of a photo against itself matter: pwcmp's published scales count them.
  fileprivate var countsSelfVotes: Bool { self == .pwcmp }
}

public import Domain
public import Evaluation
public import Files

/// Which models are evaluated, against what, and on which photos.
public struct EvaluationPlan: Sendable {
  /// Where the models' scores come from.
  public var sources: [ModelSource]
  /// The files of measured scores; empty takes the first run's own.
  public var scales: [String]
  /// The file of the split; nil takes a run's own, or all photos.
  public var split: String?
  /// The part of the split.
  public var part: SplitPart
  /// Whether photos that a model did not score are left out rather than refused.
  public var skipsMissing: Bool
  /// Whether metrics over all scenes together are required.
  public var isGlobal: Bool
  /// The bootstrap of all intervals and tests.
  public var bootstrap: BootstrapSettings

  /// Plans an evaluation.
  public init(
    sources: [ModelSource], scales: [String] = [], split: String? = nil, part: SplitPart = .test,
    skipsMissing: Bool = false, isGlobal: Bool = false,
    bootstrap: BootstrapSettings = BootstrapSettings()
  ) {
    (self.sources, self.scales, self.split, self.part) = (sources, scales, split, part)
    (self.skipsMissing, self.isGlobal, self.bootstrap) = (skipsMissing, isGlobal, bootstrap)
  }

  /// The photos to evaluate on, one set per attribute.
  ///
  /// - Throws: `InputError` when a file can't be read or no measured scores are given.
  public func sets() throws -> [EvaluationSet] {
    let run = sources.first { $0.isRun }
    guard !scales.isEmpty else {
      guard let run else {
        throw InputError(
          Setting("scale"), "the measured scores are missing",
          remedy: "give the Scores_*.csv of the photos")
      }
      return [try EvaluationSet(run: run.path, part: part)]
    }
    let split = try split.map { path throws(InputError) in try SplitFile.read(path) }
    return try scales.map { path in
      let set = try EvaluationSet(scale: path, split: split, part: part)
      guard split == nil, let run else { return set }
      let own = Set(
        try PredictionsFile.read("\(run.path)/predictions.csv").map(\.prediction)
          .filter { $0.part == part }.map { ScenePhoto(scene: $0.scene, photo: $0.photo) })
      return try set.filtered(run.path) {
        own.contains(ScenePhoto(scene: $0.scene, photo: $0.photo))
      }
    }
  }

  /// Evaluates every attribute.
  ///
  /// - Parameters:
  ///   - metrics: which metrics models are compared by; empty compares none.
  ///   - observer: hears of scores and photos that are left out.
  /// - Returns: one comparison per attribute.
  /// - Throws: `InputError` when an attribute has no scores, or a metric means nothing here.
  public func comparisons(
    metrics: [Metric], observer: WorkflowObserver = .silent
  ) throws -> [ModelComparison] {
    let sets = try sets()
    if isGlobal, let scenes = sets.first(where: { !$0.isUnified }) {
      throw InputError(
        Setting("global"),
        "the scores of \(scenes.attribute) are per scene, each with its own origin, so a "
          + "correlation over all scenes means nothing",
        remedy: "bring the scenes onto one scale with `vernier unify`, or omit \(Setting("global"))"
      )
    }
    return try sets.map { set in
      let matched = try matched(set, isOnlyScale: sets.count == 1, observer)
      let missing = Set(matched.flatMap(\.missing))
      if !missing.isEmpty {
        observer.note(
          "\(missing.count) of \(set.photos.count) photos lack a score and are left out")
      }
      let models = matched.map { found in
        ModelPredictions(
          name: found.model.name,
          predictions: found.model.predictions.filter {
            !missing.contains(ScenePhoto(scene: $0.scene, photo: $0.photo))
          }, hasUnit: found.model.hasUnit, hasOneScale: found.model.hasOneScale)
      }
      return try ModelComparison(set, models: models, metrics: metrics, bootstrap: bootstrap)
    }
  }

  private func matched(
    _ set: EvaluationSet, isOnlyScale: Bool, _ observer: WorkflowObserver
  ) throws -> [MatchedScores] {
    var matched: [MatchedScores] = []
    for source in sources {
      let found = try set.match(source, isOnlyScale: isOnlyScale, skipsMissing: skipsMissing)
      guard let found else { continue }
      if found.unused > 0, split == nil, !source.isRun {
        observer.note("\(found.model.name): \(found.unused) scores belong to other photos")
      }
      matched.append(found)
    }
    guard !matched.isEmpty else {
      throw InputError(
        "scores", "no model has scores of \(set.attribute)",
        remedy: "name the attribute: NAME@\(set.attribute)=FILE")
    }
    return matched
  }

  /// What the results depend on.
  ///
  /// - Throws: `InputError` when a file can't be read.
  public func provenance(_ command: String) throws -> Provenance {
    let files = sources.map { $0.isRun ? "\($0.path)/predictions.csv" : $0.path }
    return Provenance(
      command: [command], seed: bootstrap.seed,
      settings: ["bootstrap": .integer(bootstrap.replicates), "part": .text(part.rawValue)],
      inputs: try Provenance.digests(of: files + scales + (split.map { [$0] } ?? [])))
  }
}

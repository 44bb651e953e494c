public import Domain
internal import Statistics

/// One model's agreement with a scale: per scene, over scenes and, on a unified scale, over all
/// photos.
public struct EvaluationTable: Hashable, Sendable {
  /// The model's name.
  public let model: String
  /// The scenes, ascending by name.
  public let scenes: [SceneMetrics]
  /// Each metric over the scenes.
  public let summaries: [Metric: SceneSummary]
  /// The agreement over all photos of all scenes; only on a unified scale.
  public let global: AgreementMetrics?
  /// The intervals of the global metrics by bootstrap over scenes, then photos, if they were asked
  /// for.
  public let globalIntervals: [Metric: ValueRange]

  /// A metric over the scenes.
  public subscript(_ metric: Metric) -> SceneSummary { summaries[metric] ?? SceneSummary([]) }

  /// SRCC over the scenes.
  public var srcc: SceneSummary { self[.srcc] }
  /// PLCC over the scenes.
  public var plcc: SceneSummary { self[.plcc] }
  /// KRCC over the scenes.
  public var krcc: SceneSummary { self[.krcc] }
  /// MAE over the scenes, in JOD.
  public var mae: SceneSummary { self[.mae] }

  init(
    model: String, scenes: [SceneMetrics], global: AgreementMetrics?,
    intervals: BootstrapIntervals? = nil
  ) {
    self.model = model
    self.scenes = scenes
    self.global = global
    var summaries: [Metric: SceneSummary] = [:]
    for metric in Metric.allCases {
      summaries[metric] = SceneSummary(
        scenes.map { $0.metrics[metric] }, meanInterval: intervals?.mean[metric],
        medianInterval: intervals?.median[metric])
    }
    self.summaries = summaries
    globalIntervals = intervals?.global ?? [:]
  }
}

/// Evaluates predictions scene by scene, as both papers do.
///
/// - Parameters:
///   - model: the model's name for the tables.
///   - predictions: predictions in the scale that they are measured on; usually the test part.
///   - hasUnit: whether the scores are in the unit of the scale; raw errors are left out otherwise.
///   - bootstrap: how to make intervals; nil makes none.
/// - Returns: the table without a global part.
/// - Throws: ``EvaluationError`` when a scene has fewer than 3 photos or nothing is given.
public func evaluatePerScene(
  model: String, _ predictions: [Prediction], hasUnit: Bool = true,
  bootstrap: BootstrapSettings? = nil
) throws(EvaluationError) -> EvaluationTable {
  try table(model, predictions, isUnified: false, hasUnit: hasUnit, bootstrap)
}

/// Evaluates predictions on a unified scale: scene by scene and over all photos (paper 2, tables 1
/// and 2).
///
/// - Parameters:
///   - model: the model's name for the tables.
///   - unified: predictions that live on one scale.
///   - hasUnit: whether the scores are in the unit of the scale; raw errors are left out otherwise.
///   - bootstrap: how to make intervals; nil makes none.
/// - Returns: the table with its global part.
/// - Throws: ``EvaluationError`` when a scene has fewer than 3 photos or nothing is given.
public func evaluateUnified(
  model: String, _ unified: UnifiedPredictions, hasUnit: Bool = true,
  bootstrap: BootstrapSettings? = nil
) throws(EvaluationError) -> EvaluationTable {
  try table(model, unified.predictions, isUnified: true, hasUnit: hasUnit, bootstrap)
}

private func table(
  _ model: String, _ predictions: [Prediction], isUnified: Bool, hasUnit: Bool,
  _ bootstrap: BootstrapSettings?
) throws(EvaluationError) -> EvaluationTable {
  let groups = try scenes(of: predictions)
  let metrics = groups.map {
    SceneMetrics(scene: $0.scene, metrics: AgreementMetrics($0.predictions, hasUnit: hasUnit))
  }
  let global = isUnified ? AgreementMetrics(predictions, hasUnit: hasUnit) : nil
  let intervals = bootstrap.map {
    bootstrapIntervals(
      groups.map { Sample($0.predictions) }, isUnified: isUnified, hasUnit: hasUnit, settings: $0)
  }
  return EvaluationTable(model: model, scenes: metrics, global: global, intervals: intervals)
}

/// Groups predictions by scene, ascending, photos ascending within: the same order for every model.
func scenes(
  of predictions: [Prediction]
) throws(EvaluationError) -> [(scene: SceneID, predictions: [Prediction])] {
  guard !predictions.isEmpty else { throw .empty }
  let groups = Dictionary(grouping: predictions, by: \.scene)
  var result: [(scene: SceneID, predictions: [Prediction])] = []
  for scene in groups.keys.sorted() {
    let rows = (groups[scene] ?? []).sorted { $0.photo < $1.photo }
    guard rows.count >= 3 else { throw .tooFewPhotos(scene: scene, count: rows.count) }
    result.append((scene, rows))
  }
  return result
}

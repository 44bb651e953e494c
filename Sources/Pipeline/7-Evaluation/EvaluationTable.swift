public import Domain

/// One model's agreement with a scale: per scene, over scenes and, on a unified scale, over all photos.
public struct EvaluationTable: Hashable, Sendable {
  /// The model's name.
  public let model: String
  /// The scenes, ascending by name.
  public let scenes: [SceneMetrics]
  /// SRCC over the scenes.
  public let srcc: SceneSummary
  /// PLCC over the scenes.
  public let plcc: SceneSummary
  /// KRCC over the scenes.
  public let krcc: SceneSummary
  /// MAE over the scenes, in JOD.
  public let mae: SceneSummary
  /// The agreement over all photos of all scenes; only on a unified scale.
  public let global: AgreementMetrics?
}

/// Evaluates predictions scene by scene, as both papers do.
///
/// - Parameters:
///   - model: the model's name for the tables.
///   - predictions: predictions in the scale that they are measured on; usually the test part.
/// - Returns: the table without a global part.
/// - Throws: ``EvaluationError`` when a scene has fewer than 3 photos or nothing is given.
public func evaluatePerScene(
  model: String, _ predictions: [Prediction]
) throws(EvaluationError) -> EvaluationTable {
  try table(model: model, predictions, global: nil)
}

/// Evaluates predictions on a unified scale: scene by scene and over all photos (paper 2, tables 1 and 2).
///
/// - Parameters:
///   - model: the model's name for the tables.
///   - unified: predictions that live on one scale.
/// - Returns: the table with its global part.
/// - Throws: ``EvaluationError`` when a scene has fewer than 3 photos or nothing is given.
public func evaluateUnified(
  model: String, _ unified: UnifiedPredictions
) throws(EvaluationError) -> EvaluationTable {
  let global = AgreementMetrics(
    measured: unified.predictions.map(\.measured.value),
    predicted: unified.predictions.map(\.predicted.value))
  return try table(model: model, unified.predictions, global: global)
}

/// The row that every honest table needs: a model that always answers 0.
///
/// - Parameter predictions: any predictions; only their measured scores are used.
/// - Returns: the same photos, each predicted 0.
public func alwaysZero(_ predictions: [Prediction]) -> [Prediction] {
  predictions.map {
    Prediction(
      photo: $0.photo, scene: $0.scene, part: $0.part, measured: $0.measured, predicted: .zero)
  }
}

private func table(
  model: String, _ predictions: [Prediction], global: AgreementMetrics?
) throws(EvaluationError) -> EvaluationTable {
  guard !predictions.isEmpty else { throw .empty }
  let groups = Dictionary(grouping: predictions, by: \.scene)
  var scenes: [SceneMetrics] = []
  for scene in groups.keys.sorted() {
    let rows = groups[scene] ?? []
    guard rows.count >= 3 else { throw .tooFewPhotos(scene: scene, count: rows.count) }
    let metrics = AgreementMetrics(
      measured: rows.map(\.measured.value), predicted: rows.map(\.predicted.value))
    scenes.append(SceneMetrics(scene: scene, metrics: metrics))
  }
  return EvaluationTable(
    model: model, scenes: scenes, srcc: SceneSummary(scenes.map(\.metrics.srcc)),
    plcc: SceneSummary(scenes.map(\.metrics.plcc)), krcc: SceneSummary(scenes.map(\.metrics.krcc)),
    mae: SceneSummary(scenes.map(\.metrics.mae)), global: global)
}

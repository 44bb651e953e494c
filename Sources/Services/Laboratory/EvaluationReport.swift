public import Documents
public import Domain
public import Evaluation

/// The tables of an evaluation, for the terminal, for files and for the report.
public enum EvaluationReport {
  /// A table with the name of its files.
  public struct NamedTable: Hashable, Sendable {
    /// The files' name without suffix.
    public let name: String
    /// The table.
    public let table: TextTable
  }

  /// The tables of one model: agreement over scenes with the always-0 row, and scene by scene.
  ///
  /// - Parameters:
  ///   - model: the model's name.
  ///   - rows: the predictions of the evaluated part.
  ///   - isUnified: whether they live on one scale, which the global part needs.
  /// - Returns: `summary` and `scenes`.
  /// - Throws: `EvaluationError` when there is too little to evaluate.
  public static func tables(
    model: String, _ rows: [Prediction], isUnified: Bool
  ) throws(EvaluationError) -> [NamedTable] {
    let results = [
      try evaluation(model, rows, isUnified),
      try evaluation("always 0", alwaysZero(rows), isUnified),
    ]
    return [
      NamedTable(name: "summary", table: summary(results)),
      NamedTable(name: "scenes", table: scenes(results[0])),
    ]
  }

  /// Evaluates with the global part where there is one scale.
  public static func evaluation(
    _ model: String, _ rows: [Prediction], _ isUnified: Bool
  ) throws(EvaluationError) -> EvaluationTable {
    isUnified
      ? try evaluateUnified(model: model, UnifiedPredictions(rows))
      : try evaluatePerScene(model: model, rows)
  }

  /// One row per model: means over scenes, and the global part where there is one.
  public static func summary(_ results: [EvaluationTable]) -> TextTable {
    TextTable(
      caption: """
        Agreement with the measured scale on photos of unseen scenes. SRCC, PLCC, KRCC and MAE: mean over scenes; \
        global: all photos together, on a unified scale only. MAE in JOD.
        """,
      columns: [
        "Model", "Scenes", "Photos", "SRCC", "PLCC", "KRCC", "MAE", "global SROCC", "global MAE",
      ],
      rows: results.map { result in
        [
          result.model, "\(result.scenes.count)",
          "\(result.scenes.reduce(0) { $0 + $1.metrics.photos })", value(result.srcc),
          value(result.plcc), value(result.krcc), value(result.mae),
          NumberFormat.fixed(result.global?.srcc, 3),
          NumberFormat.fixed(result.global.map(\.mae), 3),
        ]
      })
  }

  /// One row per scene.
  public static func scenes(_ result: EvaluationTable) -> TextTable {
    TextTable(
      caption: "Agreement of \(result.model), scene by scene. MAE and RMSE in JOD.",
      columns: ["Scene", "Photos", "SRCC", "PLCC", "KRCC", "MAE", "RMSE"],
      rows: result.scenes.map { scene in
        let metrics = scene.metrics
        return [
          scene.scene.text, "\(metrics.photos)", NumberFormat.fixed(metrics.srcc, 3),
          NumberFormat.fixed(metrics.plcc, 3), NumberFormat.fixed(metrics.krcc, 3),
          NumberFormat.fixed(metrics.mae, 3), NumberFormat.fixed(metrics.rmse, 3),
        ]
      })
  }

  private static func value(_ summary: SceneSummary) -> String {
    guard let margin = summary.margin else { return NumberFormat.fixed(summary.mean, 3) }
    return "\(NumberFormat.fixed(summary.mean, 3)) ± \(NumberFormat.fixed(margin, 3))"
  }
}

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

  /// The tables of one model for a report: agreement over scenes with the always-0 row, and scene
  /// by scene.
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

  /// The tables of the only model of a comparison: over scenes, over all photos of a unified scale,
  /// scene by scene.
  public static func tables(_ comparison: ModelComparison) -> [NamedTable] {
    guard let model = comparison.models.first else { return [] }
    var tables = [NamedTable(name: "summary", table: overScenes(model, comparison))]
    if model.global != nil {
      tables.append(NamedTable(name: "global", table: overPhotos(model, comparison)))
    }
    return tables + [NamedTable(name: "scenes", table: scenes(model))]
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
        global: all photos together, on a unified scale only. MAE in the scale's unit.
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
          NumberFormat.fixed(result.global?.mae, 3),
        ]
      })
  }

  /// One row per metric: mean and median over scenes with intervals, beside the reference rows'
  /// means.
  private static func overScenes(
    _ model: EvaluationTable, _ comparison: ModelComparison
  ) -> TextTable {
    let references = comparison.references
    return TextTable(
      caption: """
        \(model.model), \(comparison.attribute.title): agreement with the measured scale over \
        \(count(model.scenes.count, "scene")), \(photos(model)) photos. Errors in \(comparison.unit). Intervals: 95 % by bootstrap over scenes, then photos. \
        «fitted»: after the rising four-parameter logistic curve of each scene. Right: the mean over scenes of models \
        that know nothing, and of one that knows all but the labels' noise.
        """,
      columns: ["Metric", "Mean", "Interval", "Median", "Interval", "Scenes"]
        + references.map(\.model),
      rows: Metric.allCases.map { metric in
        let summary = model[metric]
        return [
          metric.title, NumberFormat.fixed(summary.mean, 3), text(summary.meanInterval),
          NumberFormat.fixed(summary.median, 3), text(summary.medianInterval),
          "\(summary.scenes)",
        ] + references.map { NumberFormat.fixed($0[metric].mean, 3) }
      })
  }

  /// One row per metric over all photos of a unified scale.
  private static func overPhotos(
    _ model: EvaluationTable, _ comparison: ModelComparison
  ) -> TextTable {
    let references = comparison.references
    return TextTable(
      caption: """
        \(model.model), \(comparison.attribute.title): all \(photos(model)) photos of all scenes together, on the unified \
        scale. Errors in \(comparison.unit).
        """,
      columns: ["Metric", "Value", "Interval"] + references.map(\.model),
      rows: Metric.allCases.map { metric in
        [
          metric.title, NumberFormat.fixed(model.global?[metric], 3),
          text(model.globalIntervals[metric]),
        ] + references.map { NumberFormat.fixed($0.global?[metric], 3) }
      })
  }

  /// One row per scene.
  public static func scenes(_ result: EvaluationTable) -> TextTable {
    let metrics = Metric.allCases.filter { metric in
      result.scenes.contains { $0.metrics[metric] != nil }
    }
    let hasPairs = metrics.contains(.pairAccuracy)
    return TextTable(
      caption: "Agreement of \(result.model), scene by scene. Errors in the scale's unit"
        + (hasPairs ? "; pairs: those whose measured intervals are disjoint." : "."),
      columns: ["Scene", "Photos"] + metrics.map(\.title) + (hasPairs ? ["Pairs"] : []),
      rows: result.scenes.map { scene in
        [scene.scene.text, "\(scene.metrics.photos)"]
          + metrics.map { NumberFormat.fixed(scene.metrics[$0], 3) }
          + (hasPairs ? ["\(scene.metrics.pairs)"] : [])
      })
  }

  /// A count with its noun.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// A range for a table, or a dash.
  static func text(_ range: ValueRange?) -> String {
    guard let range else { return "–" }
    return "[\(NumberFormat.fixed(range.low, 3)), \(NumberFormat.fixed(range.high, 3))]"
  }

  private static func photos(_ result: EvaluationTable) -> Int {
    result.scenes.reduce(0) { $0 + $1.metrics.photos }
  }

  private static func value(_ summary: SceneSummary) -> String {
    guard let margin = summary.margin else { return NumberFormat.fixed(summary.mean, 3) }
    return "\(NumberFormat.fixed(summary.mean, 3)) ± \(NumberFormat.fixed(margin, 3))"
  }
}

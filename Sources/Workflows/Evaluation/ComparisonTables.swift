import Documents
import Domain
import Evaluation

/// The tables of a comparison, in the shape of the papers' tables.
public struct ComparisonTables {
  private let comparisons: [ModelComparison]
  private let published: PublishedNumbers?

  /// Prepares tables.
  ///
  /// - Parameters:
  ///   - comparisons: one per attribute.
  ///   - published: numbers to stand beside.
  public init(_ comparisons: [ModelComparison], published: PublishedNumbers? = nil) {
    self.comparisons = comparisons
    self.published = published
  }

  /// All tables, with the names of their files.
  public func all() -> [EvaluationReport.NamedTable] {
    var tables = [
      named(
        "mean-over-scenes", .mean, [.srcc],
        """
        Mean over scenes of SRCC ± half its 95 % interval by Student's t (the shape of paper 1, \
        Table 1).
        """),
      named(
        "median-over-scenes", .median, [.srcc, .plcc, .krcc, .mae],
        "Median over scenes (the shape of the public benchmarks). MAE in \(units)."),
      named(
        "scene-average", .mean, [.plcc, .srcc],
        "Mean over scenes of PLCC and SROCC (the shape of paper 2, Table 1)."),
    ]
    if comparisons.contains(where: \.isUnified) {
      tables.append(
        named(
          "global", .global, [.srcc, .plcc, .krcc, .mae, .rmse],
          "All photos of all scenes together, on the unified scale (the shape of paper 2, Table 2)."
        ))
    }
    for comparison in comparisons {
      tables.append(everything(comparison))
      if !comparison.contrasts.isEmpty { tables.append(contrasts(comparison)) }
    }
    return tables
  }

  /// The unit of all errors, as the tables' captions name it.
  private var units: String {
    let units = Set(comparisons.map(\.unit))
    return units.count == 1 ? units.first?.text ?? "" : "the unit of each scale"
  }

  /// One row for each number, for programs:
  /// `attribute,model,statistic,metric,value,low,high,margin,scenes,photos,unit`; errors alone have
  /// a unit.
  public func tidy() -> EvaluationReport.NamedTable {
    var rows: [[String]] = []
    for comparison in comparisons {
      for result in comparison.models + comparison.references {
        for statistic in TableStatistic.allCases {
          for metric in Metric.allCases {
            guard let value = value(result, statistic, metric) else { continue }
            let range = range(result, statistic, metric)
            rows.append([
              comparison.attribute.text, result.model, statistic.rawValue, metric.rawValue,
              "\(value)", range.map { "\($0.low)" } ?? "", range.map { "\($0.high)" } ?? "",
              statistic == .mean ? result[metric].margin.map { "\($0)" } ?? "" : "",
              "\(result.scenes.count)", "\(result.scenes.reduce(0) { $0 + $1.metrics.photos })",
              metric.isError ? comparison.unit.text : "",
            ])
          }
        }
      }
    }
    return EvaluationReport.NamedTable(
      name: "metrics",
      table: TextTable(
        caption: "Every number, one per row.",
        columns: [
          "attribute", "model", "statistic", "metric", "value", "low", "high", "margin", "scenes",
          "photos", "unit",
        ], rows: rows))
  }

  // MARK: One table of models

  private func named(
    _ name: String, _ statistic: TableStatistic, _ metrics: [Metric], _ caption: String
  ) -> EvaluationReport.NamedTable {
    let columns = comparisons.flatMap { comparison in metrics.map { (comparison, $0) } }
    let heads = columns.map { comparison, metric in
      let metric = metric == .srcc && statistic == .global ? "SROCC" : metric.title
      return comparisons.count > 1 ? "\(comparison.attribute.title) \(metric)" : metric
    }
    var rows = ownRows(statistic, columns)
    if let published {
      var left = published.models
      var placed: [[String]] = []
      for row in rows {
        placed.append(row)
        let (name, backbone) = Self.split(row[0])
        guard let match = left.firstIndex(where: { $0.lowercased() == name.lowercased() }) else {
          continue
        }
        if let row = publishedRow(left[match], statistic, columns, notOn: backbone) {
          placed.append(row)
        }
        left.remove(at: match)
      }
      rows = placed + left.compactMap { publishedRow($0, statistic, columns) }
    }
    return EvaluationReport.NamedTable(
      name: name, table: TextTable(caption: caption, columns: ["Model"] + heads, rows: rows))
  }

  private func ownRows(
    _ statistic: TableStatistic, _ columns: [(ModelComparison, Metric)]
  ) -> [[String]] {
    var names: [String] = []
    for comparison in comparisons {
      for result in comparison.models where !names.contains(result.model) {
        names.append(result.model)
      }
    }
    let references = ["always 0", "training mean", "perfect model"].filter { name in
      comparisons.contains { $0.references.contains { $0.model == name } }
    }
    return (names + references).map { name in
      [name]
        + columns.map { comparison, metric in
          let results =
            references.contains(name) ? comparison.references : comparison.models
          guard let result = results.first(where: { $0.model == name }) else { return "–" }
          return cell(result, statistic, metric)
        }
    }
  }

  /// A model's name as the papers have it, and the backbone that it names itself: `HyperIQA on
  /// Lite0`.
  private static func split(_ name: String) -> (name: String, backbone: String?) {
    let mark = " on Lite0"
    guard name.contains(mark) else { return (name, nil) }
    return (name.replacing(mark, with: ""), "Lite0")
  }

  /// The row of published numbers of a model; it says where ours has another backbone.
  private func publishedRow(
    _ model: String, _ statistic: TableStatistic, _ columns: [(ModelComparison, Metric)],
    notOn backbone: String? = nil
  ) -> [String]? {
    let remark = backbone.map { "published, not on \($0)" } ?? "published"
    var cells: [String] = []
    for (comparison, metric) in columns {
      let entry = published?.entry(model, comparison.attribute, statistic, metric)
      let margin = entry?.margin.map { " ± \(NumberFormat.fixed($0, 2))" } ?? ""
      cells.append(entry.map { NumberFormat.fixed($0.value, 3) + margin } ?? "–")
    }
    return cells.contains { $0 != "–" } ? ["\(model) (\(remark))"] + cells : nil
  }

  private func cell(
    _ result: EvaluationTable, _ statistic: TableStatistic, _ metric: Metric
  ) -> String {
    let text = NumberFormat.fixed(value(result, statistic, metric), 3)
    guard statistic == .mean, let margin = result[metric].margin, text != "–" else { return text }
    return "\(text) ± \(NumberFormat.fixed(margin, 2))"
  }

  private func value(
    _ result: EvaluationTable, _ statistic: TableStatistic, _ metric: Metric
  ) -> Double? {
    switch statistic {
    case .mean: result[metric].mean
    case .median: result[metric].median
    case .global: result.global?[metric]
    }
  }

  private func range(
    _ result: EvaluationTable, _ statistic: TableStatistic, _ metric: Metric
  ) -> ValueRange? {
    switch statistic {
    case .mean: result[metric].meanInterval
    case .median: result[metric].medianInterval
    case .global: result.globalIntervals[metric]
    }
  }

  // MARK: Everything of one attribute

  private func everything(_ comparison: ModelComparison) -> EvaluationReport.NamedTable {
    let results = comparison.models + comparison.references
    let rows = Metric.allCases.map { metric in
      [metric.title]
        + results.map { result in
          let text = NumberFormat.fixed(result[metric].mean, 3)
          guard let range = result[metric].meanInterval else { return text }
          return "\(text) \(EvaluationReport.text(range))"
        }
    }
    let suffix = comparisons.count > 1 ? "-\(comparison.attribute.text)" : ""
    return EvaluationReport.NamedTable(
      name: "all-metrics\(suffix)",
      table: TextTable(
        caption: """
          \(comparison.attribute.title): mean over \
          \(EvaluationReport.count(comparison.alwaysZero.scenes.count, "scene")) of every metric, \
          with intervals by bootstrap over scenes, then photos. Errors in \(comparison.unit). \
          «fitted»: after the rising four-parameter logistic curve of each scene.
          """, columns: ["Metric"] + results.map(\.model), rows: rows))
  }

  private func contrasts(_ comparison: ModelComparison) -> EvaluationReport.NamedTable {
    let rows = comparison.contrasts.map { row in
      [
        row.metric.title, row.statistic.rawValue, row.first, row.second,
        NumberFormat.fixed(row.difference, 3), EvaluationReport.text(row.interval),
        probability(row.adjustedBootstrapP), probability(row.adjustedWilcoxonP),
        row.better() ?? "not shown",
      ]
    }
    let suffix = comparisons.count > 1 ? "-\(comparison.attribute.text)" : ""
    return EvaluationReport.NamedTable(
      name: "contrasts\(suffix)",
      table: TextTable(
        caption: """
          \(comparison.attribute.title): differences between models on the same photos, first less \
          second, with the interval of the paired bootstrap over \
          \(comparison.alwaysZero.scenes.count == 1 ? "photos" : "scenes"). p-values after Holm's \
          correction over all pairs of models in a metric.
          """,
        columns: [
          "Metric", "Over", "First", "Second", "Difference", "Interval", "p bootstrap",
          "p Wilcoxon", "Better",
        ], rows: rows))
  }

  private func probability(_ p: Double?) -> String {
    guard let p else { return "–" }
    return p < 0.001 ? "<0.001" : NumberFormat.fixed(p, 3)
  }
}

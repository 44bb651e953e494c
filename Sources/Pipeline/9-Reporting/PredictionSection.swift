import Documents
import Domain
import Statistics

/// Predicted against measured quality, one chart a model.
func predictionSection(_ study: Study) -> ReportSection? {
  let models = Dictionary(grouping: study.content.predictions, by: \.model)
  guard !models.isEmpty else { return nil }
  let size: ChartSize = models.count > 1 ? .small : .regular
  return ReportSection(
    "predictions", "Predicted against measured",
    lead: """
      On the line, the prediction equals the measured quality; in the band it is off by at most 1 \
      \(study.unit). Pale marks are scenes that the training used.
      """
  ) {
    Markup.element(.div, .class(models.count > 1 ? "grid" : "single")) {
      for (index, model) in models.keys.sorted().enumerated() {
        predictionChart(model, models[model] ?? [], size, study)
          .figure(
            id: "predictions-\(index)",
            caption: predictionCaption(model, models[model] ?? [], study))
      }
    }
  }
}

private func predictionChart(
  _ model: String, _ rows: [ReportPrediction], _ size: ChartSize, _ study: Study
) -> ScatterChart {
  let series = SplitPart.allCases.enumerated().compactMap { index, part in
    let points = rows.filter { $0.part == part }.map { row in
      ScatterChart.Point(
        "\(readable(row.scene)), \(row.photo.text)", x: row.measured, y: row.predicted,
        xInterval: span(row.interval))
    }
    return points.isEmpty
      ? nil
      : ScatterChart.Series(
        part.legend, points: part == .test ? points : points.map(withoutInterval),
        isFaint: part != .test, paletteIndex: [5, 4, 1][index])
  }
  return ScatterChart(
    title: "\(model): predicted against measured quality",
    xAxis: Axis("Measured quality", unit: study.unit.text),
    yAxis: Axis("Predicted quality", unit: study.unit.text), series: series,
    references: [.identity(halfWidth: 1, label: "line: equal · band: within 1")], size: size)
}

/// Only the photos that count carry their intervals, so that they stand out.
private func withoutInterval(_ point: ScatterChart.Point) -> ScatterChart.Point {
  var point = point
  point.xInterval = nil
  return point
}

private func predictionCaption(
  _ model: String, _ rows: [ReportPrediction], _ study: Study
) -> Markup {
  let sentences = SplitPart.allCases.reversed().compactMap { part -> String? in
    let part = (name: part.legend, rows: rows.filter { $0.part == part })
    guard !part.rows.isEmpty else { return nil }
    let error = Descriptive.mean(part.rows.map { ($0.predicted - $0.measured).magnitude })
    return "\(part.name): mean absolute error \(quality(error)) \(study.unit), "
      + counted(part.rows.count, "photo", "photos") + "."
  }
  return .fragment([
    .element(.strong, text: model), .text(" " + sentences.joined(separator: " ")),
  ])
}

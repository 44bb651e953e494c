import Documents
import Domain

/// Scores of photos without judgements.
func scoreSection(_ study: Study) -> ReportSection? {
  let scores = study.content.scores
  guard !scores.isEmpty else { return nil }
  let models = Dictionary(grouping: scores, by: \.model)
  return ReportSection(
    "scores", "Scores of new photos",
    lead: "The trained model's scores of photos without judgements, with 95 % intervals."
  ) {
    for (index, model) in models.keys.sorted().enumerated() {
      modelScores(model, models[model] ?? [], index, study)
    }
  }
}

private func modelScores(
  _ model: String, _ scores: [PhotoScore], _ index: Int, _ study: Study
) -> Markup {
  let stated = scores.first?.unit
  let unit = (stated ?? (study.content.unifiedScale == nil ? nil : study.unit))?.text
  let chart = IntervalChart(
    title: "\(model): scores of new photos", axis: Axis("Score", unit: unit), itemsTitle: "Photo",
    items: scores.map { score in
      .init(
        fileName(score.photo), value: score.score,
        interval: score.low.flatMap { low in score.high.flatMap { Span(low, $0) } })
    }, layout: scores.count > 60 ? .ranked : .listed, size: .regular, paletteIndex: index)
  let pictured = scores.filter { study.image(of: PhotoID($0.photo), in: nil) != nil }
    .sorted { $0.score < $1.score }
  return .fragment([
    .element(.h3, text: model),
    pictured.isEmpty
      ? .empty
      : .element(.ol, .class("samples wrapped")) {
        for score in pictured.prefix(40) {
          Markup.element(.li) {
            picture(study.image(of: PhotoID(score.photo), in: nil) ?? nil, of: score.photo)
            Markup.element(.strong, text: quality(score.score))
            if let low = score.low, let high = score.high, let span = Span(low, high) {
              Markup.element(.span, .class("interval"), text: span.text(decimals: 2))
            }
            Markup.element(.span, .class("scene"), text: fileName(score.photo))
          }
        }
      },
    chart.figure(id: "scores-\(index)", caption: unit == nil ? "In the model's own unit." : .empty),
  ])
}

private func fileName(_ path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}

import Documents
import Domain

/// Range, interval size, levels and clusters over scenes and attributes (paper 1, figure 3).
func statisticsSection(_ study: Study) -> ReportSection? {
  let scales = study.content.sceneScales.sorted {
    ($0.attribute, $0.scene) < ($1.attribute, $1.scene)
  }
  guard scales.count > 1 else { return nil }
  // The two units never share an axis.
  let groups = ScaleConvention.allCases.compactMap { convention in
    let statistics = scales.filter { $0.convention == convention }.map(SceneStatistics.init)
    return statistics.isEmpty ? nil : (unit: convention.unitLabel, rows: statistics)
  }
  return ReportSection(
    "statistics", "Precision of the scales",
    lead: """
      A wider range and smaller intervals let more levels of quality be distinguished. \
      Each point is one scene and attribute.
      """
  ) {
    for (index, group) in groups.enumerated() {
      statisticsGrid(group.rows, unit: group.unit, id: "statistics-\(index)")
      statisticsTable(group.rows, unit: group.unit).html()
    }
  }
}

private func statisticsGrid(_ rows: [SceneStatistics], unit: String, id: String) -> Markup {
  let range = Axis("Range of the scale", unit: unit, includes: [0])
  let interval = Axis("Median interval width", unit: unit, includes: [0])
  let levels = Axis("Quality levels", includes: [0])
  let clusters = Axis("Final clusters", includes: [0])
  typealias Value = (SceneStatistics) -> Double?
  let count: (KeyPath<SceneStatistics, Int?>) -> Value = { path in
    { $0[keyPath: path].map(Double.init) }
  }
  var charts: [any Chart] = []
  for (axis, value) in [(clusters, count(\.clusters)), (levels, count(\.levels))]
  where rows.contains(where: { value($0) != nil }) {
    charts.append(scatter(rows, range, \.range, axis, value))
    charts.append(scatter(rows, interval, \.medianInterval, axis, value))
  }
  charts.append(scatter(rows, range, \.range, interval, { $0.medianInterval }))
  let byAttribute = Dictionary(grouping: rows, by: \.attribute)
  charts.append(
    BoxChart(
      title: "Median interval width of the scenes, by attribute", axis: interval,
      groupsTitle: "Attribute",
      groups: byAttribute.keys.sorted().map { attribute in
        .init(attribute.title, values: byAttribute[attribute]?.compactMap(\.medianInterval) ?? [])
      }))
  return .element(.div, .class("grid")) {
    for (index, chart) in charts.enumerated() { chart.figure(id: "\(id)-\(index)") }
  }
}

private func scatter(
  _ rows: [SceneStatistics], _ xAxis: Axis, _ x: KeyPath<SceneStatistics, Double?>,
  _ yAxis: Axis, _ y: (SceneStatistics) -> Double?
) -> ScatterChart {
  let byAttribute = Dictionary(grouping: rows, by: \.attribute)
  return ScatterChart(
    title: "\(yAxis.title) against \(xAxis.title.lowercased())", xAxis: xAxis, yAxis: yAxis,
    series: byAttribute.keys.sorted().map { attribute in
      .init(
        attribute.title,
        points: (byAttribute[attribute] ?? []).compactMap { row in
          guard let x = row[keyPath: x], let y = y(row) else { return nil }
          return .init(readable(row.scene), x: x, y: y)
        })
    }, size: .small)
}

private func statisticsTable(_ rows: [SceneStatistics], unit: String) -> TextTable {
  TextTable(
    caption: "Range and median interval width in \(unit)",
    columns: ["Scene", "Attribute", "Photos", "Range", "Median interval", "Levels", "Clusters"],
    rows: rows.map { row in
      [
        readable(row.scene), row.attribute.title, String(row.photos),
        row.range.map(quality) ?? "–", row.medianInterval.map(quality) ?? "–",
        row.levels.map(String.init) ?? "–", row.clusters.map(String.init) ?? "–",
      ]
    })
}

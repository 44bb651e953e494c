import Documents
import Domain
import Scaling
import Statistics

/// The replicates of one scene's scale before and after clustering: panels b and d of paper 1's
/// figure 2.
///
/// Panel b has a box for every photo, colored by its level. After clustering the photos of a
/// cluster share one score and one variance, so panel d has a box for every cluster, of the
/// replicates of all its photos, and one for every photo alone.
struct ScaleFigures: Sendable {
  private let charts: [BoxChart]
  private let table: TextTable

  /// Draws a scene.
  ///
  /// - Throws: `InputError` without replicates.
  init(_ analysis: SceneAnalysis, scores: BootstrapScores?) throws(InputError) {
    guard let scores else {
      throw InputError(
        Setting("figures"), "they show bootstrap replicates, which were skipped",
        remedy: "give \(Setting("bootstrap")) 300")
    }
    let scale = analysis.scale
    let name = "\(scale.scene), \(scale.attribute)"
    let axis = Axis("Quality", unit: scale.convention.unitLabel)
    let order = scale.photos.indices.sorted {
      (scale.photos[$0].score, $0) < (scale.photos[$1].score, $1)
    }
    let before = BoxChart(
      title: "\(name): replicates of every photo, colored by quality level", axis: axis,
      groupsTitle: "Photos, from the worst to the best",
      groups: order.map {
        .init(
          scale.photos[$0].photo.text, values: scores.column($0),
          paletteIndex: analysis.levels.levels[$0])
      }, size: .wide)
    var groups: [(score: Double, group: BoxChart.Group)] = analysis.clusters.clusters.map {
      (
        $0.mean,
        BoxChart.Group(
          "cluster \($0.cluster) (\($0.photos.count) photos)",
          values: $0.photos.flatMap { scores.column($0) }, paletteIndex: $0.level)
      )
    }
    for photo in scale.photos.indices where analysis.clusters.labels[photo] < 0 {
      groups.append(
        (
          scale.photos[photo].score,
          BoxChart.Group(
            scale.photos[photo].photo.text, values: scores.column(photo),
            paletteIndex: analysis.levels.levels[photo])
        ))
    }
    let after = BoxChart(
      title: "\(name): scores after clustering, colored by quality level", axis: axis,
      groupsTitle: "Clusters and photos alone, from the worst to the best",
      groups: groups.sorted { $0.score < $1.score }.map(\.group), size: .wide)
    charts = [before, after]
    table = Self.table(analysis, name: name)
  }

  /// The tests behind the clusters, level by level.
  private static func table(_ analysis: SceneAnalysis, name: String) -> TextTable {
    TextTable(
      caption: "\(name): the test of every level that its photos are equal, and its clusters",
      columns: ["Level", "Photos", "F", "p", "Equal", "Modularity", "Clusters", "Alone"],
      rows: analysis.clusters.tests.map { test in
        let labels = test.photos.map { analysis.clusters.labels[$0] }
        return [
          "\(test.level)", "\(test.photos.count)",
          test.f.map { NumberFormat.typeset($0, decimals: 2) } ?? "",
          test.p.map { NumberFormat.typeset($0, decimals: 4) } ?? "",
          test.equalityAccepted ? "yes" : "no",
          test.modularity.map { NumberFormat.typeset($0, decimals: 3) } ?? "",
          "\(Set(labels.filter { $0 >= 0 }).count)", "\(labels.count { $0 < 0 })",
        ]
      })
  }

  /// One page of several scenes.
  static func page(_ figures: [Self], attribute: Attribute, votes: String) -> String {
    TablePage.html(
      title: "\(attribute.title): replicates, levels and clusters",
      notices: [
        "From \(votes). Boxes: median and quartiles of the replicates; whiskers reach the farthest within "
          + "1.5 interquartile ranges. Each scene has its own origin."
      ], tables: figures.map(\.table), charts: figures.flatMap(\.charts))
  }
}

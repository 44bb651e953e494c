import Documents
import Domain
import Statistics

/// Every scene's scale: pictures, values with intervals, levels and clusters (paper 1, figure 2).
func sceneSection(_ study: Study) -> ReportSection? {
  let scales = study.content.sceneScales.sorted {
    ($0.attribute, $0.scene) < ($1.attribute, $1.scene)
  }
  guard !scales.isEmpty else { return nil }
  let hasLevels = scales.contains { $0.photos.contains { $0.level != nil } }
  let hasClusters = scales.contains { $0.photos.contains { $0.cluster != nil } }
  var lead =
    "Each dot is a photo, each line its \(study.intervalLevel) interval. "
    + "Scales of different scenes have different origins: compare inside a scene only."
  if hasLevels { lead += " Shaded bands are quality levels, numbered from the worst." }
  if hasClusters {
    lead += " Photos of one color form a final cluster; hollow dots are single-photo clusters."
  }
  let attributes = Set(scales.map(\.attribute))
  return ReportSection("scenes", "Scene by scene", lead: .text(lead)) {
    Markup.element(.div, .class("grid")) {
      for (index, scale) in scales.enumerated() {
        sceneCard(
          scale, index, ends: commonEnds(scales, like: scale), namesAttribute: attributes.count > 1,
          study)
      }
    }
  }
}

private func sceneCard(
  _ scale: SceneScale, _ index: Int, ends: Axis.Ends?, namesAttribute: Bool, _ study: Study
) -> Markup {
  let name = readable(scale.scene) + (namesAttribute ? ", \(scale.attribute.text)" : "")
  let chart = IntervalChart(
    title: "\(name): photos with intervals",
    axis: Axis("Quality", unit: scale.convention.unitLabel, ends: ends), itemsTitle: "Photos",
    items: scale.photos.map {
      .init(
        $0.photo.text, value: $0.score, interval: span($0.interval), level: $0.level,
        cluster: $0.cluster)
    }, paletteIndex: study.paletteIndex(scale.scene))
  let chosen = samples(along: scale.photos, in: study, count: 6)
  return .element(.article) {
    Markup.element(.h3, text: name)
    if !chosen.isEmpty {
      Markup.element(.ol, .class("samples few")) {
        for photo in chosen { sampleCell(photo, study, showsScene: false) }
      }
    }
    chart.figure(id: "scene-\(index)", caption: .text(SceneStatistics(scale).sentence))
  }
}

/// The same ends for all scales of one attribute and unit, so that their ranges can be seen.
private func commonEnds(_ scales: [SceneScale], like scale: SceneScale) -> Axis.Ends? {
  let photos = scales.filter {
    $0.attribute == scale.attribute && $0.convention == scale.convention
  }.flatMap(\.photos)
  let values = photos.flatMap { [$0.score, $0.interval.low, $0.interval.high] }
    .filter { $0.magnitude < 1e100 }
  guard let low = values.min(), let high = values.max() else { return nil }
  let room = (high - low) * 0.04
  return Axis.Ends(low - room, high + room)
}

/// What paper 1's figure 3 says about one scene and attribute.
struct SceneStatistics {
  let scene: SceneID
  let attribute: Attribute
  let unit: String
  let photos: Int
  /// The distance from the worst to the best photo.
  let range: Double?
  /// The median width of the intervals.
  let medianInterval: Double?
  /// The number of quality levels, if levels were separated.
  let levels: Int?
  /// The number of final clusters, photos on their own included, if clusters were separated.
  let clusters: Int?

  init(_ scale: SceneScale) {
    scene = scale.scene
    attribute = scale.attribute
    unit = scale.convention.unitLabel
    photos = scale.photos.count
    range = Reporting.range(scale.photos)
    let widths = scale.photos.map(\.interval.width).filter(\.isFinite)
    medianInterval = widths.isEmpty ? nil : Descriptive.median(widths)
    let levels = scale.photos.compactMap(\.level)
    self.levels = levels.isEmpty ? nil : Set(levels).count
    let clusters = scale.photos.compactMap(\.cluster)
    let alone = clusters.count { $0 < 0 }
    self.clusters = clusters.isEmpty ? nil : Set(clusters.filter { $0 >= 0 }).count + alone
  }

  /// The numbers in words.
  var sentence: String {
    var parts = [counted(photos, "photo", "photos")]
    if let range { parts.append("range \(quality(range)) \(unit)") }
    if let medianInterval { parts.append("median interval \(quality(medianInterval)) wide") }
    if let levels { parts.append(counted(levels, "level", "levels")) }
    if let clusters { parts.append(counted(clusters, "cluster", "clusters")) }
    return parts.joined(separator: " · ") + "."
  }
}

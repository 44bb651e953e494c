import Documents
import Domain

/// Photos along the unified scale (paper 2, figure 1).
func unifiedStripSection(_ study: Study) -> ReportSection? {
  guard let scale = study.content.unifiedScale else { return nil }
  let chosen = samples(along: scale.photos, in: study, count: 14)
  guard !chosen.isEmpty else { return nil }
  return ReportSection(
    "scale", "The scale, seen",
    lead: """
      From the worst to the best photo of all scenes on one scale of \(scale.attribute.text). Where two photos \
      are 1 \(scale.convention == .jod ? "JOD" : "unit") apart, the difference is visible.
      """
  ) {
    let ruler = ScaleRuler(
      title: "The places of the photos on the scale", axis: Axis("Quality", unit: study.unit),
      items: chosen.map {
        .init(
          readable($0.scene), value: $0.jod.value, interval: span($0.interval),
          paletteIndex: study.paletteIndex($0.scene))
      }, cellWidth: 148)
    Markup.element(
      .div, .class("strip"), Markup.Attribute(.tabindex, "0"), Markup.Attribute(.role, "region"),
      Markup.Attribute(.ariaLabel, "Photos along the scale, scrolls sideways")
    ) {
      ruler.svg(id: "scale-ruler")
      Markup.element(.ol, .class("samples")) {
        for photo in chosen { sampleCell(photo, study, showsScene: true) }
      }
    }
  }
}

/// A photo's picture over its quality and interval.
func sampleCell(_ photo: ScaledPhoto, _ study: Study, showsScene: Bool) -> Markup {
  .element(.li) {
    picture(study.image(of: photo.photo, in: photo.scene) ?? nil, of: photo.photo.text)
    Markup.element(.strong, text: quality(photo.jod.value))
    if let span = span(photo.interval) {
      Markup.element(.span, .class("interval"), text: span.text(decimals: 2))
    }
    if showsScene { Markup.element(.span, .class("scene"), text: readable(photo.scene)) }
  }
}

/// A picture, or the words that stand for one.
func picture(_ image: EmbeddedImage?, of name: String) -> Markup {
  if let image {
    .element(
      .img, .source(image), Markup.Attribute(.alt, name), Markup.Attribute(.title, name),
      Markup.Attribute(.decoding, "async"))
  } else {
    .element(.span, .class("no-picture"), Markup.Attribute(.title, name), text: "no picture")
  }
}

/// The photos with pictures nearest to `count` places that are evenly spaced along a scale, ascending.
func samples(along photos: [ScaledPhoto], in study: Study, count: Int) -> [ScaledPhoto] {
  let candidates = photos.filter {
    $0.jod.value.isFinite && study.image(of: $0.photo, in: $0.scene) != nil
  }.sorted { ($0.jod, $0.scene, $0.photo) < ($1.jod, $1.scene, $1.photo) }
  guard candidates.count > count, count > 1, let low = candidates.first?.jod.value,
    let high = candidates.last?.jod.value
  else { return candidates }
  var left = Array(candidates.indices)
  var chosen: [Int] = []
  for step in 0..<count {
    let target = low + (high - low) * Double(step) / Double(count - 1)
    let nearest = left.indices.min {
      (candidates[left[$0]].jod.value - target).magnitude
        < (candidates[left[$1]].jod.value - target).magnitude
    }
    if let nearest { chosen.append(left.remove(at: nearest)) }
  }
  return chosen.sorted().map { candidates[$0] }
}

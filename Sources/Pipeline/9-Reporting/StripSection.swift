import Documents
import Domain

/// Photos along the unified scale (paper 2, figure 1).
func unifiedStripSection(_ study: Study) -> ReportSection? {
  guard let scale = study.content.unifiedScale else { return nil }
  let chosen = samples(along: scale.photos, in: study, count: 14)
  guard !chosen.isEmpty else { return nil }
  return ReportSection(
    "scale", "The scale in pictures",
    lead: """
      From the worst to the best photo of all scenes on one scale of \(scale.attribute.text). Where two photos \
      are 1 \(scale.convention == .jod ? "JOD" : "unit") apart, the difference is visible.
      """
  ) {
    let ruler = ScaleRuler(
      title: "The places of the photos on the scale", axis: Axis("Quality", unit: study.unit.text),
      items: chosen.map {
        .init(
          readable($0.scene), value: $0.score, interval: span($0.interval),
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
    Markup.element(.strong, text: quality(photo.score))
    if let span = span(photo.interval) {
      Markup.element(.span, .class("interval"), text: span.text(decimals: 2))
    }
    if showsScene { Markup.element(.span, .class("scene"), text: readable(photo.scene)) }
  }
}

/// A picture, or the text that replaces it.
func picture(_ image: EmbeddedImage?, of name: String) -> Markup {
  if let image {
    .element(
      .img, .source(image), Markup.Attribute(.alt, name), Markup.Attribute(.title, name),
      Markup.Attribute(.decoding, "async"))
  } else {
    .element(.span, .class("no-picture"), Markup.Attribute(.title, name), text: "no picture")
  }
}

/// The photos with pictures nearest to `count` places that are evenly spaced along a scale,
/// ascending.
///
/// Near a place, a photo of the scene that was chosen least often goes first.
func samples(along photos: [ScaledPhoto], in study: Study, count: Int) -> [ScaledPhoto] {
  let candidates = photos.filter {
    $0.score.magnitude < 1e100 && study.image(of: $0.photo, in: $0.scene) != nil
  }.sorted { ($0.score, $0.scene, $0.photo) < ($1.score, $1.scene, $1.photo) }
  guard candidates.count > count, count > 1, let low = candidates.first?.score,
    let high = candidates.last?.score
  else { return candidates }
  let step = (high - low) / Double(count - 1)
  var left = Array(candidates.indices)
  var chosen: [Int] = []
  var uses: [SceneID: Int] = [:]
  for place in 0..<count {
    let target = low + step * Double(place)
    // The ends are exact; between them a third of a step buys another scene.
    let isEnd = place == 0 || place == count - 1
    func cost(_ index: Int) -> Double {
      let photo = candidates[left[index]]
      let distance = (photo.score - target).magnitude
      return isEnd ? distance : distance + Double(uses[photo.scene, default: 0]) * step / 3
    }
    guard let best = left.indices.min(by: { cost($0) < cost($1) }) else { break }
    let index = left.remove(at: best)
    chosen.append(index)
    uses[candidates[index].scene, default: 0] += 1
  }
  return chosen.sorted().map { candidates[$0] }
}

import Documents
import Domain
import Statistics

/// The head of the report: title, what was measured, notices, the answer, big numbers.
func headline(_ study: Study) -> Markup {
  let content = study.content
  return .element(.header) {
    Markup.element(.p, .class("overline")) { "Vernier · portrait quality laboratory" }
    Markup.element(.h1, text: content.title)
    if !content.measured.isEmpty {
      Markup.element(.p, .class("measured"), text: content.measured)
    }
    for notice in notices(study) {
      Markup.element(.p, .class("notice"), Markup.Attribute(.role, "note"), text: notice)
    }
    if let answer = content.answer ?? answer(study) {
      Markup.element(.p, .class("answer"), text: answer)
    }
    let figures = keyFigures(study) + content.keyFigures
    if !figures.isEmpty {
      Markup.element(.dl, .class("figures")) {
        for figure in figures {
          Markup.element(.div) {
            Markup.element(.dt, text: figure.label)
            Markup.element(.dd, text: figure.value)
          }
        }
      }
    }
  }
}

private func notices(_ study: Study) -> [String] {
  var notices = study.content.notices
  if study.conventions.count > 1 {
    notices.append(
      "Two units are in use: true JOD and the z-scored unit of the PIQ23 files. Each axis names its own; "
        + "numbers in one unit can't be compared with numbers in the other.")
  }
  let bad = study.content.samples.count { EmbeddedImage($0.image) == nil }
  if bad > 0 {
    notices.append(
      "\(counted(bad, "thumbnail is", "thumbnails are")) neither JPEG, PNG nor WebP and can't be shown."
    )
  }
  return notices
}

/// The result in one sentence, from what there is.
private func answer(_ study: Study) -> String? {
  let content = study.content
  var parts: [String] = []
  if let scale = content.unifiedScale, let range = range(scale.photos) {
    let scenes = Set(scale.photos.map(\.scene)).count
    parts.append(
      "\(counted(scale.photos.count, "photo", "photos")) of \(counted(scenes, "scene", "scenes")) "
        + "are on one scale of \(NumberFormat.typeset(range, decimals: 1)) \(study.unit)")
  } else if !content.sceneScales.isEmpty {
    let photos = content.sceneScales.reduce(0) { $0 + $1.photos.count }
    parts.append(
      "\(counted(photos, "photo", "photos")) were placed on the scales of "
        + counted(Set(content.sceneScales.map(\.scene)).count, "scene", "scenes"))
  }
  if let best = bestTest(study) {
    parts.append(
      "on scenes not used in training, the model «\(best.model)» is off by "
        + "\(quality(best.error)) \(study.unit) on average")
  }
  guard !parts.isEmpty else { return nil }
  let sentence = parts.joined(separator: "; ") + "."
  return sentence.prefix(1).uppercased() + sentence.dropFirst()
}

private func keyFigures(_ study: Study) -> [ReportKeyFigure] {
  let content = study.content
  var figures: [ReportKeyFigure] = []
  let photos = content.unifiedScale?.photos ?? content.sceneScales.flatMap(\.photos)
  if !photos.isEmpty {
    figures.append(
      .init(
        NumberFormat.grouped(
          Set(photos.map(\.photo.text)).count == photos.count
            ? photos.count : Set(photos.map { [$0.scene.text, $0.photo.text] }).count), "photos"))
    figures.append(.init(NumberFormat.grouped(Set(photos.map(\.scene)).count), "scenes"))
  }
  let judged = (content.sceneScales.flatMap(\.photos) + (content.crossScale?.photos ?? []))
    .reduce(0) { $0 + max($1.comparisons, 0) }
  if judged > 1 { figures.append(.init(NumberFormat.grouped(judged / 2), "judgements")) }
  if let scale = content.unifiedScale, let range = range(scale.photos) {
    figures.append(
      .init("\(NumberFormat.typeset(range, decimals: 1)) \(study.unit)", "range of the one scale"))
  }
  let widths = photos.map(\.interval.width).filter(\.isFinite)
  if !widths.isEmpty, study.conventions.count < 2 {
    figures.append(
      .init(
        "±\u{2009}\(quality(Descriptive.median(widths) / 2)) \(study.unit)",
        "half the median \(study.intervalLevel) interval"))
  }
  if let best = bestTest(study) {
    figures.append(
      .init("\(quality(best.error)) \(study.unit)", "mean absolute error on unseen scenes"))
  }
  return figures
}

/// The distance from the worst to the best photo; `nil` without two finite ones.
func range(_ photos: [ScaledPhoto]) -> Double? {
  let values = photos.map(\.score).filter(\.isFinite)
  guard values.count > 1, let low = values.min(), let high = values.max() else { return nil }
  return high - low
}

/// The model with the smallest mean absolute error on the test scenes.
private func bestTest(_ study: Study) -> (model: String, error: Double)? {
  let test = study.content.predictions.filter { $0.part == .test }
  let errors = Dictionary(grouping: test, by: \.model).mapValues { rows in
    Descriptive.mean(rows.map { ($0.predicted - $0.measured).magnitude })
  }
  return errors.filter { $0.value.isFinite }.min { ($0.value, $0.key) < ($1.value, $1.key) }
    .map { ($0.key, $0.value) }
}

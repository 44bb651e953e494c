public import Domain
internal import Statistics

/// A model's scores of the photos of a comparison.
public struct ModelPredictions: Hashable, Sendable {
  /// The model's name.
  public let name: String
  /// Its predictions.
  public let predictions: [Prediction]
  /// Whether the scores are in the unit of the scale, so that raw errors mean something.
  public let hasUnit: Bool
  /// Whether scores of different scenes can be compared: not for a model that was trained on
  /// per-scene scales.
  public let hasOneScale: Bool

  /// Makes a model's scores.
  public init(
    name: String, predictions: [Prediction], hasUnit: Bool = true, hasOneScale: Bool = true
  ) {
    self.name = name
    self.predictions = predictions
    self.hasUnit = hasUnit
    self.hasOneScale = hasOneScale
  }
}

/// What two models are compared by.
public enum ContrastStatistic: String, Hashable, Sendable, Codable, CaseIterable {
  /// The mean of a metric over scenes.
  case sceneMean = "mean over scenes"
  /// A metric over all photos of a unified scale.
  case global
}

/// The difference of two models in one metric, and how sure it is.
public struct ModelContrast: Hashable, Sendable {
  /// The metric.
  public let metric: Metric
  /// What is compared.
  public let statistic: ContrastStatistic
  /// The first model.
  public let first: String
  /// The second model.
  public let second: String
  /// The number of scenes where the metric is defined for both.
  public let scenes: Int
  /// First less second.
  public let difference: Double
  /// The difference's interval by paired bootstrap: over scenes, or over photos where there is one
  /// scene.
  public let interval: ValueRange
  /// The two-sided p-value of the same bootstrap.
  public let bootstrapP: Double
  /// That p-value after Holm's correction over all pairs of models in this metric.
  public internal(set) var adjustedBootstrapP: Double
  /// The p-value of Wilcoxon's signed-rank test over the scenes' differences, from 2 scenes on.
  public let wilcoxonP: Double?
  /// That p-value after Holm's correction over all pairs of models in this metric.
  public internal(set) var adjustedWilcoxonP: Double?

  /// The better model at a level by the corrected bootstrap; nil where no difference is shown.
  public func better(level: Double = 0.95) -> String? {
    guard adjustedBootstrapP <= 1 - level, difference != 0 else { return nil }
    return (difference > 0) == metric.isBetterHigher ? first : second
  }
}

/// Compares every pair of models on the same photos: paired bootstrap over scenes, and Wilcoxon,
/// both with Holm.
///
/// - Parameters:
///   - models: two or more models with predictions of the same photos.
///   - metrics: what to compare them by; pairs for which a metric is undefined are left out.
///   - unified: whether the scores live on one scale; the global metrics are then compared too.
///   - bootstrap: replicates, level and seed.
/// - Returns: the contrasts, metric by metric, means over scenes first.
/// - Throws: ``EvaluationError`` when the models were not given the same photos.
public func contrastModels(
  _ models: [ModelPredictions], metrics: [Metric], unified: Bool, bootstrap: BootstrapSettings
) throws(EvaluationError) -> [ModelContrast] {
  guard let reference = models.first else { return [] }
  let known = Set(reference.predictions.map(PhotoAndScore.init))
  var samples: [[Sample]] = []
  for model in models {
    guard Set(model.predictions.map(PhotoAndScore.init)) == known else {
      throw .differentPhotos(first: reference.name, second: model.name)
    }
    samples.append(try scenes(of: model.predictions).map { Sample($0.predictions) })
  }
  var result: [ModelContrast] = []
  for statistic in ContrastStatistic.allCases where statistic == .sceneMean || unified {
    for metric in metrics {
      var family: [ModelContrast] = []
      for first in models.indices {
        for second in models.indices.dropFirst(first + 1) {
          let pairOfModels = [models[first], models[second]]
          if metric.needsUnit, pairOfModels.contains(where: { !$0.hasUnit }) { continue }
          if statistic == .global, pairOfModels.contains(where: { !$0.hasOneScale }) { continue }
          let pair = PairedModels(
            first: samples[first], second: samples[second], metric: metric, settings: bootstrap)
          if let contrast = pair.contrast(statistic, models[first].name, models[second].name) {
            family.append(contrast)
          }
        }
      }
      result += corrected(family)
    }
  }
  return result
}

/// What must agree between two models for their comparison to be paired.
private struct PhotoAndScore: Hashable {
  let photo: ScenePhoto
  let measured: Double

  init(_ prediction: Prediction) {
    photo = ScenePhoto(scene: prediction.scene, photo: prediction.photo)
    measured = prediction.measured
  }
}

/// The contrasts of one metric with Holm's correction.
private func corrected(_ family: [ModelContrast]) -> [ModelContrast] {
  var family = family
  let bootstrap = MultipleTesting.holm.adjust(family.map(\.bootstrapP))
  let tested = family.indices.filter { family[$0].wilcoxonP != nil }
  let wilcoxon = MultipleTesting.holm.adjust(tested.compactMap { family[$0].wilcoxonP })
  for (index, p) in bootstrap.enumerated() { family[index].adjustedBootstrapP = p }
  for (index, p) in zip(tested, wilcoxon) { family[index].adjustedWilcoxonP = p }
  return family
}

/// Two models on the same photos, scene by scene.
private struct PairedModels: Sendable {
  let first: [Sample]
  let second: [Sample]
  let metric: Metric
  let settings: BootstrapSettings

  func contrast(
    _ statistic: ContrastStatistic, _ firstName: String, _ secondName: String
  ) -> ModelContrast? {
    let differences = zip(first, second).compactMap { difference($0, $1) }
    let scenes = differences.count
    let wilcoxon = scenes > 1 ? WilcoxonSignedRank(differences)?.p ?? 1 : nil
    let whole: Double?
    let replicates: [Double?]
    switch (statistic, first.count) {
    case (_, 1), (.global, _):
      whole = difference(pooled(first), pooled(second))
      replicates = resampled()
    case (.sceneMean, _):
      guard scenes > 0 else { return nil }
      whole = Descriptive.mean(differences)
      let root = SeededGenerator(seed: settings.seed)
      replicates = (0..<max(1, settings.replicates)).map { index in
        var random = root.stream(UInt64(index))
        let sum = (0..<scenes).reduce(0.0) { sum, _ in
          sum + differences[random.index(below: scenes)]
        }
        return sum / Double(scenes)
      }
    }
    guard let whole, let range = ValueRange(replicates: replicates, level: settings.level) else {
      return nil
    }
    let defined = replicates.compactMap(\.self)
    let below = Double(1 + defined.count { $0 <= 0 })
    let above = Double(1 + defined.count { $0 >= 0 })
    let p = min(1, 2 * min(below, above) / Double(defined.count + 1))
    return ModelContrast(
      metric: metric, statistic: statistic, first: firstName, second: secondName, scenes: scenes,
      difference: whole, interval: range, bootstrapP: p, adjustedBootstrapP: p,
      wilcoxonP: statistic == .sceneMean ? wilcoxon : nil, adjustedWilcoxonP: nil)
  }

  /// The metric's difference over one set of photos.
  private func difference(_ a: Sample, _ b: Sample) -> Double? {
    guard let x = a.value(of: metric), let y = b.value(of: metric) else { return nil }
    return x - y
  }

  /// Differences over all photos of resampled scenes; over resampled photos where there is one
  /// scene.
  private func resampled() -> [Double?] {
    let root = SeededGenerator(seed: settings.seed)
    let replicates = try? Parallel.map(count: max(1, settings.replicates)) { index in
      var random = root.stream(UInt64(index))
      var (a, b) = (Sample(), Sample())
      if first.count == 1 {
        let places = first[0].measured.indices.map { _ in random.index(below: first[0].count) }
        (a, b) = (first[0].at(places), second[0].at(places))
      } else {
        for _ in first.indices {
          let scene = random.index(below: first.count)
          a.append(first[scene])
          b.append(second[scene])
        }
      }
      return difference(a, b)
    }
    return replicates ?? []
  }

  private func pooled(_ scenes: [Sample]) -> Sample {
    var all = Sample()
    for scene in scenes { all.append(scene) }
    return all
  }
}

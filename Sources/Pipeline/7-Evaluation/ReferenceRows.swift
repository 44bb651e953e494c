public import Domain
internal import Statistics

/// The row that every honest table needs: a model that always answers 0.
///
/// - Parameter predictions: any predictions; only their measured scores are used.
/// - Returns: the same photos, each predicted 0.
public func alwaysZero(_ predictions: [Prediction]) -> [Prediction] {
  predictions.map { $0.predicting(.zero) }
}

/// A model that always answers the same number, such as the mean of the training photos.
///
/// - Parameters:
///   - score: the answer.
///   - predictions: any predictions; only their measured scores are used.
/// - Returns: the same photos, each with that score.
public func always(_ score: Double, _ predictions: [Prediction]) -> [Prediction] {
  predictions.map { $0.predicting(score) }
}

/// What a perfect model would reach against these labels: the ceiling that their noise leaves.
///
/// The measured scores are the true qualities plus an error of known standard deviation. The true
/// qualities are drawn many times from what the labels say about them – inside each scene a
/// Gaussian prior whose variance is that of the measured scores less that of their errors – and
/// each draw is evaluated as a model's answer. So a perfect model's expected agreement comes out,
/// for every metric; the errors of different photos count as independent.
///
/// - Parameters:
///   - predictions: any predictions with ``Prediction/measuredDeviation``; only their measured
///     scores are used.
///   - isUnified: whether the scores live on one scale.
///   - draws: the number of draws.
///   - seed: the same seed gives the same numbers on every machine.
/// - Returns: the mean over the draws, or nil when a photo's standard deviation is unknown or all
///   are 0.
/// - Throws: ``EvaluationError`` when a scene has fewer than 3 photos or nothing is given.
public func noiseCeiling(
  _ predictions: [Prediction], isUnified: Bool, draws: Int = 100, seed: UInt64 = 1
) throws(EvaluationError) -> EvaluationTable? {
  let groups = try scenes(of: predictions)
  let errors = predictions.compactMap(\.measuredDeviation)
  guard errors.count == predictions.count, errors.contains(where: { $0 > 0 }), draws > 0 else {
    return nil
  }
  let root = SeededGenerator(seed: seed)
  let photos = groups.map(\.predictions)
  // Curves of one extra draw are near those of all others.
  var random = root.stream(UInt64(draws))
  var (curves, pooled) = ([LogisticCurve?](), Sample())
  for group in photos {
    var sample = Sample(group)
    sample.predicted = trueQualities(group, &random)
    curves.append(LogisticCurve(fitting: sample.predicted, to: sample.measured))
    pooled.append(sample)
  }
  let starts = curves
  let start = isUnified ? LogisticCurve(fitting: pooled.predicted, to: pooled.measured) : nil
  let drawn = try? Parallel.map(count: draws) { draw in
    var random = root.stream(UInt64(draw))
    var scenes: [AgreementMetrics] = []
    var all = Sample()
    for (group, curve) in zip(photos, starts) {
      var sample = Sample(group)
      sample.predicted = trueQualities(group, &random)
      scenes.append(AgreementMetrics(sample, hasUnit: true, fit: .near(curve)))
      if isUnified { all.append(sample) }
    }
    return (scenes: scenes, global: AgreementMetrics(all, hasUnit: true, fit: .near(start)))
  }
  guard let drawn else { return nil }
  let scenes = groups.enumerated().map { index, group in
    SceneMetrics(scene: group.scene, metrics: mean(drawn.map { $0.scenes[index] }))
  }
  return EvaluationTable(
    model: "perfect model", scenes: scenes, global: isUnified ? mean(drawn.map(\.global)) : nil)
}

/// One draw of the true qualities of a scene's photos, given its labels and their errors.
private func trueQualities(
  _ photos: [Prediction], _ random: inout SeededGenerator
) -> [Double] {
  let measured = photos.map(\.measured)
  let errors = photos.map { ($0.measuredDeviation ?? 0) * ($0.measuredDeviation ?? 0) }
  let center = Descriptive.mean(measured)
  let spread = max(0, Descriptive.populationVariance(measured) - Descriptive.mean(errors))
  return zip(measured, errors).map { value, error in
    let normal = random.normal()
    guard error > 0 else { return value }
    let trust = spread / (spread + error)
    return center + trust * (value - center) + (trust * error).squareRoot() * normal
  }
}

/// The mean of every metric where it is defined.
private func mean(_ metrics: [AgreementMetrics]) -> AgreementMetrics {
  var values: [Metric: Double] = [:]
  for metric in Metric.allCases {
    let defined = metrics.compactMap { $0[metric] }
    if !defined.isEmpty { values[metric] = Descriptive.mean(defined) }
  }
  return AgreementMetrics(
    photos: metrics.first?.photos ?? 0, pairs: metrics.first?.pairs ?? 0, values: values)
}

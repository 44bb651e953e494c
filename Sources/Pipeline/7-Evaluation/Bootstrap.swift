internal import Statistics

/// How intervals of metrics are made.
public struct BootstrapSettings: Hashable, Sendable, Codable {
  /// The number of replicates.
  public var replicates = 1000
  /// The probability that an interval is meant to hold.
  public var level = 0.95
  /// The same seed gives the same intervals on every machine.
  public var seed: UInt64 = 1

  /// 1000 replicates at 95 %.
  public init() {}
}

/// The intervals of every metric of one model.
struct BootstrapIntervals {
  var mean: [Metric: ValueRange] = [:]
  var median: [Metric: ValueRange] = [:]
  var global: [Metric: ValueRange] = [:]
}

/// Resamples scenes, then photos inside each drawn scene, both with replacement, and takes
/// percentiles.
///
/// The scenes represent the scenes that a model may meet, the photos those that could have been
/// taken. A single scene is kept and only its photos are resampled. Every replicate has its own
/// random stream, so that models with the same scenes and photos are resampled alike. The fitted
/// logistic curves stay those of all photos.
///
/// Source: Davison and Hinkley 1997, section 3.8; Efron and Tibshirani 1993, chapter 13.
func bootstrapIntervals(
  _ scenes: [Sample], isUnified: Bool, hasUnit: Bool, settings: BootstrapSettings
) -> BootstrapIntervals {
  let root = SeededGenerator(seed: settings.seed)
  let curves = scenes.map { LogisticCurve(fitting: $0.predicted, to: $0.measured) }
  var everything = Sample()
  for scene in scenes { everything.append(scene) }
  let pooled = everything
  let globalCurve =
    isUnified ? LogisticCurve(fitting: pooled.predicted, to: pooled.measured) : nil
  let replicates = try? Parallel.map(count: max(1, settings.replicates)) { index in
    var random = root.stream(UInt64(index))
    var drawn: [AgreementMetrics] = []
    var all = Sample()
    for place in scenes.indices {
      let scene = scenes.count > 1 ? random.index(below: scenes.count) : place
      let sample = scenes[scene].at(
        scenes[scene].measured.indices.map { _ in
          random.index(below: scenes[scene].count)
        })
      drawn.append(AgreementMetrics(sample, hasUnit: hasUnit, fit: .kept(curves[scene])))
      if isUnified { all.append(sample) }
    }
    let global =
      isUnified ? AgreementMetrics(all, hasUnit: hasUnit, fit: .kept(globalCurve)) : nil
    return Replicate(scenes: drawn, global: global)
  }
  var intervals = BootstrapIntervals()
  guard let replicates else { return intervals }
  for metric in Metric.allCases {
    func range(_ value: (Replicate) -> Double?) -> ValueRange? {
      ValueRange(replicates: replicates.map(value), level: settings.level)
    }
    intervals.mean[metric] = range { $0.values(metric).map(Descriptive.mean) }
    intervals.median[metric] = range { $0.values(metric).map(Descriptive.median) }
    if isUnified { intervals.global[metric] = range { $0.global?[metric] } }
  }
  return intervals
}

/// The metrics of one resample.
private struct Replicate: Sendable {
  let scenes: [AgreementMetrics]
  let global: AgreementMetrics?

  /// A metric over the drawn scenes where it is defined; nil when it is in none.
  func values(_ metric: Metric) -> [Double]? {
    let defined = scenes.compactMap { $0[metric] }
    return defined.isEmpty ? nil : defined
  }
}

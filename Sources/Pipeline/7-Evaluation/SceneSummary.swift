public import Domain
internal import Statistics

/// A range that holds a value with a stated probability, in the value's own unit.
public struct ValueRange: Hashable, Sendable, Codable {
  /// The lower end.
  public let low: Double
  /// The upper end.
  public let high: Double

  /// Makes a range.
  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// The middle part of replicates by percentiles; nil when fewer than nine tenths of them are
  /// defined.
  init?(replicates: [Double?], level: Double) {
    let defined = replicates.compactMap(\.self).filter(\.isFinite).sorted()
    guard !defined.isEmpty, 10 * defined.count >= 9 * replicates.count else { return nil }
    low = Descriptive.quantile(sorted: defined, (1 - level) / 2)
    high = Descriptive.quantile(sorted: defined, (1 + level) / 2)
  }
}

/// The agreement inside one scene.
public struct SceneMetrics: Hashable, Sendable {
  /// The scene.
  public let scene: SceneID
  /// The agreement over its photos.
  public let metrics: AgreementMetrics
}

/// A metric over several scenes.
public struct SceneSummary: Hashable, Sendable {
  /// The number of scenes where the metric is defined.
  public let scenes: Int
  /// The mean over those scenes.
  public let mean: Double?
  /// The median over the same scenes.
  public let median: Double?
  /// Half the width of the mean's 95 % interval by Student's t, from 2 scenes on: paper 1's «error
  /// margin across the scenes».
  public let margin: Double?
  /// The mean's interval by bootstrap over scenes, then photos, if it was asked for.
  public let meanInterval: ValueRange?
  /// The median's interval by the same bootstrap.
  public let medianInterval: ValueRange?

  /// Summarises one value per scene; `nil` where it is undefined.
  init(
    _ values: [Double?], meanInterval: ValueRange? = nil, medianInterval: ValueRange? = nil
  ) {
    let defined = values.compactMap(\.self)
    scenes = defined.count
    mean = defined.isEmpty ? nil : Descriptive.mean(defined)
    median = defined.isEmpty ? nil : Descriptive.median(defined)
    if defined.count >= 2 {
      let count = Double(defined.count)
      let critical = StudentT(degreesOfFreedom: count - 1).quantile(0.975)
      margin = critical * (Descriptive.variance(defined) / count).squareRoot()
    } else {
      margin = nil
    }
    self.meanInterval = meanInterval
    self.medianInterval = medianInterval
  }
}

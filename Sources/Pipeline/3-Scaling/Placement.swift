import Domain
import Statistics

/// Centers, deviations and interval ends of all photos in the unit asked for.
struct Placement {
  private(set) var center: [Double]
  private(set) var deviation: [Double]
  private(set) var low: [Double] = []
  private(set) var high: [Double] = []

  /// Places photos.
  ///
  /// - Parameters:
  ///   - estimates: The joint estimates.
  ///   - deviations: The standard deviations by the observed information, in true JOD.
  ///   - bootstrap: Replicates around the estimates, in true JOD.
  ///   - settings: The unit, the rule of intervals and their level.
  init(
    _ estimates: Estimates, deviations: [Double], bootstrap: BootstrapScores?,
    settings: ScalingSettings
  ) {
    center = estimates.positions
    deviation = deviations
    var factor = 1.0
    if settings.convention == .piq23 {
      // Replicates spread like the scale plus its errors, so this is the factor that they would get in the mean.
      let spread =
        Descriptive.populationVariance(center)
        + Descriptive.mean(deviation.map { $0 * $0 })
      factor = spread > 0 ? JOD.differenceSigma / spread.squareRoot() : 0
      center = center.map { $0 * factor }
      deviation = deviation.map { $0 * factor }
    }
    let least = deviation
    let columns = bootstrap.map { scores in
      let scores = scores.converted(to: settings.convention)
      return (0..<scores.photos).map { scores.column($0) }
    }
    if let columns {
      if settings.convention == .piq23 { center = columns.map(Descriptive.mean) }
      deviation = columns.map {
        settings.convention == .piq23
          ? Descriptive.populationStandardDeviation($0) : Descriptive.standardDeviation($0)
      }
    }
    if let columns, settings.effectiveIntervalRule == .percentile {
      let tail = (1 - settings.confidenceLevel) / 2
      for column in columns {
        let sorted = column.sorted()
        low.append(Descriptive.quantile(sorted: sorted, tail))
        high.append(Descriptive.quantile(sorted: sorted, 1 - tail))
      }
      return
    }
    // Replicates of unanimous votes hardly differ, which shows nothing but that they were unanimous.
    deviation = zip(deviation, least).map { max($0, $1) }
    for photo in center.indices {
      let ends = estimates.interval(
        .position(photo, of: center.count), level: settings.confidenceLevel)
      let shift = center[photo] - factor * estimates.positions[photo]
      low.append(factor * ends.low + shift)
      high.append(factor * ends.high + shift)
    }
  }
}

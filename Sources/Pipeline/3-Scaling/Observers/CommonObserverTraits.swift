import Domain
import Statistics

/// What all observers share: side bias in JOD and lapse rate, each with its 95 % interval by
/// profile likelihood.
struct CommonObserverTraits: Sendable {
  /// How much better photo A looks because it is A, in JOD.
  let sideBias: Interval
  /// The share of answers given blindly.
  let lapseRate: Interval

  /// An estimate with its interval.
  struct Interval: Sendable {
    var value: Double
    var low: Double
    var high: Double
  }

  /// Estimates the traits; nil when the search breaks down.
  ///
  /// Intervals hold the values whose deviance is below the square of Student's quantile, with a
  /// degree of freedom less than observers, times the excess of the spread over observers above the
  /// information.
  init?<Link: PreferenceLink>(_ fit: CommonObserverFit<Link>, near positions: [Double]) {
    let start = CommonObserverFit<Link>.Point(
      positions: positions, sideBias: 0, lapseRate: 0.02)
    guard let best = fit.maximum(from: start), let variances = fit.variances(at: best) else {
      return nil
    }
    let observers = fit.layout.byObserver.count { !$0.isEmpty }
    let quantile =
      observers > 1
      ? StudentT(degreesOfFreedom: Double(observers - 1)).quantile(0.975)
      : StandardNormal.quantile(0.975)
    func reach(_ trait: Int) -> Double {
      let (information, spread) = (variances.information[trait], variances.spread[trait])
      return quantile * quantile * (information > 0 ? max(1, spread / information) : 1)
    }
    let unit = Link.unitsPerJOD
    let deviations = variances.information.map { max($0, 1e-12).squareRoot() }
    func deviance(_ trait: Int) -> (Double) -> Double {
      // Neighboring values have neighboring maxima, so each search starts at the last one.
      var last = best
      return { value in
        var point = last
        if trait == 0 { point.sideBias = value } else { point.lapseRate = value }
        guard
          let found = fit.maximum(
            from: point, holdsSideBias: trait == 0, holdsLapseRate: trait == 1)
        else { return .infinity }
        last = found
        return max(0, 2 * (best.value - found.value))
      }
    }
    let bias = Self.ends(
      best.sideBias, deviation: deviations[0], reach: reach(0), within: -20...20,
      deviance: deviance(0))
    let rate = Self.ends(
      best.lapseRate, deviation: max(deviations[1], 0.005), reach: reach(1), within: 0...0.95,
      deviance: deviance(1))
    sideBias = Interval(
      value: best.sideBias / unit, low: bias.low / unit, high: bias.high / unit)
    lapseRate = Interval(value: best.lapseRate, low: rate.low, high: rate.high)
  }

  /// Where the deviance passes a limit on either side of the estimate; the bounds where it does
  /// not.
  static func ends(
    _ estimate: Double, deviation: Double, reach: Double, within bounds: ClosedRange<Double>,
    deviance: (Double) -> Double
  ) -> (low: Double, high: Double) {
    func end(_ side: Double, bound: Double) -> Double {
      var inside = estimate
      var width = reach.squareRoot() * deviation
      var outside = estimate
      for _ in 0..<12 {
        outside = side > 0 ? min(estimate + width, bound) : max(estimate - width, bound)
        if deviance(outside) >= reach { break }
        inside = outside
        if outside == bound { return bound }
        width *= 2
      }
      // A hundredth of a standard error is far below what votes tell.
      for _ in 0..<12 where abs(outside - inside) > 0.01 * deviation {
        let middle = (inside + outside) / 2
        if deviance(middle) >= reach { outside = middle } else { inside = middle }
      }
      return (inside + outside) / 2
    }
    return (end(-1, bound: bounds.lowerBound), end(1, bound: bounds.upperBound))
  }
}

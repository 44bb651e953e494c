/// The signed root of the deviance of one quantity: monotone, 0 at the estimate, about linear near
/// it.
struct SignedRoot {
  let estimate: Double
  /// The standard error by the observed information.
  let deviation: Double
  /// By how much the deviance overstates: spread over information.
  let inflation: Double
  /// The deviance at a distance from the estimate; nil for (distance/deviation)².
  let deviance: ((Double) -> Double)?

  /// The statistic of the hypothesis that the quantity is `value`; positive when the estimate is
  /// above.
  func statistic(_ value: Double) -> Double {
    let step = value - estimate
    guard deviation > 0 else { return step == 0 ? 0 : step < 0 ? .infinity : -.infinity }
    guard let deviance else { return -step / (deviation * inflation.squareRoot()) }
    // So near the estimate rounding outweighs the deviance, which is quadratic there.
    guard abs(step) > 1e-4 * deviation else {
      return -step / (deviation * inflation.squareRoot())
    }
    let size = (deviance(step) / inflation).squareRoot()
    return step < 0 ? size : -size
  }

  /// The value at which the statistic is −`reach`: above the estimate for a positive reach.
  func end(at reach: Double) -> Double {
    guard deviation > 0, reach != 0 else { return estimate }
    guard deviance != nil else { return estimate + reach * deviation * inflation.squareRoot() }
    let side = reach > 0 ? 1.0 : -1
    func excess(_ distance: Double) -> Double {
      -side * statistic(estimate + side * distance) - abs(reach)
    }
    var low = 0.0
    var lowExcess = -abs(reach)
    var high = abs(reach) * deviation * inflation.squareRoot()
    var highExcess = excess(high)
    // A Gaussian prior makes every deviance grow; without one a design is bounded in every
    // direction.
    for _ in 0..<60 where highExcess < 0 {
      (low, lowExcess) = (high, highExcess)
      high *= 1.6
      highExcess = excess(high)
    }
    // The Illinois variant of the false position; 1e-6 of a deviation is far below what votes can
    // resolve.
    var keptLow = false
    var keptHigh = false
    for _ in 0..<60 where high - low > 1e-6 * deviation {
      let middle = (low * highExcess - high * lowExcess) / (highExcess - lowExcess)
      let value = excess(middle)
      if abs(value) < 1e-9 { return estimate + side * middle }
      if value < 0 {
        (low, lowExcess) = (middle, value)
        if keptHigh { highExcess /= 2 }
        (keptLow, keptHigh) = (false, true)
      } else {
        (high, highExcess) = (middle, value)
        if keptLow { lowExcess /= 2 }
        (keptLow, keptHigh) = (true, false)
      }
    }
    return estimate + side * (low + high) / 2
  }
}

import Glibc

/// The rising four-parameter logistic curve that maps a model's scores onto a scale before errors
/// are measured.
///
///     y = low + (high − low) / (1 + exp(−(x − center) / width))
///
/// The curve may not fall: a model that orders photos the wrong way round must not be turned around
/// by its mapping.
///
/// Source: VQEG 2000, final report, and Sheikh, Sabir and Bovik 2006, doi:10.1109/TIP.2006.881959.
public struct LogisticCurve: Hashable, Sendable {
  /// The value far to the left.
  public let low: Double
  /// The value far to the right; above ``low``.
  public let high: Double
  /// Where the curve is halfway between both.
  public let center: Double
  /// The distance over which it climbs; above 0.
  public let width: Double

  /// The fewest points that a curve of four parameters says anything about.
  public static let fewestPoints = 6

  /// Makes a curve from its parameters.
  public init(low: Double, high: Double, center: Double, width: Double) {
    self.low = low
    self.high = high
    self.center = center
    self.width = width
  }

  /// The curve's value.
  public func callAsFunction(_ x: Double) -> Double {
    low + (high - low) * Self.step((x - center) / width)
  }

  /// Fits the curve by least squares.
  ///
  /// The search starts from a grid of centers and widths, for each of which low and high follow by
  /// linear regression, and ends with Levenberg and Marquardt's steps. Widths stay within 1/1000
  /// and 20 times the range of `x`, centers within five widths of it: beyond that the curve is a
  /// straight line, an exponential or a step to the last digit. It is nil with fewer than
  /// ``fewestPoints`` points, for constant scores, and when no rising curve beats the mean.
  ///
  /// - Parameters:
  ///   - x: the model's scores.
  ///   - y: the measured scores, in the same order.
  ///   - start: a curve near the answer, in place of the grid, for resamples: the search then ends
  ///     when a step gains less than a millionth.
  public init?(fitting x: [Double], to y: [Double], from start: Self? = nil) {
    guard x.count == y.count, x.count >= Self.fewestPoints,
      let least = x.min(), let most = x.max(), most > least, (most - least).isFinite
    else { return nil }
    let problem = LogisticProblem(x: x, y: y, least: least, most: most)
    let starts = start.map { [$0] } ?? problem.bestOfGrid(keeping: 3)
    let isQuick = start != nil
    var best: (curve: Self, squares: Double)?
    for start in starts {
      let found = problem.refined(start, isQuick: isQuick)
      if found.squares < best?.squares ?? .infinity { best = found }
    }
    guard let best, best.curve.high > best.curve.low else { return nil }
    self = best.curve
  }

  /// The standard logistic function, without overflow.
  static func step(_ z: Double) -> Double {
    if z >= 0 { return 1 / (1 + exp(-z)) }
    let e = exp(z)
    return e / (1 + e)
  }
}

/// The points of one fit.
private struct LogisticProblem {
  let x: [Double]
  let y: [Double]
  let least: Double
  let most: Double
  var range: Double { most - least }

  /// The best curves of a coarse grid of centers and widths.
  func bestOfGrid(keeping count: Int) -> [LogisticCurve] {
    let sorted = x.sorted()
    var found: [(curve: LogisticCurve, squares: Double)] = []
    for part in [0.01, 0.03, 0.1, 0.3, 1, 3] {
      let width = part * range
      var centers = (0...10).map { Descriptive.quantile(sorted: sorted, Double($0) / 10) }
      centers += [least - 2 * width, least + range / 3, most - range / 3, most + 2 * width]
      for center in centers {
        if let curve = regressed(center: center, width: width) {
          found.append((curve, squares(curve)))
        }
      }
    }
    return found.sorted { $0.squares < $1.squares }.prefix(count).map(\.curve)
  }

  /// The curve with that center and width whose low and high follow by linear regression; nil when
  /// it doesn't rise.
  private func regressed(center: Double, width: Double) -> LogisticCurve? {
    let n = Double(x.count)
    let steps = x.map { LogisticCurve.step(($0 - center) / width) }
    let meanStep = steps.reduce(0, +) / n
    let meanY = y.reduce(0, +) / n
    var (ss, sy) = (0.0, 0.0)
    for (step, value) in zip(steps, y) {
      ss += (step - meanStep) * (step - meanStep)
      sy += (step - meanStep) * (value - meanY)
    }
    guard ss > 1e-24, sy > 0 else { return nil }
    let slope = sy / ss
    let low = meanY - slope * meanStep
    return LogisticCurve(low: low, high: low + slope, center: center, width: width)
  }

  private func squares(_ curve: LogisticCurve) -> Double {
    var sum = 0.0
    for (x, y) in zip(x, y) {
      let error = y - curve(x)
      sum += error * error
    }
    return sum
  }

  /// Levenberg and Marquardt's steps in center and log width, low and high following by regression.
  func refined(
    _ start: LogisticCurve, isQuick: Bool
  ) -> (curve: LogisticCurve, squares: Double) {
    // The last gain of a thorough search is below the rounding of the sum: nothing more can be won.
    let (steps, enough, stiffest) = isQuick ? (15, 1e-6, 1e3) : (80, 1e-13, 1e12)
    var curve = regressed(center: start.center, width: start.width) ?? start
    var current = squares(curve)
    var damping = 1e-3
    for _ in 0..<steps {
      let (gradient, curvature) = derivatives(curve)
      var moved = false
      while damping < stiffest {
        var damped = curvature
        for i in 0..<4 { damped[i * 4 + i] += damping * max(curvature[i * 4 + i], 1e-12) }
        guard let factor = Cholesky(damped, count: 4) else {
          damping *= 10
          continue
        }
        let change = factor.solve(gradient)
        let candidate = limited(curve, change[2], change[3])
        let squares = candidate.map(squares) ?? .infinity
        guard let candidate, squares < current else {
          damping *= 4
          continue
        }
        let gain = current - squares
        (curve, current) = (candidate, squares)
        damping = max(damping / 6, 1e-12)
        moved = gain > enough * current
        break
      }
      if !moved { break }
    }
    return (curve, current)
  }

  /// The curve moved in center and log width, kept inside the limits.
  private func limited(
    _ curve: LogisticCurve, _ center: Double, _ logWidth: Double
  ) -> LogisticCurve? {
    let width = min(max(curve.width * exp(min(max(logWidth, -3), 3)), range / 1000), 20 * range)
    let moved = min(max(curve.center + center, least - 5 * width), most + 5 * width)
    return regressed(center: moved, width: width)
  }

  /// Jᵀr and JᵀJ over low, high, center and log width.
  private func derivatives(_ curve: LogisticCurve) -> ([Double], [Double]) {
    var gradient = SIMD4<Double>.zero
    var (first, second) = (gradient, gradient)
    var (third, fourth) = (gradient, gradient)
    let height = curve.high - curve.low
    for (x, y) in zip(x, y) {
      let z = (x - curve.center) / curve.width
      let step = LogisticCurve.step(z)
      let slope = height * step * (1 - step)
      let row = SIMD4(1 - step, step, -slope / curve.width, -slope * z)
      gradient += row * (y - (curve.low + height * step))
      first += row * row[0]
      second += row * row[1]
      third += row * row[2]
      fourth += row * row[3]
    }
    let rows = [first, second, third, fourth]
    return ((0..<4).map { gradient[$0] }, rows.flatMap { row in (0..<4).map { row[$0] } })
  }
}

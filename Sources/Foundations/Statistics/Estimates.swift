/// Positions on one scale with their joint uncertainty: the one source of intervals, differences,
/// contrasts and p-values.
///
/// Two facts about the errors are kept, and every answer takes the larger one in the direction
/// asked about: the **observed information** of the answers, and the **spread**, a covariance that
/// also holds what the information leaves out (differences between observers, or how the pairs were
/// chosen). So no answer is surer than the number of votes allows, however unanimous they are.
///
/// Intervals and p-values come from one statistic, the signed root of the deviance along the line
/// of least change, divided by the root of spread over information and compared with Student's t:
///
///     r(δ) = ±√(2·(ℓ(mode) − ℓ(mode moved to δ)) / max(1, spread/information))
///
/// An interval holds exactly the δ that its test does not reject. Without a likelihood, r is
/// (estimate − δ)/standard error.
///
/// ```swift
/// let better = LinearCombination.difference(4, 1)
/// estimates.value(better)           // JOD
/// estimates.interval(better)        // 95 %
/// estimates.pValue(better)          // of no difference
/// ```
///
/// Source: Pace, Salvan and Sartori 2011, «Adjusting composite likelihood ratio statistics»
/// (vertical scaling); Liang and Zeger 1986 (covariance over clusters).
public struct Estimates: Sendable, Hashable {
  /// The positions.
  public let positions: [Double]
  /// The covariance by the observed information, row-major.
  public let information: [Double]
  /// The covariance that holds what the information leaves out, row-major and without bias; nil
  /// where nothing is known.
  public let spread: [Double]?
  /// How many independent units the spread was estimated from, such as observers; nil for single
  /// answers.
  public let units: Int?
  /// The number of answers that each position took part in; empty when unknown, which is taken as
  /// unlimited.
  public let comparisons: [Double]
  /// The likelihood that gives intervals their shape; nil for symmetric ones.
  public let likelihood: PairLikelihood?

  /// Makes estimates; lists and matrices must belong to the same number of positions.
  public init(
    positions: [Double], information: [Double], spread: [Double]? = nil, units: Int? = nil,
    comparisons: [Double] = [], likelihood: PairLikelihood? = nil
  ) {
    self.positions = positions
    self.information = information
    self.spread = spread
    self.units = units
    self.comparisons = comparisons
    self.likelihood = likelihood
  }

  /// The same uncertainty around other positions or with another spread, such as those of a
  /// replayed study.
  public func with(positions: [Double], spread: [Double]?, units: Int?) -> Self {
    Self(
      positions: positions, information: information, spread: spread, units: units,
      comparisons: comparisons, likelihood: likelihood)
  }

  /// A joint covariance for work that needs a matrix.
  ///
  /// It is the observed information, scaled so that each position against the mean of all has its
  /// ``variance(_:)``, with as much of a common stretch as the stretch of the whole scale varies
  /// by.
  public var covariance: [Double] {
    let count = positions.count
    let factors = (0..<count).map { inflation(.position($0, of: count)).squareRoot() }
    var result = information.indices.map {
      information[$0] * factors[$0 / count] * factors[$0 % count]
    }
    let mean = Descriptive.mean(positions)
    let places = positions.map { $0 - mean }
    let square = places.reduce(0) { $0 + $1 * $1 }
    guard square > 0 else { return result }
    let stretch = LinearCombination(places.enumerated().map { ($0, $1 / square) })
    let missing = variance(stretch) - stretch.quadratic(result, count: count)
    guard missing > 0 else { return result }
    for i in 0..<count {
      for j in 0..<count { result[i * count + j] += missing * places[i] * places[j] }
    }
    return result
  }

  /// The estimate of a sum of positions.
  public func value(_ sum: LinearCombination) -> Double { sum.of(positions) }

  /// The variance of the estimate: the larger of spread and observed information.
  public func variance(_ sum: LinearCombination) -> Double {
    informationVariance(sum) * inflation(sum)
  }

  /// The standard error of the estimate.
  public func standardError(_ sum: LinearCombination) -> Double { variance(sum).squareRoot() }

  /// The degrees of freedom of Student's t: one less than the units, and than the answers behind
  /// the less judged side.
  ///
  /// Answers behind a side with weights w are (Σw)²/Σ(w²/n): n for one position, the sum for a
  /// mean. The result is at least 1, and infinite when neither number is known.
  public func degreesOfFreedom(_ sum: LinearCombination) -> Double {
    var least = units.map { Double($0 - 1) } ?? .infinity
    if comparisons.count == positions.count {
      for sign in [1.0, -1] {
        let side = sum.terms.filter { $0.weight * sign > 0 }
        // The mean of all other positions does not count as a side.
        guard side.count < positions.count - 1 || side.count == 1 else { continue }
        let total = side.reduce(0) { $0 + abs($1.weight) }
        let share = side.reduce(0) {
          $0 + $1.weight * $1.weight / max(comparisons[$1.index], 1)
        }
        if share > 0 { least = min(least, total * total / share - 1) }
      }
    }
    return max(1, least)
  }

  /// The interval that covers the true value of the sum with a probability.
  public func interval(
    _ sum: LinearCombination, level: Double = 0.95
  ) -> (low: Double, high: Double) {
    let root = signedRoot(sum)
    let reach = reach(sum, level: level)
    return (root.end(at: -reach), root.end(at: reach))
  }

  /// The two-sided p-value of the hypothesis that the sum is `value`.
  public func pValue(_ sum: LinearCombination, of value: Double = 0) -> Double {
    test(sum, of: value).p
  }

  /// The probability, in the sense of the intervals, that the sum is above `value`.
  public func probability(_ sum: LinearCombination, above value: Double) -> Double {
    cdf(signedRoot(sum).statistic(value), sum)
  }

  /// The signed root of the deviance, positive when the estimate is above `value`; compare it with
  /// Student's t.
  public func statistic(_ sum: LinearCombination, of value: Double = 0) -> Double {
    signedRoot(sum).statistic(value)
  }

  /// The statistic and the two-sided p-value of the hypothesis that the sum is `value`, for the
  /// work of one.
  public func test(
    _ sum: LinearCombination, of value: Double = 0
  ) -> (statistic: Double, p: Double) {
    let r = signedRoot(sum).statistic(value)
    return (r, min(1, 2 * cdf(-abs(r), sum)))
  }

  private func cdf(_ x: Double, _ sum: LinearCombination) -> Double {
    let degrees = degreesOfFreedom(sum)
    return degrees.isFinite
      ? StudentT(degreesOfFreedom: degrees).cdf(x) : StandardNormal.cdf(x)
  }

  private func reach(_ sum: LinearCombination, level: Double) -> Double {
    let (share, degrees) = ((1 + level) / 2, degreesOfFreedom(sum))
    return degrees.isFinite
      ? StudentT(degreesOfFreedom: degrees).quantile(share) : StandardNormal.quantile(share)
  }

  private func informationVariance(_ sum: LinearCombination) -> Double {
    sum.quadratic(information, count: positions.count)
  }

  /// By how much the spread exceeds the observed information in this direction; at least 1.
  private func inflation(_ sum: LinearCombination) -> Double {
    let least = informationVariance(sum)
    guard let spread, least > 0 else { return 1 }
    return max(1, sum.quadratic(spread, count: positions.count) / least)
  }

  private func signedRoot(_ sum: LinearCombination) -> SignedRoot {
    let variance = informationVariance(sum)
    let inflation = inflation(sum)
    guard let likelihood, variance > 0 else {
      return SignedRoot(
        estimate: value(sum), deviation: (variance * inflation).squareRoot(), inflation: 1,
        deviance: nil)
    }
    let direction = sum.image(information, count: positions.count).map { $0 / variance }
    // Most intervals end within 6 deviations; beyond, the Taylor part is a little less exact.
    let range = 6 * (variance * inflation).squareRoot()
    return SignedRoot(
      estimate: value(sum), deviation: variance.squareRoot(), inflation: inflation,
      deviance: likelihood.deviance(
        along: direction, curvature: 1 / variance, reach: range))
  }
}

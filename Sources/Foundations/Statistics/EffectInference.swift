/// What an estimated effect says about the true one: intervals, tests and one-sided tests.
public protocol EffectInference: Sendable {
  /// The estimate.
  var value: Double { get }
  /// The interval that covers the true effect with a probability.
  func interval(level: Double) -> (low: Double, high: Double)
  /// The two-sided p-value of the hypothesis that the effect is `x`.
  func pValue(of x: Double) -> Double
  /// The p-value of the hypothesis that the effect is at most `x`: small when it is shown to be
  /// above.
  func pValue(atMost x: Double) -> Double
  /// The p-value of the hypothesis that the effect is at least `x`: small when it is shown to be
  /// below.
  func pValue(atLeast x: Double) -> Double
}

extension EffectInference {
  /// The p-value of the hypothesis that the effect is `margin` or more away from 0, by two
  /// one-sided tests.
  ///
  /// Source: Schuirmann 1987, doi:10.1007/BF01068419.
  public func equivalencePValue(margin: Double) -> Double {
    max(pValue(atMost: -margin), pValue(atLeast: margin))
  }
}

/// One estimated effect with the law of its error.
public struct EffectEstimate: EffectInference, Hashable {
  /// The estimate.
  public let value: Double
  /// Its standard error.
  public let standardError: Double
  /// The degrees of freedom of Student's t; infinite for a normal error.
  public let degreesOfFreedom: Double
  private let joint: Joint?

  /// A sum of positions, whose interval follows the likelihood and need not be symmetric.
  private struct Joint: Hashable {
    let sum: LinearCombination
    let estimates: Estimates
  }

  /// Makes an estimate with a symmetric error.
  public init(value: Double, standardError: Double, degreesOfFreedom: Double = .infinity) {
    (self.value, self.standardError) = (value, standardError)
    self.degreesOfFreedom = degreesOfFreedom
    joint = nil
  }

  /// Takes a sum of jointly estimated positions with their own law of error.
  public init(_ sum: LinearCombination, in estimates: Estimates) {
    value = estimates.value(sum)
    standardError = estimates.standardError(sum)
    degreesOfFreedom = estimates.degreesOfFreedom(sum)
    joint = Joint(sum: sum, estimates: estimates)
  }

  /// The same estimate with no more than so many degrees of freedom, and a symmetric error.
  public func limited(degreesOfFreedom limit: Double) -> Self {
    Self(
      value: value, standardError: standardError,
      degreesOfFreedom: max(1, min(degreesOfFreedom, limit)))
  }

  /// The interval that covers the true effect with a probability.
  public func interval(level: Double = 0.95) -> (low: Double, high: Double) {
    if let joint { return joint.estimates.interval(joint.sum, level: level) }
    let half = quantile((1 + level) / 2) * standardError
    return (value - half, value + half)
  }

  /// The two-sided p-value of the hypothesis that the effect is `x`.
  public func pValue(of x: Double = 0) -> Double {
    if let joint { return joint.estimates.pValue(joint.sum, of: x) }
    guard standardError > 0 else { return value == x ? 1 : 0 }
    let t = (value - x) / standardError
    return degreesOfFreedom.isFinite
      ? StudentT(degreesOfFreedom: degreesOfFreedom).twoSided(t)
      : min(1, 2 * StandardNormal.cdf(-abs(t)))
  }

  /// The p-value of the hypothesis that the effect is at most `x`.
  public func pValue(atMost x: Double) -> Double { 1 - probability(above: x) }

  /// The p-value of the hypothesis that the effect is at least `x`.
  public func pValue(atLeast x: Double) -> Double { probability(above: x) }

  /// The probability, in the sense of the intervals, that the true effect is above `x`.
  public func probability(above x: Double) -> Double {
    if let joint { return joint.estimates.probability(joint.sum, above: x) }
    guard standardError > 0 else { return value >= x ? 1 : 0 }
    return cdf((value - x) / standardError)
  }

  private func quantile(_ share: Double) -> Double {
    degreesOfFreedom.isFinite
      ? StudentT(degreesOfFreedom: degreesOfFreedom).quantile(share)
      : StandardNormal.quantile(share)
  }

  private func cdf(_ x: Double) -> Double {
    degreesOfFreedom.isFinite
      ? StudentT(degreesOfFreedom: degreesOfFreedom).cdf(x) : StandardNormal.cdf(x)
  }
}

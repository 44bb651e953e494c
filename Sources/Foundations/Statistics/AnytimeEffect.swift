import Glibc

/// What an estimated effect says when one may look at it after every batch, and stop at any look.
///
/// The effect's standardized estimate moves like Brownian motion in the information 1/se². A normal
/// mixture of likelihood ratios over alternatives with deviation κ is an e-process there: with r =
/// κ²/se² and z = (estimate − x)/se,
///
///     two-sided  E = (1 + r)^−½ · exp(z²/2 · r/(1 + r))
///     one-sided  E⁺ = 2·E·Φ(z·√(r/(1 + r)))   (mixture over positive alternatives only)
///
/// By Ville's inequality E exceeds 1/α at any look with probability at most α, so that 1/E is a
/// p-value and the x with E < 1/α are a confidence sequence. Where the standard error comes from
/// few scenes, it is enlarged by the ratio of Student's to the normal 97.5 % quantile.
///
/// Source: Robbins 1970, doi:10.1214/aoms/1177696786; Howard, Ramdas, McAuliffe and Sekhon 2021,
/// arXiv:1810.08240; Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2021, arXiv:2103.06476
/// (asymptotic confidence sequences).
public struct AnytimeEffect: EffectInference, Hashable {
  /// The estimate.
  public let value: Double
  /// The standard error, enlarged for few degrees of freedom.
  public let standardError: Double
  /// The estimate as it is read at a single look.
  private let single: EffectEstimate
  /// κ: the deviation of the mixture, in the unit of the effect; the sequence is tightest where se
  /// is about κ/2.5.
  public let mixtureDeviation: Double

  /// Takes an estimate; `mixtureDeviation` must be above 0 and fixed before the first look.
  public init(_ estimate: EffectEstimate, mixtureDeviation: Double) {
    value = estimate.value
    single = estimate
    let degrees = estimate.degreesOfFreedom
    let normal = StandardNormal.quantile(0.975)
    let enlarged =
      degrees.isFinite ? StudentT(degreesOfFreedom: degrees).quantile(0.975) / normal : 1
    standardError = estimate.standardError * enlarged
    self.mixtureDeviation = mixtureDeviation
  }

  private var ratio: Double {
    let root = mixtureDeviation / standardError
    return root * root
  }

  /// The interval that holds the true effect at all looks together with a probability.
  public func interval(level: Double) -> (low: Double, high: Double) {
    guard standardError > 0 else { return (value, value) }
    let alpha = 1 - level
    let half =
      standardError * ((1 + 1 / ratio) * (log1p(ratio) - 2 * log(alpha))).squareRoot()
    return (value - half, value + half)
  }

  /// The two-sided anytime-valid p-value of the hypothesis that the effect is `x`.
  public func pValue(of x: Double) -> Double {
    guard standardError > 0 else { return value == x ? 1 : 0 }
    return atLeastSingle(exp(-logEvidence((value - x) / standardError)), single.pValue(of: x))
  }

  /// The anytime-valid p-value of the hypothesis that the effect is at most `x`.
  public func pValue(atMost x: Double) -> Double {
    atLeastSingle(oneSided(value - x), single.pValue(atMost: x))
  }

  /// The anytime-valid p-value of the hypothesis that the effect is at least `x`.
  public func pValue(atLeast x: Double) -> Double {
    atLeastSingle(oneSided(x - value), single.pValue(atLeast: x))
  }

  /// Far out, where the normal law of the sequence is surer than Student's t, a single look has the
  /// last word.
  private func atLeastSingle(_ sequential: Double, _ fixed: Double) -> Double {
    min(1, max(sequential, fixed))
  }

  private func logEvidence(_ z: Double) -> Double {
    z * z / 2 * ratio / (1 + ratio) - log1p(ratio) / 2
  }

  private func oneSided(_ distance: Double) -> Double {
    guard standardError > 0 else { return distance > 0 ? 0 : 1 }
    let z = distance / standardError
    let share = StandardNormal.cdf(z * (ratio / (1 + ratio)).squareRoot())
    guard share > 0 else { return 1 }
    return min(1, exp(-logEvidence(z)) / (2 * share))
  }
}

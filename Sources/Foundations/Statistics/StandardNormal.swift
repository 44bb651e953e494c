import CBoost
import Glibc

/// The standard normal distribution, right in both tails: nothing here underflows before its result
/// does.
///
/// Far below zero, where `φ` and `Φ` are both 0 in double precision, their ratio and logarithms
/// come from Mills' continued fraction, so `logCdf(-1e4)` and `inverseMills(-1e4)` are right to the
/// last digits.
public enum StandardNormal {
  private static let halfLogTwoPi = 0.918_938_533_204_672_8
  private static let inverseRootTwo = 0.707_106_781_186_547_6
  private static let inverseRootTwoPi = 0.398_942_280_401_432_7

  /// Below this, Mills' continued fraction takes over from `φ / Φ`.
  private static let tail = -4.0

  /// The density φ(x).
  public static func density(_ x: Double) -> Double { inverseRootTwoPi * exp(-0.5 * x * x) }

  /// The logarithm of the density.
  public static func logDensity(_ x: Double) -> Double { -0.5 * x * x - halfLogTwoPi }

  /// The distribution function Φ(x).
  public static func cdf(_ x: Double) -> Double { 0.5 * erfc(-x * inverseRootTwo) }

  /// The logarithm of Φ(x); about −x²/2 far below zero and −(1 − Φ(x)) far above it.
  public static func logCdf(_ x: Double) -> Double {
    if x > 0 { return log1p(-cdf(-x)) }
    if x > tail { return log(cdf(x)) }
    if x == -.infinity { return x }
    return logDensity(x) - log(upperMillsDenominator(-x).value)
  }

  /// The inverse of ``cdf(_:)``: the x below which a share `probability` lies; NaN outside 0…1.
  public static func quantile(_ probability: Double) -> Double {
    if probability == 0 { return -.infinity }
    if probability == 1 { return .infinity }
    guard probability > 0, probability < 1 else { return .nan }
    return boost_normal_quantile(probability)
  }

  /// The inverse Mills ratio φ(x)/Φ(x): the mean of a standard normal variable above −x.
  public static func inverseMills(_ x: Double) -> Double {
    if x > tail { return density(x) / cdf(x) }
    if x == -.infinity { return .infinity }
    return upperMillsDenominator(-x).value
  }

  /// The inverse Mills ratio ψ together with λ = ψ(ψ + x) and 1 − λ, none of which cancels.
  ///
  /// 1 − λ is the variance of a standard normal variable truncated to be above −x; λ is minus the
  /// derivative of ψ.
  public static func truncation(
    _ x: Double
  ) -> (inverseMills: Double, lambda: Double, complement: Double) {
    guard x <= tail else {
      let psi = density(x) / cdf(x)
      let lambda = psi * (psi + x)
      return (psi, lambda, 1 - lambda)
    }
    let t = -x
    let (psi, second, third) = upperMillsDenominator(t)
    // ψ = t + 1/(t + c₂) and c₂ = 2/(t + c₃), so λ = ψ/(t + c₂), and 1 − λ = (c₂ − c₁)/(t + c₂).
    let complement = (t + 2 * second - third) / ((t + third) * (t + second) * (t + second))
    return (psi, 1 - complement, complement)
  }

  /// Mills' continued fraction `t + 1/(t + 2/(t + 3/(t + …)))` for t ≥ 4, and its second and third
  /// tails.
  private static func upperMillsDenominator(
    _ t: Double
  ) -> (value: Double, second: Double, third: Double) {
    // At t = 4 the fraction has converged to 1e-17 after 60 terms; farther out after fewer.
    let terms = t > 50 ? 8 : t > 12 ? 20 : 72
    var rest = 0.0
    var k = Double(terms)
    while k >= 3 {
      rest = k / (t + rest)
      k -= 1
    }
    let third = rest
    let second = 2 / (t + third)
    return (t + 1 / (t + second), second, third)
  }
}

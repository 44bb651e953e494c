import CBoost

/// Student's t distribution, from Boost.Math.
public struct StudentT: Sendable {
  /// The degrees of freedom.
  public let degreesOfFreedom: Double
  /// Makes a distribution; functions answer NaN unless the degrees of freedom are above 0.
  public init(degreesOfFreedom: Double) { self.degreesOfFreedom = degreesOfFreedom }

  /// The probability of a value of at most `t`.
  public func cdf(_ t: Double) -> Double { boost_student_t_cdf(degreesOfFreedom, t) }
  /// The probability of a value above `t`.
  public func survival(_ t: Double) -> Double { boost_student_t_sf(degreesOfFreedom, t) }
  /// The two-sided p-value of `t`.
  public func twoSided(_ t: Double) -> Double { min(1, 2 * survival(abs(t))) }
  /// The value below which a share `probability` lies.
  public func quantile(_ probability: Double) -> Double {
    boost_student_t_quantile(degreesOfFreedom, probability)
  }
}

/// Fisher's F distribution, from Boost.Math.
public struct FisherF: Sendable {
  /// The degrees of freedom of the numerator.
  public let numerator: Double
  /// The degrees of freedom of the denominator.
  public let denominator: Double
  /// Makes a distribution; functions answer NaN unless the degrees of freedom are above 0.
  public init(numerator: Double, denominator: Double) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The probability of a value of at most `f`.
  public func cdf(_ f: Double) -> Double { boost_fisher_f_cdf(numerator, denominator, f) }
  /// The probability of a value above `f`.
  public func survival(_ f: Double) -> Double { boost_fisher_f_sf(numerator, denominator, f) }
}

/// The χ² distribution, from Boost.Math.
public struct ChiSquared: Sendable {
  /// The degrees of freedom.
  public let degreesOfFreedom: Double
  /// Makes a distribution; functions answer NaN unless the degrees of freedom are above 0.
  public init(degreesOfFreedom: Double) { self.degreesOfFreedom = degreesOfFreedom }

  /// The probability of a value of at most `x`.
  public func cdf(_ x: Double) -> Double { boost_chi_squared_cdf(degreesOfFreedom, x) }
  /// The probability of a value above `x`.
  public func survival(_ x: Double) -> Double { boost_chi_squared_sf(degreesOfFreedom, x) }
  /// The value below which a share `probability` lies.
  public func quantile(_ probability: Double) -> Double {
    boost_chi_squared_quantile(degreesOfFreedom, probability)
  }
}

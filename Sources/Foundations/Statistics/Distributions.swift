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

/// The binomial distribution, from Boost.Math.
public struct Binomial: Sendable {
  /// The number of trials.
  public let trials: Double
  /// The probability of a success.
  public let probability: Double
  /// Makes a distribution; functions answer NaN when the probability is outside 0…1.
  public init(trials: Double, probability: Double) {
    self.trials = trials
    self.probability = probability
  }

  /// The probability of exactly `successes`.
  public func mass(_ successes: Double) -> Double {
    boost_binomial_pdf(trials, probability, successes)
  }
  /// The probability of at most `successes`.
  public func cdf(_ successes: Double) -> Double {
    boost_binomial_cdf(trials, probability, successes)
  }
  /// The probability of more than `successes`.
  public func survival(_ successes: Double) -> Double {
    boost_binomial_sf(trials, probability, successes)
  }

  /// The exact two-sided p-value of `successes`: the probability of all counts that are no more likely.
  public func twoSided(_ successes: Int) -> Double {
    let bound = mass(Double(successes)) * (1 + 1e-7)
    var total = 0.0
    for count in 0...max(0, Int(trials)) {
      let mass = mass(Double(count))
      if mass <= bound { total += mass }
    }
    return min(1, total)
  }

  /// The exact interval of a share from a count (Clopper and Pearson 1934).
  public static func interval(
    successes: Double, trials: Double, level: Double = 0.95
  ) -> (low: Double, high: Double) {
    let tail = (1 - level) / 2
    let low =
      successes <= 0 ? 0 : boost_beta_quantile(successes, trials - successes + 1, tail)
    let high =
      successes >= trials ? 1 : boost_beta_quantile(successes + 1, trials - successes, 1 - tail)
    return (low, high)
  }
}

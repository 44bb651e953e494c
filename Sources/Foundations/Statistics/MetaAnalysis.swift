/// What several studies, or scenes, say together about one effect that differs between them.
///
/// Model: d ~ N(μ·1, V + τ²·I), V the known covariance of the errors, which need not be diagonal:
/// scenes that the same observers judged share errors. τ² is estimated by restricted maximum
/// likelihood; the error of μ is that of Hartung and Knapp (2001) and of Sidik and Jonkman (2002),
/// with their factor not below 1 (Röver, Knapp and Friede 2015), against Student's t with k − 1
/// degrees of freedom.
public struct MetaAnalysis: Sendable, Hashable {
  /// The number of effects, k.
  public let count: Int
  /// The mean effect over all studies of the kind.
  public let mean: Double
  /// Its standard error.
  public let standardError: Double
  /// τ: the standard deviation of the true effects.
  public let tau: Double
  /// I²: the share of the effects' variance that is heterogeneity and not error (Higgins and
  /// Thompson 2002), 0…1.
  public let heterogeneityShare: Double
  /// Cochran's Q of no heterogeneity.
  public let q: Double
  /// The p-value of Q: χ² with k − 1 degrees of freedom.
  public let heterogeneityP: Double

  /// The degrees of freedom of ``standardError``: k − 1.
  public var degreesOfFreedom: Double { Double(count - 1) }

  /// Analyses effects; nil for fewer than two, or a covariance that is not positive definite.
  ///
  /// - Parameters:
  ///   - effects: The estimate of every study.
  ///   - covariance: The covariance of their errors, row-major.
  public init?(effects: [Double], covariance: [Double]) {
    guard effects.count > 1, covariance.count == effects.count * effects.count,
      let common = Projection(effects: effects, covariance: covariance, tauSquared: 0)
    else { return nil }
    let degrees = Double(effects.count - 1)
    var low = 0.0
    if common.slope > 0 {
      var high = Descriptive.variance(effects)
      while let above = Projection(effects: effects, covariance: covariance, tauSquared: high),
        above.slope > 0
      { high *= 2 }
      for _ in 0..<100 where high - low > 1e-12 * high {
        let middle = (low + high) / 2
        guard let point = Projection(effects: effects, covariance: covariance, tauSquared: middle)
        else { return nil }
        if point.slope > 0 { low = middle } else { high = middle }
      }
      low = (low + high) / 2
    }
    guard let best = Projection(effects: effects, covariance: covariance, tauSquared: low) else {
      return nil
    }
    count = effects.count
    mean = best.mean
    standardError = (max(1, best.square / degrees) * best.variance).squareRoot()
    tau = low.squareRoot()
    // The error variance of a typical study.
    let typical = degrees / common.trace
    heterogeneityShare = low > 0 ? low / (low + typical) : 0
    q = common.square
    heterogeneityP = ChiSquared(degreesOfFreedom: degrees).survival(q)
  }

  /// The interval of the mean effect.
  public func interval(level: Double = 0.95) -> (low: Double, high: Double) {
    let half =
      StudentT(degreesOfFreedom: degreesOfFreedom).quantile((1 + level) / 2)
      * standardError
    return (mean - half, mean + half)
  }

  /// The interval of the true effect in a new study (Higgins, Thompson and Spiegelhalter 2009).
  public func predictionInterval(level: Double = 0.95) -> (low: Double, high: Double) {
    let half =
      StudentT(degreesOfFreedom: degreesOfFreedom).quantile((1 + level) / 2)
      * (tau * tau + standardError * standardError).squareRoot()
    return (mean - half, mean + half)
  }

  /// The two-sided p-value of no mean effect.
  public var pValue: Double {
    standardError > 0
      ? StudentT(degreesOfFreedom: degreesOfFreedom).twoSided(mean / standardError)
      : mean == 0 ? 1 : 0
  }
}

/// The restricted likelihood's parts at one τ²: P = W − W·1·1ᵀ·W/(1ᵀW1) with W = (V + τ²I)⁻¹.
private struct Projection {
  let mean: Double
  /// 1/(1ᵀW1).
  let variance: Double
  /// dᵀ·P·d.
  let square: Double
  /// The trace of P.
  let trace: Double
  /// The derivative of the restricted log-likelihood in τ², times two.
  let slope: Double

  init?(effects: [Double], covariance: [Double], tauSquared: Double) {
    let count = effects.count
    var sum = covariance
    for i in 0..<count { sum[i * count + i] += tauSquared }
    guard let inverse = Cholesky(sum, count: count)?.inverse() else { return nil }
    let rows = (0..<count).map { i in (0..<count).reduce(0) { $0 + inverse[i * count + $1] } }
    let total = rows.reduce(0, +)
    let mean = zip(rows, effects).reduce(0) { $0 + $1.0 * $1.1 } / total
    let residuals = effects.map { $0 - mean }
    let image = (0..<count).map { i in
      (0..<count).reduce(0) { $0 + inverse[i * count + $1] * residuals[$1] }
    }
    trace =
      (0..<count).reduce(0) { $0 + inverse[$1 * count + $1] }
      - rows.reduce(0) { $0 + $1 * $1 } / total
    square = zip(residuals, image).reduce(0) { $0 + $1.0 * $1.1 }
    slope = image.reduce(0) { $0 + $1 * $1 } - trace
    self.mean = mean
    variance = 1 / total
  }
}

extension PairLikelihood {
  /// The interval of one position among very many, of which the variance is known but no covariances.
  ///
  /// Its shape is that of the deviance when the position moves alone; its width is scaled so that the deviance's curvature
  /// agrees with the variance, as an interval of ``Estimates`` is scaled by spread over information.
  ///
  /// - Parameters:
  ///   - position: The position.
  ///   - conditionalInformation: The information on it when all others are known.
  ///   - variance: Its variance, at least the inverse of that information.
  ///   - degreesOfFreedom: Those of Student's t; infinite for the normal distribution.
  ///   - level: The probability that the interval covers the true value.
  /// - Returns: The ends.
  public func interval(
    of position: Int, conditionalInformation: Double, variance: Double, degreesOfFreedom: Double,
    level: Double
  ) -> (low: Double, high: Double) {
    let share = (1 + level) / 2
    let reach =
      degreesOfFreedom.isFinite
      ? StudentT(degreesOfFreedom: degreesOfFreedom).quantile(share)
      : StandardNormal.quantile(share)
    let root = SignedRoot(
      estimate: mode[position], deviation: 1 / conditionalInformation.squareRoot(),
      inflation: variance * conditionalInformation,
      deviance: deviance(moving: position, curvature: conditionalInformation))
    return (root.end(at: -reach), root.end(at: reach))
  }
}

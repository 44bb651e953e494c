/// What several scenes, or studies, say together about one effect.
public struct PooledEffect: Sendable, Hashable {
  /// The mean effect.
  public let estimate: EffectEstimate
  /// How the effect differs between the scenes; nil where they are not taken as a sample.
  public let analysis: MetaAnalysis?

  /// The mean over all scenes of the kind, from a sample of them; nil for fewer than two, or a
  /// covariance that is not positive definite.
  ///
  /// - Parameters:
  ///   - effects: The effect in every scene.
  ///   - covariance: The covariance of their errors, row-major.
  public init?(sample effects: [Double], covariance: [Double]) {
    guard let analysis = MetaAnalysis(effects: effects, covariance: covariance) else { return nil }
    self.analysis = analysis
    estimate = EffectEstimate(
      value: analysis.mean, standardError: analysis.standardError,
      degreesOfFreedom: analysis.degreesOfFreedom)
  }

  /// The plain mean over these scenes, which says nothing about others.
  ///
  /// - Parameters:
  ///   - effects: The effect in every scene.
  ///   - covariance: The covariance of their errors, row-major.
  ///   - degreesOfFreedom: Those of the mean's standard error.
  public init(these effects: [Double], covariance: [Double], degreesOfFreedom: Double) {
    analysis = nil
    estimate = EffectEstimate(
      value: Descriptive.mean(effects),
      standardError: max(0, covariance.reduce(0, +)).squareRoot() / Double(effects.count),
      degreesOfFreedom: max(1, degreesOfFreedom))
  }
}

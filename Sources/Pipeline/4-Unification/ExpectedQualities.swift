import Statistics

/// What the qualities of a scene's photos are expected to be, given their measured scores.
///
/// Measured scores lie farther apart than the qualities behind them, by the errors of the single
/// photos; photos that were chosen by their scores, as those of the cross-scene set are, most of
/// all. A line from measured scores comes out too flat by the scores' reliability. Expected
/// qualities take that out: each score is drawn towards the mean of its scene as far as its error
/// and the scores of the others say. A stretch of the whole scale is left as it is: the variance
/// of the qualities is estimated from the same scores, so that nothing tells the two apart.
///
/// Source: regression calibration, Carroll et al. 2006 (Measurement Error in Nonlinear Models),
/// chapter 4; the best linear predictor of a random effect.
struct ExpectedQualities {
  /// The expected qualities, in the order of the scores.
  let values: [Double]
  /// The covariance of their errors, row-major; those of the scores themselves share as much.
  let errors: [Double]

  /// At least this share of the variance of the scores is taken for quality.
  private static let leastReliability = 0.2

  /// Computes them; nil for fewer than 3 photos, scores that are all alike, and covariances that
  /// are none.
  ///
  /// - Parameters:
  ///   - scores: The measured scores.
  ///   - covariance: That of their errors, row-major.
  init?(scores: [Double], covariance: [Double]) {
    let n = scores.count
    guard n > 2, covariance.count == n * n else { return nil }
    let mean = Descriptive.mean(scores)
    let centered = scores.map { $0 - mean }
    let square = centered.reduce(0) { $0 + $1 * $1 }
    guard square > 0 else { return nil }
    let stretch = Self.stretch(covariance, along: centered, square: square)
    var own = covariance
    for i in 0..<n {
      for j in 0..<n { own[i * n + j] -= stretch * centered[i] * centered[j] }
    }
    let noise = (0..<n).reduce(0) { $0 + own[$1 * n + $1] } / Double(n - 1)
    let spread = square / Double(n - 1)
    let quality = max(Self.leastReliability * spread, spread - noise)
    var total = own
    for i in 0..<n { total[i * n + i] += quality }
    guard let factor = Cholesky(total, count: n) else { return nil }
    // With S the scores' own errors and q the variance of the qualities: q(S + qI)⁻¹ times the
    // centered scores, and the same times S for what remains.
    values = factor.solve(centered).map { mean + quality * $0 }
    var remaining = [Double](repeating: 0, count: n * n)
    for j in 0..<n {
      let column = factor.solve((0..<n).map { own[$0 * n + j] })
      for i in 0..<n {
        remaining[i * n + j] = quality * column[i] + stretch * centered[i] * centered[j]
      }
    }
    errors = remaining
  }

  /// The variance of the common stretch: what the covariance has along the scores beyond its mean
  /// in the other directions.
  private static func stretch(
    _ covariance: [Double], along centered: [Double], square: Double
  ) -> Double {
    let n = centered.count
    let trace = (0..<n).reduce(0) { $0 + covariance[$1 * n + $1] }
    var form = 0.0
    for i in 0..<n {
      for j in 0..<n { form += centered[i] * covariance[i * n + j] * centered[j] }
    }
    let along = form / square
    return max(0, along - (trace - along) / Double(n - 2)) / square
  }
}

public import Domain
import Glibc
import Statistics

/// The expected information of one more vote on each pair about all qualities, in nats.
public struct PairGains: Hashable, Sendable {
  /// The number of photos, `n`.
  public let count: Int
  /// The gains, row-major `n × n`, symmetric, 0 on the diagonal.
  public let values: [Double]

  /// The gain of one pair.
  public subscript(first: Int, second: Int) -> Double { values[first * count + second] }

  /// Computes the gain of every pair.
  public init(count: Int, _ gain: (Int, Int) throws -> Double) rethrows {
    var values = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in (i + 1)..<max(count, i + 1) {
        let value = try gain(i, j)
        values[i * count + j] = value
        values[j * count + i] = value
      }
    }
    self.count = count
    self.values = values
  }

  /// The expected gain of every pair in closed form, from the joint posterior.
  ///
  /// A vote on a pair changes the Gaussian posterior along one direction only. With the difference's mean `d` and
  /// variance `s²` in units of the deciding noise, `κ = s²/(1 + s²)` and `x = ±d/√(1 + s²)` for the two outcomes, the
  /// moment-matched posterior has the share `r = 1 − κλ(x)` of the variance, and its divergence from the old one is
  /// `½(r − 1 − ln r + κψ(x)²)`: the same for the whole joint distribution as for the difference alone. The gain is
  /// its mean over the outcomes, weighted by `Φ(x)`.
  ///
  /// This keeps what ASAP (Mikhailiuk et al. 2020) computes by refitting, but sees correlations, needs no refit and
  /// no sampling: two Gaussian tails per pair.
  public init(_ posterior: QualityPosterior) {
    let unit = 1 / JOD.differenceSigma
    self = SlopeTable.thurstone.withView { table in
      PairGains(count: posterior.count) { i, j in
        Self.gain(
          difference: posterior.difference(i, j) * unit,
          variance: posterior.differenceVariance(i, j) * unit * unit, table: table)
      }
    }
  }

  /// How much one more vote on each pair is expected to lower the sum of the variances of all qualities, in JOD².
  ///
  /// A vote on the pair with direction `δ = e_i − e_j` takes `λ·C·δ·δᵀ·C/(1.4826² + δᵀ·C·δ)` from the covariance `C`; the
  /// trace of it, averaged over the outcomes, is what the mean squared error of the scale falls by. The covariance must
  /// be that of a scale with a fixed mean (rows that add up to 0), as a fit returns it. Information counts a halved
  /// variance the same whether it was large or small; this aims at the error itself, and so does not neglect the
  /// few directions with large variances, such as a stretch of the whole scale.
  ///
  /// Source: A-optimal design (Chaloner and Verdinelli 1995); the moments as in ``init(_:)``.
  ///
  /// - Parameter posterior: what the votes so far say.
  /// - Returns: the expected falls in JOD².
  public static func errorReduction(_ posterior: QualityPosterior) -> PairGains {
    let n = posterior.count
    let square = posterior.covarianceSquare()
    let noise = JOD.differenceSigma * JOD.differenceSigma
    return SlopeTable.thurstone.withView { table in
      PairGains(count: n) { i, j in
        let total = noise + posterior.differenceVariance(i, j)
        let x = posterior.difference(i, j) / total.squareRoot()
        let reach = square[i * n + i] + square[j * n + j] - 2 * square[i * n + j]
        return max(0, table.expectedLambda(x) * reach / total)
      }
    }
  }

  /// The expected gain of one vote on a difference, in units of the deciding noise.
  private static func gain(
    difference: Double, variance: Double, table: SlopeTable.View
  ) -> Double {
    let kappa = variance / (1 + variance)
    let x = difference / (1 + variance).squareRoot()
    let (up, down) = (table.slopes(x), table.slopes(-x))
    func divergence(_ outcome: (psi: Double, lambda: Double)) -> Double {
      let loss = kappa * outcome.lambda
      return 0.5 * (-loss - log1p(-loss) + kappa * outcome.psi * outcome.psi)
    }
    // An outcome that never happens gives no information; its divergence grows slower than its probability falls.
    let total = up.psi + down.psi
    let (better, worse) = (down.psi / total, up.psi / total)  // Φ(x) and Φ(−x)
    return (better > 0 ? better * divergence(up) : 0) + (worse > 0 ? worse * divergence(down) : 0)
  }

  /// ASAP's approximate gains: only the two photos of the pair change, and as if they were independent.
  ///
  /// Source: Mikhailiuk et al. 2020, arXiv:2004.05691, the online TrueSkill update (Herbrich, Minka and Graepel 2006)
  /// with performance variance ½ per photo. Public code's divergence is twice this one.
  ///
  /// - Parameters:
  ///   - means: the qualities in JOD.
  ///   - variances: their variances in JOD², one per photo.
  /// - Returns: the gains in nats.
  public static func asapApproximate(means: [Double], variances: [Double]) -> PairGains {
    let unit = 1 / JOD.differenceSigma
    return PairGains(count: means.count) { i, j in
      let vi = variances[i] * unit * unit
      let vj = variances[j] * unit * unit
      // ASAP's online update takes 2 for the noise of two performances, its batch solver takes 1.
      let spread = (2 + vi + vj).squareRoot()
      let chance = (1 + vi + vj).squareRoot()
      let d = (means[i] - means[j]) * unit
      var total = 0.0
      for sign in [1.0, -1] {
        let (psi, lambda, _) = StandardNormal.truncation(sign * d / spread)
        var divergence = 0.0
        for v in [vi, vj] {
          let loss = v * lambda / (spread * spread)
          let shift = v * psi / spread
          divergence += 0.5 * (-loss - log1p(-loss) + shift * shift / v)
        }
        total += StandardNormal.cdf(sign * d / chance) * divergence
      }
      return total
    }
  }

  /// ASAP's exact gains: every pair and outcome is added to the votes and the scale is fitted again.
  ///
  /// Slow, `n·(n − 1)` fits: a reference for small studies, not for use while observers wait.
  ///
  /// Source: Mikhailiuk et al. 2020, arXiv:2004.05691, equations 4 to 7.
  ///
  /// - Parameters:
  ///   - comparisons: the votes so far.
  ///   - fit: means in JOD and variances in JOD² of the votes, best a converged expectation propagation.
  /// - Returns: the gains in nats.
  public static func asapExact(
    comparisons: ComparisonMatrix,
    fit: (ComparisonMatrix) throws -> (means: [Double], variances: [Double])
  ) rethrows -> PairGains {
    let unit = 1 / JOD.differenceSigma
    let now = try fit(comparisons)
    return try PairGains(count: comparisons.count) { i, j in
      let d = (now.means[i] - now.means[j]) * unit
      let variance = (now.variances[i] + now.variances[j]) * unit * unit
      var total = 0.0
      for sign in [1.0, -1] {
        let vote = ComparisonMatrix.Pair(
          first: i, second: j, firstWins: sign > 0 ? 1 : 0, secondWins: sign > 0 ? 0 : 1)
        let then = try fit(
          ComparisonMatrix(count: comparisons.count, pairs: comparisons.pairs + [vote]))
        var divergence = 0.0
        for k in now.means.indices {
          let ratio = then.variances[k] / now.variances[k]
          let shift = then.means[k] - now.means[k]
          divergence += 0.5 * (ratio - 1 - log(ratio) + shift * shift / now.variances[k])
        }
        total += StandardNormal.cdf(sign * d / (1 + variance).squareRoot()) * divergence
      }
      return total
    }
  }
}

extension QualityPosterior {
  /// The square of the covariance, row-major.
  fileprivate func covarianceSquare() -> [Double] {
    let n = count
    var result = [Double](repeating: 0, count: n * n)
    covariance.withUnsafeBufferPointer { rows in
      guard let rows = rows.baseAddress else { return }
      for i in 0..<n {
        for j in i..<n {
          // The covariance is symmetric: columns are rows.
          let value = VectorMath.dot(rows + i * n, rows + j * n, count: n)
          result[i * n + j] = value
          result[j * n + i] = value
        }
      }
    }
    return result
  }
}

extension SlopeTable.View {
  /// The mean of λ over the two outcomes of a vote, Φ(x)·λ(x) + Φ(−x)·λ(−x).
  ///
  /// With ψ = φ/Φ and λ = ψ(ψ + x) it is ψ(x)·ψ(−x).
  func expectedLambda(_ x: Double) -> Double { slopes(x).psi * slopes(-x).psi }
}

import Domain
import Statistics

/// Positions of photos that fit a set of comparisons best, with their joint uncertainty.
public struct ScaleFit: Sendable, Hashable {
  /// The position of every photo in true JOD, with mean 0.
  public let jod: [Double]
  /// The covariance of the positions, row-major in squared JOD, from the observed information.
  ///
  /// Its rows add up to 0, because the mean of the scale is fixed. The variance of a difference is
  /// `C_ii + C_jj − 2·C_ij`.
  public let covariance: [Double]
  /// The logarithm of the probability of the answers, without the prior.
  public let logLikelihood: Double
  /// How many iterations the search took.
  public let iterations: Int
  /// Davidson's tie parameter ν; nil in models without it.
  public let tieParameter: Double?

  /// The standard deviations of the positions, in JOD.
  public var standardDeviations: [Double] {
    jod.indices.map { covariance[$0 * jod.count + $0].squareRoot() }
  }

  /// The standard deviation of the difference of two photos, in JOD.
  public func differenceDeviation(_ i: Int, _ j: Int) -> Double {
    let n = jod.count
    let variance = covariance[i * n + i] + covariance[j * n + j] - 2 * covariance[i * n + j]
    return max(0, variance).squareRoot()
  }
}

extension ScaleFit {
  /// Brings positions and covariance to mean 0, whatever their gauge was.
  init(
    centering positions: [Double], covariance: [Double], logLikelihood: Double, iterations: Int,
    tieParameter: Double? = nil
  ) {
    let n = positions.count
    let mean = positions.reduce(0, +) / Double(max(n, 1))
    self.init(
      jod: positions.map { $0 - mean },
      covariance: centeredCovariance(covariance, count: n), logLikelihood: logLikelihood,
      iterations: iterations, tieParameter: tieParameter)
  }
}

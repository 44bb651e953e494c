import Glibc

/// How `y = a·x + b` is fitted to the photos that two scales share.
public enum AlignmentMethod: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Least squares in `y`, as in paper 2, equation 1.
  ///
  /// Errors in `x` make its slope too small, by the share of the variance of `x` that is error.
  case leastSquares
  /// Errors in both scales (Deming 1943).
  ///
  /// `errorVarianceRatio` is the error variance of `y` over that of `x`; nil takes it from the
  /// standard deviations that the photos carry, scene by scene.
  case deming(errorVarianceRatio: Double?)
  /// Least squares in `y` on the expected qualities of the photos rather than on their scores
  /// (regression calibration); needs covariances.
  case calibrated

  /// The method in words.
  public var description: String {
    switch self {
    case .leastSquares: "least squares"
    case .deming(nil): "errors in variables (Deming), error ratio from the photos"
    case .deming(let ratio?): "errors in variables (Deming), error ratio \(ratio)"
    case .calibrated: "least squares on expected qualities (regression calibration)"
    }
  }
}

/// A straight line with what is needed to state its errors.
struct LineFit {
  /// The slope.
  let a: Double
  /// The offset.
  let b: Double
  /// The number of points.
  let count: Int
  /// The mean of `x`.
  let meanX: Double
  /// The sum of the squared residuals `y − a·x − b`.
  let residualSquares: Double
  /// The sum of squares of `y` about its mean.
  let totalSquares: Double
  /// The variance of the slope for a residual variance of 1.
  let unitSlopeVariance: Double

  /// The share of the variance of `y` that the line explains.
  var explained: Double { totalSquares > 0 ? 1 - residualSquares / totalSquares : 1 }

  /// The variances and the covariance of slope and offset, given the variance of the residuals.
  ///
  /// The offset is `ȳ − a·x̄`, where `ȳ` has variance `σ²/n` and is uncorrelated with the slope.
  func covariance(residualVariance: Double) -> (aa: Double, bb: Double, ab: Double) {
    let aa = residualVariance * unitSlopeVariance
    return (aa, residualVariance / Double(count) + meanX * meanX * aa, -meanX * aa)
  }

  /// Fits a line; nil when `x` (or for Deming the covariance of both) has no spread.
  ///
  /// Source of Deming's slope and of its variance: Deming 1943; Gillard 2010, the functional and
  /// structural cases with known ratio of the error variances, with n − 2 in place of n.
  ///
  /// - Parameters:
  ///   - x: the scores on the scene's scale.
  ///   - y: the scores of the same photos on the cross-scene scale.
  ///   - ratio: error variance of `y` over that of `x`; nil for least squares.
  init?(x: [Double], y: [Double], ratio: Double?) {
    let n = Double(x.count)
    guard x.count >= 2, x.count == y.count else { return nil }
    let meanX = x.reduce(0, +) / n
    let meanY = y.reduce(0, +) / n
    var sxx = 0.0
    var syy = 0.0
    var sxy = 0.0
    for (x, y) in zip(x, y) {
      sxx += (x - meanX) * (x - meanX)
      syy += (y - meanY) * (y - meanY)
      sxy += (x - meanX) * (y - meanY)
    }
    // Spread that is lost in the rounding of the numbers themselves is none.
    let magnitude = x.map(abs).max() ?? 0
    guard sxx > n * magnitude * magnitude * 1e-24, sxx > 0 else { return nil }
    let slope: Double
    if let ratio {
      guard abs(sxy) > 1e-12 * (sxx * max(syy, .leastNormalMagnitude)).squareRoot() else {
        return nil
      }
      let excess = syy - ratio * sxx
      let root = (excess * excess + 4 * ratio * sxy * sxy).squareRoot()
      // Of the two equal forms of the root, the one that does not cancel.
      slope = excess >= 0 ? (excess + root) / (2 * sxy) : 2 * ratio * sxy / (root - excess)
    } else {
      slope = sxy / sxx
    }
    a = slope
    b = meanY - slope * meanX
    count = x.count
    self.meanX = meanX
    var squares = 0.0
    for (x, y) in zip(x, y) {
      let residual = (y - meanY) - slope * (x - meanX)
      squares += residual * residual
    }
    residualSquares = squares
    totalSquares = syy
    if ratio == nil {
      unitSlopeVariance = 1 / sxx
    } else {
      // Var(a) = a²(s_xx·s_yy − s_xy²)/(n·s_xy²), divided by the residual variance per point it
      // implies.
      let variance = slope * slope * max(sxx * syy - sxy * sxy, 0) / (sxy * sxy)
      unitSlopeVariance = squares > 0 ? variance / squares : slope / sxy
    }
  }
}

extension LineFit {
  /// The standard deviation of a slope, given that of its logarithm.
  ///
  /// A slope is wrong by a factor: one that came out small is surer of itself than it may be. The
  /// standard deviation of a lognormal variable allows for that, `a·√(e^{s²}(e^{s²} − 1))`.
  static func slopeError(_ slope: Double, logarithm deviation: Double) -> Double {
    let square = deviation * deviation
    return slope * (exp(square) * expm1(square)).squareRoot()
  }
}

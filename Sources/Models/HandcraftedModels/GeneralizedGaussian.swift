import Foundation

func exponential(_ x: Double) -> Double { exp(x) }

/// Fits of the generalised Gaussian distribution by its moments, on the grid of shapes 0.2, 0.201
/// … 10.
///
/// Source: Sharifi and Leon-Garcia 1995, IEEE Transactions on Circuits and Systems for Video
/// Technology 5(1); the asymmetric form after Lasmar, Stitou and Berthoumieu 2009, ICIP.
enum GeneralizedGaussian {
  /// The symmetric fit: shape, and the mean square.
  struct Symmetric: Sendable {
    let shape: Double
    let variance: Double
  }

  /// The asymmetric fit: shape, and the root mean square on each side of 0.
  struct Asymmetric: Sendable {
    let shape: Double
    let left: Double
    let right: Double

    /// √(Γ(1/α) / Γ(3/α)): turns a deviation into a scale.
    var scaling: Double { (tgamma(1 / shape) / tgamma(3 / shape)).squareRoot() }
    /// The scales of both sides.
    var scales: (left: Double, right: Double) { (left * scaling, right * scaling) }
    /// Γ(2/α) / Γ(1/α).
    var meanFactor: Double { tgamma(2 / shape) / tgamma(1 / shape) }
  }

  private static let shapeCount = 9801

  private static func shape(_ index: Int) -> Double { 0.2 + Double(index) * 0.001 }

  /// Γ(2/α)² / (Γ(1/α) Γ(3/α)) on the grid, ascending.
  private static let ratios: [Double] = (0..<shapeCount).map {
    let inverse = 1 / shape($0)
    let middle = tgamma(2 * inverse)
    return middle * middle / (tgamma(inverse) * tgamma(3 * inverse))
  }

  /// The symmetric fit; where all values are 0, the shape is the grid's first and the variance 0.
  static func symmetric(_ moments: Moments) -> Symmetric {
    let variance = moments.squareSum / moments.count
    let mean = moments.absoluteSum / moments.count
    let wanted = variance / (mean * mean)
    return Symmetric(shape: nearest(wanted) { 1 / ratios[$0] }, variance: variance)
  }

  /// The asymmetric fit; a side without values has the deviation NaN and the shape is the grid's
  /// first.
  static func asymmetric(_ moments: Moments) -> Asymmetric {
    let left = ((moments.squareSum - moments.signedSquareSum) / 2 / moments.negativeCount)
    let right = ((moments.squareSum + moments.signedSquareSum) / 2 / moments.positiveCount)
    let leftDeviation = moments.negativeCount > 0 ? max(left, 0).squareRoot() : .nan
    let rightDeviation = moments.positiveCount > 0 ? max(right, 0).squareRoot() : .nan
    let mean = moments.absoluteSum / moments.count
    let ratio = mean * mean / (moments.squareSum / moments.count)
    let skew = leftDeviation / rightDeviation
    let square = skew * skew + 1
    let wanted = ratio * (skew * skew * skew + 1) * (skew + 1) / (square * square)
    return Asymmetric(
      shape: nearest(wanted) { ratios[$0] }, left: leftDeviation, right: rightDeviation)
  }

  /// The shape whose ratio is nearest, where ratios are monotone; NaN takes the first.
  private static func nearest(_ wanted: Double, _ ratio: (Int) -> Double) -> Double {
    guard !wanted.isNaN else { return shape(0) }
    let ascending = ratio(1) > ratio(0)
    var low = 0
    var high = shapeCount - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if (ratio(middle) <= wanted) == ascending { low = middle } else { high = middle }
    }
    return shape(abs(ratio(low) - wanted) <= abs(ratio(high) - wanted) ? low : high)
  }
}

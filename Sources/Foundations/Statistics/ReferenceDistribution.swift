import Glibc

/// A statistic's distribution under a hypothesis, known from simulated replicates.
///
/// Inside the replicates a p-value is a rank, `(1 + those at least as extreme)/(1 + all)`. Where
/// fewer than 10 replicates are as extreme, ranks tell little, and the tail of the gamma
/// distribution with the replicates' mean, variance and skewness (Pearson's type III) takes over; a
/// negative skewness counts as none, which is the careful side.
///
/// Source: Davison and Hinkley 1997, «Bootstrap Methods and their Application», section 4.2;
/// Pearson 1895.
public struct ReferenceDistribution: Sendable, Hashable {
  /// The mean of the replicates.
  public let mean: Double
  /// Their standard deviation.
  public let deviation: Double
  private let sorted: [Double]
  private let skewness: Double

  /// The fewest replicates that a rank is trusted with.
  private static let trusted = 10

  /// Takes the statistic of every replicate; values that aren't finite are left out.
  public init(_ replicates: [Double]) {
    sorted = replicates.filter(\.isFinite).sorted()
    mean = Descriptive.mean(sorted)
    deviation = Descriptive.standardDeviation(sorted)
    let center = mean
    let cubes = sorted.reduce(0) { $0 + ($1 - center) * ($1 - center) * ($1 - center) }
    let scale = deviation * deviation * deviation * Double(max(sorted.count, 1))
    skewness = scale > 0 ? cubes / scale : 0
  }

  /// The probability of a statistic of at least `value`; 1 without replicates.
  public func upperTail(_ value: Double) -> Double {
    guard !sorted.isEmpty, !value.isNaN else { return 1 }
    let above = sorted.count - firstIndex { $0 >= value }
    return tail(extreme: above, z: (value - mean) / deviation, skewness: skewness)
  }

  /// The probability of a statistic of at most `value`; 1 without replicates.
  public func lowerTail(_ value: Double) -> Double {
    guard !sorted.isEmpty, !value.isNaN else { return 1 }
    let below = firstIndex { $0 > value }
    return tail(extreme: below, z: (mean - value) / deviation, skewness: -skewness)
  }

  /// Twice the smaller tail, at most 1.
  public func twoSided(_ value: Double) -> Double {
    min(1, 2 * min(upperTail(value), lowerTail(value)))
  }

  private func tail(extreme: Int, z: Double, skewness: Double) -> Double {
    let rank = Double(extreme + 1) / Double(sorted.count + 1)
    guard extreme < Self.trusted, z.isFinite, deviation > 0 else { return rank }
    let bound = Double(Self.trusted + 1) / Double(sorted.count + 1)
    guard skewness > 0.02 else { return min(bound, StandardNormal.cdf(-z)) }
    // The gamma distribution with shape k has skewness 2/√k; here in standard deviations around its
    // mean.
    let shape = 4 / (skewness * skewness)
    let point = shape + z * shape.squareRoot()
    guard point > 0 else { return bound }
    return min(bound, ChiSquared(degreesOfFreedom: 2 * shape).survival(2 * point))
  }

  /// The first place whose value meets a condition that all later ones meet too.
  private func firstIndex(where condition: (Double) -> Bool) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if condition(sorted[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// For every position the ranks that it may truly have, right for all positions at once with a
/// probability.
///
/// «Is this device really third?» is not answered by the interval of its score: its rank depends on
/// the differences from all others. Every pair is tested by the joint estimates at a level that
/// allows for the number of pairs and their dependence, known from draws of the joint normal
/// distribution; pairs that were shown to differ leave the comparison and the level is found again
/// for the rest (step-down). A position's best rank is one more than the number of positions shown
/// to be above it.
///
/// Source: Mogstad, Romano, Shaikh and Wilhelm 2024, «Inference for ranks with applications to
/// mobility across neighbourhoods and academic achievement across countries»,
/// doi:10.1093/restud/rdad006 (the R package csranks).
public struct RankSets: Sendable, Hashable {
  /// The possible ranks of every position, 1 the highest position.
  public let ranks: [ClosedRange<Int>]
  /// The probability that all of them hold the true ranks.
  public let level: Double

  /// Finds the sets.
  ///
  /// - Parameters:
  ///   - estimates: The positions with their joint uncertainty.
  ///   - level: The probability that all sets hold together.
  ///   - draws: The number of draws of the joint distribution.
  ///   - generator: The source of randomness.
  public init(
    _ estimates: Estimates, level: Double = 0.95, draws: Int = 2000,
    generator: SeededGenerator = SeededGenerator(seed: 1)
  ) {
    let count = estimates.positions.count
    self.level = level
    guard count > 1 else {
      ranks = Array(repeating: 1...1, count: count)
      return
    }
    var open: [Pair] = []
    let covariance = estimates.covariance
    for i in 0..<count {
      for j in (i + 1)..<max(count, i + 1) {
        let variance =
          covariance[i * count + i] + covariance[j * count + j] - 2 * covariance[i * count + j]
        open.append(
          Pair(
            first: i, second: j, deviation: max(variance, 0).squareRoot(),
            p: estimates.pValue(.difference(i, j))))
      }
    }
    let normal = Self.draws(covariance, count: count, number: draws, generator: generator)
    var above = [Int](repeating: 0, count: count)
    var below = above
    // Each round can only find more; few are ever needed.
    for _ in 0..<10 where !open.isEmpty {
      let limit = Self.limit(open, draws: normal, count: count, level: level)
      var rest: [Pair] = []
      for pair in open {
        guard pair.p < limit else {
          rest.append(pair)
          continue
        }
        let firstIsHigher =
          estimates.positions[pair.first] > estimates.positions[pair.second]
        let (high, low) =
          firstIsHigher ? (pair.first, pair.second) : (pair.second, pair.first)
        above[low] += 1
        below[high] += 1
      }
      if rest.count == open.count { break }
      open = rest
    }
    ranks = (0..<count).map { (1 + above[$0])...(count - below[$0]) }
  }

  private struct Pair {
    let first: Int
    let second: Int
    let deviation: Double
    let p: Double
  }

  /// Draws of errors with the covariance, row by row.
  private static func draws(
    _ covariance: [Double], count: Int, number: Int, generator: SeededGenerator
  ) -> [[Double]] {
    let trace = (0..<count).reduce(0) { $0 + covariance[$1 * count + $1] }
    // The scale has no origin, so the matrix is singular in the direction of all ones, which no
    // difference sees.
    var matrix = covariance.map { $0 + trace / Double(count * count) }
    for i in 0..<count { matrix[i * count + i] += 1e-9 * trace / Double(count) }
    guard let factor = Cholesky(matrix, count: count) else { return [] }
    var random = generator
    return (0..<number).map { _ in factor.correlate((0..<count).map { _ in random.normal() }) }
  }

  /// The p-value below which the least of all pairs lies with a probability of `1 − level` when
  /// none differs.
  private static func limit(
    _ pairs: [Pair], draws: [[Double]], count: Int, level: Double
  ) -> Double {
    guard !draws.isEmpty else { return (1 - level) / Double(pairs.count) }
    let largest = draws.map { draw in
      pairs.reduce(0.0) { most, pair in
        guard pair.deviation > 0 else { return most }
        return max(most, abs(draw[pair.first] - draw[pair.second]) / pair.deviation)
      }
    }
    return 2 * StandardNormal.cdf(-Descriptive.quantile(largest, level))
  }
}

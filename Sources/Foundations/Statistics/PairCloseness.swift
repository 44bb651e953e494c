/// How close on a scale the judged pairs of a study are, against pairs that do not depend on it.
///
/// The reference is the same design with its items in random order: each item is judged as often,
/// with as many partners and repeats, but the ranks of partners are unrelated. Mean and variance
/// under that permutation are exact, so that a design in which all pairs were judged equally often
/// never looks close.
///
/// Source: moments of sums over a permuted graph, as for Moran's I under randomization (Cliff and
/// Ord 1981, «Spatial Processes», chapter 2).
public struct PairCloseness: Hashable, Sendable {
  /// The mean distance in rank of the judged pairs over that of unrelated pairs: 1 when pairs do
  /// not depend on the scale.
  public let ratio: Double
  /// How many standard deviations ``ratio`` is from 1; 0 for a design that cannot vary.
  public let statistic: Double

  /// Measures a design; nil for fewer than 5 items, or without pairs of different items.
  ///
  /// - Parameters:
  ///   - positions: The items' positions, in any unit.
  ///   - pairs: Pairs of items with the number of answers on each; a pair may occur again.
  public init?(_ positions: [Double], pairs: [(first: Int, second: Int, answers: Double)]) {
    let count = positions.count
    let ranks = Descriptive.averageRanks(positions)
    var answers: [Int: Double] = [:]
    var (sum, total) = (0.0, 0.0)
    var ends = [Double](repeating: 0, count: count)
    for (i, j, number) in pairs where i != j {
      answers[min(i, j) * count + max(i, j), default: 0] += number
      sum += number * abs(ranks[i] - ranks[j])
      total += number
      ends[i] += number
      ends[j] += number
    }
    guard count >= 5, total > 0 else { return nil }
    let squares = answers.values.sorted().reduce(0) { $0 + $1 * $1 }
    let moments = Self.moments(count)
    let touching = ends.reduce(0) { $0 + $1 * $1 } - 2 * squares
    let apart = total * total - squares - touching
    let mean = sum / total
    let square =
      (squares * moments.same + touching * moments.touching + apart * moments.apart)
      / (total * total)
    let variance = square - moments.mean * moments.mean
    ratio = mean / moments.mean
    // What rounding leaves of a design without variance is no variance.
    statistic =
      variance > 1e-9 * moments.mean * moments.mean
      ? (mean - moments.mean) / variance.squareRoot() : 0
  }

  /// The mean of the distance of two random ranks, and the mean products of two such distances: of
  /// one pair, of pairs with an item in common, and of pairs without.
  private static func moments(
    _ count: Int
  ) -> (mean: Double, same: Double, touching: Double, apart: Double) {
    let n = Double(count)
    let (mean, same) = ((n + 1) / 3, n * (n + 1) / 6)
    var squares = 0.0
    for place in 1...count {
      let i = Double(place)
      // Σ|i − j| over all other ranks j.
      let sum = ((i - 1) * i + (n - i) * (n - i + 1)) / 2
      squares += sum * sum
    }
    let touching = (squares - n * (n - 1) * same) / (n * (n - 1) * (n - 2))
    let all = n * (n - 1) * mean
    let apart =
      (all * all - 2 * n * (n - 1) * same - 4 * n * (n - 1) * (n - 2) * touching)
      / (n * (n - 1) * (n - 2) * (n - 3))
    return (mean, same, touching, apart)
  }
}

/// Wilcoxon's signed-rank test of paired differences: whether they lie evenly around 0.
///
/// Zeros are left out (Wilcoxon's own rule). With at most 50 differences the p-value is exact, ties
/// included; with more it is the normal approximation with the correction for ties and without one
/// for continuity.
///
/// Source: Wilcoxon 1945, doi:10.2307/3001968; Hollander, Wolfe and Chicken 2014, chapter 3.
public struct WilcoxonSignedRank: Sendable, Hashable, Codable {
  /// The sum of the ranks of the differences above 0.
  public let positiveRanks: Double
  /// The number of differences that are not 0.
  public let count: Int
  /// Whether the p-value is exact.
  public let isExact: Bool
  /// The two-sided p-value.
  public let p: Double

  /// Tests differences; nil when all of them are 0.
  public init?(_ differences: [Double]) {
    let kept = differences.filter { $0 != 0 && !$0.isNaN }
    guard !kept.isEmpty else { return nil }
    let sizes = kept.map(\.magnitude)
    let ranks = Descriptive.averageRanks(sizes)
    let positive = zip(kept, ranks).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
    positiveRanks = positive
    count = kept.count
    isExact = kept.count <= 50
    if isExact {
      p = Self.exact(positive, ranks: ranks)
    } else {
      let n = Double(kept.count)
      let groups = Dictionary(grouping: sizes, by: \.self).values.map { Double($0.count) }
      let ties = groups.reduce(0) { $0 + ($1 * $1 * $1 - $1) }
      let variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48
      let z = (positive - n * (n + 1) / 4) / variance.squareRoot()
      p = variance > 0 ? min(1, 2 * StandardNormal.cdf(-abs(z))) : 1
    }
  }

  /// Twice the smaller tail of the distribution of the rank sum, all 2ⁿ signs being equally likely.
  ///
  /// Average ranks are multiples of one half, so twice the ranks are whole numbers.
  private static func exact(_ sum: Double, ranks: [Double]) -> Double {
    let doubled = ranks.map { Int(2 * $0) }
    let total = doubled.reduce(0, +)
    var ways = [Double](repeating: 0, count: total + 1)
    ways[0] = 1
    for rank in doubled {
      for place in stride(from: total, through: rank, by: -1) {
        ways[place] = (ways[place] + ways[place - rank]) / 2
      }
      for place in 0..<rank { ways[place] /= 2 }
    }
    let place = Int(2 * sum)
    let below = ways[...min(place, total - place)].reduce(0, +)
    return min(1, 2 * below)
  }
}

/// Correlation coefficients of two equally long lists.
///
/// Each is NaN when the lists differ in length, hold fewer than 2 numbers or one of them is
/// constant.
public enum Correlation {
  /// Pearson's linear correlation (PLCC).
  public static func pearson(_ x: [Double], _ y: [Double]) -> Double {
    guard x.count == y.count, x.count > 1 else { return .nan }
    let meanX = Descriptive.mean(x)
    let meanY = Descriptive.mean(y)
    var xx = 0.0
    var yy = 0.0
    var xy = 0.0
    for (a, b) in zip(x, y) {
      xx += (a - meanX) * (a - meanX)
      yy += (b - meanY) * (b - meanY)
      xy += (a - meanX) * (b - meanY)
    }
    guard xx > 0, yy > 0 else { return .nan }
    // One root of the product is exact for perfect correlation; two roots serve numbers whose
    // product has no room.
    let product = (xx * yy).squareRoot()
    let scale = product.isNormal ? product : xx.squareRoot() * yy.squareRoot()
    return max(-1, min(1, xy / scale))
  }

  /// Spearman's rank correlation (SRCC), with average ranks for ties.
  public static func spearman(_ x: [Double], _ y: [Double]) -> Double {
    pearson(Descriptive.averageRanks(x), Descriptive.averageRanks(y))
  }

  /// Kendall's τ-b (KRCC), which corrects for ties, in O(n log n).
  ///
  /// Source: Knight 1966, doi:10.1080/01621459.1966.10480879.
  public static func kendall(_ x: [Double], _ y: [Double]) -> Double {
    guard x.count == y.count, x.count > 1 else { return .nan }
    let order = x.indices.sorted { (x[$0], y[$0]) < (x[$1], y[$1]) }
    let pairs = halfSquare(x.count)
    let sortedX = order.map { x[$0] }
    var sortedY = order.map { y[$0] }
    let tiedX = tiedPairs(sortedX) { $0 == $1 }
    let tiedBoth = tiedPairs(order) { x[$0] == x[$1] && y[$0] == y[$1] }
    let discordant = inversions(&sortedY)
    let tiedY = tiedPairs(sortedY) { $0 == $1 }
    let concordantLessDiscordant =
      Double(pairs - tiedX - tiedY + tiedBoth) - 2 * Double(discordant)
    let scale = (Double(pairs - tiedX) * Double(pairs - tiedY)).squareRoot()
    return scale > 0 ? concordantLessDiscordant / scale : .nan
  }

  private static func halfSquare(_ count: Int) -> Int { count * (count - 1) / 2 }

  /// The number of pairs that stand in the same run of neighbours that are `same`.
  private static func tiedPairs<T>(_ values: [T], same: (T, T) -> Bool) -> Int {
    var total = 0
    var run = 1
    for place in 1..<values.count {
      if same(values[place - 1], values[place]) {
        run += 1
      } else {
        total += halfSquare(run)
        run = 1
      }
    }
    return total + halfSquare(run)
  }

  /// Sorts by merging and counts the pairs that stood in the wrong order.
  private static func inversions(_ values: inout [Double]) -> Int {
    var buffer = values
    var width = 1
    var total = 0
    while width < values.count {
      var start = 0
      while start < values.count {
        let middle = min(start + width, values.count)
        let end = min(start + 2 * width, values.count)
        var left = start
        var right = middle
        for place in start..<end {
          if left < middle, right >= end || values[left] <= values[right] {
            buffer[place] = values[left]
            left += 1
          } else {
            buffer[place] = values[right]
            right += 1
            total += middle - left
          }
        }
        start = end
      }
      swap(&values, &buffer)
      width *= 2
    }
    return total
  }
}

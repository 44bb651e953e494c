internal import Statistics

extension Sample {
  /// The share of pairs with disjoint measured intervals that the predictions order the same way;
  /// ties count half.
  ///
  /// Pairs whose intervals overlap have no known order and are left out. The pairs are counted in
  /// O(n log n): photos come in ascending order of their intervals' lower ends, against a tree that
  /// counts those already wholly below.
  func pairOrder() -> (accuracy: Double?, pairs: Int) {
    guard low.count == count, count >= 2 else { return (nil, 0) }
    let ranks = Descriptive.averageRanks(predicted)
    // Average ranks are multiples of one half.
    let places = ranks.map { Int(2 * $0) }
    var tree = CountingTree(size: 2 * count + 1)
    let byLow = low.indices.sorted { low[$0] < low[$1] }
    let byHigh = high.indices.sorted { high[$0] < high[$1] }
    var next = 0
    var (pairs, right) = (0, 0.0)
    for photo in byLow {
      while next < byHigh.count, high[byHigh[next]] < low[photo] {
        tree.add(places[byHigh[next]])
        next += 1
      }
      let below = tree.count(upTo: places[photo] - 1)
      let equal = tree.count(upTo: places[photo]) - below
      pairs += next
      right += Double(below) + 0.5 * Double(equal)
    }
    return (pairs > 0 ? right / Double(pairs) : nil, pairs)
  }
}

/// Counts how many of the numbers added so far are at most so large (Fenwick 1994).
private struct CountingTree {
  private var sums: [Int]

  init(size: Int) { sums = Array(repeating: 0, count: size + 1) }

  mutating func add(_ value: Int) {
    var place = value
    while place < sums.count {
      sums[place] += 1
      place += place & -place
    }
  }

  func count(upTo value: Int) -> Int {
    var place = value
    var sum = 0
    while place > 0 {
      sum += sums[place]
      place -= place & -place
    }
    return sum
  }
}

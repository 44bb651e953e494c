/// Groups of things that are near each other: agglomerative clustering with average linkage.
///
/// Two groups are joined while the mean distance of their members is at most a threshold, the
/// nearest first. The result depends on nothing but the distances and the order of the things.
///
/// Source: Sokal and Michener 1958; by chains of nearest neighbors, Murtagh 1983, with the update of
/// Lance and Williams 1967.
public enum AverageLinkage {
  /// The group of each thing, numbered by their first members.
  ///
  /// A group lies within things that are linked by distances of at most the threshold, so each such
  /// part is grouped by itself: `count²` distances are asked for, and memory is the square of the
  /// largest part.
  ///
  /// - Parameters:
  ///   - count: the number of things.
  ///   - threshold: the largest mean distance of two groups that are joined.
  ///   - distance: the distance of two things, symmetric and at least 0.
  /// - Returns: a group's number for each thing.
  public static func groups(
    count: Int, threshold: Double, distance: (Int, Int) -> Double
  ) -> [Int] {
    var parts = DisjointSets(count: count)
    for one in 0..<max(0, count) {
      for other in 0..<one where distance(one, other) <= threshold { parts.join(one, other) }
    }
    let roots = parts.roots()
    var groups = DisjointSets(count: count)
    for members in Dictionary(grouping: roots.indices, by: { roots[$0] }).values
    where members.count > 1 {
      for (one, other) in joins(members.count, threshold, { distance(members[$0], members[$1]) }) {
        groups.join(members[one], members[other])
      }
    }
    var numbers: [Int: Int] = [:]
    return groups.roots().map { root in
      let number = numbers[root] ?? numbers.count
      numbers[root] = number
      return number
    }
  }

  /// Which things are joined, each named by the smallest of its group.
  private static func joins(
    _ count: Int, _ threshold: Double, _ distance: (Int, Int) -> Double
  ) -> [(Int, Int)] {
    var table = [Double](repeating: 0, count: count * count)
    for one in 0..<count {
      for other in 0..<one {
        let value = distance(one, other)
        (table[one * count + other], table[other * count + one]) = (value, value)
      }
    }
    var sizes = [Double](repeating: 1, count: count)
    var waiting = Set(0..<count)
    var joins: [(Int, Int)] = []
    var chain: [Int] = []
    while let first = chain.last ?? waiting.min() {
      if chain.isEmpty { chain.append(first) }
      // On a tie the chain turns back, so that it ends.
      let before = chain.count > 1 ? chain[chain.count - 2] : nil
      var nearest = before
      var least = before.map { table[first * count + $0] } ?? .infinity
      for other in 0..<count
      where other != first && waiting.contains(other) && table[first * count + other] < least {
        (nearest, least) = (other, table[first * count + other])
      }
      guard let nearest, least <= threshold else {
        // No join of others can bring them nearer than their members are.
        chain.removeLast()
        waiting.remove(first)
        continue
      }
      guard nearest == before else {
        chain.append(nearest)
        continue
      }
      chain.removeLast(2)
      let (kept, gone) = (min(first, nearest), max(first, nearest))
      waiting.remove(gone)
      let (one, two) = (sizes[kept], sizes[gone])
      for other in waiting where other != kept {
        let mean =
          (one * table[kept * count + other] + two * table[gone * count + other]) / (one + two)
        (table[kept * count + other], table[other * count + kept]) = (mean, mean)
      }
      sizes[kept] += two
      joins.append((kept, gone))
    }
    return joins
  }
}

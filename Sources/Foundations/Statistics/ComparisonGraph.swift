/// Which positions were compared with which: for each position its neighbors, and the pairs that lead there.
///
/// These are the places of a sparse symmetric matrix, such as the information that comparisons give.
public struct ComparisonGraph: Sendable, Hashable {
  /// The number of positions.
  public let count: Int
  /// The number of compared pairs.
  public let pairs: Int
  /// The entries of position i are `starts[i]..<starts[i + 1]`.
  let starts: [Int]
  /// The neighbor of each entry; every pair has two entries.
  let neighbors: [Int32]
  /// The pair of each entry.
  let pairOfEntry: [Int32]

  /// Takes the compared pairs, each once, in parallel lists.
  public init(count: Int, first: [Int32], second: [Int32]) {
    self.count = count
    pairs = first.count
    var starts = [Int](repeating: 0, count: count + 1)
    for pair in first.indices {
      starts[Int(first[pair]) + 1] += 1
      starts[Int(second[pair]) + 1] += 1
    }
    for position in 0..<count { starts[position + 1] += starts[position] }
    var next = starts
    var neighbors = [Int32](repeating: 0, count: 2 * first.count)
    var pairOfEntry = neighbors
    for pair in first.indices {
      for (own, other) in [(first[pair], second[pair]), (second[pair], first[pair])] {
        neighbors[next[Int(own)]] = other
        pairOfEntry[next[Int(own)]] = Int32(pair)
        next[Int(own)] += 1
      }
    }
    (self.starts, self.neighbors, self.pairOfEntry) = (starts, neighbors, pairOfEntry)
  }

  /// The pairs of a position, ascending.
  func pairs(of position: Int) -> ArraySlice<Int32> {
    pairOfEntry[starts[position]..<starts[position + 1]]
  }
}

import Glibc
public import Statistics

/// Two photos to be compared, by index, `first < second`.
public struct PhotoPair: Hashable, Comparable, Sendable, Codable {
  /// The lower index.
  public let first: Int
  /// The higher index.
  public let second: Int

  /// Makes a pair from two different indices in any order.
  public init(_ one: Int, _ other: Int) {
    first = min(one, other)
    second = max(one, other)
  }

  /// Orders by the first index, then by the second.
  public static func < (left: Self, right: Self) -> Bool {
    (left.first, left.second) < (right.first, right.second)
  }
}

/// How a simulation draws its pairs once a spanning tree has connected the photos.
public enum PairingRule: Hashable, Sendable {
  /// Rounds of random matchings, so that every photo is judged about equally often.
  case random
  /// Pairs drawn with weight `exp(−½(Δ/width)²)`, Δ the difference of true quality; `width` in JOD.
  case close(width: Double)
}

/// A spanning tree of `count` photos, each tree equally likely, in random order: `count − 1` pairs.
///
/// Source: the random walk of Aldous 1990 and Broder 1989 on the complete graph.
public func randomSpanningTree(
  count: Int, using generator: inout SeededGenerator
) -> [PhotoPair] {
  guard count > 1 else { return [] }
  var reached = [Bool](repeating: false, count: count)
  var place = generator.index(below: count)
  reached[place] = true
  var pairs: [PhotoPair] = []
  pairs.reserveCapacity(count - 1)
  while pairs.count < count - 1 {
    // A step to one of the other photos, each equally likely.
    let step = generator.index(below: count - 1)
    let next = step < place ? step : step + 1
    if !reached[next] {
      reached[next] = true
      pairs.append(PhotoPair(place, next))
    }
    place = next
  }
  return generator.shuffled(pairs)
}

/// Pairs for `votes` judgements of photos with the given true qualities: a random spanning tree
/// first, then the rule.
///
/// - Precondition: none; fewer votes than `count − 1` give a part of a tree, which connects
///   nothing.
func designPairs(
  qualities: [Double], votes: Int, rule: PairingRule, using generator: inout SeededGenerator
) -> [PhotoPair] {
  let count = qualities.count
  guard count > 1, votes > 0 else { return [] }
  var pairs = Array(randomSpanningTree(count: count, using: &generator).prefix(votes))
  switch rule {
  case .random:
    while pairs.count < votes {
      // An odd photo out is another one in every round, because the order is.
      let order = generator.shuffled(Array(0..<count))
      for k in stride(from: 0, to: count - 1, by: 2) where pairs.count < votes {
        pairs.append(PhotoPair(order[k], order[k + 1]))
      }
    }
  case .close(let width):
    var candidates: [PhotoPair] = []
    var cumulative: [Double] = []
    var total = 0.0
    for i in 0..<count {
      for j in (i + 1)..<max(count, i + 1) {
        let distance = (qualities[i] - qualities[j]) / width
        total += max(exp(-0.5 * distance * distance), 1e-12)
        candidates.append(PhotoPair(i, j))
        cumulative.append(total)
      }
    }
    while pairs.count < votes {
      let target = generator.uniform() * total
      var low = 0
      var high = cumulative.count - 1
      while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] <= target { low = middle + 1 } else { high = middle }
      }
      pairs.append(candidates[low])
    }
  }
  return pairs
}

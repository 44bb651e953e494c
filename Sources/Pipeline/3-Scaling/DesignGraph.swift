import Domain
import Statistics

/// Which photos can share a scale, from who was compared with whom and who won.
struct DesignGraph {
  private let count: Int
  private let pairs: PairCounts

  init(_ pairs: PairCounts) {
    count = pairs.count
    self.pairs = pairs
  }

  /// Throws unless every photo has a finite distance from every other one under maximum likelihood.
  ///
  /// Source: Ford 1957, doi:10.1080/00029890.1957.11989117: however the photos are split in two, each side must have
  /// won against the other.
  func checkBounded(names: [PhotoID]?) throws {
    let (groups, labels) = strongComponents()
    guard groups > 1 else { return }
    // A component that no other one beats exists, because components form no circle.
    var beaten = [Bool](repeating: false, count: groups)
    forEachWin { winner, loser in
      if labels[winner] != labels[loser] { beaten[labels[loser]] = true }
    }
    let top = beaten.firstIndex(of: false) ?? 0
    let better = (0..<count).filter { labels[$0] == top }
    let worse = (0..<count).filter { labels[$0] != top }
    let share = winShares()
    let weakest = better.min { share[$0] < share[$1] }
    let strongest = worse.max { share[$0] < share[$1] }
    throw ScalingError.unbounded(
      better: better.map { name($0, names) }, worse: worse.map { name($0, names) },
      suggestion: [weakest, strongest].compactMap { $0.map { name($0, names) } })
  }

  /// Throws when some photos share no chain of comparisons.
  func checkConnected(names: [PhotoID]?) throws {
    let groups = connectedGroups()
    guard groups.count > 1 else { return }
    // The most compared photo of a group is placed best, so a link to it carries furthest.
    var votes = [Double](repeating: 0, count: count)
    for pair in 0..<pairs.pairs {
      let total = pairs.wins[pair] + pairs.losses[pair] + pairs.ties[pair]
      votes[Int(pairs.first[pair])] += total
      votes[Int(pairs.second[pair])] += total
    }
    let links = groups.prefix(2).compactMap { group in group.max { votes[$0] < votes[$1] } }
    throw ScalingError.disconnected(
      groups: groups.map { $0.map { name($0, names) } },
      suggestion: links.map { name($0, names) })
  }

  private func name(_ photo: Int, _ names: [PhotoID]?) -> PhotoID {
    guard let names, names.indices.contains(photo) else { return PhotoID("photo \(photo + 1)") }
    return names[photo]
  }

  /// The groups of photos that share a chain of comparisons, the largest first.
  func connectedGroups() -> [[Int]] {
    var sets = DisjointSets(count: count)
    for pair in 0..<pairs.pairs { sets.join(Int(pairs.first[pair]), Int(pairs.second[pair])) }
    let groups = Dictionary(grouping: 0..<count) { sets.root($0) }
    return groups.values.sorted { ($1.count, $0.first ?? 0) < ($0.count, $1.first ?? 0) }
  }

  /// Whether maximum likelihood is finite.
  var isBounded: Bool { strongComponents().groups <= 1 }

  private func forEachWin(_ body: (_ winner: Int, _ loser: Int) -> Void) {
    for pair in 0..<pairs.pairs {
      let (i, j) = (Int(pairs.first[pair]), Int(pairs.second[pair]))
      if pairs.wins[pair] > 0 || pairs.ties[pair] > 0 { body(i, j) }
      if pairs.losses[pair] > 0 || pairs.ties[pair] > 0 { body(j, i) }
    }
  }

  private func winShares() -> [Double] {
    var won = [Double](repeating: 0, count: count)
    var total = [Double](repeating: 0, count: count)
    for pair in 0..<pairs.pairs {
      let (i, j) = (Int(pairs.first[pair]), Int(pairs.second[pair]))
      won[i] += pairs.wins[pair] + pairs.ties[pair] / 2
      won[j] += pairs.losses[pair] + pairs.ties[pair] / 2
      for photo in [i, j] {
        total[photo] += pairs.wins[pair] + pairs.losses[pair] + pairs.ties[pair]
      }
    }
    return zip(won, total).map { $1 > 0 ? $0 / $1 : 0.5 }
  }

  /// Tarjan's strongly connected components of «won against», without recursion.
  private func strongComponents() -> (groups: Int, labels: [Int]) {
    var beats = [[Int]](repeating: [], count: count)
    forEachWin { winner, loser in beats[winner].append(loser) }
    var order = [Int](repeating: -1, count: count)
    var low = order
    var labels = order
    var stack: [Int] = []
    var visited = 0
    var groups = 0
    for start in 0..<count where order[start] < 0 {
      var path: [(node: Int, next: Int)] = [(start, 0)]
      while let (node, next) = path.last {
        if next == 0 {
          (order[node], low[node]) = (visited, visited)
          visited += 1
          stack.append(node)
        }
        if next < beats[node].count {
          path[path.count - 1].next += 1
          let other = beats[node][next]
          if order[other] < 0 {
            path.append((other, 0))
          } else if labels[other] < 0 {
            low[node] = min(low[node], order[other])
          }
          continue
        }
        path.removeLast()
        if let above = path.last?.node { low[above] = min(low[above], low[node]) }
        guard low[node] == order[node] else { continue }
        while let member = stack.popLast() {
          labels[member] = groups
          if member == node { break }
        }
        groups += 1
      }
    }
    return (groups, labels)
  }
}

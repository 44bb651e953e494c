/// Communities of a weighted undirected graph, by greedy maximization of modularity.
///
/// Source: Blondel, Guillaume, Lambiotte and Lefebvre 2008, arXiv:0803.0476.
public struct Louvain: Sendable, Hashable {
  /// An edge between two different nodes.
  public struct Edge: Sendable, Hashable, Codable {
    /// One end.
    public let first: Int
    /// The other end.
    public let second: Int
    /// The weight; edges without a weight above 0 are left out.
    public let weight: Double
    /// Makes an edge.
    public init(first: Int, second: Int, weight: Double) {
      self.first = first
      self.second = second
      self.weight = weight
    }
  }

  /// The community of every node, numbered by first appearance.
  public let labels: [Int]
  /// The modularity of the partition; 0 without edges.
  public let modularity: Double

  /// Finds communities, and keeps the best of several node orders.
  ///
  /// - Parameters:
  ///   - nodes: The number of nodes.
  ///   - edges: The edges; those between the same nodes add up.
  ///   - resolution: Above 1 favors small communities, below 1 large ones.
  ///   - restarts: The number of node orders tried; the first is the natural one.
  ///   - generator: The source of the other orders.
  public init(
    nodes: Int, edges: [Edge], resolution: Double = 1, restarts: Int = 10,
    generator: SeededGenerator
  ) {
    let graph = LouvainGraph(nodes: nodes, edges: edges.filter { $0.weight > 0 })
    var best = Array(0..<nodes)
    var bestModularity = graph.modularity(best, resolution: resolution)
    for restart in 0..<max(1, graph.totalWeight > 0 ? restarts : 1) {
      var random = restart == 0 ? nil : generator.stream(UInt64(restart))
      let labels = graph.communities(resolution: resolution, random: &random)
      let modularity = graph.modularity(labels, resolution: resolution)
      if modularity > bestModularity + 1e-12 { (best, bestModularity) = (labels, modularity) }
    }
    var names: [Int: Int] = [:]
    labels = best.map { label in
      if let known = names[label] { return known }
      names[label] = names.count
      return names.count - 1
    }
    modularity = bestModularity
  }

  /// The modularity of any partition of a graph.
  public static func modularity(
    nodes: Int, edges: [Edge], labels: [Int], resolution: Double = 1
  ) -> Double {
    LouvainGraph(nodes: nodes, edges: edges.filter { $0.weight > 0 })
      .modularity(labels, resolution: resolution)
  }
}

/// Adjacency lists with self-loops, which stand for the inner edges of a merged community.
private struct LouvainGraph {
  var neighbours: [[(node: Int, weight: Double)]]
  var loops: [Double]
  var degrees: [Double]
  var totalWeight: Double

  init(nodes: Int, edges: [Louvain.Edge]) {
    var merged: [[Int: Double]] = Array(repeating: [:], count: nodes)
    loops = Array(repeating: 0, count: nodes)
    for edge in edges where edge.first != edge.second {
      merged[edge.first][edge.second, default: 0] += edge.weight
      merged[edge.second][edge.first, default: 0] += edge.weight
    }
    neighbours = merged.map { list in list.keys.sorted().map { ($0, list[$0, default: 0]) } }
    degrees = neighbours.map { $0.reduce(0) { $0 + $1.weight } }
    totalWeight = degrees.reduce(0, +) / 2
  }

  /// The graph whose nodes are the communities of another one.
  init(merging graph: LouvainGraph, labels: [Int], groups: Int) {
    var merged: [[Int: Double]] = Array(repeating: [:], count: groups)
    loops = Array(repeating: 0, count: groups)
    for node in labels.indices {
      loops[labels[node]] += graph.loops[node]
      for edge in graph.neighbours[node] {
        if labels[edge.node] == labels[node] {
          loops[labels[node]] += edge.weight / 2
        } else {
          merged[labels[node]][labels[edge.node], default: 0] += edge.weight
        }
      }
    }
    neighbours = merged.map { list in list.keys.sorted().map { ($0, list[$0, default: 0]) } }
    degrees = Array(repeating: 0, count: groups)
    for node in labels.indices { degrees[labels[node]] += graph.degrees[node] }
    totalWeight = graph.totalWeight
  }

  func modularity(_ labels: [Int], resolution: Double) -> Double {
    guard totalWeight > 0 else { return 0 }
    var inner: [Int: Double] = [:]
    var degree: [Int: Double] = [:]
    for node in labels.indices {
      degree[labels[node], default: 0] += degrees[node]
      inner[labels[node], default: 0] += loops[node]
      for edge in neighbours[node] where labels[edge.node] == labels[node] {
        inner[labels[node], default: 0] += edge.weight / 2
      }
    }
    return degree.keys.sorted().reduce(0) { sum, group in
      let share = degree[group, default: 0] / (2 * totalWeight)
      return sum + inner[group, default: 0] / totalWeight - resolution * share * share
    }
  }

  func communities(resolution: Double, random: inout SeededGenerator?) -> [Int] {
    var graph = self
    var labels = Array(loops.indices)
    while true {
      let (local, groups, moved) = graph.movedNodes(resolution: resolution, random: &random)
      guard moved else { return labels }
      labels = labels.map { local[$0] }
      graph = LouvainGraph(merging: graph, labels: local, groups: groups)
    }
  }

  /// Moves nodes to the neighboring community with the largest gain until none gains.
  private func movedNodes(
    resolution: Double, random: inout SeededGenerator?
  ) -> (labels: [Int], groups: Int, moved: Bool) {
    let nodes = loops.count
    var labels = Array(0..<nodes)
    guard totalWeight > 0 else { return (labels, nodes, false) }
    var communityDegree = degrees
    let order = random?.shuffled(labels) ?? labels
    var moved = false
    for _ in 0..<1000 {
      var changes = 0
      for node in order {
        let home = labels[node]
        communityDegree[home] -= degrees[node]
        var links: [Int: Double] = [home: 0]
        for edge in neighbours[node] { links[labels[edge.node], default: 0] += edge.weight }
        let pull = resolution * degrees[node] / (2 * totalWeight)
        var best = home
        var bestGain = links[home, default: 0] - pull * communityDegree[home]
        for group in links.keys.sorted() {
          let gain = links[group, default: 0] - pull * communityDegree[group]
          if gain > bestGain + 1e-12 * totalWeight { (best, bestGain) = (group, gain) }
        }
        communityDegree[best] += degrees[node]
        if best != home {
          labels[node] = best
          changes += 1
        }
      }
      if changes == 0 { break }
      moved = true
    }
    let names = Set(labels).sorted()
    let place = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    return (labels.map { place[$0, default: 0] }, names.count, moved)
  }
}

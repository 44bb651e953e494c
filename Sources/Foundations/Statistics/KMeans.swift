/// A partition of points into groups around their means, by Lloyd's algorithm.
public struct KMeans: Sendable, Hashable {
  /// The group of every point, numbered in the order of `centers`.
  public let labels: [Int]
  /// The mean of every group.
  public let centers: [[Double]]
  /// The sum of squared distances from the points to the means of their groups.
  public let inertia: Double

  /// Partitions points into `count` groups, and keeps the best of many seeded starts.
  ///
  /// Every start is seeded by greedy k-means++ (Arthur and Vassilvitskii 2007), follows Lloyd's
  /// algorithm until no label changes, and is then improved by moves of single points as long as
  /// one lowers the inertia (Hartigan and Wong 1979). The result is an exact fixed point of Lloyd's
  /// algorithm.
  ///
  /// - Parameters:
  ///   - points: The points, all of one dimension.
  ///   - count: The number of groups; brought into 1 … the number of distinct points.
  ///   - restarts: The number of starts.
  ///   - generator: The source of randomness.
  public init(
    _ points: [[Double]], count: Int, restarts: Int = 50, generator: SeededGenerator
  ) {
    let distinct = Set(points).count
    let groups = max(1, min(count, distinct))
    guard let dimension = points.first?.count else {
      (labels, centers, inertia) = ([], [], 0)
      return
    }
    var work = LloydSearch(points: points.flatMap { $0 }, dimension: dimension, groups: groups)
    var best: (labels: [Int], inertia: Double)?
    for restart in 0..<max(1, groups == 1 ? 1 : restarts) {
      var random = generator.stream(UInt64(restart))
      let inertia = work.run(&random)
      // Equal partitions differ in the last digits when their groups are numbered differently.
      if inertia < (best?.inertia ?? .infinity) * (1 - 1e-12) { best = (work.labels, inertia) }
      if best == nil { best = (work.labels, inertia) }
    }
    let found = best?.labels ?? Array(repeating: 0, count: points.count)
    let means = Self.means(points, labels: found, groups: groups)
    labels = found
    centers = means
    inertia = Self.inertia(points, labels: found, centers: means)
  }

  /// The sum of squared distances from points to the means of their groups, for any partition.
  public static func inertia(_ points: [[Double]], labels: [Int]) -> Double {
    let names = Set(labels).sorted()
    let place = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    let compact = labels.map { place[$0, default: 0] }
    let centers = means(points, labels: compact, groups: names.count)
    return inertia(points, labels: compact, centers: centers)
  }

  private static func means(
    _ points: [[Double]], labels: [Int], groups: Int
  ) -> [[Double]] {
    let dimension = points.first?.count ?? 0
    var sums = Array(repeating: Array(repeating: 0.0, count: dimension), count: groups)
    var sizes = Array(repeating: 0.0, count: groups)
    for (point, label) in zip(points, labels) {
      sizes[label] += 1
      for axis in 0..<dimension { sums[label][axis] += point[axis] }
    }
    return zip(sums, sizes).map { sum, size in sum.map { $0 / max(1, size) } }
  }

  private static func inertia(
    _ points: [[Double]], labels: [Int], centers: [[Double]]
  ) -> Double {
    var total = 0.0
    for (point, label) in zip(points, labels) {
      for (value, center) in zip(point, centers[label]) {
        total += (value - center) * (value - center)
      }
    }
    return total
  }
}

/// One start of k-means after another, in memory that is used again.
private struct LloydSearch {
  let points: [Double]
  let dimension: Int
  let groups: Int
  let count: Int
  var labels: [Int]
  var centers: [Double]
  var sizes: [Int]
  var distances: [Double]

  init(points: [Double], dimension: Int, groups: Int) {
    self.points = points
    self.dimension = dimension
    self.groups = groups
    count = dimension == 0 ? 0 : points.count / dimension
    labels = Array(repeating: 0, count: count)
    centers = Array(repeating: 0, count: groups * dimension)
    sizes = Array(repeating: 0, count: groups)
    distances = Array(repeating: 0, count: count)
  }

  mutating func run(_ random: inout SeededGenerator) -> Double {
    seed(&random)
    // Each round ends at a fixed point of Lloyd's algorithm; the inertia falls from round to round.
    var rounds = 0
    repeat {
      lloyd()
      rounds += 1
    } while rounds < 1000 && moveSinglePoints()
    return (0..<count).reduce(0) { $0 + distance($1, labels[$1]) }
  }

  private func distance(_ point: Int, _ group: Int) -> Double {
    var sum = 0.0
    for axis in 0..<dimension {
      let difference = points[point * dimension + axis] - centers[group * dimension + axis]
      sum += difference * difference
    }
    return sum
  }

  private mutating func place(_ group: Int, at point: Int) {
    for axis in 0..<dimension {
      centers[group * dimension + axis] = points[point * dimension + axis]
    }
  }

  /// Greedy k-means++: of several points drawn by squared distance, the one that lowers the total
  /// most.
  private mutating func seed(_ random: inout SeededGenerator) {
    place(0, at: random.index(below: count))
    for point in 0..<count { distances[point] = distance(point, 0) }
    var trials = 2
    var bits = groups
    while bits > 2 {
      trials += 1
      bits /= 3
    }
    for group in 1..<max(groups, 1) {
      let total = distances.reduce(0, +)
      var best: (point: Int, total: Double)?
      for _ in 0..<trials {
        let candidate = draw(random.uniform() * total)
        place(group, at: candidate)
        var after = 0.0
        for point in 0..<count { after += min(distances[point], distance(point, group)) }
        if after < best?.total ?? .infinity { best = (candidate, after) }
      }
      place(group, at: best?.point ?? 0)
      for point in 0..<count { distances[point] = min(distances[point], distance(point, group)) }
    }
  }

  private func draw(_ target: Double) -> Int {
    var sum = 0.0
    var last = 0
    for point in 0..<count where distances[point] > 0 {
      sum += distances[point]
      last = point
      if sum > target { break }
    }
    return last
  }

  private mutating func lloyd() {
    for round in 0..<10_000 {
      var changed = round == 0
      for point in 0..<count {
        var nearest = 0
        var least = Double.infinity
        for group in 0..<groups {
          let distance = distance(point, group)
          if distance < least { (nearest, least) = (group, distance) }
        }
        distances[point] = least
        if labels[point] != nearest {
          labels[point] = nearest
          changed = true
        }
      }
      if fillEmptyGroups() { changed = true }
      updateCenters()
      if !changed { return }
    }
  }

  /// Gives every empty group the point that is farthest from its center.
  private mutating func fillEmptyGroups() -> Bool {
    countSizes()
    var filled = false
    for group in 0..<groups where sizes[group] == 0 {
      let donors = (0..<count).filter { sizes[labels[$0]] > 1 }
      guard let point = donors.max(by: { distances[$0] < distances[$1] }) else { continue }
      sizes[labels[point]] -= 1
      sizes[group] = 1
      labels[point] = group
      distances[point] = 0
      filled = true
    }
    return filled
  }

  private mutating func countSizes() {
    for group in 0..<groups { sizes[group] = 0 }
    for label in labels { sizes[label] += 1 }
  }

  private mutating func updateCenters() {
    countSizes()
    for place in centers.indices { centers[place] = 0 }
    for point in 0..<count {
      for axis in 0..<dimension {
        centers[labels[point] * dimension + axis] += points[point * dimension + axis]
      }
    }
    for group in 0..<groups where sizes[group] > 0 {
      for axis in 0..<dimension { centers[group * dimension + axis] /= Double(sizes[group]) }
    }
  }

  /// Moves points whose change of group lowers the inertia, counting the shift of both means.
  private mutating func moveSinglePoints() -> Bool {
    var moved = false
    for point in 0..<count {
      let home = labels[point]
      guard sizes[home] > 1 else { continue }
      let size = Double(sizes[home])
      let gain = distance(point, home) * size / (size - 1)
      var target = home
      var least = gain * (1 - 1e-9)
      for group in 0..<groups where group != home {
        let size = Double(sizes[group])
        let cost = distance(point, group) * size / (size + 1)
        if cost < least { (target, least) = (group, cost) }
      }
      guard target != home else { continue }
      labels[point] = target
      updateCenters()
      moved = true
    }
    return moved
  }
}

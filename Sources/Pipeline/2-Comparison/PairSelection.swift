public import Domain
public import Statistics

/// A pair to be shown next.
public struct PlannedPair: Hashable, Sendable, Codable {
  /// Index of the photo to be shown as A.
  public let a: Int
  /// Index of the photo to be shown as B.
  public let b: Int
  /// The value under the criterion that chose the pair (nats of information, or JOD² of error); nil
  /// at random.
  public let gain: Double?

  /// Makes a planned pair.
  public init(a: Int, b: Int, gain: Double?) {
    self.a = a
    self.b = b
    self.gain = gain
  }

  /// The pair without sides.
  public var pair: PhotoPair { PhotoPair(a, b) }
}

/// What must hold for the pairs shown next.
public struct PairConstraints: Hashable, Sendable {
  /// Pairs that are never shown, such as two photos of the same original.
  public var avoided: Set<PhotoPair>
  /// How often the observer in question judged each pair already; empty when nobody in particular
  /// is asked.
  public var history: [PhotoPair: Int]
  /// How often one observer may judge one pair.
  public var judgementsPerObserver: Int
  /// How much more often each photo stood as A than as B; empty for none so far.
  public var sideSurplus: [Int]

  /// Makes constraints; by default an observer sees a pair once, and nothing else is asked.
  public init(
    avoided: Set<PhotoPair> = [], history: [PhotoPair: Int] = [:], judgementsPerObserver: Int = 1,
    sideSurplus: [Int] = []
  ) {
    self.avoided = avoided
    self.history = history
    self.judgementsPerObserver = judgementsPerObserver
    self.sideSurplus = sideSurplus
  }

  /// The constraints that the judgements so far put on one observer's next pairs.
  ///
  /// Sides are balanced over all observers.
  public init(
    _ judgements: SceneJudgements, observer: ObserverID?, avoided: Set<PhotoPair> = [],
    judgementsPerObserver: Int = 1
  ) {
    let index = observer.flatMap { judgements.observers.firstIndex(of: $0) }
    var history: [PhotoPair: Int] = [:]
    var surplus = [Int](repeating: 0, count: judgements.photos.count)
    for vote in judgements.votes where vote.a != vote.b {
      surplus[vote.a] += 1
      surplus[vote.b] -= 1
      if vote.observer == index { history[PhotoPair(vote.a, vote.b), default: 0] += 1 }
    }
    self.init(
      avoided: avoided, history: history, judgementsPerObserver: judgementsPerObserver,
      sideSurplus: surplus)
  }

  func allows(_ pair: PhotoPair) -> Bool {
    !avoided.contains(pair) && history[pair, default: 0] < judgementsPerObserver
  }
}

/// The most informative pairs to be judged next: spanning trees of least 1/gain.
///
/// A spanning tree touches every photo, so a batch spreads over the scene instead of asking one
/// doubtful pair again and again, and its `n − 1` pairs can be judged without refitting. A batch
/// smaller than a tree gets its most informative pairs. For a larger one the posterior's covariance
/// is narrowed as the tree's votes will narrow it on average, and another tree follows. While the
/// judgements carry no information (all gains equal) trees are drawn at random.
///
/// Source: Mikhailiuk et al. 2020, arXiv:2004.05691, section III-D; gains in closed form, see
/// ``PairGains``.
///
/// - Parameters:
///   - posterior: what the votes so far say, from a fit.
///   - count: how many pairs.
///   - criterion: what makes a pair valuable: information gain, or else the fall of the error.
///   - constraints: pairs to avoid, the observer's history, sides.
///   - generator: breaks ties, decides sides and draws random trees.
/// - Returns: at most `count` different pairs, the most informative first within each tree; fewer
///   when the constraints leave fewer.
/// - Throws: `InputError` when there are fewer than 2 photos or no pair is allowed.
public func nextPairs(
  posterior: QualityPosterior, count: Int, criterion: PairCriterion = .errorReduction,
  constraints: PairConstraints = PairConstraints(), using generator: inout SeededGenerator
) throws(InputError) -> [PlannedPair] {
  var selection = try PairSelection(count: posterior.count, constraints: constraints)
  var posterior = posterior
  while selection.pairs.count < count {
    let gains =
      criterion == .informationGain
      ? PairGains(posterior) : PairGains.errorReduction(posterior)
    let tree = selection.tree(gains, using: &generator)
    if tree.isEmpty { break }
    let wanted = tree.prefix(count - selection.pairs.count)
    selection.take(wanted.map { ($0, gains[$0.first, $0.second]) }, using: &generator)
    if selection.pairs.count < count { posterior = posterior.narrowed(by: Array(wanted)) }
  }
  return selection.pairs
}

/// The most informative pairs by given gains, such as ASAP's: one spanning tree of least 1/gain, or
/// its best pairs.
///
/// - Parameters:
///   - gains: the gain of every pair.
///   - count: how many pairs; at most one tree, `n − 1`, is returned.
///   - constraints: pairs to avoid, the observer's history, sides.
///   - generator: breaks ties and decides sides.
/// - Returns: the pairs, the most informative first.
/// - Throws: `InputError` when there are fewer than 2 photos or no pair is allowed.
public func nextPairs(
  gains: PairGains, count: Int, constraints: PairConstraints = PairConstraints(),
  using generator: inout SeededGenerator
) throws(InputError) -> [PlannedPair] {
  var selection = try PairSelection(count: gains.count, constraints: constraints)
  let tree = selection.tree(gains, using: &generator).prefix(max(count, 0))
  selection.take(tree.map { ($0, gains[$0.first, $0.second]) }, using: &generator)
  return selection.pairs
}

/// Pairs of one or more random spanning trees, as a baseline and for the first batch of a study.
///
/// - Throws: `InputError` when there are fewer than 2 photos or no pair is allowed.
public func randomPairs(
  photos: Int, count: Int, constraints: PairConstraints = PairConstraints(),
  using generator: inout SeededGenerator
) throws(InputError) -> [PlannedPair] {
  var selection = try PairSelection(count: photos, constraints: constraints)
  while selection.pairs.count < count {
    let tree = selection.randomTree(using: &generator)
    if tree.isEmpty { break }
    let wanted = tree.prefix(count - selection.pairs.count)
    selection.take(wanted.map { ($0, nil) }, using: &generator)
  }
  return selection.pairs
}

/// One round of a Swiss tournament: photos of neighboring ranks meet, pairs that met least come
/// first.
///
/// - Parameters:
///   - means: the present qualities; ties are broken at random.
///   - met: how often each pair met already.
///   - constraints: pairs to avoid, the observer's history, sides.
///   - generator: breaks ties and decides sides.
/// - Returns: up to `n/2` pairs in which every photo takes part at most once.
/// - Throws: `InputError` when there are fewer than 2 photos or no pair is allowed.
public func swissPairs(
  means: [Double], met: [PhotoPair: Int], constraints: PairConstraints = PairConstraints(),
  using generator: inout SeededGenerator
) throws(InputError) -> [PlannedPair] {
  var selection = try PairSelection(count: means.count, constraints: constraints)
  let order = generator.shuffled(Array(means.indices)).sorted { means[$0] > means[$1] }
  var free = order
  while free.count > 1 {
    let photo = free.removeFirst()
    var best: Int?
    var least = Int.max
    for (place, other) in free.enumerated() where selection.isOpen(PhotoPair(photo, other)) {
      let meetings = met[PhotoPair(photo, other), default: 0]
      if meetings < least {
        least = meetings
        best = place
      }
      if meetings == 0 { break }
    }
    guard let best else { continue }
    selection.take([(PhotoPair(photo, free.remove(at: best)), nil)], using: &generator)
  }
  return selection.pairs
}

/// Pairs that lie far apart on the scale so far: what close pairs leave open is the scale's length.
///
/// A vote on a pair at the distance `d` says most about the length of the scale where `d²` times
/// its information, `z² φ(z)² / (Φ(z) (1 − Φ(z)))`, is greatest: at `z = 1.57`, 2.3 JOD, where 94
/// of 100 observers agree. Pairs from 1.5 to 3.2 JOD (80 % of that) are taken at random; where
/// there are too few, the widest of the others below follow.
///
/// - Parameters:
///   - means: the present qualities, in JOD.
///   - count: how many pairs.
///   - constraints: pairs to avoid, the observer's history, sides.
///   - generator: chooses among the pairs and decides sides.
/// - Returns: at most `count` different pairs.
/// - Throws: `InputError` when there are fewer than 2 photos or no pair is allowed.
public func anchorPairs(
  means: [Double], count: Int, constraints: PairConstraints = PairConstraints(),
  using generator: inout SeededGenerator
) throws(InputError) -> [PlannedPair] {
  var selection = try PairSelection(count: means.count, constraints: constraints)
  var good: [PhotoPair] = []
  var close: [PhotoPair] = []
  for first in means.indices {
    for second in means.indices where second > first {
      let pair = PhotoPair(first, second)
      let distance = abs(means[first] - means[second])
      guard selection.isOpen(pair), distance <= 3.2 else { continue }
      if distance >= 1.5 { good.append(pair) } else { close.append(pair) }
    }
  }
  func distance(_ pair: PhotoPair) -> Double { abs(means[pair.first] - means[pair.second]) }
  let order = generator.shuffled(good) + close.sorted { distance($0) > distance($1) }
  selection.take(order.prefix(max(count, 0)).map { ($0, nil) }, using: &generator)
  return selection.pairs
}

/// Pairs chosen so far, and which may still be chosen.
private struct PairSelection {
  let count: Int
  private(set) var pairs: [PlannedPair] = []
  private var open: [Bool]
  private var balance: SideBalance

  init(count: Int, constraints: PairConstraints) throws(InputError) {
    guard count > 1 else {
      throw InputError(
        "next pairs", "there are \(count) photos", remedy: "a pair needs at least 2 photos")
    }
    self.count = count
    open = [Bool](repeating: constraints.judgementsPerObserver > 0, count: count * count)
    for i in 0..<count { open[i * count + i] = false }
    let judged = constraints.history.lazy
      .filter { $0.value >= constraints.judgementsPerObserver }.map(\.key)
    for pair in [Array(constraints.avoided), Array(judged)].joined()
    where pair.second < count {
      open[pair.first * count + pair.second] = false
      open[pair.second * count + pair.first] = false
    }
    guard open.contains(true) else {
      throw InputError(
        "next pairs", "this observer judged every allowed pair",
        remedy: "ask another observer, or allow more judgements of a pair by one observer")
    }
    let given = constraints.sideSurplus
    balance = SideBalance(
      surplus: given.count == count ? given : [Int](repeating: 0, count: count))
  }

  func isOpen(_ pair: PhotoPair) -> Bool { open[pair.first * count + pair.second] }

  mutating func take(
    _ chosen: [(PhotoPair, Double?)], using generator: inout SeededGenerator
  ) {
    for (pair, gain) in chosen {
      open[pair.first * count + pair.second] = false
      open[pair.second * count + pair.first] = false
      let (a, b) = balance.sides(of: pair, using: &generator)
      pairs.append(PlannedPair(a: a, b: b, gain: gain))
    }
  }

  /// The tree of most gain, best pair first; a random one when all gains are alike.
  func tree(_ gains: PairGains, using generator: inout SeededGenerator) -> [PhotoPair] {
    var low = Double.infinity
    var high = 0.0
    for i in 0..<count {
      for j in (i + 1)..<max(count, i + 1) where open[i * count + j] {
        low = min(low, gains.values[i * count + j])
        high = max(high, gains.values[i * count + j])
      }
    }
    guard high - low > 1e-6 * high else { return randomTree(using: &generator) }
    let root = generator.index(below: count)
    return spanningForest(root: root) { gains.values[$0] }
      .sorted { (gains[$1.first, $1.second], $0) < (gains[$0.first, $0.second], $1) }
  }

  func randomTree(using generator: inout SeededGenerator) -> [PhotoPair] {
    // Random weights give random trees (not uniform ones), whatever pairs are closed.
    var weights = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in (i + 1)..<max(count, i + 1) {
        weights[i * count + j] = generator.uniform()
        weights[j * count + i] = weights[i * count + j]
      }
    }
    return generator.shuffled(spanningForest(root: 0) { weights[$0] })
  }

  /// Prim's tree of the greatest sum of weights over the open pairs; a forest when they connect
  /// nothing more.
  ///
  /// Least 1/weight and greatest weight pick the same tree, since only the order of the weights
  /// matters.
  private func spanningForest(root: Int, weight: (Int) -> Double) -> [PhotoPair] {
    var best = [Double](repeating: -.infinity, count: count)
    var link = [Int](repeating: -1, count: count)
    var outside = Array(0..<count)
    outside.swapAt(root, count - 1)
    var node = outside.removeLast()
    var tree: [PhotoPair] = []
    while !outside.isEmpty {
      var next = 0
      for (place, other) in outside.enumerated() {
        if open[node * count + other] {
          let value = weight(node * count + other)
          if value > best[other] {
            best[other] = value
            link[other] = node
          }
        }
        if best[other] > best[outside[next]] { next = place }
      }
      outside.swapAt(next, outside.count - 1)
      node = outside.removeLast()
      if link[node] >= 0 { tree.append(PhotoPair(node, link[node])) }
    }
    return tree
  }
}

extension QualityPosterior {
  /// The posterior with the covariance that votes on these pairs leave on average; the means stay.
  func narrowed(by pairs: [PhotoPair]) -> QualityPosterior {
    let n = count
    let noise = JOD.differenceSigma * JOD.differenceSigma
    var covariance = covariance
    for pair in pairs {
      let direction = (0..<n).map {
        covariance[$0 * n + pair.first] - covariance[$0 * n + pair.second]
      }
      let variance = max(0, direction[pair.first] - direction[pair.second])
      guard variance > 0 else { continue }
      let x = difference(pair.first, pair.second) / (noise + variance).squareRoot()
      let expected = SlopeTable.thurstone.withView { $0.expectedLambda(x) }
      let factor = expected / (noise + variance)
      for i in 0..<n where direction[i] != 0 {
        let scaled = factor * direction[i]
        for j in 0..<n { covariance[i * n + j] -= scaled * direction[j] }
      }
    }
    return (try? QualityPosterior(means: means, covariance: covariance)) ?? self
  }
}

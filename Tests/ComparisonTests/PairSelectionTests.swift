import Comparison
import Domain
import Statistics
import Testing

/// A posterior of independent photos with the given means and a common variance.
private func independent(_ means: [Double], variance: Double = 1) throws -> QualityPosterior {
  let n = means.count
  var covariance = [Double](repeating: 0, count: n * n)
  for i in 0..<n { covariance[i * n + i] = variance }
  return try QualityPosterior(means: means, covariance: covariance)
}

private func components(_ pairs: [PhotoPair], count: Int) -> Int {
  var group = Array(0..<count)
  for pair in pairs {
    let (kept, gone) = (group[pair.first], group[pair.second])
    for k in group.indices where group[k] == gone { group[k] = kept }
  }
  return Set(group).count
}

@Suite struct PairSelectionTests {
  @Test func aFullBatchIsASpanningTreeOfNeighbours() throws {
    var generator = SeededGenerator(seed: 1)
    let posterior = try independent((0..<12).map { Double($0) * 1.5 })
    let pairs = try nextPairs(posterior: posterior, count: 11, using: &generator)
    #expect(pairs.count == 11)
    #expect(components(pairs.map(\.pair), count: 12) == 1)
    // Equal variances: gain falls with distance, so the tree is the chain of neighbors.
    #expect(pairs.allSatisfy { $0.pair.second - $0.pair.first == 1 })
    let gains = pairs.compactMap(\.gain)
    #expect(gains == gains.sorted(by: >))
  }

  @Test func theTreeIsTheBestOfAllTrees() throws {
    // All 125 labeled trees of 5 photos by Prüfer's code.
    var generator = SeededGenerator(seed: 2)
    let n = 5
    let root = (0..<(n * n)).map { _ in generator.normal() }
    var covariance = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0..<n {
        for k in 0..<n { covariance[i * n + j] += root[i * n + k] * root[j * n + k] }
      }
    }
    let posterior = try QualityPosterior(
      means: (0..<n).map { _ in generator.normal() }, covariance: covariance)
    let gains = PairGains(posterior)
    var least = Double.infinity
    for code in 0..<125 {
      let letters = [code / 25, code / 5 % 5, code % 5]
      var degree = [Int](repeating: 1, count: n)
      for letter in letters { degree[letter] += 1 }
      var weight = 0.0
      for letter in letters {
        guard let leaf = degree.firstIndex(of: 1) else { continue }
        weight += 1 / gains[leaf, letter]
        degree[leaf] -= 1
        degree[letter] -= 1
      }
      let last = degree.indices.filter { degree[$0] == 1 }
      weight += 1 / gains[last[0], last[1]]
      least = min(least, weight)
    }
    let tree = try nextPairs(posterior: posterior, count: n - 1, using: &generator)
    let ours = tree.reduce(0) { $0 + 1 / gains[$1.a, $1.b] }
    // The same sum in another order.
    #expect(abs(ours - least) < 1e-9 * least)
  }

  @Test func keepsAvoidedPairsAndHistoryOut() throws {
    var generator = SeededGenerator(seed: 3)
    let posterior = try independent([0, 0.1, 0.2, 0.3])
    let constraints = PairConstraints(
      avoided: [PhotoPair(0, 1)], history: [PhotoPair(1, 2): 1, PhotoPair(2, 3): 1])
    let pairs = try nextPairs(
      posterior: posterior, count: 99, constraints: constraints, using: &generator)
    #expect(Set(pairs.map(\.pair)) == [PhotoPair(0, 2), PhotoPair(0, 3), PhotoPair(1, 3)])
    let twice = PairConstraints(
      avoided: [PhotoPair(0, 1)], history: [PhotoPair(1, 2): 1, PhotoPair(2, 3): 1],
      judgementsPerObserver: 2)
    let more = try nextPairs(
      posterior: posterior, count: 99, constraints: twice, using: &generator)
    #expect(more.count == 5)
    let all = PairConstraints(avoided: [PhotoPair(0, 1)])
    let two = try independent([0, 1])
    #expect(throws: InputError.self) {
      try nextPairs(posterior: two, count: 1, constraints: all, using: &generator)
    }
    let one = try independent([0])
    #expect(throws: InputError.self) {
      try nextPairs(posterior: one, count: 1, using: &generator)
    }
  }

  @Test func aForestIsEnoughWhenGroupsMayNotMeet() throws {
    var generator = SeededGenerator(seed: 4)
    let posterior = try independent([0, 1, 0.5, 1.5])
    let avoided: Set = [PhotoPair(0, 2), PhotoPair(0, 3), PhotoPair(1, 2), PhotoPair(1, 3)]
    let pairs = try nextPairs(
      posterior: posterior, count: 9, constraints: PairConstraints(avoided: avoided),
      using: &generator)
    #expect(Set(pairs.map(\.pair)) == [PhotoPair(0, 1), PhotoPair(2, 3)])
  }

  @Test func withoutInformationTreesAreRandom() throws {
    let posterior = try independent([Double](repeating: 0, count: 30), variance: 4)
    var first = SeededGenerator(seed: 5)
    var second = SeededGenerator(seed: 6)
    let one = try nextPairs(posterior: posterior, count: 29, using: &first)
    let other = try nextPairs(posterior: posterior, count: 29, using: &second)
    #expect(components(one.map(\.pair), count: 30) == 1)
    #expect(one.map(\.pair) != other.map(\.pair))
    // A star, which equal weights would give, has one photo in all pairs.
    for photo in 0..<30 { #expect(one.count { $0.a == photo || $0.b == photo } < 15) }
  }

  @Test func laterTreesKnowWhatEarlierOnesWillTell() throws {
    var generator = SeededGenerator(seed: 7)
    let posterior = try independent((0..<20).map { Double($0) * 0.4 })
    let pairs = try nextPairs(posterior: posterior, count: 57, using: &generator)
    #expect(Set(pairs.map(\.pair)).count == 57)
    let gains = pairs.compactMap(\.gain)
    #expect(Descriptive.mean(Array(gains[38...])) < Descriptive.mean(Array(gains[..<19])))
  }

  @Test func sidesAreBalancedWithThePast() throws {
    var generator = SeededGenerator(seed: 8)
    let posterior = try independent([0, 0.5, 1])
    // Photo 0 stood as A nine times more than as B: it must be B now.
    let constraints = PairConstraints(sideSurplus: [9, -9, 0])
    let pairs = try nextPairs(
      posterior: posterior, count: 3, constraints: constraints, using: &generator)
    #expect(pairs.allSatisfy { $0.a != 0 && $0.b != 1 })
  }

  @Test func constraintsComeFromJudgements() throws {
    let judgements = SceneJudgements(
      scene: "S", attribute: .details, photos: ["p", "q", "r"], observers: ["x", "y"],
      votes: [
        .init(observer: 0, a: 0, b: 1, choice: .a), .init(observer: 1, a: 0, b: 2, choice: .b),
        .init(observer: 0, a: 1, b: 0, choice: .tie),
      ])
    let constraints = PairConstraints(judgements, observer: "x")
    #expect(constraints.history == [PhotoPair(0, 1): 2])
    #expect(constraints.sideSurplus == [1, 0, -1])
    #expect(PairConstraints(judgements, observer: nil).history.isEmpty)
  }

  @Test func swissPairsNeighboursThatMetLeast() throws {
    var generator = SeededGenerator(seed: 9)
    let first = try swissPairs(means: [5, 1, 4, 2], met: [:], using: &generator)
    #expect(Set(first.map(\.pair)) == [PhotoPair(0, 2), PhotoPair(1, 3)])
    let second = try swissPairs(
      means: [5, 1, 4, 2], met: [PhotoPair(0, 2): 1, PhotoPair(1, 3): 1], using: &generator)
    #expect(Set(second.map(\.pair)) == [PhotoPair(0, 3), PhotoPair(1, 2)])
  }

  @Test func randomPairsAreTreesAndDiffer() throws {
    var generator = SeededGenerator(seed: 10)
    let pairs = try randomPairs(photos: 25, count: 24, using: &generator)
    #expect(components(pairs.map(\.pair), count: 25) == 1)
    let all = try randomPairs(photos: 5, count: 99, using: &generator)
    #expect(Set(all.map(\.pair)).count == 10)
  }

  /// A full round of a big study: a spanning tree of different pairs, by either criterion.
  @Test(arguments: [PairCriterion.informationGain, .errorReduction])
  func twoHundredPhotosGetASpanningTree(criterion: PairCriterion) throws {
    var generator = SeededGenerator(seed: 11)
    let n = 200
    var covariance = [Double](repeating: 0.01, count: n * n)
    for i in 0..<n { covariance[i * n + i] = 0.1 + 0.1 * generator.uniform() }
    let posterior = try QualityPosterior(
      means: (0..<n).map { _ in 3 * generator.normal() }, covariance: covariance)
    let pairs = try nextPairs(
      posterior: posterior, count: n - 1, criterion: criterion, using: &generator)
    #expect(Set(pairs.map(\.pair)).count == n - 1)
    #expect(components(pairs.map(\.pair), count: n) == 1)
  }
}

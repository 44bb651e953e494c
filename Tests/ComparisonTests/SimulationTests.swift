import Comparison
import Domain
import Statistics
import Testing

private func line(_ qualities: [Double], scene: SceneID = "S") -> [TrueQuality] {
  qualities.enumerated().map { index, quality in
    let name = PhotoID("p\(index / 100)\(index / 10 % 10)\(index % 10)")
    return TrueQuality(scene: scene, attribute: .details, photo: name, quality: JOD(quality))
  }
}

/// The groups of photos that are joined by pairs.
private func groupCount(_ judgements: SceneJudgements) -> Int {
  var group = Array(judgements.photos.indices)
  for vote in judgements.votes {
    let (kept, gone) = (group[vote.a], group[vote.b])
    for k in group.indices where group[k] == gone { group[k] = kept }
  }
  return Set(group).count
}

@Suite struct SimulationTests {
  @Test func oneJODIsSeenBy75Percent() throws {
    let votes = try simulate(
      truth: line([0, 1]), comparisons: 40_000, observers: SimulatedObserver.panel(20), seed: 1)
    let right = votes.count { ($0.photoA == "p001") == ($0.choice == .a) }
    // Binomial: the standard error is √(.75·.25/40,000) = 0.0022; four of them.
    #expect(abs(Double(right) / 40_000 - 0.75) < 0.0087)
  }

  @Test func everyDistanceFollowsTheCumulativeNormal() throws {
    for distance in [0.0, 0.5, 2, 4] {
      let votes = try simulate(
        truth: line([0, distance]), comparisons: 20_000, observers: SimulatedObserver.panel(3),
        seed: 2)
      let right = votes.count { ($0.photoA == "p001") == ($0.choice == .a) }
      let expected = StandardNormal.cdf(distance / JOD.differenceSigma)
      let tolerance = 4 * (expected * (1 - expected) / 20_000).squareRoot()
      #expect(abs(Double(right) / 20_000 - expected) < tolerance)
    }
  }

  @Test func givesExactlyTheVotesAskedForPerSceneAndAttribute() throws {
    let truth = line([0, 1, 2, 3]) + line([0, 2, 4], scene: "T")
    let votes = try simulate(
      truth: truth, comparisons: 57, observers: SimulatedObserver.panel(10), seed: 3)
    let groups = SceneJudgements.grouping(votes)
    #expect(groups.map(\.votes.count) == [57, 57])
    for group in groups {
      let counts = group.observers.indices.map { observer in
        group.votes.count { $0.observer == observer }
      }
      #expect(counts.count == 10)
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
  }

  @Test(arguments: [PairingRule.random, .close(width: 1)])
  func designsAreConnectedEvenAtTheLeastNumberOfVotes(rule: PairingRule) throws {
    for seed in 0..<20 {
      let votes = try simulate(
        truth: line((0..<60).map { Double($0) / 5 }), comparisons: 59,
        observers: SimulatedObserver.panel(7), pairing: rule, seed: UInt64(seed))
      let groups = SceneJudgements.grouping(votes)
      #expect(groups.first.map(groupCount) == 1)
      #expect(groups.first?.photos.count == 60)
    }
  }

  @Test func sidesAreBalancedPhotoByPhoto() throws {
    let votes = try simulate(
      truth: line((0..<24).map { Double($0) / 3 }), comparisons: 960,
      observers: SimulatedObserver.panel(15), seed: 4)
    var surplus: [PhotoID: Int] = [:]
    for vote in votes {
      surplus[vote.photoA, default: 0] += 1
      surplus[vote.photoB, default: 0] -= 1
    }
    // Greedy balance keeps every photo within a few of even; coin tosses would give √80 ≈ 9.
    #expect(surplus.values.allSatisfy { abs($0) <= 3 })
  }

  @Test func matchingsJudgeEveryPhotoAboutEquallyOften() throws {
    let votes = try simulate(
      truth: line((0..<24).map { Double($0) / 3 }), comparisons: 960,
      observers: SimulatedObserver.panel(15), seed: 5)
    let group = try #require(SceneJudgements.grouping(votes).first)
    // 80 each on average; only the spanning tree's degrees and one unfinished round differ.
    #expect(ComparisonMatrix(group).comparisonsPerPhoto.allSatisfy { abs($0 - 80) <= 8 })
  }

  @Test func closePairsAreClose() throws {
    let truth = line((0..<50).map { Double($0) / 5 })
    func meanDistance(_ rule: PairingRule) throws -> Double {
      let votes = try simulate(
        truth: truth, comparisons: 3_000, observers: SimulatedObserver.panel(5), pairing: rule,
        seed: 6)
      let quality = Dictionary(uniqueKeysWithValues: truth.map { ($0.photo, $0.quality.value) })
      return Descriptive.mean(
        votes.map { abs(quality[$0.photoA, default: 0] - quality[$0.photoB, default: 0]) })
    }
    // Uniform pairs on 0…10 are 10/3 apart; |N(0, 1)| has mean 0.8.
    #expect(abs(try meanDistance(.random) - 10.0 / 3) < 0.3)
    #expect(abs(try meanDistance(.close(width: 1)) - 0.8) < 0.15)
  }

  @Test func sameSeedSameVotesAndScenesDoNotDisturbOneAnother() throws {
    let observers = SimulatedObserver.panel(8)
    let both = line([0, 1, 2, 3]) + line([0, 2, 4], scene: "T")
    let first = try simulate(truth: both, comparisons: 40, observers: observers, seed: 7)
    let again = try simulate(truth: both.reversed(), comparisons: 40, observers: observers, seed: 7)
    let alone = try simulate(
      truth: line([0, 2, 4], scene: "T"), comparisons: 40, observers: observers, seed: 7)
    let other = try simulate(truth: both, comparisons: 40, observers: observers, seed: 8)
    #expect(first == again)
    #expect(first.filter { $0.scene == "T" } == alone)
    #expect(first != other)
  }

  @Test func lapsesAndSideBiasShowInTheVotes() throws {
    let lapsing = [SimulatedObserver(id: "x", lapseRate: 1)]
    let blind = try simulate(
      truth: line([0, 9]), comparisons: 10_000, observers: lapsing, seed: 9)
    let right = blind.count { ($0.photoA == "p001") == ($0.choice == .a) }
    // Four standard errors of a fair coin thrown 10,000 times.
    #expect(abs(right - 5_000) < 200)
    let biased = [SimulatedObserver(id: "x", sideBias: JOD(1))]
    let leaning = try simulate(
      truth: line([0, 0]), comparisons: 10_000, observers: biased, seed: 9)
    #expect(abs(leaning.count { $0.choice == .a } - 7_500) < 180)
  }

  @Test func tiesAndTimesOnlyWhereAskedFor() throws {
    let plain = try simulate(
      truth: line([0, 1]), comparisons: 500, observers: SimulatedObserver.panel(2), seed: 10)
    #expect(plain.allSatisfy { $0.choice != .tie && $0.responseMilliseconds == nil })
    let rich = SimulatedObserver(id: "x", tieThreshold: JOD(0.5), medianMilliseconds: 2_000)
    let votes = try simulate(truth: line([0, 0]), comparisons: 10_000, observers: [rich], seed: 10)
    let expected = 2 * StandardNormal.cdf(0.5 / JOD.differenceSigma) - 1
    #expect(abs(Double(votes.count { $0.choice == .tie }) / 10_000 - expected) < 0.018)
    let times = votes.compactMap(\.responseMilliseconds)
    // The median of 10,000 log-normal times of shape 0.5 has a relative standard error of 0.6 %.
    #expect(abs(Descriptive.median(times) - 2_000) < 60)
  }

  @Test func refusesWhatCannotBeJudged() {
    let panel = SimulatedObserver.panel(3)
    #expect(throws: InputError.self) {
      try simulate(truth: line([0, 1, 2, 3]), comparisons: 2, observers: panel, seed: 0)
    }
    #expect(throws: InputError.self) {
      try simulate(truth: line([0]), comparisons: 9, observers: panel, seed: 0)
    }
    #expect(throws: InputError.self) {
      try simulate(truth: [], comparisons: 9, observers: panel, seed: 0)
    }
    #expect(throws: InputError.self) {
      try simulate(truth: line([0, .nan]), comparisons: 9, observers: panel, seed: 0)
    }
    #expect(throws: InputError.self) {
      try simulate(truth: line([0, 1]) + line([2]), comparisons: 9, observers: panel, seed: 0)
    }
    #expect(throws: InputError.self) {
      try simulate(truth: line([0, 1]), comparisons: 9, observers: [], seed: 0)
    }
    let wrong = [SimulatedObserver(id: "x", lapseRate: 1.5)]
    #expect(throws: InputError.self) {
      try simulate(truth: line([0, 1]), comparisons: 9, observers: wrong, seed: 0)
    }
  }

  @Test func crossNamesAreReadBack() {
    let photo = ScenePhoto(scene: "Indoor_1", photo: "a/b.png")
    #expect(photo.crossName == "Indoor_1/a/b.png")
    #expect(ScenePhoto(crossName: photo.crossName) == photo)
    #expect(ScenePhoto(crossName: "alone.png") == nil)
    #expect(ScenePhoto(crossName: "/x") == nil)
  }
}

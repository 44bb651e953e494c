import AnnotationService
import Comparison
import Domain
import Files
import Foundation
import HTTPTypes
import HummingbirdTesting
import Statistics
import Testing

/// Every vote knows how its pair was chosen, so that its scale can allow for the choice.
@Suite struct PairOriginTests {
  /// Observers with known truth judge through HTTP until the task is complete.
  private func run(
    _ lab: Laboratory, observers: Int, votes: Int, truth: [PhotoID: Double], seed: UInt64
  ) async throws {
    let tokens = try (0..<observers).map { _ in try lab.study.invite().token }
    try await lab.test(plansAtOnce: true) { client in
      var visitors: [(visitor: Visitor, session: String)] = []
      for token in tokens {
        let visitor = try await Visitor.enter(client, token)
        visitors.append((visitor, try await visitor.begin()))
      }
      var photos: [String: PhotoID] = [:]
      for number in 0..<20 {
        let path = "\(lab.folder)/Indoor_1_\(number).png"
        guard FileManager.default.fileExists(atPath: path) else { break }
        photos["/img/\(try FileDigest.sha256(path))"] = PhotoID("\(number)_Indoor_1.png")
      }
      let places = photos
      var generator = SeededGenerator(seed: seed)
      var count = 0
      while count < votes {
        var voted = false
        for (visitor, session) in visitors where count < votes {
          guard let lease = try await visitor.leases(session).leases.first else { continue }
          let left = places[lease.left] ?? ""
          let right = places[lease.right] ?? ""
          // Which side a photo lies on is drawn anew in every run and must not decide the study.
          let (a, b) = left.text < right.text ? (left, right) : (right, left)
          let difference = (truth[a] ?? 0) - (truth[b] ?? 0)
          let prefersA = generator.uniform() < StandardNormal.cdf(difference / JOD.differenceSigma)
          let answer = try await visitor.vote(lease.id, prefersA == (a == left) ? "left" : "right")
          #expect(answer.status == .created)
          count += 1
          voted = true
        }
        if !voted { try await Task.sleep(for: .milliseconds(5)) }
      }
    }
  }

  @Test(arguments: [PairCriterion.errorReduction, .informationGain, .asap, .swiss, .random])
  func votesCarryTheCriterionOfTheSettings(_ criterion: PairCriterion) async throws {
    let lab = try Laboratory(photos: 8) {
      $0.blockSeconds = 100_000
      ($0.criterion, $0.randomShare) = (criterion, criterion.isAdaptive ? 0.25 : 0)
      $0.batchSize = 6
    }
    try await run(lab, observers: 4, votes: 80, truth: [:], seed: 3)
    let origins = try lab.study.judgements().map(\.origin)
    #expect(origins.allSatisfy { $0 != nil })
    let named = Set(origins.compactMap { $0?.criterion })
    #expect(named.isSubset(of: [criterion, .random, .anchor]))
    #expect(named.contains(criterion))
    let batches = origins.compactMap { $0 }.filter(\.criterion.isAdaptive).map(\.batch)
    #expect(!criterion.isAdaptive || Set(batches).count > 3)
  }

  /// What close pairs leave open is the scale's length: a share of every batch lies far apart.
  @Test func aShareOfTheBatchLiesFarApart() async throws {
    let lab = try Laboratory(photos: 12) {
      $0.blockSeconds = 100_000
      ($0.anchorShare, $0.batchSize) = (0.25, 12)
    }
    let names = (0..<12).map { PhotoID("\($0)_Indoor_1.png") }
    let truth = Dictionary(
      uniqueKeysWithValues: names.enumerated().map { ($1, Double($0) * 0.5 - 2.75) })
    try await run(lab, observers: 6, votes: 240, truth: truth, seed: 4)
    let votes = try lab.study.judgements()
    func distance(_ criterion: PairCriterion) -> Double {
      Descriptive.mean(
        votes.filter { $0.origin?.criterion == criterion }
          .map { abs((truth[$0.photoA] ?? 0) - (truth[$0.photoB] ?? 0)) })
    }
    let anchors = votes.filter { $0.origin?.criterion == .anchor }.count
    // A quarter of every plan; an observer passes over what he judged, mostly close pairs.
    #expect((30...150).contains(anchors))
    #expect(distance(.anchor) > 1.3 * distance(.errorReduction))
  }

  /// Two observers soon judge all pairs that tell much: then such a pair may come back, after a
  /// gap.
  @Test func aPairMayReturnAfterAGap() async throws {
    let lab = try Laboratory(photos: 12) {
      $0.blockSeconds = 100_000
      ($0.returnAfter, $0.batchSize) = (15, 6)
    }
    let names = (0..<12).map { PhotoID("\($0)_Indoor_1.png") }
    let truth = Dictionary(
      uniqueKeysWithValues: names.enumerated().map { ($1, Double($0) * 0.5 - 2.75) })
    try await run(lab, observers: 2, votes: 100, truth: truth, seed: 6)
    let votes = try lab.study.judgements()
    var returned = 0
    for observer in Set(votes.map(\.observer)) {
      let own = votes.filter { $0.observer == observer }
        .map { Set([$0.photoA.text, $0.photoB.text]) }
      for (place, pair) in own.enumerated() {
        guard let before = own[..<place].lastIndex(of: pair) else { continue }
        returned += 1
        #expect(place - before >= 15)
      }
    }
    #expect(returned > 0)
  }

  @Test func theLiveScaleAllowsForTheChoiceOfPairs() async throws {
    let lab = try Laboratory(photos: 12) {
      $0.blockSeconds = 100_000
      ($0.criterion, $0.anchorShare) = (.informationGain, 0)
    }
    let names = (0..<12).map { PhotoID("\($0)_Indoor_1.png") }
    let truth = Dictionary(
      uniqueKeysWithValues: names.enumerated().map { ($1, Double($0) * 0.5 - 2.75) })
    try await run(lab, observers: 6, votes: 240, truth: truth, seed: 5)
    let judgements = SceneJudgements.grouping(try lab.study.judgements())[0]
    #expect(PairReplay(judgements) != nil)
    let scores = try ThurstoneEstimator().scores(judgements)
    let plain = try ThurstoneEstimator(replays: 0).scores(judgements)
    func spread(_ scores: [EstimatedScore]) -> Double {
      Descriptive.standardDeviation(scores.map(\.mean))
    }
    // Pairs that follow the answers stretch a scale; the live scale takes the stretch out.
    #expect(spread(scores) < spread(plain))
    let covered = zip(judgements.photos, scores).count { photo, score in
      let quality = truth[photo] ?? 0
      return score.low <= quality && quality <= score.high
    }
    // 95 % of 12; 8 or fewer happen once in 20,000 studies of independent photos, and these hang
    // together.
    #expect(covered >= 8)
  }
}

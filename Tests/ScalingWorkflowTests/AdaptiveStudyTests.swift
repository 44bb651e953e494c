import Comparison
import Domain
import Files
import Scaling
import ScalingWorkflow
import Statistics
import TestSupport
import Testing

/// A study of ideal observers whose pairs are chosen by their answers, as with
/// `vernier next-pairs`.
private struct AdaptiveStudy {
  let truth: [Double]
  private(set) var judgements: [Judgement] = []

  init(
    photos: Int, range: Double, votes: Int, batch: Int, criterion: PairCriterion, seed: UInt64
  ) throws {
    truth = (0..<photos).map { (Double($0) / Double(photos - 1) - 0.5) * range }
    var generator = SeededGenerator(seed: seed)
    for pair in randomSpanningTree(count: photos, using: &generator) {
      ask(pair.first, pair.second, origin: nil, &generator)
    }
    let sampler = try PairSampler(criterion: criterion)
    while judgements.count < votes {
      let now = SceneJudgements.grouping(judgements)[0]
      var study = CountedVotes(ComparisonMatrix(now), fit: qualityPosterior)
      let pairs = try sampler.batch(
        min(batch, votes - judgements.count), study: &study, using: &generator)
      let origin = judgements.count
      for (pair, criterion) in pairs {
        ask(pair.a, pair.b, origin: PairOrigin(criterion: criterion, batch: origin), &generator)
      }
    }
  }

  private mutating func ask(
    _ a: Int, _ b: Int, origin: PairOrigin?, _ generator: inout SeededGenerator
  ) {
    let chance = StandardNormal.cdf((truth[a] - truth[b]) / JOD.differenceSigma)
    judgements.append(
      Judgement(
        observer: ObserverID("observer \(judgements.count % 12)"), scene: "scene",
        attribute: .details, photoA: Self.name(a), photoB: Self.name(b),
        choice: generator.uniform() < chance ? .a : .b, origin: origin))
  }

  /// Names that sort like the photos.
  private static func name(_ photo: Int) -> PhotoID { PhotoID("photo \(100 + photo)") }

  var scene: SceneJudgements { SceneJudgements.grouping(judgements)[0] }

  /// The votes without how their pairs were chosen.
  var bare: [Judgement] { judgements.map { $0.with(nil) } }
}

extension Judgement {
  fileprivate func with(_ origin: PairOrigin?) -> Judgement {
    Judgement(
      observer: observer, scene: scene, attribute: attribute, photoA: photoA, photoB: photoB,
      choice: choice, origin: origin)
  }
}

private func settings(replays: Int, threads: Int? = nil) -> ScalingSettings {
  var settings = ScalingSettings()
  (settings.bootstraps, settings.replays, settings.threads) = (0, replays, threads)
  return settings
}

private func slope(_ scores: [Double], on truth: [Double]) -> Double {
  zip(scores, truth).reduce(0) { $0 + $1.0 * $1.1 } / truth.reduce(0) { $0 + $1 * $1 }
}

@Suite struct AdaptiveStudyTests {
  @Test(arguments: [PairCriterion.informationGain, .errorReduction])
  func replaysTakeTheStretchOutAndIntervalsHold(criterion: PairCriterion) throws {
    var (plain, corrected, covered, count) = (0.0, 0.0, 0, 0)
    let studies = 8
    for seed in 0..<studies {
      let study = try AdaptiveStudy(
        photos: 24, range: 6, votes: 400, batch: 12, criterion: criterion,
        seed: UInt64(seed + 1))
      let plan = ScalingPlan(settings: settings(replays: 60))
      let simulation = try #require(plan.simulation(of: study.scene))
      let scaled = try scaleScene(
        study.scene, settings: plan.settings, simulation: simulation)
      plain += slope(scaled.fit.jod, on: study.truth) / Double(studies)
      corrected += slope(scaled.estimates.positions, on: study.truth) / Double(studies)
      for (photo, truth) in zip(scaled.scale.photos, study.truth) {
        covered += photo.interval.low <= truth && truth <= photo.interval.high ? 1 : 0
        count += 1
      }
      guard case .corrected(60, let stretch) = scaled.choice else {
        Issue.record("not corrected: \(scaled.choice)")
        continue
      }
      #expect(stretch > 1)
    }
    // A study of this size knows its slope to some 6 %, eight of them to 2 %: three standard
    // errors.
    #expect(plain > 1.03)
    #expect(abs(corrected - 1) < 0.08, "\(criterion): \(plain), then \(corrected)")
    // 192 dependent intervals; plain ones of information gain hold in about 80 %.
    #expect(Double(covered) / Double(count) > 0.89)
  }

  @Test func numbersDependOnNoThread() throws {
    let study = try AdaptiveStudy(
      photos: 10, range: 4, votes: 120, batch: 8, criterion: .errorReduction, seed: 5)
    let scaled = try [1, 2].map { threads in
      let plan = ScalingPlan(settings: settings(replays: 12, threads: threads))
      return try scaleScene(
        study.scene, settings: plan.settings, simulation: plan.simulation(of: study.scene)
      ).scale
    }
    #expect(scaled[0] == scaled[1])
  }

  @Test func votesCarryHowTheirPairsWereChosen() throws {
    let scratch = try Scratch()
    let study = try AdaptiveStudy(
      photos: 8, range: 4, votes: 60, batch: 6, criterion: .informationGain, seed: 2)
    try VotesFile.write(study.judgements, to: scratch.file("votes.csv"))
    #expect(try VotesFile.read(scratch.file("votes.csv")) == study.judgements)
    let head = "observer,scene,attribute,image_a,image_b,choice,criterion,batch\n"
    let unknown = try scratch.write(head + "o,s,details,a,b,a,luck,1\n")
    let problem = try #require(message { _ = try VotesFile.read(unknown) })
    #expect(problem.contains("row 2") && problem.contains("error-reduction"))
    let incomplete = try scratch.write(head + "o,s,details,a,b,a,asap,\n")
    #expect(try #require(message { _ = try VotesFile.read(incomplete) }).contains("batch"))
  }

  @Test func anAdaptiveDesignIsSeenWithoutItsColumns() throws {
    let study = try AdaptiveStudy(
      photos: 40, range: 8, votes: 900, batch: 24, criterion: .errorReduction, seed: 3)
    let random = try AdaptiveStudy(
      photos: 40, range: 8, votes: 900, batch: 24, criterion: .random, seed: 3)
    func diagnosis(_ study: AdaptiveStudy) throws -> DesignDiagnosis {
      let scaled = try scaleScene(study.scene, settings: settings(replays: 0))
      return try #require(DesignDiagnosis(study.scene, positions: scaled.fit.jod))
    }
    #expect(try diagnosis(study).looksAdaptive)
    #expect(try !diagnosis(random).looksAdaptive)
    // A choice stated by hand is replayed like one that the votes carry.
    let choice = try StatedPairChoice(criterion: .errorReduction, batch: 24)
    let plan = ScalingPlan(settings: settings(replays: 40), choice: choice)
    let scaled = try scaleScene(
      random.scene, settings: plan.settings, simulation: plan.simulation(of: random.scene))
    #expect(scaled.choice != .beforehand)
    #expect(throws: InputError.self) {
      try StatedPairChoice(criterion: .errorReduction, batch: nil)
    }
  }

  @Test func aStatedChoiceHasToReproduceTheStudy() throws {
    let random = try AdaptiveStudy(
      photos: 40, range: 8, votes: 900, batch: 24, criterion: .random, seed: 3)
    let adaptive = try AdaptiveStudy(
      photos: 40, range: 8, votes: 900, batch: 24, criterion: .informationGain, seed: 3)
    func scaled(_ study: AdaptiveStudy, _ criterion: PairCriterion) throws -> ScaledScene {
      let choice = try StatedPairChoice(criterion: criterion, batch: 24)
      let plan = ScalingPlan(settings: settings(replays: 40), choice: choice)
      return try plan.scaled(SceneJudgements.grouping(study.bare)[0])
    }
    let wrong = try scaled(random, .informationGain)
    guard case .notReproduced(let mismatch) = wrong.choice else {
      Issue.record("\(wrong.choice)")
      return
    }
    #expect(mismatch.feature == .closeness && mismatch.study > mismatch.replicates + 0.3)
    let plain = try scaleScene(random.scene, settings: settings(replays: 0))
    #expect(wrong.scale == plain.scale)
    #expect(wrong.notes.contains { $0.contains("does not reproduce this study") })
    guard case .corrected(40, let stretch) = try scaled(adaptive, .informationGain).choice else {
      Issue.record("not corrected")
      return
    }
    #expect(stretch > 1.03)
  }

  @Test func aFileSortedByObserverIsReplayedAsIfAllWorkedSideBySide() throws {
    let study = try AdaptiveStudy(
      photos: 24, range: 6, votes: 600, batch: 12, criterion: .informationGain, seed: 4)
    let sorted = study.bare.enumerated().sorted {
      ($0.element.observer, $0.offset) < ($1.element.observer, $1.offset)
    }.map(\.element)
    func stretch(_ judgements: [Judgement]) throws -> Double {
      let choice = try StatedPairChoice(criterion: .informationGain, batch: 12)
      let plan = ScalingPlan(settings: settings(replays: 60), choice: choice)
      let scaled = try plan.scaled(SceneJudgements.grouping(judgements)[0])
      guard case .corrected(_, let stretch) = scaled.choice else {
        Issue.record("\(scaled.choice)")
        return .nan
      }
      return stretch
    }
    // Some 40 replicates know the stretch to a hundredth or two.
    #expect(try abs(stretch(sorted) - stretch(study.bare)) < 0.06)
  }

  @Test func theAuditSaysWhetherTheChoiceIsKnown() throws {
    let scratch = try Scratch()
    let study = try AdaptiveStudy(
      photos: 24, range: 6, votes: 500, batch: 12, criterion: .informationGain, seed: 6)
    func verdict(_ judgements: [Judgement]) throws -> AuditFinding {
      try VotesFile.write(judgements, to: scratch.file("votes.csv"))
      let audit = try VotesAudit(votes: scratch.file("votes.csv"), replicates: 100).run()
      return try #require(audit.scenes.first?.findings.first { $0.probe == .pairChoice })
    }
    let known = try verdict(study.judgements)
    #expect(known.verdict == .fine && known.sentence.contains("corrected for it"), "\(known)")
    let unknown = try verdict(study.bare)
    #expect(unknown.verdict == .look && unknown.sentence.contains("criterion"), "\(unknown)")
    let random = try AdaptiveStudy(
      photos: 24, range: 6, votes: 500, batch: 12, criterion: .random, seed: 6)
    #expect(try verdict(random.bare).verdict == .fine)
    let wrong = try verdict(
      random.bare.enumerated().map { place, vote in
        vote.with(place < 24 ? nil : PairOrigin(criterion: .informationGain, batch: place / 12))
      })
    #expect(wrong.verdict == .look && wrong.sentence.contains("does not look like that"))
  }
}

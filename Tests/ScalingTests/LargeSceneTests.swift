import Domain
import Scaling
import Statistics
import Testing

/// Scales of very many photos, held against those of the dense fit where both can be had.
@Suite struct LargeSceneTests {
  private func settings(
    _ model: ScalingModel = .thurstone, prior: ScalePrior = .standard
  ) -> ScalingSettings {
    var settings = ScalingSettings()
    (settings.model, settings.prior, settings.bootstraps) = (model, prior, 0)
    return settings
  }

  @Test(
    arguments: [ScalingModel.thurstone, .bradleyTerry],
    [ScalePrior.standard, .gaussian(varianceJOD2: 1), .none])
  func positionsAndIntervalsAreThoseOfTheDenseFit(model: ScalingModel, prior: ScalePrior) throws {
    let study = SimulatedStudy(
      truth: SimulatedStudy.evenTruth(150, range: 8), votes: 6000, observers: 40, seed: 12,
      observerSpread: 0.5, ties: 0.1)
    let settings = settings(model, prior: prior)
    let dense = try scaleScene(study.judgements, settings: settings)
    let large = try scaleLargeScene(study.judgements, settings: settings)
    var ratios: [Double] = []
    for (photo, pair) in zip(dense.scale.photos, large.scale.photos).enumerated() {
      let (one, other) = pair
      #expect(one.photo == other.photo && one.comparisons == other.comparisons)
      #expect(abs(one.score - other.score) < 1e-8)
      let exact = dense.estimates.standardError(.position(photo, of: 150))
      ratios.append(other.standardDeviation / exact)
      let widths = (one.interval.high - one.interval.low, other.interval.high - other.interval.low)
      #expect(abs(widths.1 / widths.0 - 1) < 0.2)
      #expect(abs(one.interval.low - other.interval.low) < 0.2 * widths.0)
      #expect(other.level == nil && other.cluster == nil)
    }
    // 128 samples of what neighbors add to a variance, and 40 observers one by one.
    #expect(abs(Descriptive.mean(ratios) - 1) < 0.01)
    #expect(Descriptive.standardDeviation(ratios) < 0.03)
    #expect(large.notes.contains { $0.hasPrefix("150 photos make a large study") })
    #expect(large.notes.contains { $0.contains("ties count as half a vote") })
  }

  @Test func intervalsHoldTheTruth() throws {
    let study = SimulatedStudy(
      truth: SimulatedStudy.evenTruth(600, range: 6), votes: 9000, observers: 5, seed: 3)
    let large = try scaleLargeScene(study.judgements, settings: settings())
    let held = zip(large.scale.photos, study.truth).count {
      $0.interval.low <= $1 && $1 <= $0.interval.high
    }
    // 600 photos at 95 %: a standard error of 0.9 %.
    #expect(held >= 552 && held <= 588, "\(held)")
  }

  @Test func threadsChangeNothingAndSeedsHardly() throws {
    let study = SimulatedStudy(
      truth: SimulatedStudy.evenTruth(60, range: 4), votes: 900, observers: 20, seed: 1)
    var settings = settings()
    settings.threads = 1
    let one = try scaleLargeScene(study.judgements, settings: settings)
    settings.threads = 3
    #expect(try scaleLargeScene(study.judgements, settings: settings) == one)
    settings.seed = 2
    let other = try scaleLargeScene(study.judgements, settings: settings)
    #expect(other != one)
    for (a, b) in zip(one.scale.photos, other.scale.photos) {
      #expect(a.score == b.score)
      #expect(abs(a.standardDeviation / b.standardDeviation - 1) < 0.2)
    }
  }

  @Test func designsWithoutAScaleAreRefusedAsElsewhere() throws {
    func judgements(_ votes: [(Int, Int)]) -> SceneJudgements {
      SceneJudgements(
        scene: "S", attribute: .details, photos: ["a", "b", "c", "d"], observers: ["o"],
        votes: votes.map { SceneJudgements.Vote(observer: 0, a: $0.0, b: $0.1, choice: .a) })
    }
    let cases: [([(Int, Int)], ScalePrior)] = [
      ([], .standard), ([(0, 1), (2, 3)], .standard), ([(0, 1), (1, 2), (2, 3)], .none),
    ]
    for (votes, prior) in cases {
      let scene = judgements(votes)
      let expected = #expect(throws: ScalingError.self) {
        try scaleScene(scene, settings: settings(prior: prior))
      }
      let found = #expect(throws: ScalingError.self) {
        try scaleLargeScene(scene, settings: settings(prior: prior))
      }
      #expect(expected == found && expected != nil)
    }
    var islands = settings()
    islands.disconnected = .usePrior
    let scale = try scaleLargeScene(judgements([(0, 1), (2, 3)]), settings: islands)
    #expect(scale.notes.contains { $0.hasPrefix("2 groups of photos were never compared") })
    #expect(throws: InputError.self) {
      try scaleLargeScene(judgements([(0, 1)]), settings: settings(prior: .pwcmp))
    }
    #expect(throws: CancellationError.self) {
      try scaleLargeScene(
        judgements([(0, 1), (1, 2), (2, 3)]), settings: settings(),
        progress: ScalingProgress(isCancelled: { true }))
    }
  }
}

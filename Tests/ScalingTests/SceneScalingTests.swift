import Domain
import Foundation
import Scaling
import Statistics
import Synchronization
import Testing

@Suite struct SceneScalingTests {
  let study = SimulatedStudy(
    truth: SimulatedStudy.evenTruth(20, range: 5), votes: 900, observers: 15, seed: 3)

  func settings(_ change: (inout ScalingSettings) -> Void = { _ in }) -> ScalingSettings {
    var settings = ScalingSettings()
    settings.bootstraps = 200
    change(&settings)
    return settings
  }

  @Test func sameSeedSameNumbers() throws {
    let one = try scaleScene(study.judgements, settings: settings { $0.threads = 1 })
    let many = try scaleScene(study.judgements, settings: settings { $0.threads = 7 })
    #expect(one.bootstrap == many.bootstrap)
    #expect(one.scale == many.scale)
    let other = try scaleScene(study.judgements, settings: settings { $0.seed = 2 })
    #expect(other.fit == one.fit)
    #expect(other.bootstrap != one.bootstrap)
  }

  @Test func scaleIsComplete() throws {
    let scaled = try scaleScene(study.judgements, settings: settings())
    #expect(scaled.intervals == .observerBootstrap(observers: 15))
    #expect(scaled.scale.convention == .jod)
    #expect(scaled.scale.photos.map(\.photo) == study.judgements.photos)
    #expect(scaled.scale.photos.reduce(0) { $0 + $1.comparisons } == 1800)
    // Newton steps end within 1e-7 of the mode, whose mean is 0.
    #expect(abs(scaled.scale.photos.reduce(0) { $0 + $1.score }) < 1e-6)
    for photo in scaled.scale.photos {
      #expect(photo.interval.low < photo.score && photo.score < photo.interval.high)
      #expect(photo.standardDeviation > 0.1 && photo.standardDeviation < 1)
    }
  }

  @Test func replicatesAreExactFits() throws {
    // Two observers have three resamples: each alone twice, or both.
    var votes: [SceneJudgements.Vote] = []
    for (index, vote) in study.judgements.votes.enumerated() {
      votes.append(
        SceneJudgements.Vote(observer: index % 2, a: vote.a, b: vote.b, choice: vote.choice))
    }
    let two = SceneJudgements(
      scene: "S", attribute: .details, photos: study.judgements.photos, observers: ["x", "y"],
      votes: votes)
    for model in [ScalingModel.thurstone, .bradleyTerry] {
      let scaled = try scaleScene(
        two,
        settings: settings {
          $0.minimumObservers = 1
          $0.bootstraps = 40
          $0.model = model
        })
      let exact = try [(2.0, 0.0), (1, 1), (0, 2)].map { weights in
        try fitScale(
          ComparisonMatrix(count: 20, votes: votes) { $0.observer == 0 ? weights.0 : weights.1 },
          model: model
        ).jod
      }
      let bootstrap = try #require(scaled.bootstrap)
      var seen: Set<Int> = []
      for replicate in 0..<bootstrap.replicates {
        let distances = exact.map { worst($0, bootstrap.row(replicate)) }
        // The conjugate gradients end at 1e-4 of a last Newton step below 3e-4 JOD.
        #expect((distances.min() ?? 1) < 1e-5)
        seen.insert(distances.firstIndex(of: distances.min() ?? 0) ?? -1)
      }
      #expect(seen == [0, 1, 2])
    }
  }

  @Test func fewObserversResampleVotes() throws {
    let few = SimulatedStudy(
      truth: SimulatedStudy.evenTruth(8, range: 3), votes: 200, observers: 4, seed: 3)
    let scaled = try scaleScene(few.judgements, settings: settings())
    #expect(scaled.intervals == .voteBootstrap(observers: 4, minimum: 10))
    #expect(scaled.notes.contains { $0.contains("4 observers, fewer than 10") })
  }

  @Test func withoutBootstrap() throws {
    let scaled = try scaleScene(study.judgements, settings: settings { $0.bootstraps = 0 })
    #expect(scaled.intervals == .observedInformation)
    #expect(scaled.bootstrap == nil)
    #expect(scaled.notes.contains { $0.contains("observed information") })
    let boot = try scaleScene(study.judgements, settings: settings { $0.bootstraps = 1000 })
    let ratio = zip(boot.scale.photos, boot.fit.standardDeviations).map {
      $0.standardDeviation / $1
    }
    // 15 observers know the spread between observers to some 20 %; below the information none is.
    #expect(abs(Descriptive.mean(ratio) - 1) < 0.2 && (ratio.min() ?? 0) >= 1)
    // Intervals are the same with and without replicates.
    #expect(zip(boot.scale.photos, scaled.scale.photos).allSatisfy { $0.interval == $1.interval })
  }

  @Test func publishedConvention() throws {
    for bootstraps in [0, 300] {
      let scaled = try scaleScene(
        study.judgements,
        settings: settings {
          $0.convention = .piq23
          $0.bootstraps = bootstraps
        })
      let photos = scaled.scale.photos
      let variance = Descriptive.populationVariance(photos.map(\.score))
      let squares = Descriptive.mean(photos.map { $0.standardDeviation * $0.standardDeviation })
      // The identity that holds in all 150 published files to 1e-15; here up to rounding.
      #expect(abs((variance + squares).squareRoot() - 1.4826) < 1e-12)
      #expect(scaled.scale.convention == .piq23)
      #expect(scaled.notes.contains { $0.contains("not true JOD") })
    }
  }

  @Test func priorNoneRedrawsSeparableReplicates() throws {
    let sparse = SimulatedStudy(
      truth: SimulatedStudy.evenTruth(10, range: 3), votes: 150, observers: 12, seed: 5)
    let scaled = try scaleScene(sparse.judgements, settings: settings { $0.prior = .none })
    #expect(scaled.bootstrap?.values.allSatisfy { abs($0) < 60 } == true)
    #expect(scaled.notes.contains { $0.contains("drawn again") })
  }

  @Test func everyModelScales() throws {
    var votes = study.judgements.votes
    for index in stride(from: 0, to: votes.count, by: 9) {
      votes[index] = SceneJudgements.Vote(
        observer: votes[index].observer, a: votes[index].a, b: votes[index].b, choice: .tie)
    }
    let scene = SceneJudgements(
      scene: "S", attribute: .details, photos: study.judgements.photos,
      observers: study.judgements.observers, votes: votes)
    for (model, ties, prior) in [
      (ScalingModel.thurstone, TieRule.halfVotes, ScalePrior.pwcmpRepaired),
      (.bradleyTerry, .halfVotes, .standard), (.bradleyTerry, .davidson, .standard),
      (.trueSkill, .halfVotes, .standard),
    ] {
      let scaled = try scaleScene(
        scene,
        settings: settings {
          ($0.model, $0.ties, $0.prior) = (model, ties, prior)
          $0.bootstraps = 8
        })
      let correlation = Correlation.pearson(
        scaled.scale.photos.map(\.score), study.truth)
      #expect(correlation > 0.95, "\(model) \(ties) \(prior)")
      #expect(scaled.notes.contains { $0.contains("100 ties") })
    }
  }

  @Test func tiesAloneHaveFiniteIntervals() throws {
    let votes = (0..<24).map {
      SceneJudgements.Vote(observer: $0 / 2, a: $0 % 2, b: $0 % 2 + 1, choice: .tie)
    }
    let scene = SceneJudgements(
      scene: "S", attribute: .details, photos: ["A", "B", "C"],
      observers: (0..<12).map { ObserverID("o\($0)") }, votes: votes)
    let scaled = try scaleScene(
      scene,
      settings: settings {
        ($0.model, $0.ties) = (.bradleyTerry, .davidson)
        $0.bootstraps = 50
      })
    #expect(scaled.scale.photos.allSatisfy { abs($0.score) < 1e-9 })
    for photo in scaled.scale.photos {
      #expect(photo.interval.low < -0.5 && photo.interval.high > 0.5)
      #expect(photo.interval.low.isFinite && photo.interval.high.isFinite)
    }
  }

  @Test func votesOnIdenticalPhotosChangeNothingElse() throws {
    let scene = study.judgements
    let doubled = SceneJudgements(
      scene: scene.scene, attribute: scene.attribute, photos: scene.photos,
      observers: scene.observers,
      votes: scene.votes
        + (0..<9).map { SceneJudgements.Vote(observer: $0, a: 4, b: 4, choice: .a) })
    let plain = try scaleScene(scene, settings: settings())
    let same = try scaleScene(doubled, settings: settings())
    #expect(plain.scale == same.scale)
    #expect(same.notes.contains { $0.contains("9 votes compare a photo with itself") })
    // pwcmp's prior takes them for a pair at distance 0: a small pull, as in the published scales.
    let pull = settings {
      $0.prior = .pwcmp
      $0.bootstraps = 0
    }
    let moved = worst(
      try scaleScene(scene, settings: pull).fit.jod, try scaleScene(doubled, settings: pull).fit.jod
    )
    #expect(moved > 1e-6 && moved < 0.05)
  }

  @Test func cancellationAndProgress() throws {
    let seen = Mutex(0)
    _ = try scaleScene(
      study.judgements, settings: settings(),
      progress: ScalingProgress(advanced: { finished, total in
        #expect(total == 200)
        seen.withLock { $0 = max($0, finished) }
      }))
    #expect(seen.withLock { $0 } == 200)
    #expect(throws: CancellationError.self) {
      try scaleScene(
        study.judgements, settings: settings(), progress: ScalingProgress(isCancelled: { true }))
    }
  }

  @Test func senselessSettingsAreRefused() {
    for change: (inout ScalingSettings) -> Void in [
      { $0.bootstraps = 1 }, { $0.bootstraps = -5 }, { $0.confidenceLevel = 1 },
      { $0.prior = .gaussian(varianceJOD2: -1) }, { $0.ties = .davidson },
      {
        $0.model = .trueSkill
        $0.prior = .pwcmp
      },
    ] {
      #expect(throws: InputError.self) {
        try scaleScene(study.judgements, settings: settings(change))
      }
    }
  }

  // A small version of the study in docs/validation.md (Scripts/validation/coverage): 960 intervals.
  @Test func intervalsCoverTheTruth() throws {
    let truth = SimulatedStudy.evenTruth(24, range: 5)
    let covered = try Parallel.map(count: 40) { seed -> Double in
      let study = SimulatedStudy(
        truth: truth, votes: 1000, observers: 30, seed: UInt64(seed) + 500, observerSpread: 0.5)
      var settings = ScalingSettings()
      settings.bootstraps = 300
      settings.threads = 1
      let scaled = try scaleScene(study.judgements, settings: settings)
      let hits = zip(scaled.scale.photos, truth).count { photo, quality in
        photo.interval.low <= quality && quality <= photo.interval.high
      }
      return Double(hits) / 24
    }
    // 40 studies of 24 photos know a coverage of 95 % to about ±1 %.
    #expect((0.93...0.98).contains(Descriptive.mean(covered)))
  }

  @Test func toneMapperStudyRuns() throws {
    let text = try HumanVotes.text("tmo/ex3_tmo_cmp_data.csv")
    let rows = text.split(whereSeparator: \.isNewline).dropFirst().map { line -> Judgement in
      let row = line.split(separator: ",").map(String.init)
      return Judgement(
        observer: ObserverID(row[0]), scene: SceneID(row[2]), attribute: .overall,
        photoA: PhotoID(row[3]), photoB: PhotoID(row[4]), choice: row[5] == "1" ? .a : .b)
    }
    let scenes = SceneJudgements.grouping(rows)
    #expect(scenes.count == 5)
    for scene in scenes {
      let scaled = try scaleScene(scene, settings: settings())
      #expect(scaled.scale.photos.count >= 6)
      #expect(scaled.intervals == .observerBootstrap(observers: scene.observers.count))
      _ = try analyseScene(scaled)
      _ = try analyseScene(scaled, mode: .piq23(bootstraps: 200))
    }
  }
}

import Comparison
import Domain
import Scaling
import Statistics
import Testing

/// New photos are placed on a published scale whose votes are not available.
@Suite struct AnchoredScalingTests {
  /// 40 published photos over 6 JOD with errors of .4 JOD, 12 new ones; votes between all.
  private struct Study {
    let truth: [PhotoID: Double]
    let published: PublishedScale
    let votes: SceneJudgements
    let new: [PhotoID]

    // One JOD is `unit` published units; old photos of even number are better by `moved` JOD in the
    // new votes.
    init(
      seed: UInt64, votes count: Int = 700, unit: Double? = nil, moved: Double = 0,
      observers: Int = 15
    ) throws {
      var generator = SeededGenerator(seed: seed).stream(7)
      let old = (0..<40).map { PhotoID("old\($0 / 10)\($0 % 10)") }
      new = (0..<12).map { PhotoID("new\($0 / 10)\($0 % 10)") }
      var truth: [PhotoID: Double] = [:]
      for photo in old { truth[photo] = 6 * (generator.uniform() - 0.5) }
      let mean = Descriptive.mean(old.map { truth[$0] ?? 0 })
      for photo in old { truth[photo, default: 0] -= mean }
      for photo in new { truth[photo] = 8 * (generator.uniform() - 0.5) }
      self.truth = truth
      let factor = unit ?? 1
      let scored = old.map { photo in
        let score = factor * ((truth[photo] ?? 0) + 0.4 * generator.normal())
        return ScaledPhoto(
          photo: photo, scene: "A", score: score, standardDeviation: factor * 0.4,
          interval: ConfidenceInterval(low: score - factor, high: score + factor, level: 0.95),
          comparisons: 60)
      }
      published = try PublishedScale(
        SceneScale(
          scene: "A", attribute: .details, convention: unit == nil ? .jod : .piq23,
          photos: scored))
      let rows = (old + new).enumerated().map { place, photo in
        TrueQuality(
          scene: "A", attribute: .details, photo: photo,
          quality: JOD((truth[photo] ?? 0) + (place < 40 && place % 2 == 0 ? moved : 0)))
      }
      votes =
        SceneJudgements.grouping(
          try simulate(
            truth: rows, comparisons: count, observers: SimulatedObserver.panel(observers),
            seed: seed)
        )[0]
    }
  }

  @Test func newPhotosAreCoveredOnTheOldScale() throws {
    var (covered, newCovered, slopes) = (0, 0, [Double]())
    for seed in 0..<30 {
      let study = try Study(seed: UInt64(100 + seed))
      let found = try scaleAnchored(study.published, votes: study.votes)
      #expect(found.jodPerUnit == 1 && Set(found.added) == Set(study.new))
      for photo in found.scale.photos {
        let quality = study.truth[photo.photo] ?? 0
        guard photo.interval.low <= quality, quality <= photo.interval.high else { continue }
        covered += 1
        if study.new.contains(photo.photo) { newCovered += 1 }
      }
      let own = found.scale.photos.filter { study.new.contains($0.photo) }
      let truth = own.map { study.truth[$0.photo] ?? 0 }
      slopes.append(
        Correlation.pearson(own.map(\.score), truth)
          * Descriptive.standardDeviation(own.map(\.score))
          / Descriptive.standardDeviation(truth))
    }
    // Four standard errors at 95 %: 1560 photos, and 360 new ones, whose errors hang together.
    #expect((1430...1545).contains(covered))
    #expect((318...358).contains(newCovered))
    // New photos beyond the published range that win nearly always lie far outward, with wide
    // intervals, and pull the mean of the slopes up.
    #expect(abs(Descriptive.median(slopes) - 1) < 0.08)
  }

  @Test func theUnitOfZScoresIsEstimated() throws {
    var (held, covered) = (0, 0)
    var ratios: [Double] = []
    for seed in 0..<20 {
      // One unit is 1/.6 JOD.
      let study = try Study(seed: UInt64(300 + seed), unit: 0.6)
      let found = try scaleAnchored(study.published, votes: study.votes)
      #expect(found.scale.convention == .piq23)
      ratios.append(found.jodPerUnit * 0.6)
      let interval = found.jodPerUnitInterval
      if interval.low <= 1 / 0.6, 1 / 0.6 <= interval.high { held += 1 }
      for photo in found.scale.photos where study.new.contains(photo.photo) {
        let quality = 0.6 * (study.truth[photo.photo] ?? 0)
        if photo.interval.low <= quality, quality <= photo.interval.high { covered += 1 }
      }
    }
    // The unit is known to about 5 % in one study.
    #expect(abs(Descriptive.mean(ratios) - 1) < 0.05)
    #expect(held >= 15)
    #expect((208...239).contains(covered))
  }

  @Test func agreementIsNotAlarmedAndAMoveIs() throws {
    var alarms = 0
    for seed in 0..<40 {
      let study = try Study(seed: UInt64(500 + seed))
      let found = try scaleAnchored(study.published, votes: study.votes, alarm: 0.05)
      if !found.warnings.isEmpty { alarms += 1 }
    }
    // 2 of 40 are expected; 8 or more happen once in a thousand times.
    #expect(alarms < 8)
    for seed in 0..<5 {
      let moved = try Study(seed: UInt64(600 + seed), moved: 1.5)
      let found = try scaleAnchored(moved.published, votes: moved.votes)
      #expect(found.pValue < 0.01 && found.warnings.count == 1)
    }
  }

  @Test func votesAloneOnOldPhotosSharpenThem() throws {
    let study = try Study(seed: 9, votes: 2000)
    let found = try scaleAnchored(study.published, votes: study.votes)
    let before = study.published.scale.photos
    for (photo, shift) in zip(before, found.shifts) {
      #expect(shift.photo == photo.photo && shift.before == photo.score)
      #expect(shift.standardDeviation > 0)
    }
    for (photo, now) in zip(before, found.scale.photos) {
      #expect(now.standardDeviation < photo.standardDeviation)
      #expect(now.comparisons > photo.comparisons)
    }
  }

  @Test func strayPhotosAndOtherScenesAreRefused() throws {
    let study = try Study(seed: 10)
    let stray = SceneJudgements(
      scene: "A", attribute: .details, photos: ["new1", "new2"], observers: ["o"],
      votes: [SceneJudgements.Vote(observer: 0, a: 0, b: 1, choice: .a)])
    #expect(throws: InputError.self) { try scaleAnchored(study.published, votes: stray) }
    let other = SceneJudgements(
      scene: "B", attribute: .details, photos: study.votes.photos, observers: ["o"], votes: [])
    #expect(throws: InputError.self) { try scaleAnchored(study.published, votes: other) }
  }

  @Test func unanimousAnswersGiveNoFalseCertainty() throws {
    let study = try Study(seed: 11)
    let old = study.published.scale.photos[0].photo
    let unanimous = SceneJudgements(
      scene: "A", attribute: .details, photos: ["new", old], observers: ["o", "p"],
      votes: (0..<6).map { SceneJudgements.Vote(observer: $0 % 2, a: 0, b: 1, choice: .a) })
    let found = try scaleAnchored(study.published, votes: unanimous)
    let new = found.scale.photos[40]
    #expect(new.photo == "new" && new.interval.width > 2 && new.score > found.shifts[0].after)
  }
}

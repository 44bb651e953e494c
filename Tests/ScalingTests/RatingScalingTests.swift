import Domain
import Scaling
import Statistics
import Testing

/// A rating study with a known truth.
private struct RatingStudy {
  var positions: [Double]
  var observers = 15
  /// Points for one JOD.
  var points = 0.5
  /// The noise of one rating in JOD.
  var noise = 1.4826 / 2.0.squareRoot()
  /// How far observers' own levels scatter, in points.
  var levels = 0.8

  func ratings(_ generator: inout SeededGenerator) -> SceneRatings {
    var list: [Rating] = []
    for observer in 0..<observers {
      let level = levels * generator.normal()
      for (photo, quality) in positions.enumerated() {
        list.append(
          Rating(
            observer: ObserverID("o\(observer)"), scene: "s", attribute: .overall,
            photo: PhotoID("p\(photo)"),
            value: 5 + level + points * (quality + noise * generator.normal())))
      }
    }
    return SceneRatings(scene: "s", attribute: .overall, content: .ratings(list))
  }

  func votes(_ generator: inout SeededGenerator, each times: Int) -> SceneJudgements {
    var list: [Judgement] = []
    for observer in 0..<times {
      for a in positions.indices {
        for b in (a + 1)..<max(positions.count, a + 1) {
          let chance = StandardNormal.cdf((positions[a] - positions[b]) / 1.4826)
          list.append(
            Judgement(
              observer: ObserverID("v\(observer)"), scene: "s", attribute: .overall,
              photoA: PhotoID("p\(a)"), photoB: PhotoID("p\(b)"),
              choice: generator.uniform() < chance ? .a : .b))
        }
      }
    }
    return SceneJudgements.grouping(list)[0]
  }

  /// The slope of scores against the truth, and the share of 95 % intervals that hold.
  func measured(_ found: RatingScaling) -> (slope: Double, holds: [Bool]) {
    let mean = Descriptive.mean(positions)
    let photos = found.scaled.scale.photos
    let truth = photos.map { photo in
      positions[Int(photo.photo.text.dropFirst()) ?? 0] - mean
    }
    let square = truth.reduce(0) { $0 + $1 * $1 }
    let slope = zip(truth, photos).reduce(0) { $0 + $1.0 * $1.1.score } / square
    return (slope, zip(truth, photos).map { $1.interval.low <= $0 && $0 <= $1.interval.high })
  }
}

struct RatingScalingTests {
  @Test func twoPhotosAreTheirDifferenceInTheNoiseOfOneRating() throws {
    let ratings = SceneRatings(
      scene: "s", attribute: .overall,
      content: .opinions([
        .init(photo: "a", mean: 3, deviation: 0.5, count: 11),
        .init(photo: "b", mean: 4, deviation: 0.5, count: 11),
      ]))
    let found = try scaleRatings(ratings)
    let noise = 1.4826 / 2.0.squareRoot()
    #expect(abs(found.pointsPerJOD - 0.5 / noise) < 1e-12)
    let jod = found.scaled.scale.photos.map(\.score)
    #expect(abs(jod[1] - jod[0] - noise / 0.5) < 1e-12)
    // The difference's variance: 2·noise²/11, and d²/(2·20) for the length of a JOD.
    let d = noise / 0.5
    let expected = 2 * noise * noise / 11 + d * d / 40
    let deviation = found.scaled.fit.differenceDeviation(0, 1)
    #expect(abs(deviation * deviation - expected) < 1e-12)
  }

  @Test func averagesOfABalancedStudySayTheSameAsItsRatings() throws {
    var generator = SeededGenerator(seed: 4)
    let study = RatingStudy(positions: [-2, -1, 0, 1, 2], levels: 0)
    let ratings = study.ratings(&generator)
    guard case .ratings(let list) = ratings.content else { return }
    let opinions = ratings.photos.map { photo in
      let values = list.filter { $0.photo == photo }.map(\.value)
      return SceneRatings.Opinion(
        photo: photo, mean: Descriptive.mean(values),
        deviation: Descriptive.standardDeviation(values), count: Double(values.count))
    }
    let averaged = try scaleRatings(
      SceneRatings(scene: "s", attribute: .overall, content: .opinions(opinions)))
    let single = try scaleRatings(ratings)
    // The noise loses the observers' fourteen degrees of freedom, no more.
    let factor = single.pointsPerJOD / averaged.pointsPerJOD
    #expect(abs(factor - 1) < 0.15)
    for (a, b) in zip(averaged.scaled.scale.photos, single.scaled.scale.photos) {
      #expect(abs(a.score - b.score * factor) < 1e-10)
    }
  }

  @Test func ratingsAloneHoldTheirIntervals() throws {
    var holds: [Bool] = []
    var slopes: [Double] = []
    let study = RatingStudy(positions: (0..<12).map { Double($0) * 0.5 })
    for seed in 0..<60 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let measured = study.measured(try scaleRatings(study.ratings(&generator)))
      holds += measured.holds
      slopes.append(measured.slope)
    }
    let share = Double(holds.count { $0 }) / Double(holds.count)
    // 720 intervals, which move together within a study: four standard errors of 1.2 %.
    #expect(share > 0.90 && share < 0.995, "\(share)")
    #expect(abs(Descriptive.mean(slopes) - 1) < 0.03, "\(Descriptive.mean(slopes))")
  }

  @Test func votesMeasureTheNoiseOfRatings() throws {
    // Ratings here are twice as noisy as comparisons: alone they would shrink the scale by half.
    let study = RatingStudy(
      positions: (0..<10).map { Double($0) * 0.6 }, observers: 20, noise: 2 * 1.0484)
    var holds: [Bool] = []
    var slopes: [Double] = []
    var noises: [Double] = []
    for seed in 0..<30 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let found = try scaleRatings(
        study.ratings(&generator), judgements: study.votes(&generator, each: 8))
      let measured = study.measured(found)
      holds += measured.holds
      slopes.append(measured.slope)
      noises.append(found.ratingNoise)
    }
    let share = Double(holds.count { $0 }) / Double(holds.count)
    #expect(share > 0.89 && share < 0.995, "\(share)")
    #expect(abs(Descriptive.mean(slopes) - 1) < 0.05, "\(Descriptive.mean(slopes))")
    #expect(abs(Descriptive.mean(noises) / (2 * 1.0484) - 1) < 0.08, "\(Descriptive.mean(noises))")
  }

  @Test func jointScalesAreSurerThanEitherAlone() throws {
    var generator = SeededGenerator(seed: 11)
    let study = RatingStudy(positions: (0..<8).map { Double($0) * 0.7 })
    let (ratings, votes) = (study.ratings(&generator), study.votes(&generator, each: 6))
    let both = try scaleRatings(ratings, judgements: votes).scaled.scale.photos
    let onlyVotes = try scaleScene(votes).scale.photos
    let deviations = Dictionary(
      onlyVotes.map { ($0.photo, $0.standardDeviation) }
    ) { first, _ in first }
    for photo in both {
      #expect(photo.standardDeviation < (deviations[photo.photo] ?? 0))
    }
  }

  @Test func ratingsWithoutNoiseOrLinksAreRefused() {
    func scale(_ list: [(String, String, Double)]) throws {
      _ = try scaleRatings(
        SceneRatings(
          scene: "s", attribute: .overall,
          content: .ratings(
            list.map {
              Rating(
                observer: ObserverID($0.0), scene: "s", attribute: .overall,
                photo: PhotoID($0.1), value: $0.2)
            })))
    }
    #expect(throws: InputError.self) { try scale([("o", "a", 3), ("o", "b", 4)]) }
    #expect(throws: InputError.self) {
      try scale([("o", "a", 3), ("o", "a", 3), ("o", "b", 4), ("o", "b", 4)])
    }
    #expect(throws: InputError.self) {
      try scale([
        ("o", "a", 3), ("o", "b", 4), ("o", "a", 3.5), ("q", "c", 1), ("q", "d", 4), ("q", "d", 3),
      ])
    }
  }
}

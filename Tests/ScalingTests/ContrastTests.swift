import Domain
import Scaling
import Statistics
import Testing

@Suite struct ContrastTests {
  let study = SimulatedStudy(
    truth: SimulatedStudy.evenTruth(16, range: 4), votes: 1600, observers: 25, seed: 12,
    observerSpread: 0.4)

  @Test func contrastsStateWhatWasFound() throws {
    let scaled = try scaleScene(study.judgements)
    let photos = scaled.scale.photos.map(\.photo)
    let found = try contrasts(scaled, pairs: [(photos[15], photos[0]), (photos[0], photos[15])])
    let difference = scaled.fit.jod[15] - scaled.fit.jod[0]
    #expect(found[0].difference == JOD(difference))
    #expect(found[1].difference == JOD(-difference))
    #expect(found[0].p == found[1].p)
    #expect(found[0].isShown)
    #expect(found[0].interval.low < difference && found[0].interval.high > difference)
    #expect(abs(found[0].preference - StandardNormal.cdf(difference / 1.4826)) < 1e-15)
    #expect(abs(found[0].preference + found[1].preference - 1) < 1e-12)
    #expect(found[0].probabilityVisible > 0.99)
    #expect(try contrasts(scaled).count == 120)
    #expect(throws: InputError.self) { try contrasts(scaled, pairs: [(photos[0], "nobody")]) }
  }

  @Test func conventionDoesNotChangeContrasts() throws {
    var settings = ScalingSettings()
    let jod = try contrasts(scaleScene(study.judgements, settings: settings))
    settings.convention = .piq23
    let other = try contrasts(scaleScene(study.judgements, settings: settings))
    #expect(jod == other)
  }

  @Test func intervalsOfDifferencesCover() throws {
    var covered = 0.0
    var total = 0.0
    for seed in 0..<30 {
      let study = SimulatedStudy(
        truth: study.truth, votes: 1000, observers: 20, seed: UInt64(seed), observerSpread: 0.4)
      var settings = ScalingSettings()
      settings.bootstraps = 200
      for contrast in try contrasts(scaleScene(study.judgements, settings: settings)) {
        let (i, j) = (Int(contrast.first.dropFirst(5)) ?? 0, Int(contrast.second.dropFirst(5)) ?? 0)
        let truth = study.truth[i] - study.truth[j]
        covered +=
          contrast.interval.low <= truth && truth <= contrast.interval.high ? 1 : 0
        total += 1
      }
    }
    // 30 studies of 120 dependent contrasts know the coverage to some ±1.5 %.
    #expect((0.92...0.985).contains(covered / total))
  }

  @Test func groupsAverageOverScenes() throws {
    // Two devices, A half a JOD better in each of four scenes, five photos of each.
    var scenes: [ScaledScene] = []
    for seed in 0..<4 {
      let truth = (0..<10).map { $0 < 5 ? 0.5 : 0 }
      let study = SimulatedStudy(truth: truth, votes: 1200, observers: 20, seed: UInt64(seed + 40))
      scenes.append(try scaleScene(study.judgements))
    }
    let device: (ScaledPhoto) -> String? = { photo in
      guard let number = Int(photo.photo.text.dropFirst(5)) else { return nil }
      return number < 5 ? "A" : "B"
    }
    let all = groupContrasts(scenes, group: device)
    #expect(all.count == 1)
    #expect(all[0].first == "A" && all[0].second == "B" && all[0].scenes == 4)
    // Four standard errors.
    #expect(abs(all[0].difference.value - 0.5) < 4 * all[0].standardError)
    #expect(all[0].heterogeneity != nil)
    var settings = ContrastSettings()
    settings.scenes = .theseScenes
    let these = groupContrasts(scenes, settings: settings, group: device)
    #expect(these[0].isShown && these[0].heterogeneity == nil)
    // The observers of the four scenes have the same names, and only their own answers, which are
    // independent here: the error is between that of one scene and half of it.
    let one = groupContrasts([scenes[0]], group: device)
    #expect(one[0].standardError / these[0].standardError > 1.3)
    #expect(one[0].standardError / these[0].standardError < 2.6)
    #expect(groupContrasts(scenes) { _ in "same" } == [])
  }

  @Test func forecastsComeTrue() throws {
    // From 15 observers, forecast how many of the same diligence halve the width to 1 JOD; then ask
    // that many.
    let truth = SimulatedStudy.evenTruth(30, range: 5)
    for spread in [0.0, 0.4] {
      var ratios: [Double] = []
      for seed in 0..<6 {
        let early = SimulatedStudy(
          truth: truth, votes: 900, observers: 15, seed: UInt64(seed), observerSpread: spread)
        let scaled = try scaleScene(early.judgements)
        let forecast = try forecastStudy(early.judgements, scaled: scaled, target: JOD(1))
        #expect(!forecast.isReached && forecast.votesLeft > 0)
        let full = SimulatedStudy(
          truth: truth, votes: forecast.votesNeeded, observers: forecast.observersNeeded,
          seed: UInt64(seed + 100), observerSpread: spread)
        let later = try scaleScene(full.judgements)
        ratios.append(Descriptive.median(later.scale.photos.map(\.interval.width)))
        let done = try forecastStudy(full.judgements, scaled: later, target: JOD(1.5))
        #expect(done.isReached && done.votesLeft == 0)
      }
      // 15 observers know the spread between observers to some 15 %, and the forecast inherits
      // that.
      #expect(abs(Descriptive.mean(ratios) - 1) < 0.12, "spread \(spread): \(ratios)")
    }
  }

  @Test func plansComeTrue() throws {
    let plan = try planStudy(photos: 30, range: JOD(5), votesPerObserver: 60, target: JOD(1))
    let study = SimulatedStudy(
      truth: SimulatedStudy.evenTruth(30, range: 5), votes: plan.votesNeeded,
      observers: plan.observersNeeded, seed: 9)
    let width = Descriptive.median(
      try scaleScene(study.judgements).scale.photos.map(\.interval.width))
    #expect(abs(width - 1) < 0.15)
    #expect(throws: InputError.self) {
      try planStudy(photos: 1, range: JOD(5), votesPerObserver: 60, target: JOD(1))
    }
    #expect(throws: InputError.self) {
      try planStudy(photos: 9, range: JOD(5), votesPerObserver: 60, target: JOD(0))
    }
    #expect(throws: InputError.self) {
      try planStudy(photos: 9, range: JOD(5), votesPerObserver: 60, target: JOD(1e-9))
    }
  }
}

import Domain
import Scaling
import Statistics
import Testing

@Suite struct ObserverModelTests {
  private func scale(_ study: PlantedStudy, _ rule: ObserverRule) throws -> ScaledScene {
    var settings = ScalingSettings()
    (settings.bootstraps, settings.observers) = (0, rule)
    return try scaleScene(study.judgements, settings: settings)
  }

  private func interval(_ measure: AuditMeasure) throws -> ClosedRange<Double> {
    try #require(measure.low)...#require(measure.high)
  }

  private func slope(_ scaled: ScaledScene, _ truth: [Double]) -> Double {
    let square = truth.reduce(0) { $0 + $1 * $1 }
    return zip(scaled.scale.photos, truth).reduce(0) { $0 + $1.0.score * $1.1 } / square
  }

  @Test func withIdenticalObserversNothingChanges() throws {
    let study = PlantedStudy(votes: 3000, seed: 30)
    let (plain, modeled) = (try scale(study, .alike), try scale(study, .model))
    let shifts = zip(plain.scale.photos, modeled.scale.photos).map { abs($0.score - $1.score) }
    // Spreads that are estimated are never quite 0, nor is the lapse rate; a third of a standard
    // error.
    #expect(try #require(shifts.max()) < 0.1)
  }

  @Test func poorObserversNoLongerSqueezeTheScale() throws {
    // Three of 15 click, one answers the other way round, and one answer in twenty of all is blind.
    let study = PlantedStudy(votes: 6000, seed: 31) { vote in
      vote.lapse = vote.observer < 3 ? 1 : 0.05
      vote.isTurned = vote.observer == 3
    }
    let (plain, modeled) = (try scale(study, .alike), try scale(study, .model))
    #expect(slope(plain, study.truth) < 0.7)
    #expect(abs(slope(modeled, study.truth) - 1) < 0.08)
    let covered = zip(modeled.scale.photos, study.truth).count {
      $0.interval.low <= $1 && $1 <= $0.interval.high
    }
    // 19 of 20 are promised; three standard errors below are 16.
    #expect(covered >= 16)
  }

  @Test func theUnitIsThatOfMostObservers() throws {
    // A third has twice the noise: sensitivity ½.
    let study = PlantedStudy(votes: 9000, seed: 32) {
      if $0.observer % 3 == 0 { $0.difference /= 2 }
    }
    #expect(abs(slope(try scale(study, .model), study.truth) - 1) < 0.1)
  }

  @Test func otherLikelihoodsAreRefused() throws {
    var settings = ScalingSettings()
    (settings.observers, settings.model) = (.model, .trueSkill)
    let study = PlantedStudy(votes: 100, seed: 33)
    #expect(throws: InputError.self) { try scaleScene(study.judgements, settings: settings) }
  }

  @Test func bradleyAndTerrysObserversAreModeledToo() throws {
    var settings = ScalingSettings()
    (settings.bootstraps, settings.observers, settings.model) = (0, .model, .bradleyTerry)
    let study = PlantedStudy(votes: 3000, seed: 34) { $0.isTurned = $0.observer == 3 }
    let scaled = try scaleScene(study.judgements, settings: settings)
    let positions = scaled.scale.photos.map(\.score)
    #expect(Correlation.pearson(positions, study.truth) > 0.98)
  }

  @Test func profileIntervalsCoverSideBiasAndLapses() throws {
    var (bias, lapse) = (0, 0)
    let studies = 20
    for seed in 0..<studies {
      let study = PlantedStudy(
        photos: 12, votes: 800, observers: 12, seed: UInt64(400 + seed)
      ) { vote in
        vote.difference += 0.3
        vote.lapse = 0.06
      }
      var settings = AuditSettings()
      settings.replicates = 20
      let found = try auditScene(study.judgements, settings: settings).audit.findings
      let sides = try #require(found.first { $0.probe == .sideBias }?.measures.first)
      let rates = try #require(found.first { $0.probe == .lapses }?.measures.first)
      let (biasEnds, lapseEnds) = (try interval(sides), try interval(rates))
      if biasEnds.contains(0.3) { bias += 1 }
      if lapseEnds.contains(0.06) { lapse += 1 }
    }
    // 95 % promised: below 16 of 20 lies 1 in 400.
    #expect(bias >= 16)
    #expect(lapse >= 16)
  }
}

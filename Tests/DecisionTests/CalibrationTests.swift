import Decision
import Domain
import Statistics
import Testing

@Suite struct CalibrationTests {
  /// Scenes of photos of several groups; the model halves differences, and adds an error of its own
  /// to each group and photo.
  func photos(
    scenes: Int, groups: [String: Double], photoError: Double, seed: UInt64, named: Bool = true
  ) -> [ValidationPhoto] {
    var random = SeededGenerator(seed: seed)
    return (0..<scenes).flatMap { scene in
      let offset = 3 * random.normal()
      return groups.sorted { $0.key < $1.key }.map { group, bias in
        let measured = 2 * random.normal()
        return ValidationPhoto(
          scene: SceneID("V\(scene)"), group: named ? group : nil,
          score: offset + (measured - bias + photoError * random.normal()) / 2,
          measured: measured)
      }
    }
  }

  @Test func slopeAndBiasAreTakenOut() throws {
    let found = try #require(
      DifferenceCalibration(
        photos(scenes: 60, groups: ["A": 0, "B": 1, "C": 0], photoError: 0.2, seed: 4),
        baseline: "A", candidate: "B"))
    // Errors of groups and photos are in the score: they do not attenuate the slope of 2.
    #expect(found.basis == .sameGroups && abs(found.bias - 1) < 0.25)
    #expect(abs(found.slope - 2) < 0.1)
    #expect(found.sharedVariance < 0.02)
    // Where the validation scenes lie, a wrong slope does nothing: the mean error takes it back.
    let there = found.calibrated([(found.center, 1, 1)]).covariance[0]
    let away = found.calibrated([(found.center + 1, 1, 1)]).covariance[0]
    #expect(abs(there - found.sharedVariance - 2 * found.photoVariance) < 1e-12)
    #expect(abs(away - there - found.slopeVariance) < 1e-12)
  }

  @Test func aScoreThatKnowsNothingShrinksDifferences() throws {
    var random = SeededGenerator(seed: 12)
    let noise = (0..<40).flatMap { scene in
      (0..<3).map { photo in
        ValidationPhoto(
          scene: SceneID("V\(scene)"), group: "g\(photo)", score: random.normal(),
          measured: random.normal())
      }
    }
    let found = try #require(DifferenceCalibration(noise, baseline: "A", candidate: "B"))
    // The slope on the quality is about 0 and can't be turned round.
    #expect(abs(found.slope) < 0.4 && found.slopeVariance < 0.05)
  }

  @Test func aGroupsErrorDoesNotAverageAway() throws {
    let groups = ["C": 0.8, "D": -0.7, "E": 0.3, "F": -0.9, "G": 0.6, "H": -0.1]
    let found = try #require(
      DifferenceCalibration(
        photos(scenes: 40, groups: groups, photoError: 0.2, seed: 5), baseline: "A",
        candidate: "B"))
    #expect(found.basis == .otherGroups && found.degreesOfFreedom == 5)
    // The groups' errors have a variance of about 0.5: twice that for a difference.
    #expect(found.sharedVariance > 0.3 && found.sharedVariance < 2)
    let many = found.calibrated(Array(repeating: (0.5, 1, 1), count: 50))
    let mean = many.covariance.reduce(0, +) / 2500
    #expect(mean > found.sharedVariance)
  }

  @Test func unknownGroupsAverageNothing() throws {
    let found = try #require(
      DifferenceCalibration(
        photos(
          scenes: 40, groups: ["C": 0.8, "D": -0.7, "E": 0.3], photoError: 0.2, seed: 6,
          named: false), baseline: "A", candidate: "B"))
    #expect(found.basis == .photos && found.photoVariance == 0)
    let one = found.calibrated([(0.5, 1, 1)]).covariance[0]
    let many = found.calibrated(Array(repeating: (0.5, 1, 1), count: 50)).covariance
    #expect(many.reduce(0, +) / 2500 > 0.99 * one)
  }

  @Test func tooFewScenesCalibrateNothing() {
    let few = photos(scenes: 2, groups: ["A": 0, "B": 0], photoError: 0.2, seed: 7)
    #expect(DifferenceCalibration(few, baseline: "A", candidate: "B") == nil)
    let own = DifferenceCalibration(halfWidth: 1.96)
    #expect(own.basis == .ownIntervals && abs(own.sharedVariance - 2) < 1e-3)
  }

  @Test func intervalsFromScoresHold() throws {
    // The same two groups in validation scenes and in new ones: a bias of 0.6 JOD, a true
    // difference of 0.4.
    var held = 0
    let runs = 200
    for seed in 0..<runs {
      var random = SeededGenerator(seed: UInt64(seed) + 500)
      let validation = (0..<10).flatMap { scene -> [ValidationPhoto] in
        let offset = random.normal()
        return ["A", "B", "C", "D"].map { group in
          let measured = (group == "B" ? 0.4 : 0) + random.normal()
          let bias = group == "B" ? 0.6 : 0
          return ValidationPhoto(
            scene: SceneID("V\(scene)"), group: group,
            score: offset + measured + bias + 0.5 * random.normal(), measured: measured)
        }
      }
      let found = try #require(
        DifferenceCalibration(validation, baseline: "A", candidate: "B"))
      let scenes = (0..<20).map { _ in
        let truth = 0.4 + 2.0.squareRoot() * random.normal()
        return (
          difference: truth + 0.6 + 0.5 * 2.0.squareRoot() * random.normal(), baselinePhotos: 1,
          candidatePhotos: 1
        )
      }
      let (values, covariance) = found.calibrated(scenes)
      let evidence = AttributeEvidence(
        attribute: .details,
        scenes: values.indices.map {
          AttributeEvidence.Scene(
            scene: SceneID("S\($0)"), effect: EffectEstimate(value: values[$0], standardError: 1))
        }, covariance: covariance, degreesOfFreedom: found.degreesOfFreedom,
        errorDegreesOfFreedom: found.degreesOfFreedom)
      let finding = try #require(verdict(evidence).attributes[0].finding)
      held += finding.low <= 0.4 && finding.high >= 0.4 ? 1 : 0
    }
    // 95 % of 200 less three standard errors.
    #expect(held >= 181, "\(held) of \(runs)")
  }
}

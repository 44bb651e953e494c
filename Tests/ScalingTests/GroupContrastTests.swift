import Domain
import Scaling
import Statistics
import Testing

@Suite struct GroupContrastTests {
  let device: (ScaledPhoto) -> String? = { photo in
    guard let number = Int(photo.photo.text.dropFirst(5)) else { return nil }
    return number < 2 ? "A" : "B"
  }

  /// Scenes of two photos of each of two devices, A better by a difference drawn for each scene.
  func scenes(_ count: Int, mean: Double, tau: Double, seed: UInt64) throws -> [ScaledScene] {
    var random = SeededGenerator(seed: seed)
    var settings = ScalingSettings()
    settings.bootstraps = 0
    return try (0..<count).map { index in
      let difference = mean + tau * random.normal()
      let truth = [difference, difference, 0, 0]
      return try scaleScene(
        SimulatedStudy(
          truth: truth, votes: 240, observers: 12, seed: seed * 100 + UInt64(index)
        ).judgements, settings: settings)
    }
  }

  @Test func fewScenesThatDifferShowLittle() throws {
    let scaled = try scenes(12, mean: 0.3, tau: 1.2, seed: 7)
    let sample = groupContrasts(scaled, group: device)[0]
    var settings = ContrastSettings()
    settings.scenes = .theseScenes
    let these = groupContrasts(scaled, settings: settings, group: device)[0]
    // A mean of 12 scenes that differ by 1.2 JOD is known to 1.2/√12 = 0.35; these scenes' own mean
    // far better.
    #expect(sample.standardError > 0.2 && these.standardError < 0.15)
    #expect(sample.interval.width > these.interval.width)
    let heterogeneity = try #require(sample.heterogeneity)
    #expect(heterogeneity.tau > 0.6 && heterogeneity.tau < 2 && heterogeneity.share > 0.8)
    #expect(heterogeneity.p < 1e-6)
    #expect(heterogeneity.newScene.width > sample.interval.width)
    #expect(these.heterogeneity == nil && these.scenes == 12)
  }

  @Test func oneSceneIsItself() throws {
    let scaled = try scenes(1, mean: 1, tau: 0, seed: 3)
    let found = groupContrasts(scaled, group: device)[0]
    #expect(found.heterogeneity == nil && found.scenes == 1)
    let sum = LinearCombination.difference(meanOf: [0, 1], [2, 3])
    #expect(found.difference.value == scaled[0].estimates.value(sum))
    #expect(found.p == scaled[0].estimates.pValue(sum))
  }

  @Test func noDifferenceIsRarelyShown() throws {
    var shown = 0
    for seed in 0..<60 {
      let scaled = try scenes(6, mean: 0, tau: 0.8, seed: UInt64(seed) + 1000)
      shown += groupContrasts(scaled, group: device)[0].p < 0.05 ? 1 : 0
    }
    // 5 % of 60 and three standard errors.
    #expect(shown <= 8)
  }

  @Test func observersOfAllScenesAreNotIndependent() throws {
    // The same scene judged twice by the same observers with the same votes tells no more than
    // once.
    let one = try scenes(1, mean: 0.5, tau: 0, seed: 5)
    var settings = ContrastSettings()
    settings.scenes = .theseScenes
    let single = one[0].influences.of(.difference(meanOf: [0, 1], [2, 3]))
    let variance = single.values.reduce(0) { $0 + $1 * $1 }
    let twice = groupContrasts([one[0], one[0]], settings: settings, group: device)[0]
    #expect(twice.standardError * twice.standardError >= variance * 0.999)
  }
}

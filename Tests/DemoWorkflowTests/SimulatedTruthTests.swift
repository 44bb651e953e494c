import DemoWorkflow
import Domain
import Testing

/// The law that the demo's simulated observers follow.
@Suite struct SimulatedTruthTests {
  private func recipe(
    subsampling: Double = 1, sharpening: Double = 0, noise: Double = 0
  ) -> DegradationRecipe {
    DegradationRecipe(
      level: 0, subsamplingFactor: subsampling, sharpeningAmount: sharpening,
      sharpeningSigmaPixels: 1, noiseVariance: noise, noiseSeed: 1)
  }

  @Test func anUntouchedRegionIsWorthItsResolution() {
    let neutral = SimulatedTruth.quality(of: recipe(), regionWidthPixels: 150).value
    #expect(neutral == 0)
    for octave in 1...3 {
      let value = SimulatedTruth.quality(of: recipe(), regionWidthPixels: 150 << octave).value
      #expect(abs(value - 1.6 * Double(octave)) < 1e-12)
    }
  }

  @Test func everyDamageLowersTheQualityStepByStep() {
    let ladders: [[DegradationRecipe]] = [
      [1, 1.5, 2, 4, 8].map { recipe(subsampling: $0) },
      [0, 20, 80, 320].map { recipe(noise: $0) },
    ]
    for ladder in ladders {
      let values = ladder.map { SimulatedTruth.quality(of: $0, regionWidthPixels: 300).value }
      #expect(zip(values, values.dropFirst()).allSatisfy { $0 > $1 }, "\(values)")
    }
  }

  @Test func theFirstSceneIsTheUnit() {
    #expect(SimulatedTruth.distortion(ofSceneAt: 0) == (1, 0))
    #expect((0..<10).allSatisfy { SimulatedTruth.distortion(ofSceneAt: $0).a > 0 })
  }
}

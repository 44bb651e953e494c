import Domain
import NeuralModels
import Tensors
import Testing
import Training

@Suite struct FittingTests {
  @Test func theLearningRateFallsByAFactorEverySoManyEpochs() {
    var settings = FittingSettings()
    (settings.learningRate, settings.decayFactor, settings.decayEpochs) = (1e-4, 0.95, 10)
    #expect(settings.learningRate(atEpoch: 9) == 1e-4)
    #expect(abs(settings.learningRate(atEpoch: 10) - 0.95e-4) < 1e-18)
    // 300 epochs hold 29 decays before the last one: 0.95²⁹ = 0.2259.
    #expect(abs(settings.learningRate(atEpoch: 299) / 1e-4 - 0.225_936) < 1e-5)
  }

  @Test func theCosineFallsFromTheWholeRateToNearlyNothing() {
    var settings = FittingSettings()
    (settings.learningRate, settings.epochs, settings.schedule) = (1e-4, 10, .cosine)
    #expect(settings.learningRate(atEpoch: 0) == 1e-4)
    #expect(abs(settings.learningRate(atEpoch: 5) - 0.5e-4) < 1e-18)
    // (1 + cos(0.9 π)) / 2 = 0.024472.
    #expect(abs(settings.learningRate(atEpoch: 9) / 1e-4 - 0.024_472) < 1e-6)
    #expect(settings.learningRate(atEpoch: 10) < 1e-19)
  }

  @Test func conformalIntervalsTakeTheRightOrderStatistic() {
    // n = 19: ⌈20 · 0.95⌉ = 19th smallest of 1…19.
    #expect(conformalHalfWidth((1...19).map(Double.init)) == 19)
    // n = 39: ⌈40 · 0.95⌉ = 38th smallest of 1…39.
    #expect(conformalHalfWidth((1...39).map(Double.init)) == 38)
    // Too few for the level: the largest.
    #expect(conformalHalfWidth([3, 1, 2]) == 3)
    #expect(conformalHalfWidth([]) == .infinity)
  }

  @Test func aLinearLawIsLearntAndTheBestEpochKept() throws {
    let run = try trained(seed: 1)
    let test = run.predictions.filter { $0.part == .test }
    let errors = test.map { abs($0.measured - $0.predicted) }
    // The law is exactly linear in two features; the penalty and 300 epochs leave a tenth of its
    // spread (3.5) at most.
    #expect(errors.reduce(0, +) / Double(errors.count) < 0.35)
    let best = run.fitting.records[run.fitting.bestEpoch].validationError
    #expect(run.fitting.records.allSatisfy { $0.validationError >= best })
  }

  @Test func theSameSeedGivesTheSameWeights() throws {
    let first = try trained(seed: 5).predictions
    let second = try trained(seed: 5).predictions
    let other = try trained(seed: 6).predictions
    #expect(first == second)
    #expect(first != other)
  }

  @Test func whatCannotBeLearntIsSaid() throws {
    let photos = samples().map {
      TrainingSample(
        photo: $0.photo, scene: $0.scene, part: $0.part, score: 1, features: $0.features)
    }
    #expect(throws: TrainingError.constantTarget) { try run(photos, seed: 1) }
    let unvalidated = samples().filter { $0.part != .valid }
    #expect(throws: TrainingError.tooFewPhotos(part: "validation", count: 0, needed: 1)) {
      try run(unvalidated, seed: 1)
    }
    #expect(throws: TrainingError.tooFewPhotos(part: "training", count: 0, needed: 2)) {
      try run(samples().filter { $0.part == .test }, seed: 1)
    }
  }

  /// 60 photos whose score is a linear function of two of the features.
  private func samples() -> [TrainingSample] {
    (0..<60).map { index in
      var features = [Float](repeating: 0, count: MultiDepthRegressor.featureCount)
      let (x, y) = (Float(index % 10), Float(index / 10))
      (features[3], features[400]) = (x, y)
      let part: SplitPart = index % 3 == 0 ? .test : index % 3 == 1 ? .train : .valid
      return TrainingSample(
        photo: PhotoID("\(index)"), scene: "s", part: part, score: Double(x - 0.5 * y),
        features: features)
    }
  }

  private func trained(seed: UInt64) throws -> TrainedRun<MultiDepthRegressor> {
    try run(samples(), seed: seed)
  }

  private func run(
    _ samples: [TrainingSample], seed: UInt64
  ) throws -> TrainedRun<MultiDepthRegressor> {
    var settings = FittingSettings()
    (settings.learningRate, settings.weightDecay, settings.batchSize) = (3e-2, 0, 8)
    settings.seed = seed
    return try trainMultiDepthRegressor(
      samples, configuration: MultiDepthRegressor.Configuration(backboneDigest: "none"),
      settings: settings, onEpoch: { _ in })
  }
}

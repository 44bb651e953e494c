import Domain
import NeuralModels
import Pixels
import Scoring
import Tensors
import Testing

/// Networks with small crops and random weights, whose outputs are known where it matters.
@Suite(.serialized) struct NetworkScorerTests {
  private static func network(
    _ architecture: Architecture, side: Int = 64, crops: Int = 1,
    change: (inout [String: Tensor]) throws -> Void = { _ in }
  ) throws -> QualityNetwork {
    // Tests run beside one another, and a thread's number of workers is what the last test on it
    // left.
    try Runtime.setThreads(1)
    let configuration = QualityNetwork.Configuration(
      architecture: architecture, cropSide: side, cropsPerImage: crops,
      scenes: architecture.usesScenes ? ["in", "out", "night"] : [], topScenes: 2)
    let random = try QualityNetwork(Weights(initialising: RandomSource(seed: 5)), configuration)
    var state = try random.weights.stateDictionary()
    try change(&state)
    return try QualityNetwork(
      Weights(loading: state, for: .inference(.float32)), configuration)
  }

  private static func picture(_ width: Int, _ height: Int) throws -> RasterImage {
    var samples: [UInt8] = []
    for index in 0..<(3 * width * height) {
      let place = index * 37 + (index / 97) * 11
      samples.append(UInt8(truncatingIfNeeded: place))
    }
    return try #require(RasterImage(widthPixels: width, heightPixels: height, samples: samples))
  }

  @Test func aModelThatAnswersOneNumberGivesIt() throws {
    let network = try Self.network(.resNet50) { state in
      state["score.weight"] = try Tensor.zeros([1, 1280])
      state["score.bias"] = try Tensor([Float(2.5)])
    }
    let score = try NetworkScorer(network).score(
      ScoringInput(region: Self.picture(150, 130)), wantsPatches: true)
    // The mean of equal single-precision numbers.
    #expect(score.score == 2.5 && score.cropCount == 9 && score.remark == nil)
    #expect(score.patches.count == 9 && score.patches.allSatisfy { $0.score == 2.5 })
  }

  @Test func theScoreIsTheMeanOfTheCropsAndRepeats() throws {
    let scorer = NetworkScorer(try Self.network(.resNet50))
    let input = ScoringInput(region: try Self.picture(300, 200))
    let first = try scorer.score(input, wantsPatches: true)
    let mean = first.patches.map(\.score).reduce(0, +) / Double(first.patches.count)
    #expect(abs(first.score - mean) < 1e-12)
    #expect(Set(first.patches.map(\.score)).count > 1)
    let squares = first.patches.reduce(0) { $0 + ($1.score - mean) * ($1.score - mean) }
    let spread = (squares / Double(first.patches.count - 1)).squareRoot()
    #expect(abs((first.evaluation.spread ?? 0) - spread) < 1e-12)
    #expect(try scorer.score(input, wantsPatches: true) == first)
  }

  @Test func aCropScoresAsItDoesAlone() throws {
    let scorer = NetworkScorer(try Self.network(.resNet50))
    let region = try Self.picture(300, 200)
    let all = try scorer.score(ScoringInput(region: region), wantsPatches: true)
    let patch = try #require(all.patches.last)
    let crop = try #require(region.cropped(to: patch.area))
    let alone = try scorer.score(ScoringInput(region: crop), wantsPatches: false)
    // Another batch size takes other roundings of single precision.
    #expect(abs(alone.score - patch.score) < 1e-4 * max(1, abs(patch.score)))
  }

  @Test func randomCropsFollowTheSeed() throws {
    let network = try Self.network(.resNet50)
    let input = ScoringInput(region: try Self.picture(300, 200))
    func score(_ seed: UInt64) throws -> ScoredRegion {
      let settings = NetworkScorer.Settings(sampling: .random(count: 5, seed: seed))
      return try NetworkScorer(network, settings: settings).score(input, wantsPatches: true)
    }
    #expect(try score(1) == score(1))
    #expect(try score(1).score != score(2).score)
    #expect(try score(1).cropCount == 5)
  }

  @Test func smallRegionsArePaddedEnlargedOrRefusedAndSayso() throws {
    let network = try Self.network(.resNet50)
    let input = ScoringInput(region: try Self.picture(40, 90))
    func score(_ policy: SmallRegionPolicy) throws -> ScoredRegion {
      try NetworkScorer(network, settings: .init(smallRegions: policy)).score(
        input, wantsPatches: true)
    }
    let padded = try score(.pad)
    #expect(padded.remark == "region of 40 × 90 pixels padded by reflection to 64 × 90")
    let enlarged = try score(.enlarge)
    #expect(enlarged.remark == "region of 40 × 90 pixels enlarged to 64 × 144")
    for result in [padded, enlarged] {
      // Patches lie in the region as it was given.
      #expect(result.patches.allSatisfy { $0.area.isInside(width: 40, height: 90) })
      #expect(result.patches.allSatisfy { $0.area.width == 40 })
    }
    #expect(throws: InputError.self) { try score(.refuse) }
  }

  @Test func scenesArePredictedOrGiven() throws {
    let scorer = NetworkScorer(try Self.network(.multitask))
    let region = try Self.picture(150, 130)
    let predicted = try scorer.score(ScoringInput(region: region), wantsPatches: false)
    #expect(predicted.scene?.source == .predicted)
    let probability = try #require(predicted.scene?.probability)
    #expect(probability > 1.0 / 3 && probability <= 1)
    let given = try scorer.score(
      ScoringInput(region: region, scene: "night"), wantsPatches: false)
    #expect(given.scene == SceneFinding(name: "night", source: .given))
    let error = #expect(throws: InputError.self) { try scorer.check(scene: "nigh") }
    #expect(error?.description.contains("in, out, night") == true)
    #expect(throws: InputError.self) {
      try NetworkScorer(Self.network(.resNet50)).check(scene: "in")
    }
  }

  @Test func aGivenSceneActsAsACertainPrediction() throws {
    // A classifier that is certain of scene 1 …
    func certain(_ state: inout [String: Tensor]) throws {
      state["sceneClassNet.layers.4.weight"] = try Tensor.zeros([3, 500])
      state["sceneClassNet.layers.4.bias"] = try Tensor([Float(-200), 200, -200])
      state["rescaleNet.layers.6.weight"] = try RandomSource(seed: 2).normal([2, 100])
    }
    let input = ScoringInput(region: try Self.picture(260, 240))
    for architecture in [Architecture.semHyperIQA, .fullHyperIQA] {
      let scorer = NetworkScorer(
        try Self.network(architecture, side: 224, crops: 2, change: certain))
      let predicted = try scorer.score(input, wantsPatches: true)
      #expect(predicted.scene?.name == "out" && predicted.scene?.probability == 1)
      // … gives what the scene gives when it is told.
      let told = try scorer.score(
        ScoringInput(region: input.region, scene: "out"), wantsPatches: true)
      #expect(abs(told.score - predicted.score) < 1e-4 * max(1, abs(told.score)))
      let other = try scorer.score(
        ScoringInput(region: input.region, scene: "in"), wantsPatches: true)
      #expect(abs(other.score - told.score) > 1e-3)
      // The line through the crops' scores keeps their mean.
      let mean = told.patches.map(\.score).reduce(0, +) / 2
      #expect(told.patches.count == 2 && abs(mean - told.score) < 1e-4 * max(1, abs(mean)))
    }
  }

  @Test func theSceneOnlyModelAsksForTheScene() throws {
    let scorer = NetworkScorer(try Self.network(.semHyperIQASceneOnly, side: 224))
    #expect(throws: InputError.self) { try scorer.check(scene: nil) }
    let score = try scorer.score(
      ScoringInput(region: Self.picture(224, 224), scene: "in"), wantsPatches: false)
    #expect(score.scene?.source == .given && score.cropCount == 1)
  }

  @Test func modelsOfWholeRegionsGetWindowsForMaps() throws {
    let scorer = NetworkScorer(try Self.network(.musiq))
    let input = ScoringInput(region: try Self.picture(64, 64))
    let plain = try scorer.score(input, wantsPatches: false)
    #expect(plain.parts == nil && plain.cropCount == nil)
    let mapped = try scorer.score(input, wantsPatches: true)
    #expect(mapped.score == plain.score && mapped.patches.count == 4)
    #expect(throws: InputError.self) {
      try scorer.score(ScoringInput(region: Self.picture(31, 80)), wantsPatches: false)
    }
  }
}

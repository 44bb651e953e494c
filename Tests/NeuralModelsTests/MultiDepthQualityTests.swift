import Domain
import NeuralModels
import Tensors
import Testing

@Suite struct MultiDepthQualityTests {
  private func backbone() throws -> [String: Tensor] {
    try Checkpoint.read(Golden.dependency("models/efficientnet-lite0-57934424.pth"))
  }

  private let configuration = QualityNetwork.Configuration(
    architecture: .multiDepth, scoreOffset: 50, scoreScale: 20)

  @Test func aFreshHeadPredictsTheMeanOfTheScores() throws {
    let model = try QualityNetwork(
      Weights(initialising: RandomSource(seed: 1)), configuration)
    let scores = try withoutGradient {
      try model(.init(crops: Formula.images(2, 70, 90).unsqueezed(1))).scores.floats()
    }
    #expect(scores == [50, 50])
  }

  @Test func itStartsWhereTheRegressorOnFrozenFeaturesEnded() throws {
    let random = try RandomSource(seed: 5)
    let regressor = try MultiDepthRegressor(
      Weights(initialising: random),
      .init(scoreOffset: 50, scoreScale: 20, backboneDigest: "abc"))
    try withoutGradient {
      for entry in regressor.weights.parameters {
        try entry.tensor.assign(random.normal(entry.tensor.shape) * 0.1)
      }
      let count = MultiDepthRegressor.featureCount
      try regressor.standardize(
        center: [Float](repeating: 0.2, count: count),
        deviation: [Float](repeating: 0.9, count: count))
    }
    var state = try regressor.weights.stateDictionary()
    for (name, tensor) in try backbone() { state["backbone.\(name)"] = tensor }
    let model = try QualityNetwork(Weights(loading: state), configuration)
    let picture = try Formula.images(1, 128, 96)
    let lite0 = try EfficientNetLite0(
      Weights(loading: backbone(), for: .inference(.float32)))
    let expected = try regressor.scores(
      MultiDepthRegressor.features(EfficientNetLite0.normalized(picture), backbone: lite0))
    let scores = try withoutGradient {
      try model(.init(crops: picture.unsqueezed(0))).scores.doubles()
    }
    // Folded and separate norms round differently; the deviation's epsilon is far below that.
    #expect(abs(scores[0] - expected[0]) < 1e-3 * abs(expected[0] - 50), "\(scores) \(expected)")
    #expect(abs(expected[0] - 50) > 1)
  }

  @Test func stagesAreCountedFromTheStem() throws {
    let model = try QualityNetwork(
      Weights(initialising: RandomSource(seed: 1)), configuration)
    let first = model.parameterNames(ofFirstStages: 1)
    #expect(first.contains("backbone._conv_stem.weight") && first.contains("backbone._bn0.bias"))
    #expect(first.contains("backbone._blocks.2._project_conv.weight"))
    #expect(!first.contains("backbone._blocks.3._bn0.weight"))
    let two = model.parameterNames(ofFirstStages: 2)
    #expect(first.isSubset(of: two))
    #expect(two.contains("backbone._blocks.4._project_conv.weight"))
    #expect(!two.contains { $0.hasPrefix("backbone._blocks.10.") || $0.hasPrefix("head") })
    let all = model.parameterNames(ofFirstStages: 4)
    #expect(all == Set(model.parameterGroups.backbone.map(\.name)))
  }
}

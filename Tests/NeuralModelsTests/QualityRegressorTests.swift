import Domain
import Foundation
import NeuralModels
import Tensors
import Testing

@Suite struct QualityRegressorTests {
  private func model(
    _ configuration: QualityRegressor.Configuration = .init()
  ) throws -> QualityRegressor {
    try QualityRegressor(Weights(initialising: RandomSource(seed: 5)), configuration)
  }

  private func images() throws -> Tensor {
    let pixels = Golden.pattern(height: 64, width: 64)
    return try EfficientNetLite0.normalized(
      Tensor(pixels + pixels.reversed(), shape: [2, 64, 64, 3]))
  }

  @Test func scoresAreInTheScalesUnit() throws {
    let plain = try model(.init(hiddenWidth: 0))
    let scaled = try model(.init(hiddenWidth: 0, scoreOffset: 10, scoreScale: 2))
    let images = try images()
    let a = try plain(images).doubles()
    let b = try scaled(images).doubles()
    #expect(a.count == 2)
    #expect(a[0] != a[1])
    #expect(zip(a, b).allSatisfy { abs(10 + 2 * $0 - $1) < 1e-5 })
  }

  @Test func savedModelsScoreTheSame() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let configuration = QualityRegressor.Configuration(hiddenWidth: 16, scoreScale: 3)
    let model = try model(configuration)
    try model.save(to: folder, metadata: ["attribute": "details"], card: "# A test\n")
    let trained = try QualityRegressor.load(folder, for: .training)
    #expect(trained.metadata == ["attribute": "details"])
    #expect(trained.model.configuration == configuration)
    let expected = try model(images()).doubles()
    #expect(try trained.model(images()).doubles() == expected)
    let folded = try QualityRegressor.load(folder).model
    // Folding batch norm changes the order of roundings in 50 layers.
    #expect(
      try zip(folded(images()).doubles(), expected).allSatisfy { abs($0 - $1) < 1e-3 })
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        == ["README.md", "model.json", "weights.safetensors"])
  }

  @Test func aFrozenBackboneStaysAsItWas() throws {
    let model = try model(.init(hiddenWidth: 8, isBackboneFrozen: true))
    let before = try model.weights.stateDictionary()
    let random = try RandomSource(seed: 2)
    let adam = Adam([ParameterGroup(model.weights.parameters, learningRate: 0.01)])
    try model(images(), training: true, random: random).mseLoss(Tensor([1, 2] as [Float]))
      .backward()
    try adam.step()
    for (name, value) in try model.weights.stateDictionary() {
      let same = try before[name]?.floats() == value.floats()
      #expect(same == name.hasPrefix("backbone."), "\(name)")
    }
  }

  @Test func trainingLearnsTwoScores() throws {
    let model = try model(.init(hiddenWidth: 16, dropout: 0, isBackboneFrozen: true))
    let features = try RandomSource(seed: 8).normal([2, EfficientNetLite0.featureCount])
    let target = try Tensor([-1, 1] as [Float])
    let adam = Adam([
      ParameterGroup((model.weights / QualityRegressor.headKey).parameters, learningRate: 0.001)
    ])
    for _ in 0..<60 {
      try model.weights.clearGradients()
      let loss = try model.score(features: features, training: true).mseLoss(target)
      try loss.backward()
      try adam.step()
    }
    #expect(try model.score(features: features).mseLoss(target).item() < 0.01)
  }

  @Test func dropoutFollowsItsSource() throws {
    let model = try model(.init(dropout: 0.5))
    let images = try images()
    let scores = try [1, 1, 2].map {
      try model(images, training: true, random: RandomSource(seed: $0)).floats()
    }
    #expect(scores[0] == scores[1])
    #expect(scores[0] != scores[2])
  }

  @Test func aBackboneOfAnotherKindIsRefused() throws {
    let random = try RandomSource(seed: 1)
    #expect(throws: WeightsError.self) {
      try QualityRegressor.fresh(
        backbone: ["fc.weight": .ones([1])], configuration: .init(), random: random)
    }
  }

  @Test func foldersWithoutAModelAreRefused() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    #expect(throws: InputError.self) { try QualityRegressor.load(folder.path) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for text in [
      "{}", "[", #"{"format":2,"architecture":"lite0-regressor","metadata":{}}"#,
      #"{"format":1,"architecture":"musiq","metadata":{}}"#,
      #"{"format":1,"architecture":"lite0-regressor","metadata":{},"configuration":{}}"#,
    ] {
      try Data(text.utf8).write(to: folder.appending(path: "model.json"))
      let error = #expect(throws: InputError.self, "\(text)") {
        try QualityRegressor.load(folder.path)
      }
      #expect(error?.description.contains("\n") == false)
    }
  }
}

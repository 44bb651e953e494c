import Domain
import Foundation
import NeuralModels
import Tensors
import Testing

extension HeavyTests {
  @Suite struct QualityNetworkTests {
    private func configuration(_ architecture: Architecture) -> QualityNetwork.Configuration {
      .init(
        architecture: architecture, cropsPerImage: architecture.usesCrops ? 2 : 1,
        scenes: architecture.usesScenes ? ["a", "b", "c"] : [], topScenes: 2)
    }

    private func input(_ architecture: Architecture) throws -> QualityNetwork.Input {
      let side = architecture.usesCrops ? 224 : 96
      let crops = architecture.usesCrops ? 2 : 1
      return QualityNetwork.Input(
        crops: try Formula.images(crops, side, side).unsqueezed(0),
        completeImages: architecture.needsCompleteImage ? try Formula.images(1, 64, 96) : nil,
        scenes: architecture.needsScene ? [2] : nil)
    }

    @Test(arguments: Architecture.allCases)
    func savedModelsScoreTheSame(architecture: Architecture) throws {
      let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let model = try QualityNetwork(
        Weights(initialising: RandomSource(seed: 3)), configuration(architecture))
      let expected = try withoutGradient { try model(input(architecture)) }
      #expect(expected.scores.shape == [1])
      #expect(try expected.scores.isFinite())
      #expect(
        (expected.sceneLogits != nil) == (architecture.usesScenes && !architecture.needsScene))
      let description = ModelDescription(
        architecture: architecture.rawValue, attribute: .overall, unit: ScoreUnit(.jod(.unstated)))
      try model.save(to: folder, description, card: "# A test\n")
      let back = try QualityNetwork.load(folder)
      #expect(try ModelFolder(folder).description == description)
      #expect(back.configuration == model.configuration)
      let scores = try back(input(architecture)).scores.doubles()
      let difference = try abs(scores[0] - expected.scores.item())
      // Folding batch norm changes the order of roundings; fresh scores are of the order of 1.
      #expect(difference <= 1e-3 * max(1, abs(scores[0])), "\(architecture)")
    }

    @Test func aTrainedBackboneUnderAFreshHead() throws {
      let state = try Checkpoint.read(
        Golden.dependency("models/efficientnet-lite0-57934424.pth"))
      for architecture in [Architecture.resNet50, .hyperIQA, .fullHyperIQACompleteImage] {
        let model = try QualityNetwork.fresh(
          configuration(architecture), backbone: state, random: RandomSource(seed: 1))
        let stems = model.weights.entries.filter { $0.name.hasSuffix("_conv_stem.weight") }
        #expect(stems.count == (architecture.needsCompleteImage ? 2 : 1))
        for stem in stems {
          #expect(try stem.tensor.floats() == state["_conv_stem.weight"]?.floats())
        }
        let groups = model.parameterGroups
        #expect(groups.backbone.count + groups.rest.count == model.weights.parameters.count)
        #expect(groups.rest.allSatisfy { !$0.name.contains("_conv_stem") })
        #expect(groups.backbone.allSatisfy { !$0.name.contains("lda") })
        #expect(!groups.rest.isEmpty)
      }
      #expect(throws: WeightsError.self) {
        try QualityNetwork.fresh(
          configuration(.hyperIQA), backbone: ["conv1.weight": .ones([1])],
          random: RandomSource(seed: 1))
      }
    }

    @Test func contradictionsAreErrorsThatSayWhatToDo() throws {
      let random = try RandomSource(seed: 1)
      func refused(_ configuration: QualityNetwork.Configuration) {
        #expect(throws: InputError.self) {
          try QualityNetwork(Weights(initialising: random), configuration)
        }
      }
      refused(.init(architecture: .hyperIQA, cropSide: 300))
      refused(.init(architecture: .hyperIQA, cropSide: 0))
      refused(.init(architecture: .resNet50, cropsPerImage: 0))
      refused(.init(architecture: .semHyperIQA))
      refused(.init(architecture: .semHyperIQA, scenes: ["a", "a"]))
      refused(.init(architecture: .fullHyperIQA, scenes: ["a", "b"], topScenes: 3))
      let model = try QualityNetwork(Weights(initialising: random), configuration(.resNet50))
      #expect(throws: TensorError.self) { try model(.init(crops: .zeros([1, 3, 64, 64]))) }
    }

    @Test func anUnknownArchitectureNamesTheKnownOnes() throws {
      let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      try Data(#"{"format":1,"architecture":"perceptron","metadata":{}}"#.utf8).write(
        to: folder.appending(path: "model.json"))
      let error = #expect(throws: InputError.self) { try QualityNetwork.load(folder.path) }
      #expect(error?.remedy.contains("full-hyperiqa-complete") == true)
    }
  }
}

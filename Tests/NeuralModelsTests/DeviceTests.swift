import NeuralModels
import Tensors
import Testing

/// Networks keep to the device that they are made for.
///
/// No CUDA device is needed for that: the simulated one refuses operations that mix devices, and
/// takes the operators that CUDA takes.
extension HeavyTests {
  @Suite struct DeviceTests {
    private func configuration(_ architecture: Architecture) -> QualityNetwork.Configuration {
      .init(
        architecture: architecture, cropsPerImage: architecture.usesCrops ? 2 : 1,
        scenes: architecture.usesScenes ? ["a", "b", "c"] : [], topScenes: 2,
        marks: architecture == .musiq ? 10 : 1)
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
    func trainingStaysOnItsDevice(architecture: Architecture) throws {
      try Runtime.setThreads(1)
      func slopes(on device: Device) throws -> [String: [Float]] {
        let weights = Weights(initialising: try RandomSource(seed: 1), for: .training(on: device))
        let network = try QualityNetwork(weights, configuration(architecture))
        #expect(network.device == device)
        // Pixels come from the CPU.
        let prediction = try network(input(architecture), training: true)
        #expect(prediction.scores.device == device)
        var total = try prediction.scores.sum()
        if let logits = prediction.sceneLogits { total = try total + logits.sum() }
        try total.backward()
        var slopes: [String: [Float]] = [:]
        for entry in weights.parameters {
          #expect(entry.tensor.device == device, "\(entry.name)")
          guard let slope = try entry.tensor.gradient() else { continue }
          #expect(slope.device == device)
          slopes[entry.name] = try slope.floats()
        }
        return slopes
      }
      let (here, there) = (try slopes(on: .cpu), try slopes(on: .simulated))
      #expect(!here.isEmpty && here == there)
    }

    @Test(arguments: Architecture.allCases)
    func inferenceStaysOnItsDevice(architecture: Architecture) throws {
      try Runtime.setThreads(1)
      func score(on device: Device) throws -> Double {
        let weights = Weights(
          initialising: try RandomSource(seed: 1), for: .inference(.float32, on: device))
        let network = try QualityNetwork(weights, configuration(architecture))
        let prediction = try withoutGradient { try network(input(architecture)) }
        #expect(prediction.scores.device == device)
        return try prediction.scores.item()
      }
      // The CPU's fused layers and the plain ones that CUDA takes round differently.
      let (here, there) = (try score(on: .cpu), try score(on: .simulated))
      #expect(abs(here - there) <= 1e-3 * max(1, abs(here)), "\(here) \(there)")
    }

    @Test func mixedDevicesAreRefused() throws {
      let there = try Tensor.ones([2]).placed(on: .simulated)
      #expect(there.device == .simulated)
      #expect { try there + Tensor.ones([2]) } throws: { "\($0)".contains("simulated device meet") }
      let here = try Tensor.ones([2])
      #expect(try here.placed(on: .cpu) === here)
      #expect(try there.placed(on: .cpu).device == .cpu)
    }
  }
}

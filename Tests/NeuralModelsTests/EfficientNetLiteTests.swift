import NeuralModels
import Tensors
import Testing

@Suite struct EfficientNetLiteTests {
  private struct Reference: Decodable {
    struct Stage: Decodable {
      let shape: [Int]
      let mean: Double
      let last: Double
    }
    struct Inference: Decodable {
      let height: Int
      let width: Int
      let pooled: [Double]
      let stages: [Stage]
    }
    struct Training: Decodable {
      let loss: Double
      let norms: [String: Double]
      let runningMean: [Double]
      let runningVariance: [Double]
    }
    let inference: [Inference]
    let training: Training
  }

  private let reference: Reference

  init() throws { reference = try Golden.read(Reference.self, "efficientnet-lite0") }

  private func state() throws -> [String: Tensor] {
    try Checkpoint.read(Golden.dependency("models/efficientnet-lite0-57934424.pth"))
  }

  private func image(_ height: Int, _ width: Int) throws -> Tensor {
    try EfficientNetLite0.normalized(
      Tensor(Golden.pattern(height: height, width: width), shape: [1, height, width, 3]))
  }

  @Test(arguments: [Purpose.training(), .inference(.float32)])
  func featuresEqualThePublicReference(purpose: Purpose) throws {
    let w = try Weights(loading: state(), for: purpose)
    let model = try EfficientNetLite0(w)
    try w.finish()
    for expected in reference.inference {
      let image = try image(expected.height, expected.width)
      let (pooled, stages) = try withoutGradient {
        (try model.pooledFeatures(image), try model.stages(image))
      }
      // The bound for parity; measured: below 1e-5.
      #expect(try Golden.difference(pooled, expected.pooled) <= 1e-4)
      #expect(stages.map(\.shape) == expected.stages.map(\.shape))
      #expect(stages.map { $0.shape[1] } == EfficientNetLite0.stageChannels)
      for (stage, expected) in zip(stages, expected.stages) {
        #expect(abs(try stage.mean().item() - expected.mean) <= 1e-4)
        let last = try stage.contiguous().floats().last
        #expect(abs(Double(try #require(last)) - expected.last) <= 1e-4 * 10)
      }
    }
  }

  @Test func halfPrecisionStaysNear() throws {
    let model = try EfficientNetLite0(Weights(loading: state(), for: .inference(.bfloat16)))
    let expected = reference.inference[0]
    let pooled = try model.pooledFeatures(image(expected.height, expected.width))
    let difference = try Golden.difference(pooled, expected.pooled)
    // bfloat16 keeps 8 bits of each of 50 layers; the features reach 6, their mean is near 0.5.
    #expect(difference <= 0.6)
    #expect(difference > 0)
  }

  @Test func aTrainingPassHasTheReferencesGradients() throws {
    let w = try Weights(loading: state())
    let model = try EfficientNetLite0(w)
    let upright = Golden.pattern(height: 64, width: 64)
    let rows = (0..<64).reversed().flatMap { upright[$0 * 192..<($0 + 1) * 192] }
    let pixels = try Tensor(upright + rows, shape: [2, 64, 64, 3])
    let images = try EfficientNetLite0.normalized(pixels)
    let loss = try model.pooledFeatures(images, training: true).square().mean()
    let expected = reference.training
    #expect(abs(try loss.item() - expected.loss) <= 1e-4 * expected.loss)
    try loss.backward()
    for (name, norm) in expected.norms {
      let entry = try #require(w.entries.first { $0.name == name })
      let gradient = try #require(try entry.tensor.gradient())
      let own = try gradient.to(.float64).square().sum().sqrt().item()
      // The bound for gradients.
      #expect(abs(own - norm) <= 1e-3 * norm, "\(name)")
    }
    for (name, values) in [
      ("_bn0.running_mean", expected.runningMean), ("_bn0.running_var", expected.runningVariance),
    ] {
      let entry = try #require(w.entries.first { $0.name == name })
      #expect(try Golden.difference(entry.tensor.slice(0..<4, along: 0), values) <= 1e-4)
    }
  }

  @Test func anotherArchitecturesWeightsAreRefused() throws {
    let w = try Weights(loading: ["conv1.weight": .ones([64, 3, 7, 7])])
    _ = try EfficientNetLite0(w)
    let error = #expect(throws: WeightsError.self) { try w.finish() }
    #expect(error?.unexpected == ["conv1.weight"])
    #expect(error?.missing.contains("_conv_stem.weight") == true)
  }
}

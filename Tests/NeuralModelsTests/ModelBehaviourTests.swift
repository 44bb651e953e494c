import NeuralModels
import Tensors
import Testing

extension HeavyTests {
  @Suite struct ModelBehaviourTests {
    private func patches() throws -> Tensor {
      try Backbone.Kind.efficientNetLite0.normalized(Formula.images(4, 224, 224))
        .reshaped([2, 2, 3, 224, 224])
    }

    private func sem(
      _ purpose: Purpose, _ variant: SEMHyperIQA.Variant = .semantic
    ) throws -> SEMHyperIQA {
      try Formula.model(for: purpose) {
        try SEMHyperIQA(
          $0, variant: variant, rate: 1, backbone: .efficientNetLite0, scenes: 4, patches: 2)
      }.model
    }

    @Test func foldedAndShortInferenceStayNearTheTrainedModel() throws {
      let patches = try patches()
      let trained = try withoutGradient { try sem(.training())(patches).scores.doubles() }
      let folded = try sem(.inference(.float32))(patches).scores.floats()
      // Folding batch norm changes the order of roundings in 50 layers.
      #expect(Golden.difference(folded, trained) <= 1e-4)
      let short = try sem(.inference(.bfloat16))(patches).scores.floats()
      // bfloat16 keeps 8 bits; the target network's sigmoids squeeze what comes in.
      #expect(Golden.difference(short, trained) <= 0.05)
    }

    @Test func imagesOfABatchDoNotMix() throws {
      let model = try sem(.inference(.float32))
      let patches = try patches()
      let together = try model(patches).scores.floats()
      let alone = try (0..<2).map {
        try model(patches.slice($0..<$0 + 1, along: 0)).scores.floats()[0]
      }
      #expect(Golden.difference(alone, together.map(Double.init)) <= 1e-5)
      #expect(together[0] != together[1])
    }

    @Test func trainingStartsAtTheIdentity() throws {
      let weights = Weights(initialising: try RandomSource(seed: 4))
      let model = try FullHyperIQA(
        weights, rate: 1, backbone: .efficientNetLite0, scenes: 3, patches: 2, top: 2)
      let prediction = try withoutGradient { try model(patches()) }
      #expect(
        Golden.difference(
          try prediction.scores.floats(), try prediction.unscaledScores.doubles()) <= 1e-6)
    }

    @Test func unknownScenesAndWrongSizesAreErrors() throws {
      let model = try sem(.inference(.float32), .sceneOnly)
      let patches = try patches()
      #expect(throws: TensorError.self) { try model(patches) }
      #expect(throws: TensorError.self) { try model(patches, scenes: [0, 4]) }
      #expect(throws: TensorError.self) { try model(patches, scenes: [0]) }
      #expect(throws: TensorError.self) { try model(patches, scenes: [-1, 0]) }
      #expect(throws: TensorError.self) {
        try model(patches.slice(0..<1, along: 1), scenes: [0, 1])
      }
      #expect(throws: TensorError.self) {
        try model(Tensor.zeros([1, 2, 3, 96, 96]), scenes: [0])
      }
      let fresh = Weights(initialising: try RandomSource(seed: 4))
      #expect(throws: TensorError.self) {
        try FullHyperIQA(
          fresh, rate: 1, backbone: .efficientNetLite0, scenes: 3, patches: 1, top: 4)
      }
      #expect(throws: TensorError.self) {
        try HyperIQA(fresh, rate: 0, backbone: .efficientNetLite0)
      }
    }

    @Test func theHyperNetworkLearnsThroughTheTargetNetwork() throws {
      let (model, weights) = try Formula.model {
        try HyperIQA($0, rate: 1, backbone: .efficientNetLite0)
      }
      let images = try Backbone.Kind.efficientNetLite0.normalized(Formula.images(1, 224, 224))
      try model(images).scores.sum().backward()
      for name in ["fc1w_conv", "fc4b_fc", "fc5w_fc", "conv1.0", "res.lda1_fc", "res._conv_stem"] {
        let entry = try #require(weights.parameters.first { $0.name == "\(name).weight" })
        #expect(try #require(try entry.tensor.gradient()).abs().max().item() > 0, "\(name)")
      }
    }
  }
}

@Suite struct MultiscalePatchesTests {
  @Test func countsAndPlaces() throws {
    let images = try Tensor.zeros([1, 3, 150, 260])
    let patches = try MultiscalePatches(images: images)
    // 224 × 129, 384 × 222 and 260 × 150 pixels in steps of 32.
    #expect(patches.patches.shape == [1, 7 * 5 + 12 * 7 + 9 * 5, 3, 32, 32])
    #expect(patches.mask == nil)
  }

  @Test func resamplingKeepsConstantsAndMeans() throws {
    let flat = try MultiscalePatches(images: Tensor.full([1, 3, 448, 448], 0.25))
    let inner = try flat.patches.slice(0..<49, along: 1)
    // 224 pixels are seven whole patches: no padding, so every sample is the constant.
    #expect(abs(try inner.min().item() - 0.25) < 1e-6)
    #expect(abs(try inner.max().item() - 0.25) < 1e-6)
    // A ramp stays a ramp under a symmetric kernel, at half the samples.
    let ramp = try Tensor((0..<448).map(Float.init), shape: [1, 1, 1, 448]).expanded([
      1, 3, 448, 448,
    ])
    let small = try MultiscalePatches(images: ramp).patches.entry(1, along: 1).entry(0)
    let row = try small.entry(0).entry(5).floats()
    // Patch 1 starts at pixel 32 of 224: center (32.5) · 2 − 0.5 = 64.5.
    #expect(abs(row[0] - 64.5) < 1e-3)
    #expect(abs(row[31] - 126.5) < 1e-3)
  }

  @Test func paddedBatchesScoreAsAlone() throws {
    let (model, _) = try Formula.model(for: .inference(.float32)) { try MUSIQ($0) }
    let pixels = try [Formula.images(1, 64, 40), Formula.images(1, 120, 100)].map {
      try (ImageNetFree.unit($0) - 0.5) * 2.0
    }
    let items = try pixels.map { try MultiscalePatches(images: $0) }
    let together = try model(MultiscalePatches.batch(items)).scores.floats()
    let alone = try items.map { try model($0).scores.item() }
    // The mask takes padding out exactly; sums run in another order.
    #expect(Golden.difference(together, alone) <= 1e-4)
  }

  @Test func wrongShapesAreErrors() throws {
    #expect(throws: TensorError.self) { try MultiscalePatches(images: Tensor.zeros([1, 1, 9, 9])) }
    #expect(throws: TensorError.self) { try MultiscalePatches(images: Tensor.zeros([3, 9, 9])) }
    #expect(throws: TensorError.self) { try MultiscalePatches.batch([]) }
  }
}

import NeuralModels
import Tensors
import Testing

extension HeavyTests {
  /// Every model against its public reference, by files of `Scripts/golden/engine-models.py`.
  @Suite struct ModelParityTests {
    private func reference(_ name: String) throws -> ModelReference {
      var value = try Golden.read(ModelReference.self, name)
      value.name = name
      return value
    }

    @Test func resNet50() throws {
      let expected = try reference("resnet50")
      let (model, weights) = try Formula.model { try ResNet50($0) }
      let images = try ImageNet.normalized(Formula.images(2, 97, 65))
      let (stages, pooled) = try withoutGradient {
        (try model.stages(images), try model.pooledFeatures(images))
      }
      for (stage, expected) in zip(stages, try #require(expected.stages)) {
        try ModelReference.expectSummary(stage, expected)
      }
      let every16th = try pooled.entry(0).slice(0..<2048, along: 0, step: 16)
      let values = try #require(expected.pooled)
      #expect(try Golden.difference(every16th, values) <= ModelReference.forward * 10)
      let small = try ImageNet.normalized(Formula.images(2, 64, 64))
      let scores = try model.pooledFeatures(small).mean([1])
      try expected.expect(QualityPrediction(scores: scores), weights)
    }

    @Test func vgg16() throws {
      let (model, _) = try Formula.model { try VGG16($0 / "features") }
      let images = try ImageNet.normalized(Formula.images(1, 64, 48))
      let features = try withoutGradient { try model.features(images) }
      try ModelReference.expectSummary(features, reference("vgg16").features)
    }

    @Test(arguments: [(1, 2, "hyperiqa-r1"), (2, 1, "hyperiqa-r2")])
    func hyperIQA(rate: Int, count: Int, name: String) throws {
      let (model, weights, fused) = try Formula.models {
        try HyperIQA($0, rate: rate, backbone: .resNet50)
      }
      let patches = try ImageNet.normalized(Formula.images(count, 224 * rate, 224 * rate))
      let expected = try reference(name)
      try expected.expect(QualityPrediction(scores: model(patches).scores), weights)
      try expected.expectScores(QualityPrediction(scores: fused(patches).scores))
    }

    /// The golden file of a model at a patch rate.
    private func reference(_ name: String, _ rate: Int) throws -> ModelReference {
      try reference(rate == 1 ? name : "\(name)-r\(rate)")
    }

    @Test(arguments: [1, 2])
    func hyperIQAOnLite0(rate: Int) throws {
      let (model, weights, fused) = try Formula.models {
        try HyperIQA($0, rate: rate, backbone: .efficientNetLite0)
      }
      let side = 224 * rate
      let patches = try Backbone.Kind.efficientNetLite0.normalized(Formula.images(2, side, side))
      let expected = try reference("hyperiqa-lite0", rate)
      try expected.expect(QualityPrediction(scores: model(patches).scores), weights)
      try expected.expectScores(QualityPrediction(scores: fused(patches).scores))
    }

    /// Two images of two patches each: the second image is the first one's patches upside down.
    private func imagesOfPatches(_ backbone: Backbone.Kind, _ rate: Int) throws -> Tensor {
      let upright = try Formula.images(2, 224 * rate, 224 * rate)
      return try .stack([
        backbone.normalized(upright), backbone.normalized(upright.flipped([1])),
      ])
    }

    @Test(arguments: SEMHyperIQA.Variant.allCases, [1, 2])
    func semHyperIQA(variant: SEMHyperIQA.Variant, rate: Int) throws {
      let backbone = variant == .semantic ? Backbone.Kind.resNet50 : .efficientNetLite0
      let (model, weights, fused) = try Formula.models {
        try SEMHyperIQA(
          $0, variant: variant, rate: rate, backbone: backbone, scenes: 5,
          patches: 2)
      }
      let name = variant == .semantic ? "sem" : "sem-\(variant.rawValue)"
      let scenes = variant == .sceneOnly ? [3, 1] : nil
      let expected = try reference(name, rate)
      let patches = try imagesOfPatches(backbone, rate)
      try expected.expect(model(patches, scenes: scenes), weights)
      try expected.expectScores(fused(patches, scenes: scenes))
    }

    @Test(arguments: FullHyperIQA.SceneInput.allCases, [1, 2])
    func fullHyperIQA(input: FullHyperIQA.SceneInput, rate: Int) throws {
      let (model, weights, fused) = try Formula.models {
        try FullHyperIQA(
          $0, rate: rate, backbone: .efficientNetLite0, scenes: 5, patches: 2, top: 3,
          sceneInput: input)
      }
      let complete =
        input == .patches ? nil : try EfficientNetLite0.normalized(Formula.images(2, 96, 128))
      let expected = try reference(input == .patches ? "full" : "full-complete", rate)
      let patches = try imagesOfPatches(.efficientNetLite0, rate)
      try expected.expect(model(patches, completeImages: complete), weights)
      try expected.expectScores(fused(patches, completeImages: complete))
    }

    @Test func multitaskResNet50() throws {
      let (model, weights, fused) = try Formula.models {
        try PooledQuality($0, backbone: .resNet50, scenes: 5)
      }
      let images = try ImageNet.normalized(Formula.images(2, 96, 128))
      let expected = try reference("pooled")
      try expected.expect(model(images), weights)
      try expected.expectScores(fused(images))
      try expectLarge(expected) { try fused(ImageNet.normalized($0)).scores }
    }

    /// The score of an image of 448 × 448 pixels, the input of r = 2.
    private func expectLarge(
      _ expected: ModelReference, _ score: (Tensor) throws -> Tensor
    ) throws {
      let large = try #require(expected.large)
      let bound = ModelReference.forward * max(1, large.map(abs).max() ?? 1)
      #expect(try Golden.difference(score(Formula.images(1, 448, 448)), large) <= bound)
    }

    @Test func musiq() throws {
      let expected = try reference("musiq")
      let images = try (ImageNetFree.unit(Formula.images(2, 150, 260)) - 0.5) * 2.0
      let patches = try MultiscalePatches(images: images, resampling: .bicubic)
      #expect(try patches.places.entry(0).integers() == expected.places)
      #expect(try patches.scales.entry(0).integers() == expected.scales)
      let (model, weights, fused) = try Formula.models { try MUSIQ($0) }
      try expected.expect(model(patches), weights)
      try expected.expectScores(fused(patches))
      try expectLarge(expected) { pixels in
        let images = try (ImageNetFree.unit(pixels) - 0.5) * 2.0
        return try fused(MultiscalePatches(images: images, resampling: .bicubic)).scores
      }
      // Ten classes: the score is the mean of the predicted distribution.
      let (graded, _) = try Formula.model(for: .inference(.float32)) { try MUSIQ($0, classes: 10) }
      let first = try MultiscalePatches(images: images.slice(0..<1, along: 0), resampling: .bicubic)
      let scores = try graded(first).scores
      let values = try #require(expected.distribution)
      #expect(try Golden.difference(scores, values) <= ModelReference.forward * 10)
    }

    @Test func dbCNN() throws {
      let expected = try reference("dbcnn")
      let (model, weights, fused) = try Formula.models { try DBCNN($0) }
      let images = try ImageNet.normalized(Formula.images(2, 96, 80))
      try expected.expect(model(images), weights)
      try expected.expectScores(fused(images))
      try expectLarge(expected) { try fused(ImageNet.normalized($0)).scores }
      // Sizes that 16 doesn't divide: the two networks' maps differ and are brought together.
      let odd = try withoutGradient {
        try model(ImageNet.normalized(Formula.images(1, 75, 101))).scores
      }
      #expect(try Golden.difference(odd, #require(expected.odd)) <= ModelReference.forward)
    }
  }
}

/// Pixels as 0…1, without a network's normalization.
enum ImageNetFree {
  static func unit(_ pixels: Tensor) throws -> Tensor {
    try pixels.permuted([0, 3, 1, 2]).to(.float32) * (1.0 / 255)
  }
}

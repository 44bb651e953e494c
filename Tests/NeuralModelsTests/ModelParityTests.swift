import NeuralModels
import Tensors
import Testing

extension HeavyTests {
  /// Every model against its public reference, by files of `Scripts/golden/engine-models.py`.
  @Suite struct ModelParityTests {
    private func reference(_ name: String) throws -> ModelReference {
      try Golden.read(ModelReference.self, name)
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
      let (model, weights) = try Formula.model {
        try HyperIQA($0, rate: rate, backbone: .resNet50)
      }
      let patches = try ImageNet.normalized(Formula.images(count, 224 * rate, 224 * rate))
      try reference(name).expect(QualityPrediction(scores: model(patches).scores), weights)
    }

    @Test func hyperIQAOnLite0() throws {
      let (model, weights) = try Formula.model {
        try HyperIQA($0, rate: 1, backbone: .efficientNetLite0)
      }
      let patches = try Backbone.Kind.efficientNetLite0.normalized(Formula.images(2, 224, 224))
      try reference("hyperiqa-lite0").expect(
        QualityPrediction(scores: model(patches).scores), weights)
    }

    /// Two images of two patches each: the second image is the first one's patches upside down.
    private func imagesOfPatches(_ backbone: Backbone.Kind) throws -> Tensor {
      let upright = try Formula.images(2, 224, 224)
      return try .stack([
        backbone.normalized(upright), backbone.normalized(upright.flipped([1])),
      ])
    }

    @Test(arguments: SEMHyperIQA.Variant.allCases)
    func semHyperIQA(variant: SEMHyperIQA.Variant) throws {
      let backbone = variant == .semantic ? Backbone.Kind.resNet50 : .efficientNetLite0
      let (model, weights) = try Formula.model {
        try SEMHyperIQA($0, variant: variant, rate: 1, backbone: backbone, scenes: 5, patches: 2)
      }
      let name = variant == .semantic ? "sem" : "sem-\(variant.rawValue)"
      let scenes = variant == .sceneOnly ? [3, 1] : nil
      try reference(name).expect(model(imagesOfPatches(backbone), scenes: scenes), weights)
    }

    @Test(arguments: FullHyperIQA.SceneInput.allCases)
    func fullHyperIQA(input: FullHyperIQA.SceneInput) throws {
      let (model, weights) = try Formula.model {
        try FullHyperIQA(
          $0, rate: 1, backbone: .efficientNetLite0, scenes: 5, patches: 2, top: 3,
          sceneInput: input)
      }
      let complete =
        input == .patches ? nil : try EfficientNetLite0.normalized(Formula.images(2, 96, 128))
      try reference(input == .patches ? "full" : "full-complete").expect(
        model(imagesOfPatches(.efficientNetLite0), completeImages: complete), weights)
    }

    @Test func multitaskResNet50() throws {
      let (model, weights) = try Formula.model {
        try PooledQuality($0, backbone: .resNet50, scenes: 5)
      }
      let images = try ImageNet.normalized(Formula.images(2, 96, 128))
      try reference("pooled").expect(model(images), weights)
    }

    @Test func musiq() throws {
      let expected = try reference("musiq")
      let images = try (ImageNetFree.unit(Formula.images(2, 150, 260)) - 0.5) * 2.0
      let patches = try MultiscalePatches(images: images, resampling: .bicubic)
      #expect(try patches.places.entry(0).integers() == expected.places)
      #expect(try patches.scales.entry(0).integers() == expected.scales)
      let (model, weights) = try Formula.model { try MUSIQ($0) }
      try expected.expect(model(patches), weights)
      // Ten classes: the score is the mean of the predicted distribution.
      let (graded, _) = try Formula.model(for: .inference(.float32)) { try MUSIQ($0, classes: 10) }
      let first = try MultiscalePatches(images: images.slice(0..<1, along: 0), resampling: .bicubic)
      let scores = try graded(first).scores
      let values = try #require(expected.distribution)
      #expect(try Golden.difference(scores, values) <= ModelReference.forward * 10)
    }

    @Test func dbCNN() throws {
      let expected = try reference("dbcnn")
      let (model, weights) = try Formula.model { try DBCNN($0) }
      try expected.expect(model(ImageNet.normalized(Formula.images(2, 96, 80))), weights)
      // Sizes that 16 doesn't divide: the two networks' maps differ and are brought together.
      let odd = try withoutGradient {
        try model(ImageNet.normalized(Formula.images(1, 75, 101))).scores
      }
      #expect(try Golden.difference(odd, #require(expected.odd)) <= ModelReference.forward)
    }
  }
}

/// Pixels as 0…1, without a network's normalisation.
enum ImageNetFree {
  static func unit(_ pixels: Tensor) throws -> Tensor {
    try pixels.permuted([0, 3, 1, 2]).to(.float32) * (1.0 / 255)
  }
}

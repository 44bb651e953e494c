public import Tensors

/// SEM-HyperIQA: HyperIQA over several patches of one image; the scene is predicted from all of
/// them, and decides how the score is rescaled.
///
/// Source: Chahine and others 2023, «An image quality assessment dataset for portraits», CVPR,
/// arXiv:2304.05772, section 5.1 and figure 4. Keys: `hyperNet`, `sceneClassNet`, `rescaleNet`.
public struct SEMHyperIQA {
  /// Which of the paper's three networks.
  public enum Variant: String, Hashable, Sendable, Codable, CaseIterable {
    /// The scene is predicted, and its probabilities rescale the score.
    case semantic = "sem"
    /// The true scene rescales the score; nothing is predicted.
    case sceneOnly = "so"
    /// The scene is predicted as a second task; nothing is rescaled.
    case classificationOnly = "co"
  }

  /// The variant.
  public let variant: Variant
  private let trunk: PatchHyperIQA
  private let classifier: SceneClassifier?
  private let rescale: RescaleNetwork?

  /// Takes the weights of a network for a number of scenes and of patches an image.
  public init(
    _ w: Weights, variant: Variant, rate: Int, backbone: Backbone.Kind, scenes: Int, patches: Int
  ) throws(TensorError) {
    self.variant = variant
    trunk = try PatchHyperIQA(w, rate: rate, backbone: backbone, scenes: scenes, patches: patches)
    classifier =
      variant == .sceneOnly
      ? nil
      : try SceneClassifier(
        w.precise / "sceneClassNet", inputs: trunk.sceneFeatureCount, scenes: scenes)
    rescale =
      variant == .classificationOnly
      ? nil : try RescaleNetwork(w.precise / "rescaleNet", scenes: scenes)
  }

  /// Predicts images' scores from their patches `[batch, patches, 3, side, side]`.
  ///
  /// The scene-only variant needs the images' scene numbers `[batch]` and refuses numbers that it
  /// wasn't trained on. Scenes that are known take the place of the predicted ones.
  public func callAsFunction(
    _ patches: Tensor, scenes: [Int]? = nil, knownScenes: [Int]? = nil, training: Bool = false
  ) throws(TensorError) -> QualityPrediction {
    let (scores, crops, features, seen) = try trunk(patches, training: training)
    let logits = try classifier?(features)
    guard let rescale else {
      return QualityPrediction(
        scores: scores, sceneLogits: logits, cropScores: crops, features: seen)
    }
    let probabilities: Tensor
    if let logits, knownScenes == nil {
      probabilities = try logits.softmax(1)
    } else {
      guard let scenes = knownScenes ?? scenes, scenes.count == scores.count,
        scenes.allSatisfy((0..<rescale.scenes).contains)
      else {
        throw TensorError(
          "SEM-HyperIQA-SO", shapes: [patches.shape],
          reason: "each image needs the number of a scene that the model was trained on, "
            + "0..<\(rescale.scenes)")
      }
      probabilities = try Tensor(scenes.map(Int64.init)).oneHot(classes: rescale.scenes)
    }
    return QualityPrediction(
      scores: try rescale(probabilities, scores), unscaledScores: scores, sceneLogits: logits,
      cropScores: try rescale(probabilities, crops), features: seen)
  }
}

/// HyperIQA over the patches of images: the mean score and the features of the scene classifier.
struct PatchHyperIQA {
  /// The number of features of all patches of an image together.
  let sceneFeatureCount: Int
  private let network: HyperIQA
  private let scenes: Int
  private let patches: Int

  init(
    _ w: Weights, rate: Int, backbone: Backbone.Kind, scenes: Int, patches: Int
  ) throws(TensorError) {
    guard scenes >= 1, patches >= 1 else {
      throw TensorError("SEM-HyperIQA", reason: "at least one scene and one patch are needed")
    }
    network = try HyperIQA(w / "hyperNet", rate: rate, backbone: backbone)
    self.scenes = scenes
    self.patches = patches
    sceneFeatureCount = network.hyperChannels * scenes * patches
  }

  /// Scores `[batch]`, those of the patches `[batch, patches]`, features of the classifier
  /// `[batch, sceneFeatureCount]` and the mean of what was seen; images stay together throughout.
  func callAsFunction(
    _ input: Tensor, training: Bool
  ) throws(TensorError) -> (scores: Tensor, patches: Tensor, features: Tensor, seen: Tensor) {
    guard input.rank == 5, input.shape[1] == patches else {
      throw TensorError(
        "SEM-HyperIQA", shapes: [input.shape],
        reason: """
          [batch, \(patches), 3, \(network.patchSide), \(network.patchSide)] is the expected shape
          """)
    }
    let output = try network(input.flattened(from: 0, to: 1), training: training)
    // The authors average the hyper features over rows into as many columns as there are scenes.
    let pooled = try output.hyperFeatures.to(.float32).adaptiveAvgPool2d(1, scenes)
    let scores = try output.scores.reshaped([-1, patches])
    return (
      try scores.mean([1]), scores,
      try pooled.reshaped([-1, sceneFeatureCount]),
      try output.pooled.reshaped([scores.shape[0], patches, -1]).mean([1])
    )
  }
}

extension SEMHyperIQA {
  /// What the program has to know about a variant.
  static func traits(_ variant: Variant) -> ArchitectureTraits {
    var traits = HyperIQA.familyTraits
    switch variant {
    case .semantic:
      traits.title = "SEM-HyperIQA"
      traits.summary = "HyperIQA rescaled by the predicted scene (paper 1)"
      (traits.scenes, traits.training.sceneWeight) = (.predicted, 1)
      traits.presentKeys += ["sceneClassNet.", "rescaleNet."]
      traits.absentKeys = ["contextNet."]
    case .sceneOnly:
      traits.title = "SEM-HyperIQA-SO"
      traits.summary = "HyperIQA rescaled by the true scene (paper 1)"
      traits.scenes = .given
      traits.presentKeys += ["rescaleNet."]
      traits.absentKeys = ["contextNet.", "sceneClassNet."]
    case .classificationOnly:
      traits.title = "SEM-HyperIQA-CO"
      traits.summary = "HyperIQA with the scene as a second task (paper 1)"
      (traits.scenes, traits.training.sceneWeight) = (.secondTask, 1)
      traits.absentKeys = ["contextNet.", "rescaleNet."]
    }
    return traits
  }
}

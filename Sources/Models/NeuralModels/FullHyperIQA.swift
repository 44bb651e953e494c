public import Tensors

/// FULL-HyperIQA: as SEM-HyperIQA, but the score is rescaled for each of the k most probable scenes
/// and the results are averaged by probability, so that unseen scenes borrow from similar ones.
///
/// Source: Chahine and others 2024, «Generalized portrait quality assessment», arXiv:2402.09178.
/// The variant with the complete image is that of paper 2, figure 3: the scene is predicted from
/// the complete photo by a separate network, the quality from the face region.
public struct FullHyperIQA {
  /// What the scene is predicted from.
  public enum SceneInput: String, Hashable, Sendable, Codable, CaseIterable {
    /// The hyper features of the patches.
    case patches
    /// The complete photo: a backbone of its own, its pooled features, the classifier.
    case completeImage
  }

  /// How many scenes take part.
  public let sceneCount: Int
  private let trunk: PatchHyperIQA
  private let context: Backbone?
  private let classifier: SceneClassifier
  private let rescale: RescaleNetwork

  /// Takes the weights of a network that rescales with the `top` most probable scenes.
  public init(
    _ w: Weights, rate: Int, backbone: Backbone.Kind, scenes: Int, patches: Int, top: Int,
    sceneInput: SceneInput = .patches
  ) throws(TensorError) {
    guard (1...max(scenes, 1)).contains(top) else {
      throw TensorError(
        "FULL-HyperIQA", reason: "the \(top) most probable of \(scenes) scenes cannot be used")
    }
    sceneCount = top
    trunk = try PatchHyperIQA(w, rate: rate, backbone: backbone, scenes: scenes, patches: patches)
    context = sceneInput == .patches ? nil : try Backbone(backbone, w / "contextNet")
    classifier = try SceneClassifier(
      w.precise / "sceneClassNet",
      inputs: sceneInput == .patches ? trunk.sceneFeatureCount : backbone.featureCount,
      scenes: scenes)
    rescale = try RescaleNetwork(w.precise / "rescaleNet", scenes: scenes)
  }

  /// Predicts images' scores from patches `[batch, patches, 3, side, side]` and, for the variant,
  /// from the complete photos `[batch, 3, height, width]`.
  ///
  /// Known scenes take the place of the predicted ones.
  public func callAsFunction(
    _ patches: Tensor, completeImages: Tensor? = nil, knownScenes: [Int]? = nil,
    training: Bool = false
  ) throws(TensorError) -> QualityPrediction {
    let (scores, crops, features, seen) = try trunk(patches, training: training)
    var sceneFeatures = features
    if let context {
      guard let completeImages, completeImages.shape.first == patches.shape.first else {
        throw TensorError(
          "FULL-HyperIQA", shapes: [patches.shape],
          reason: "this variant needs the complete photo of each image")
      }
      sceneFeatures = try context.pooledFeatures(completeImages, training: training)
        .to(.float32)
    }
    let logits = try classifier(sceneFeatures)
    func rescaled(_ scores: Tensor) throws(TensorError) -> Tensor {
      if let knownScenes { return try rescale(known: knownScenes, scores) }
      return try rescale(top: sceneCount, of: logits, scores)
    }
    return QualityPrediction(
      scores: try rescaled(scores), unscaledScores: scores, sceneLogits: logits,
      cropScores: try rescaled(crops), features: seen)
  }
}

extension FullHyperIQA {
  /// What the program has to know about it.
  static func traits(_ input: SceneInput) -> ArchitectureTraits {
    var traits = HyperIQA.familyTraits
    (traits.scenes, traits.rescalesByTopScenes) = (.predicted, true)
    (traits.training.sceneWeight, traits.training.squaresErrors) = (0.5, true)
    traits.presentKeys += ["sceneClassNet.", "rescaleNet."]
    switch input {
    case .patches:
      traits.title = "FULL-HyperIQA"
      traits.summary = "HyperIQA rescaled by the k most probable scenes"
      traits.absentKeys = ["contextNet."]
    case .completeImage:
      traits.title = "FULL-HyperIQA with the complete image"
      traits.summary = "the same, with the scene predicted from the complete photo (paper 2)"
      traits.needsCompleteImage = true
      traits.backbonePrefixes += ["contextNet."]
      traits.presentKeys += ["contextNet."]
      traits.absentKeys = []
    }
    return traits
  }
}

public import Tensors

/// The baselines of paper 2: a backbone, its pooled features, one score; the multitask form also
/// predicts the scene and rescales the score for it, as SEM-HyperIQA does.
///
/// Source: Carfora Ventura and others 2024, tables 1 and 2, «ResNet-50» and «Multitask ResNet-50».
/// The paper doesn't show the heads: one linear layer each is our reading.
public struct PooledQuality {
  private let trunk: Backbone
  private let score: LinearLayer
  private let classifier: LinearLayer?
  private let rescale: RescaleNetwork?

  /// Takes the weights; with a number of scenes the network is the multitask one.
  public init(
    _ w: Weights, backbone: Backbone.Kind, scenes: Int? = nil
  ) throws(TensorError) {
    trunk = try Backbone(backbone, w / "backbone")
    score = try LinearLayer(w.precise / "score", backbone.featureCount, 1)
    classifier = try scenes.map { count throws(TensorError) in
      try LinearLayer(w.precise / "scene", backbone.featureCount, count)
    }
    rescale = try scenes.map { count throws(TensorError) in
      try RescaleNetwork(w.precise / "rescaleNet", scenes: count)
    }
  }

  /// Predicts the scores of `[batch, 3, height, width]`, normalized for the backbone; any size from
  /// 32 pixels on.
  ///
  /// Known scenes, one an image, take the place of the predicted ones.
  public func callAsFunction(
    _ images: Tensor, knownScenes: [Int]? = nil, training: Bool = false
  ) throws(TensorError) -> QualityPrediction {
    let features = try trunk.pooledFeatures(images, training: training).to(.float32)
    let scores = try score(features).squeezed(-1)
    guard let classifier, let rescale else {
      return QualityPrediction(scores: scores, features: features)
    }
    let logits = try classifier(features)
    let rescaled =
      if let knownScenes { try rescale(known: knownScenes, scores) } else {
        try rescale(logits.softmax(1), scores)
      }
    return QualityPrediction(
      scores: rescaled, unscaledScores: scores, sceneLogits: logits, features: features)
  }
}

extension PooledQuality {
  /// What the program has to know about the baseline.
  static let baselineTraits = traits(
    title: "ResNet-50", summary: "pooled features and one linear layer (paper 2's baseline)")

  /// What the program has to know about the multitask form.
  static let multitaskTraits: ArchitectureTraits = {
    var traits = PooledQuality.traits(
      title: "Multitask ResNet-50",
      summary: "the baseline that also predicts the scene and rescales (paper 2)")
    traits.scenes = .predicted
    traits.training.sceneWeight = 0.5
    (traits.presentKeys, traits.absentKeys) = (["backbone.", "rescaleNet."], [])
    return traits
  }()

  private static func traits(title: String, summary: String) -> ArchitectureTraits {
    var traits = ArchitectureTraits(
      title: title, summary: summary, backbonePrefixes: ["backbone."], presentKeys: ["backbone."],
      absentKeys: ["rescaleNet."])
    traits.publishedCropSide = 1344
    traits.training.squaresErrors = true
    return traits
  }
}

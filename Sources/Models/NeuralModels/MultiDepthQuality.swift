public import Tensors

/// EfficientNet-Lite0 that learns together with ``MultiDepthRegressor``'s head: one linear layer on
/// the mean and the deviation of every channel at five depths.
///
/// ```
/// region ─ 24 ─ 40 ─ 80 ─ 112 ─ 192
///           │    │    │     │     │
///          mean and deviation over the region, standardized
///           └────┴────┴──┬──┴─────┘
///                     linear → score
/// ```
///
/// It reads the whole region, of any size and shape. Its batch norms always keep ImageNet's
/// statistics, so that photos can be of different sizes in training. A trained regressor is its
/// best start: head first, then everything (Kumar and others 2022, arXiv:2202.10054); started
/// otherwise, its head predicts the mean of the training scores.
public struct MultiDepthQuality {
  /// The rows of EfficientNet-Lite0 that are used; the last one is made for objects.
  static let rows = 6
  private static let channels = Array(EfficientNetLite0.groupChannels.prefix(rows - 1))

  private let backbone: EfficientNetLite0
  private let head: MultiDepthHead

  /// Takes the weights.
  public init(_ w: Weights) throws(TensorError) {
    backbone = try EfficientNetLite0(w / "backbone", rows: Self.rows)
    head = try MultiDepthHead(w.precise / "head", 2 * Self.channels.reduce(0, +))
  }

  /// Predicts the scores of `[batch, 3, height, width]`, normalized for the backbone; any size from
  /// 32 pixels on.
  public func callAsFunction(_ images: Tensor) throws(TensorError) -> QualityPrediction {
    let features = try MultiDepthHead.features(backbone.groups(images), epsilon: 1e-8)
    return QualityPrediction(scores: try head(features), features: features)
  }
}

extension MultiDepthQuality {
  /// What the program has to know about it.
  static let traits: ArchitectureTraits = {
    var traits = ArchitectureTraits(
      title: "Multi-depth Lite0",
      summary: "Lite0 and a linear head on its channels' means and deviations at five depths, "
        + "learned together",
      usesCrops: false, hasBackboneChoice: false, backbonePrefixes: ["backbone."],
      presentKeys: ["backbone.", "head.center"])
    traits.longSidePixels = 512
    traits.training.learningRate = 1e-4
    return traits
  }()
}

public import Tensors

/// HyperIQA: a hyper network reads what an image shows and makes the weights of a small target
/// network, which scores the image's local distortions.
///
/// Patches are squares of 224·r pixels. The keys are the reference's (`res.…`, `conv1.…`,
/// `fc1w_conv.…`), on either backbone.
///
/// Source: Su and others 2020, «Blindly assess image quality in the wild guided by a self-adaptive
/// hyper network», CVPR, figure 2; r > 1 as in Chahine and others 2023, arXiv:2304.05772.
public struct HyperIQA {
  /// What HyperIQA says about patches.
  public struct Output {
    /// One score a patch: `[batch]`, single precision.
    public let scores: Tensor
    /// What the patch shows: `[batch, 112·r, 7·r, 7·r]`.
    public let hyperFeatures: Tensor
    /// The hyper features averaged over the patch: `[batch, 112·r]`.
    let pooled: Tensor

    /// The scores with what the network saw.
    var prediction: QualityPrediction { QualityPrediction(scores: scores, features: pooled) }
  }

  /// The side of the patches in pixels.
  public let patchSide: Int
  /// The channels of the hyper features.
  public let hyperChannels: Int

  private let rate: Int
  private let purpose: Purpose
  private let backbone: Backbone
  private let distortion: DistortionBranch
  private let reduce: [ConvLayer]
  private let layers: [TargetLayer]
  private let lastWeight: LinearLayer
  private let lastBias: LinearLayer

  /// Takes the weights of a network for patches of 224·rate pixels.
  public init(_ w: Weights, rate: Int, backbone kind: Backbone.Kind) throws(TensorError) {
    guard rate >= 1 else {
      throw TensorError("HyperIQA", reason: "the patch rate must be at least 1, not \(rate)")
    }
    self.rate = rate
    patchSide = 224 * rate
    hyperChannels = 112 * rate
    purpose = w.purpose
    backbone = try Backbone(kind, w / "res")
    distortion = try DistortionBranch(w / "res", kind.stageChannels, rate: rate)
    reduce = [
      try ConvLayer(w / "conv1" / 0, kind.stageChannels[3], 1024, kernel: 1),
      try ConvLayer(w / "conv1" / 2, 1024, 512, kernel: 1),
      try ConvLayer(w / "conv1" / 4, 512, hyperChannels, kernel: 1),
    ]
    // 224r → 112r → 56r → 28r → 14r → 1
    let sizes = (0...4).map { (224 * rate) >> $0 }
    var layers: [TargetLayer] = []
    for index in 0..<4 {
      layers.append(
        try TargetLayer(
          w, "fc\(index + 1)", channels: hyperChannels, map: 7 * rate, inputs: sizes[index],
          outputs: sizes[index + 1]))
    }
    self.layers = layers
    let start = Initializer.kaimingNormal(fan: hyperChannels)
    lastWeight = try LinearLayer(w.precise / "fc5w_fc", hyperChannels, sizes[4], start: start)
    lastBias = try LinearLayer(w.precise / "fc5b_fc", hyperChannels, 1, start: start)
  }

  /// Predicts the scores of `[batch, 3, 224·r, 224·r]`, normalized for the backbone.
  public func callAsFunction(
    _ patches: Tensor, training: Bool = false
  ) throws(TensorError) -> Output {
    guard patches.rank == 4, patches.shape.suffix(2) == [patchSide, patchSide] else {
      throw TensorError(
        "HyperIQA", shapes: [patches.shape],
        reason: "expected patches of [batch, 3, \(patchSide), \(patchSide)]")
    }
    let stages = try backbone.stages(purpose.input(patches), training: training)
    var hyper = stages[3]
    for layer in reduce { hyper = try layer(hyper, .relu) }
    let pooled = try hyper.to(.float32).mean([2, 3])
    // The target network, in single precision: its weights differ from patch to patch, so its
    // layers are batched matrix products.
    var x = try distortion(stages).to(.float32).unsqueezed(-1)
    for layer in layers { x = try layer(x, hyper, pooled).sigmoid() }
    let score = try lastWeight(pooled).unsqueezed(1).batchMatmul(x).flattened()
    return Output(
      scores: try score + lastBias(pooled).squeezed(-1), hyperFeatures: hyper, pooled: pooled)
  }
}

/// The local distortions of the four stages, as one vector of 224·r numbers.
private struct DistortionBranch {
  let narrow: [ConvLayer]
  let full: [LinearLayer]

  init(_ w: Weights, _ channels: [Int], rate: Int) throws(TensorError) {
    let area = rate * rate
    var narrow: [ConvLayer] = []
    var full: [LinearLayer] = []
    // The stages' maps, averaged over 7 × 7, have 8r, 4r, 2r and r places a side.
    for (index, (width, places)) in [(16, 64), (32, 16), (64, 4)].enumerated() {
      narrow.append(
        try ConvLayer(
          w / "lda\(index + 1)_pool" / 0, channels[index], width, kernel: 1, bias: false,
          start: .kaimingNormal(fan: channels[index])))
      full.append(
        try LinearLayer(
          w / "lda\(index + 1)_fc", width * places * area, 16,
          start: .kaimingNormal(fan: width * places * area)))
    }
    full.append(
      try LinearLayer(
        w / "lda4_fc", channels[3] * area, 224 * rate - 48,
        start: .kaimingNormal(fan: channels[3] * area)))
    self.narrow = narrow
    self.full = full
  }

  func callAsFunction(_ stages: [Tensor]) throws(TensorError) -> Tensor {
    var parts: [Tensor] = []
    for (index, stage) in stages.enumerated() {
      let map = index < narrow.count ? try narrow[index](stage) : stage
      // Averaging and reading row by row, channel by channel.
      let pooled = try map.avgPool2d(7, stride: 7).flattened(from: 1)
      parts.append(try full[index](pooled))
    }
    return try .concatenate(parts, along: 1)
  }
}

/// One layer of the target network and the two layers of the hyper network that make its weights.
private struct TargetLayer {
  let weights: ConvLayer
  let biases: LinearLayer
  let inputs: Int
  let outputs: Int

  init(
    _ w: Weights, _ name: String, channels: Int, map: Int, inputs: Int, outputs: Int
  ) throws(TensorError) {
    weights = try ConvLayer(
      w / "\(name)w_conv", channels, inputs * outputs / (map * map), kernel: 3, padding: 1,
      start: .kaimingNormal(fan: channels * 9))
    biases = try LinearLayer(
      w.precise / "\(name)b_fc", channels, outputs, start: .kaimingNormal(fan: channels))
    self.inputs = inputs
    self.outputs = outputs
  }

  /// `[batch, inputs, 1] → [batch, outputs, 1]`.
  func callAsFunction(
    _ x: Tensor, _ hyper: Tensor, _ pooled: Tensor
  ) throws(TensorError) -> Tensor {
    let matrix = try weights(hyper).to(.float32).reshaped([-1, outputs, inputs])
    return try matrix.batchMatmul(x) + biases(pooled).unsqueezed(-1)
  }
}

extension HyperIQA {
  /// What the program has to know about it.
  static let traits: ArchitectureTraits = {
    var traits = ArchitectureTraits(
      title: "HyperIQA",
      summary: "a hyper network predicts the weights that score each patch (Su and others 2020)",
      cropMultiple: 224, backbonePrefixes: ["res."], presentKeys: ["fc1w_conv."],
      absentKeys: ["hyperNet."])
    (traits.training.learningRate, traits.training.headRateFactor) = (2e-5, 10)
    return traits
  }()

  /// What its successors, which hold it at `hyperNet`, have in common.
  static let familyTraits: ArchitectureTraits = {
    var traits = HyperIQA.traits
    traits.readsCropsTogether = true
    traits.backbonePrefixes = ["hyperNet.res."]
    (traits.presentKeys, traits.absentKeys) = (["hyperNet."], [])
    return traits
  }()
}

public import Tensors

/// MUSIQ: patches of an image at several scales become tokens of one transformer, whatever the
/// image's size and shape.
///
/// Each 32 × 32 patch → convolution, one bottleneck → a token of 384 numbers, plus what place and
/// what scale it came from; 14 encoder blocks; the class token gives the score. The keys are those
/// of the public PyTorch weights (`conv_root`, `block1`, `transformer_encoder`, `head`).
///
/// Source: Ke and others 2021, «MUSIQ: Multi-scale image quality transformer», ICCV,
/// arXiv:2108.05997, figure 2 and section 3.
public struct MUSIQ {
  /// The side of the patches in pixels.
  static let patchSide = 32
  /// The side of the grid of trained position embeddings.
  static let gridSide = 10
  /// The longer sides of the scales before the native one.
  static let longSides = [224, 384]
  private static let width = 384
  private static let rootChannels = 64

  private let purpose: Purpose
  private let root: StandardizedConv
  private let rootNorm: GroupNormLayer
  private let bottleneck: TokenBottleneck
  private let embedding: LinearLayer
  private let places: Tensor
  private let scales: Tensor
  private let classToken: Tensor
  private let blocks: [EncoderBlock]
  private let norm: LayerNormLayer
  private let head: LinearLayer
  private let classes: Int

  /// Takes the weights; with more than one class the head gives a distribution over 1, 2, ….
  public init(_ w: Weights, classes: Int = 1) throws(TensorError) {
    purpose = w.purpose
    self.classes = classes
    let channels = Self.rootChannels
    root = try StandardizedConv(w / "conv_root", 3, channels, kernel: 7, stride: 2)
    rootNorm = try GroupNormLayer(w / "gn_root", groups: 32, channels, epsilon: 1e-6)
    bottleneck = try TokenBottleneck(w / "block1", channels)
    embedding = try LinearLayer(
      w / "embedding", 4 * channels * 8 * 8, Self.width, manyRows: true)
    let encoder = w / "transformer_encoder"
    places = try (encoder.precise / "posembed_input").parameter(
      "position_emb", [1, Self.gridSide * Self.gridSide, Self.width], .normal(deviation: 0.02))
    scales = try (encoder.precise / "scaleembed_input").parameter(
      "scale_emb", [Self.longSides.count + 1, Self.width], .normal(deviation: 0.02))
    classToken = try encoder.precise.parameter("cls", [1, 1, Self.width], .zeros)
    var blocks: [EncoderBlock] = []
    for index in 0..<14 {
      blocks.append(
        try EncoderBlock(
          encoder / "transformer" / "encoderblock_\(index)", Self.width, heads: 6, inner: 1152))
    }
    self.blocks = blocks
    norm = try LayerNormLayer(encoder.precise / "encoder_norm", Self.width, epsilon: 1e-6)
    head = try LinearLayer(
      classes > 1 ? w.precise / "head" / 0 : w.precise / "head", Self.width, classes)
  }

  /// Predicts images' scores from their patches.
  public func callAsFunction(_ input: MultiscalePatches) throws(TensorError) -> QualityPrediction {
    let batch = input.patches.shape[0]
    // From here on what blocks add up stays in single precision.
    var x = try tokens(input.patches.flattened(from: 0, to: 1)).to(.float32)
      .reshaped([batch, input.count, Self.width])
    x = try x + places.squeezed(0).entries(input.places.flattened()).reshaped(x.shape)
    x = try x + scales.entries(input.scales.flattened()).reshaped(x.shape)
    x = try .concatenate([classToken.expanded([batch, 1, Self.width]), x], along: 1)
    var mask: Tensor?
    if let valid = input.mask {
      let first = try Tensor.ones([batch, 1]).placed(on: purpose.device).isAtLeast(1)
      mask = try Tensor.concatenate([first, valid], along: 1).unsqueezed(1).unsqueezed(1)
    }
    for block in blocks { x = try block(x, mask: mask) }
    let seen = try norm(x.entry(0, along: 1))
    let scores = try head(seen)
    guard classes > 1 else {
      return QualityPrediction(scores: try scores.squeezed(-1), features: seen)
    }
    let marks = try Tensor.range(classes, type: .float32).placed(on: purpose.device) + 1
    return QualityPrediction(
      scores: try (scores.softmax(-1) * marks).sum([-1]), features: seen)
  }
}

extension MUSIQ {
  /// How many patches go through the convolutions together in inference: their maps stay in the
  /// processor's cache.
  private static let portion = 96

  /// One token of each patch: `[patches, 3, 32, 32] → [patches, 384]`.
  private func tokens(_ patches: Tensor) throws(TensorError) -> Tensor {
    guard !purpose.isTraining else { return try embedding(maps(patches)) }
    var parts: [Tensor] = []
    for start in stride(from: 0, to: patches.shape[0], by: Self.portion) {
      let end = min(start + Self.portion, patches.shape[0])
      parts.append(try embedding(maps(patches.slice(start..<end, along: 0))))
    }
    return try .concatenate(parts)
  }

  /// The patches' feature maps, in the order of the official weights: height, width, channels.
  private func maps(_ patches: Tensor) throws(TensorError) -> Tensor {
    let x = try rootNorm(root(purpose.input(patches)), .relu)
    // SAME: 16 → 8 places, the odd row at the bottom and right.
    return try bottleneck(x.maxPool2d(3, stride: 2, roundingUp: true))
      .permuted([0, 2, 3, 1]).flattened(from: 1)
  }
}

/// A convolution whose kernels are brought to mean 0 and deviation 1, padded as TensorFlow's SAME.
private struct StandardizedConv {
  private enum Form {
    case raw(kernel: Tensor)
    case ready(ConvLayer)
  }

  private let form: Form
  private let size: Int
  private let stride: Int

  init(
    _ w: Weights, _ inputs: Int, _ outputs: Int, kernel size: Int, stride: Int = 1
  ) throws(TensorError) {
    let shape = [outputs, inputs, size, size]
    let start = Initializer.fanInUniform(inputs * size * size)
    self.size = size
    self.stride = stride
    switch w.purpose {
    case .training: form = .raw(kernel: try w.parameter("weight", shape, start))
    case .inference(let type, _):
      let kernel = try Self.standardized(w.material("weight", shape, start)).to(type)
      // An odd kernel at stride 1 pads evenly.
      form = .ready(
        try ConvLayer(
          ready: kernel, bias: nil, stride: stride, padding: stride == 1 ? size / 2 : 0))
    }
  }

  private static func standardized(_ kernel: Tensor) throws(TensorError) -> Tensor {
    let centred = try kernel - kernel.mean([1, 2, 3], keep: true)
    return try centred / (centred.variance([1, 2, 3], keep: true).sqrt() + 1e-5)
  }

  func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    var input = x
    if stride > 1 {
      let (top, bottom) = ConvNorm.sameAmounts(x.shape[2], size, stride)
      let (left, right) = ConvNorm.sameAmounts(x.shape[3], size, stride)
      input = try x.padded([left, right, top, bottom])
    }
    switch form {
    case .ready(let conv): return try conv(input)
    case .raw(let kernel):
      return try input.conv2d(
        Self.standardized(kernel), stride: stride, padding: stride == 1 ? size / 2 : 0)
    }
  }
}

/// The bottleneck block of the patch encoder.
private struct TokenBottleneck {
  let convs: [StandardizedConv]
  let norms: [GroupNormLayer]
  let shortcut: StandardizedConv
  let shortcutNorm: GroupNormLayer

  init(_ w: Weights, _ channels: Int) throws(TensorError) {
    let outputs = 4 * channels
    func norm(_ name: String, _ count: Int) throws(TensorError) -> GroupNormLayer {
      try GroupNormLayer(w / name, groups: 32, count, epsilon: 1e-4)
    }
    convs = [
      try StandardizedConv(w / "conv1", channels, channels, kernel: 1),
      try StandardizedConv(w / "conv2", channels, channels, kernel: 3),
      try StandardizedConv(w / "conv3", channels, outputs, kernel: 1),
    ]
    norms = [try norm("gn1", channels), try norm("gn2", channels), try norm("gn3", outputs)]
    shortcut = try StandardizedConv(w / "conv_proj", channels, outputs, kernel: 1)
    shortcutNorm = try norm("gn_proj", outputs)
  }

  func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    var y = try norms[0](convs[0](x), .relu)
    y = try norms[1](convs[1](y), .relu)
    return try norms[2](convs[2](y), .relu, adding: shortcutNorm(shortcut(x)))
  }
}

/// One encoder block: norm, attention, norm, two linear layers; both halves added to their input.
private struct EncoderBlock {
  let type: ElementType
  let norm1: LayerNormLayer
  let norm2: LayerNormLayer
  let projections: [LinearLayer]
  let out: LinearLayer
  let widen: LinearLayer
  let narrow: LinearLayer
  let heads: Int

  init(_ w: Weights, _ width: Int, heads: Int, inner: Int) throws(TensorError) {
    type = w.purpose.elementType
    norm1 = try LayerNormLayer(w.precise / "norm1", width, epsilon: 1e-6)
    norm2 = try LayerNormLayer(w.precise / "norm2", width, epsilon: 1e-6)
    let attention = w / "attention"
    projections = [
      try LinearLayer(attention / "query", width, width, manyRows: true),
      try LinearLayer(attention / "key", width, width, manyRows: true),
      try LinearLayer(attention / "value", width, width, manyRows: true),
    ]
    out = try LinearLayer(attention / "out", width, width, manyRows: true)
    widen = try LinearLayer(w / "mlp" / "fc1", width, inner, manyRows: true)
    narrow = try LinearLayer(w / "mlp" / "fc2", inner, width, manyRows: true)
    self.heads = heads
  }

  func callAsFunction(_ x: Tensor, mask: Tensor?) throws(TensorError) -> Tensor {
    let y = try norm1(x).to(type)
    // [batch, tokens, width] → [batch, heads, tokens, width / heads]
    func split(_ layer: LinearLayer) throws(TensorError) -> Tensor {
      try layer(y).reshaped([x.shape[0], x.shape[1], heads, -1]).permuted([0, 2, 1, 3])
    }
    let looked = try split(projections[0]).attention(
      keys: split(projections[1]), values: split(projections[2]), mask: mask)
    let z = try x + out(looked.permuted([0, 2, 1, 3]).reshaped(x.shape))
    return try z + narrow(widen.gelu(norm2(z).to(type)))
  }
}

extension MUSIQ {
  /// What the program has to know about it.
  static let traits: ArchitectureTraits = {
    var traits = ArchitectureTraits(
      title: "MUSIQ", summary: "a transformer over patches at three scales (Ke and others 2021)",
      usesCrops: false, hasBackboneChoice: false, distributesMarks: true, backbonePrefixes: [],
      normalization: .symmetric, presentKeys: ["conv_root."], absentKeys: ["hyperNet."])
    traits.training.squaresErrors = true
    return traits
  }()
}

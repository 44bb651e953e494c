public import Tensors

/// EfficientNet-Lite0: inverted residual blocks with ReLU6, without squeeze-and-excitation.
///
/// The keys are those of the PyPI package `efficientnet-lite-pytorch`. Inputs are
/// `[batch, 3, height, width]`, RGB, normalized by `normalized(_:)`; each stage halves the size.
///
/// Source: Tan and Le 2019, arXiv:1905.11946, table 1; the Lite variant of
/// github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite.
public struct EfficientNetLite0 {
  /// One row of the paper's table 1: repeats, kernel, stride, expansion, inputs, outputs.
  private static let rows:
    [(count: Int, kernel: Int, stride: Int, expand: Int, ins: Int, outs: Int)] =
      [
        (1, 3, 1, 1, 32, 16), (2, 3, 2, 6, 16, 24), (2, 5, 2, 6, 24, 40), (3, 3, 2, 6, 40, 80),
        (3, 5, 1, 6, 80, 112), (4, 5, 2, 6, 112, 192), (1, 3, 1, 6, 192, 320),
      ]

  /// The number of pooled features.
  public static let featureCount = 1280
  /// The channels of ``groups(_:)``.
  public static let groupChannels = [24, 40, 80, 112, 192, 320]
  /// The channels of `stages`, at 1/4, 1/8, 1/16 and 1/32 of the input's size.
  public static let stageChannels = [24, 40, 112, 320]

  private let stem: ConvNorm
  private let blocks: [InvertedResidual]
  private let head: ConvNorm?
  private let rowCount: Int
  private let purpose: Purpose

  /// Takes the backbone's weights; the classifier `_fc` of a checkpoint is left aside.
  ///
  /// - Parameters:
  ///   - w: the weights.
  ///   - rows: the rows of the paper's table to use; all by default, else without the head too.
  /// - Throws: `TensorError` when libtorch fails.
  public init(_ w: Weights, rows: Int = 7) throws(TensorError) {
    purpose = w.purpose
    rowCount = rows
    stem = try Self.convNorm(w / "_conv_stem", w / "_bn0", 3, 32, kernel: 3, stride: 2)
    var blocks: [InvertedResidual] = []
    for (number, row) in Self.rows.enumerated() {
      for index in 0..<row.count {
        guard number < rows else {
          w.ignore("_blocks.\(blocks.count + index)")
          continue
        }
        blocks.append(
          try InvertedResidual(
            w / "_blocks" / blocks.count, inputs: index == 0 ? row.ins : row.outs,
            outputs: row.outs, kernel: row.kernel, stride: index == 0 ? row.stride : 1,
            expand: row.expand))
      }
    }
    self.blocks = blocks
    let isWhole = rows >= Self.rows.count
    head =
      isWhole
      ? try Self.convNorm(w / "_conv_head", w / "_bn1", 320, Self.featureCount, kernel: 1) : nil
    for name in isWhole ? ["_fc"] : ["_fc", "_conv_head", "_bn1"] { w.ignore(name) }
  }

  /// The outputs of the blocks before each halving: 24, 40, 112 and 320 channels.
  public func stages(_ image: Tensor, training: Bool = false) throws(TensorError) -> [Tensor] {
    var x = try purpose.segment(purpose.input(image)) { [stem] x throws(TensorError) in
      try stem(x, .relu6, training: training)
    }
    var stages: [Tensor] = []
    for (index, block) in blocks.enumerated() {
      x = try purpose.segment(x) { x throws(TensorError) in try block(x, training: training) }
      if [2, 4, 10, 15].contains(index) { stages.append(x) }
    }
    return stages
  }

  /// The output of every row of the paper's table from the second on.
  ///
  /// - Parameter image: `[batch, 3, height, width]`, normalized.
  /// - Returns: maps of 24, 40, 80, 112, 192 and 320 channels (``groupChannels``), as far as the
  ///   network has rows.
  /// - Throws: `TensorError` for another shape.
  public func groups(_ image: Tensor) throws(TensorError) -> [Tensor] {
    var x = try purpose.segment(purpose.input(image)) { [stem] x throws(TensorError) in
      try stem(x, .relu6)
    }
    var groups: [Tensor] = []
    var place = 0
    for (row, shape) in Self.rows.prefix(rowCount).enumerated() {
      for block in blocks[place..<(place + shape.count)] {
        x = try purpose.segment(x) { x throws(TensorError) in try block(x, training: false) }
      }
      place += shape.count
      if row > 0 { groups.append(x) }
    }
    return groups
  }

  /// The last feature map: `[batch, 1280, ⌈height / 32⌉, ⌈width / 32⌉]`.
  public func features(_ image: Tensor, training: Bool = false) throws(TensorError) -> Tensor {
    guard let head, let last = try stages(image, training: training).last else {
      throw TensorError("features", reason: "the network has no last row")
    }
    return try head(last, .relu6, training: training)
  }

  /// The features averaged over the image: `[batch, 1280]`, single precision.
  public func pooledFeatures(
    _ image: Tensor, training: Bool = false
  ) throws(TensorError) -> Tensor {
    try features(image, training: training).mean([2, 3]).to(.float32)
  }

  /// Pixels of any type in 0…255, `[batch, height, width, 3]`, as this network wants them.
  ///
  /// (x − 127) / 128, the normalization that the Lite checkpoints were trained with.
  public static func normalized(_ pixels: Tensor) throws(TensorError) -> Tensor {
    try (pixels.to(.float32).permuted([0, 3, 1, 2]) - 127) * (1.0 / 128)
  }

  /// A convolution and its norm with this network's constants.
  static func convNorm(
    _ conv: Weights, _ norm: Weights, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1,
    groups: Int = 1
  ) throws(TensorError) -> ConvNorm {
    try ConvNorm(
      conv, norm, inputs, outputs, kernel: kernel, stride: stride, padding: .same, groups: groups,
      momentum: 0.01, epsilon: 1e-3)
  }
}

/// Widen, filter each channel, narrow; added to the input where the shapes allow.
private struct InvertedResidual {
  let expand: ConvNorm?
  let depthwise: ConvNorm
  let project: ConvNorm
  let addsInput: Bool

  init(
    _ w: Weights, inputs: Int, outputs: Int, kernel: Int, stride: Int, expand ratio: Int
  ) throws(TensorError) {
    let width = inputs * ratio
    expand =
      ratio == 1
      ? nil
      : try EfficientNetLite0.convNorm(w / "_expand_conv", w / "_bn0", inputs, width, kernel: 1)
    depthwise = try EfficientNetLite0.convNorm(
      w / "_depthwise_conv", w / "_bn1", width, width, kernel: kernel, stride: stride,
      groups: width)
    project = try EfficientNetLite0.convNorm(
      w / "_project_conv", w / "_bn2", width, outputs, kernel: 1)
    addsInput = stride == 1 && inputs == outputs
  }

  func callAsFunction(_ x: Tensor, training: Bool) throws(TensorError) -> Tensor {
    var y = x
    if let expand { y = try expand(y, .relu6, training: training) }
    y = try depthwise(y, .relu6, training: training)
    return try project(y, adding: addsInput ? x : nil, training: training)
  }
}

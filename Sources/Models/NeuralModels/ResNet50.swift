public import Tensors

/// ResNet-50: four stages of bottleneck blocks; the stride sits on the 3×3 convolution.
///
/// The keys are torchvision's. Inputs are `[batch, 3, height, width]`, RGB, normalized by
/// `ImageNet.normalized(_:)`.
///
/// Source: He and others 2015, arXiv:1512.03385, table 1, with torchvision's place of the stride.
public struct ResNet50 {
  /// The channels of `stages`, at 1/4, 1/8, 1/16 and 1/32 of the input's size.
  public static let stageChannels = [256, 512, 1024, 2048]
  /// The number of pooled features.
  public static let featureCount = 2048

  private let stem: ConvNorm
  private let layers: [[Bottleneck]]
  private let purpose: Purpose

  /// Takes the backbone's weights; the classifier `fc` of a checkpoint is left aside.
  public init(_ w: Weights) throws(TensorError) {
    purpose = w.purpose
    stem = try ConvNorm(w / "conv1", w / "bn1", 3, 64, kernel: 7, stride: 2)
    var inputs = 64
    var layers: [[Bottleneck]] = []
    for (index, count) in [3, 4, 6, 3].enumerated() {
      let width = 64 << index
      var blocks: [Bottleneck] = []
      for block in 0..<count {
        blocks.append(
          try Bottleneck(
            w / "layer\(index + 1)" / block, inputs, width,
            stride: block == 0 && index > 0 ? 2 : 1))
        inputs = 4 * width
      }
      layers.append(blocks)
    }
    self.layers = layers
    w.ignore("fc")
  }

  /// The outputs of the four stages: 256, 512, 1024 and 2048 channels.
  public func stages(_ image: Tensor, training: Bool = false) throws(TensorError) -> [Tensor] {
    var x = try purpose.segment(purpose.input(image)) { [stem] x throws(TensorError) in
      try stem(x, .relu, training: training).maxPool2d(3, stride: 2, padding: 1)
    }
    var stages: [Tensor] = []
    for layer in layers {
      for block in layer {
        x = try purpose.segment(x) { x throws(TensorError) in try block(x, training: training) }
      }
      stages.append(x)
    }
    return stages
  }

  /// The last stage averaged over the image: `[batch, 2048]`.
  public func pooledFeatures(
    _ image: Tensor, training: Bool = false
  ) throws(TensorError) -> Tensor {
    try stages(image, training: training)[3].mean([2, 3])
  }
}

/// Narrow, filter, widen; added to the input.
private struct Bottleneck {
  let reduce: ConvNorm
  let spatial: ConvNorm
  let expand: ConvNorm
  let downsample: ConvNorm?

  init(_ w: Weights, _ inputs: Int, _ width: Int, stride: Int) throws(TensorError) {
    reduce = try ConvNorm(w / "conv1", w / "bn1", inputs, width, kernel: 1)
    spatial = try ConvNorm(w / "conv2", w / "bn2", width, width, kernel: 3, stride: stride)
    expand = try ConvNorm(w / "conv3", w / "bn3", width, 4 * width, kernel: 1)
    let shortcut = w / "downsample"
    downsample =
      inputs == 4 * width && stride == 1
      ? nil
      : try ConvNorm(
        shortcut / 0, shortcut / 1, inputs, 4 * width, kernel: 1, stride: stride,
        padding: .even(0))
  }

  func callAsFunction(_ x: Tensor, training: Bool) throws(TensorError) -> Tensor {
    var y = try reduce(x, .relu, training: training)
    y = try spatial(y, .relu, training: training)
    let shortcut = if let downsample { try downsample(x, training: training) } else { x }
    return try expand(y, .relu, adding: shortcut, training: training)
  }
}

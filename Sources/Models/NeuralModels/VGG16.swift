public import Tensors

/// The convolutions of VGG-16, without batch norm; the keys are torchvision's `features.N`.
///
/// Source: Simonyan and Zisserman 2014, arXiv:1409.1556, table 1, configuration D.
public struct VGG16 {
  /// The channels of the features.
  public static let featureCount = 512
  /// The widths of the convolutions of each stage.
  private static let stages = [
    [64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512],
  ]

  private let layers: [[ConvLayer]]
  private let purpose: Purpose

  /// Takes the convolutions below a place, such as `w / "features"`.
  public init(_ w: Weights) throws(TensorError) {
    purpose = w.purpose
    var inputs = 3
    // Counted with the ReLUs and the pools between, as torchvision does.
    var index = 0
    var layers: [[ConvLayer]] = []
    for widths in Self.stages {
      var stage: [ConvLayer] = []
      for outputs in widths {
        stage.append(
          try ConvLayer(
            w / index, inputs, outputs, kernel: 3, padding: 1,
            start: .kaimingNormal(fan: outputs * 9), biasStart: .zeros))
        inputs = outputs
        index += 2
      }
      index += 1
      layers.append(stage)
    }
    self.layers = layers
  }

  /// `[batch, 512, height / 16, width / 16]`: the last convolutions without the last pool.
  public func features(_ image: Tensor) throws(TensorError) -> Tensor {
    var x = try purpose.input(image)
    for (index, stage) in layers.enumerated() {
      x = try purpose.segment(x) { x throws(TensorError) in
        var y = index > 0 ? try x.maxPool2d(2, stride: 2) : x
        for layer in stage { y = try layer(y, .relu) }
        return y
      }
    }
    return x
  }
}

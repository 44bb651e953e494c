public import Tensors

/// DB-CNN: VGG-16 describes what the picture shows, S-CNN how it is distorted; their features are
/// multiplied.
///
/// The keys are the reference's: `features1` (VGG-16), `features2` (S-CNN), `fc`.
///
/// Source: Zhang and others 2018, «Blind image quality assessment using a deep bilinear
/// convolutional neural network», arXiv:1907.02665, figure 4.
public struct DBCNN {
  private let content: VGG16
  private let distortion: SCNN
  private let score: LinearLayer
  private let purpose: Purpose

  /// Takes the weights of both networks and the head.
  public init(_ w: Weights) throws(TensorError) {
    purpose = w.purpose
    content = try VGG16(w / "features1")
    distortion = try SCNN(w / "features2")
    let inputs = VGG16.featureCount * SCNN.featureCount
    score = try LinearLayer(
      w.precise / "fc", inputs, 1, start: .kaimingNormal(fan: inputs), biasStart: .zeros)
  }

  /// Predicts the scores of `[batch, 3, height, width]`, normalized as for ImageNet; the paper's
  /// crops have 448 pixels.
  public func callAsFunction(
    _ images: Tensor, training: Bool = false
  ) throws(TensorError) -> QualityPrediction {
    let input = try purpose.input(images)
    let a = try content.features(input)
    var b = try distortion.features(input, training: training)
    if a.shape.suffix(2) != b.shape.suffix(2) {
      b = try b.resized(
        height: a.shape[2], width: a.shape[3], .bilinear, cornersAligned: true)
    }
    let places = Double(a.shape[2] * a.shape[3])
    // Single precision from here: the square root is steep at 0.
    let left = try a.flattened(from: 2).to(.float32)
    let right = try b.flattened(from: 2).to(.float32)
    let products = try left.batchMatmul(right.transposed()) * (1 / places)
    let roots = try (products.flattened(from: 1) + 1e-8).sqrt()
    let length = try roots.square().sum([1], keep: true).sqrt().clamped(min: 1e-12)
    return QualityPrediction(
      scores: try score(roots / length).squeezed(-1), features: try left.mean([2]))
  }
}

/// S-CNN: nine convolutions trained to classify synthetic distortions.
struct SCNN {
  /// The channels of the features.
  static let featureCount = 128
  private static let layers = [
    (48, 1), (48, 2), (64, 1), (64, 2), (64, 1), (64, 2), (128, 1), (128, 1), (128, 2),
  ]

  private let layers: [ConvNorm]

  /// Takes the convolutions and norms below a place, counted with the ReLUs between.
  init(_ w: Weights) throws(TensorError) {
    var inputs = 3
    var layers: [ConvNorm] = []
    for (index, (outputs, stride)) in Self.layers.enumerated() {
      layers.append(
        try ConvNorm(
          w / (3 * index), w / (3 * index + 1), inputs, outputs, kernel: 3, stride: stride,
          bias: true))
      inputs = outputs
    }
    self.layers = layers
  }

  /// `[batch, 128, height / 16, width / 16]`.
  func features(_ image: Tensor, training: Bool) throws(TensorError) -> Tensor {
    var x = image
    for layer in layers { x = try layer(x, .relu, training: training) }
    return x
  }
}

extension DBCNN {
  /// What the program has to know about it.
  static let traits: ArchitectureTraits = {
    var traits = ArchitectureTraits(
      title: "DB-CNN", summary: "VGG-16 and S-CNN, multiplied (Zhang and others 2018)",
      cropSide: 448, publishedCropSide: 448, hasBackboneChoice: false,
      backbonePrefixes: ["features1.", "features2."],
      pretrainedPrefix: (from: "features.", to: "features1."), normalization: .imageNet,
      presentKeys: ["features1."], absentKeys: ["hyperNet."])
    traits.training.squaresErrors = true
    (traits.training.learningRate, traits.training.batchSize) = (1e-5, 8)
    traits.training.headEpochs = 30
    return traits
  }()
}

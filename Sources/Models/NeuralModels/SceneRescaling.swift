public import Tensors

/// What a quality model says about images.
public struct QualityPrediction {
  /// One score an image: `[batch]`.
  public let scores: Tensor
  /// The scores before they were brought to their scenes' scales: `[batch]`.
  public let unscaledScores: Tensor
  /// The logarithm, up to a constant, of each scene's probability: `[batch, scenes]`.
  public let sceneLogits: Tensor?
  /// The crops' own scores, in the unit of `scores`, where images are cut into crops:
  /// `[batch, crops]`.
  public let cropScores: Tensor?
  /// The features that the score is computed from, averaged over the image: `[batch, features]`.
  public let features: Tensor?

  /// Makes a prediction.
  public init(
    scores: Tensor, unscaledScores: Tensor? = nil, sceneLogits: Tensor? = nil,
    cropScores: Tensor? = nil, features: Tensor? = nil
  ) {
    self.scores = scores
    self.features = features
    self.cropScores = cropScores
    self.unscaledScores = unscaledScores ?? scores
    self.sceneLogits = sceneLogits
  }

  /// The same prediction in another unit: every score times a number plus another.
  func rescaled(by scale: Double, offset: Double) throws(TensorError) -> QualityPrediction {
    if scale == 1, offset == 0 { return self }
    func line(_ values: Tensor) throws(TensorError) -> Tensor { try values * scale + offset }
    return QualityPrediction(
      scores: try line(scores), unscaledScores: try line(unscaledScores),
      sceneLogits: sceneLogits,
      cropScores: try cropScores.map { values throws(TensorError) in try line(values) },
      features: features)
  }
}

/// The scene classifier: three linear layers, 500 wide, with ReLU between.
///
/// Source: Chahine and others 2023, arXiv:2304.05772, figure 4; the width is the authors' code's.
struct SceneClassifier {
  private let layers: [LinearLayer]

  init(_ w: Weights, inputs: Int, scenes: Int, width: Int = 500) throws(TensorError) {
    layers = try Self.stack(w, [inputs, width, width, scenes])
  }

  func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    try Self.run(layers, x)
  }

  /// Linear layers under `layers.0`, `layers.2`, …, as PyTorch counts them with ReLUs between.
  static func stack(
    _ w: Weights, _ sizes: [Int], last: (weight: Initializer, bias: Initializer)? = nil
  ) throws(TensorError) -> [LinearLayer] {
    var layers: [LinearLayer] = []
    for index in 0..<sizes.count - 1 {
      let isLast = index == sizes.count - 2
      layers.append(
        try LinearLayer(
          w / "layers" / (2 * index), sizes[index], sizes[index + 1],
          start: (isLast ? last?.weight : nil) ?? .kaimingNormal(fan: sizes[index]),
          biasStart: (isLast ? last?.bias : nil) ?? .zeros))
    }
    return layers
  }

  static func run(_ layers: [LinearLayer], _ x: Tensor) throws(TensorError) -> Tensor {
    var y = x
    for (index, layer) in layers.enumerated() {
      y = try layer(y)
      if index < layers.count - 1 { y = try y.relu() }
    }
    return y
  }
}

/// From scene probabilities to the line a·q + b that brings a score to the scene's scale.
///
/// Four linear layers, 100 wide. The last starts at weight 0 and bias (1, 0): training begins at
/// the identity, where a random start would begin with a falling line in four of ten draws.
///
/// Source: Chahine and others 2023, arXiv:2304.05772, figure 4.
struct RescaleNetwork {
  private let layers: [LinearLayer]
  private let purpose: Purpose
  /// The number of scenes.
  let scenes: Int

  init(_ w: Weights, scenes: Int, width: Int = 100) throws(TensorError) {
    layers = try SceneClassifier.stack(
      w, [scenes, width, width, width, 2], last: (.zeros, .values([1, 0])))
    purpose = w.purpose
    self.scenes = scenes
  }

  /// Probabilities `[batch, scenes]` and scores `[batch]` or `[batch, crops]` to scores alike.
  func callAsFunction(_ probabilities: Tensor, _ scores: Tensor) throws(TensorError) -> Tensor {
    let lines = try SceneClassifier.run(layers, purpose.input(probabilities)).to(.float32)
    let column = Self.column(scores)
    return try lines.entry(0, along: 1).reshaped(column) * scores
      + lines.entry(1, along: 1).reshaped(column)
  }

  /// The shape of one number an image that multiplies scores of any rank.
  private static func column(_ scores: Tensor) -> [Int] {
    [-1] + [Int](repeating: 1, count: max(scores.rank - 1, 0))
  }

  /// The rescaling of known scenes, by their numbers, one an image.
  ///
  /// - Throws: `TensorError` for a number that isn't one of the scenes.
  func callAsFunction(known: [Int], _ scores: Tensor) throws(TensorError) -> Tensor {
    guard known.count == scores.shape.first, known.allSatisfy((0..<scenes).contains) else {
      throw TensorError(
        "rescaling", shapes: [scores.shape],
        reason: "each image needs the number of a scene that the model was trained on, "
          + "0..<\(scenes)")
    }
    return try self(Tensor(known.map(Int64.init)).oneHot(classes: scenes), scores)
  }

  /// The rescaling with the `count` most probable scenes, weighted by their probabilities.
  func callAsFunction(
    top count: Int, of logits: Tensor, _ scores: Tensor
  ) throws(TensorError) -> Tensor {
    guard (1...scenes).contains(count) else {
      throw TensorError(
        "rescaling", shapes: [logits.shape],
        reason: "the \(count) most probable of \(scenes) scenes cannot be used")
    }
    let best = try logits.softmax(1).top(count, along: 1)
    let shares = try best.values / best.values.sum([1], keep: true)
    var result: Tensor?
    for place in 0..<count {
      let scene = try best.indices.entry(place, along: 1).oneHot(classes: scenes)
      let share = try shares.entry(place, along: 1).reshaped(Self.column(scores))
      let part = try self(scene, scores) * share
      result = if let sum = result { try sum + part } else { part }
    }
    return result ?? scores
  }
}

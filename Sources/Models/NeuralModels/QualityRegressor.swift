public import Tensors

/// The pipeline's small quality model: EfficientNet-Lite0 features averaged over the image, then a
/// small head that gives one score.
///
/// The score is `offset + scale · head`, so that with the training scores' mean and deviation the
/// head starts near the truth. The backbone may be frozen: then its features can be computed once by
/// `features(_:)` and the head trained on them alone.
public final class QualityRegressor {
  /// What makes one regressor differ from another; written beside its weights.
  public struct Configuration: Hashable, Sendable, Codable {
    /// The width of the head's hidden layer; 0 leaves it out.
    public var hiddenWidth: Int
    /// The part of the features that training drops at random.
    public var dropout: Double
    /// Whether training leaves the backbone alone, its norms included.
    public var isBackboneFrozen: Bool
    /// The mean of the training scores.
    public var scoreOffset: Double
    /// The deviation of the training scores.
    public var scoreScale: Double

    /// Makes a configuration.
    public init(
      hiddenWidth: Int = 128, dropout: Double = 0.2, isBackboneFrozen: Bool = false,
      scoreOffset: Double = 0, scoreScale: Double = 1
    ) {
      self.hiddenWidth = hiddenWidth
      self.dropout = dropout
      self.isBackboneFrozen = isBackboneFrozen
      self.scoreOffset = scoreOffset
      self.scoreScale = scoreScale
    }
  }

  /// The name in model folders and on the command line.
  public static let architecture = "lite0-regressor"
  /// The places of the backbone's and the head's weights.
  public static let backboneKey = "backbone", headKey = "head"

  /// The configuration.
  public let configuration: Configuration
  /// The weights, for optimisers and checkpoints.
  public let weights: Weights
  private let backbone: EfficientNetLite0
  private let norm: LayerNormLayer
  private let hidden: LinearLayer?
  private let output: LinearLayer

  /// Takes the weights of the backbone and the head.
  ///
  /// - Throws: `WeightsError` when a checkpoint's keys don't fit, `TensorError` when libtorch fails.
  public init(_ weights: Weights, _ configuration: Configuration) throws {
    self.configuration = configuration
    self.weights = weights
    let width = configuration.hiddenWidth
    let head = weights / Self.headKey
    backbone = try EfficientNetLite0(weights / Self.backboneKey)
    norm = try LayerNormLayer(head / "norm", EfficientNetLite0.featureCount)
    hidden =
      width > 0 ? try LinearLayer(head / "hidden", EfficientNetLite0.featureCount, width) : nil
    output = try LinearLayer(
      head / "output", width > 0 ? width : EfficientNetLite0.featureCount, 1, biasStart: .zeros)
    try weights.finish()
    if configuration.isBackboneFrozen, weights.purpose == .training {
      try (weights / Self.backboneKey).setTrainable(false)
    }
  }

  /// A model with a trained backbone, from the state dictionary of EfficientNet-Lite0, and a fresh
  /// head, whose first weights come from the random source.
  public static func fresh(
    backbone: [String: Tensor], configuration: Configuration, random: RandomSource
  ) throws -> QualityRegressor {
    let state = backbone.map { ("\(backboneKey).\($0)", $1) }
    let weights = try Weights(
      loading: Dictionary(state, uniquingKeysWith: { $1 }), fresh: [headKey], random: random)
    return try QualityRegressor(weights, configuration)
  }

  /// The scores `[batch]` of images that `EfficientNetLite0.normalized(_:)` gave.
  ///
  /// Dropout needs a random source; without one nothing is dropped.
  public func callAsFunction(
    _ images: Tensor, training: Bool = false, random: RandomSource? = nil
  ) throws(TensorError) -> Tensor {
    try score(
      features: features(images, training: training), training: training, random: random)
  }

  /// The backbone's pooled features `[batch, 1280]`; a frozen backbone records no gradient.
  public func features(
    _ images: Tensor, training: Bool = false
  ) throws(TensorError) -> Tensor {
    if configuration.isBackboneFrozen || !training {
      return try withoutGradient { () throws(TensorError) in
        try backbone.pooledFeatures(images, training: false)
      }
    }
    return try backbone.pooledFeatures(images, training: true)
  }

  /// The scores `[batch]` from pooled features: the head alone.
  public func score(
    features: Tensor, training: Bool = false, random: RandomSource? = nil
  ) throws(TensorError) -> Tensor {
    func dropped(_ x: Tensor) throws(TensorError) -> Tensor {
      guard training, configuration.dropout > 0, let random else { return x }
      return try x.dropout(configuration.dropout, random)
    }
    var x = try dropped(norm(weights.purpose.input(features)))
    if let hidden { x = try dropped(hidden(x).relu()) }
    return try output(x).to(.float32).squeezed(-1) * configuration.scoreScale
      + configuration.scoreOffset
  }

  // MARK: On disk

  /// Writes the model as a folder: `model.json`, `weights.safetensors` and a card to read.
  public func save(
    to folder: String, metadata: [String: String] = [:], card: String
  ) throws {
    try ModelFolder.write(
      architecture: Self.architecture, configuration: configuration, metadata: metadata,
      weights: weights.stateDictionary(), card: card, to: folder)
  }

  /// Reads a model folder.
  public static func load(
    _ folder: String, for purpose: Purpose = .inference(.float32)
  ) throws -> (model: QualityRegressor, metadata: [String: String]) {
    let folder = try ModelFolder(folder)
    let configuration = try folder.configuration(Configuration.self, of: architecture)
    let weights = try Weights(loading: folder.weights(), for: purpose)
    return (try QualityRegressor(weights, configuration), folder.metadata)
  }
}

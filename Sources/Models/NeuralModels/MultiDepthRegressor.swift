public import Tensors

/// The embedded default: EfficientNet-Lite0 as it comes from ImageNet, and one linear layer that
/// reads the mean and the deviation of every channel at five depths.
///
/// ```
/// image ─ 24 ─ 40 ─ 80 ─ 112 ─ 192 ─ (320 ─ 1280: left out)
///          │    │    │     │     │
///         mean and deviation over the image, standardized
///          └────┴────┴──┬──┴─────┘
///                    linear → score
/// ```
///
/// Shallow channels carry noise and sharpness, deep ones what is shown; the last ones describe
/// objects only and made predictions on unseen scenes worse (docs/decisions.md). The backbone stays
/// frozen, so features are computed once per photo, and a trained model is the head alone: 20 kB
/// that name the backbone by its SHA-256.
public final class MultiDepthRegressor {
  /// What makes one regressor differ from another; written beside its weights.
  public struct Configuration: Hashable, Sendable, Codable {
    /// The longer side that images are brought to, in pixels.
    public var longSidePixels: Int
    /// The mean of the training scores.
    public var scoreOffset: Double
    /// The standard deviation of the training scores.
    public var scoreScale: Double
    /// The SHA-256 of the backbone's file.
    public var backboneDigest: String

    /// Makes a configuration.
    public init(
      longSidePixels: Int = 612, scoreOffset: Double = 0, scoreScale: Double = 1,
      backboneDigest: String
    ) {
      self.longSidePixels = longSidePixels
      self.scoreOffset = scoreOffset
      self.scoreScale = scoreScale
      self.backboneDigest = backboneDigest
    }
  }

  /// The name in model folders and on the command line.
  public static let architecture = "lite0-stages"
  /// The depths that are read: the last one, made for objects, is left out.
  private static let channels = Array(EfficientNetLite0.groupChannels.dropLast())
  /// The number of features: a mean and a deviation per channel.
  public static let featureCount = 2 * channels.reduce(0, +)

  /// The configuration.
  public let configuration: Configuration
  /// The head's weights, for optimizers and checkpoints.
  public let weights: Weights
  private let head: MultiDepthHead

  /// Takes the head's weights.
  ///
  /// - Throws: `WeightsError` when a checkpoint's keys don't fit, `TensorError` when libtorch
  ///   fails.
  public init(_ weights: Weights, _ configuration: Configuration) throws {
    self.configuration = configuration
    self.weights = weights
    head = try MultiDepthHead(weights / "head", Self.featureCount)
    try weights.finish()
  }

  /// Sets the mean and the deviation that features are standardized with.
  ///
  /// - Parameters:
  ///   - center: the mean of every feature over the training photos.
  ///   - deviation: its standard deviation; values below 1e-3 count as 1e-3.
  /// - Throws: `TensorError` when there are not ``featureCount`` of them.
  public func standardize(center: [Float], deviation: [Float]) throws(TensorError) {
    try head.standardize(center: center, deviation: deviation)
  }

  /// The standardized scores `[batch]` of features `[batch, featureCount]`.
  public func callAsFunction(_ features: Tensor) throws(TensorError) -> Tensor {
    try head(features)
  }

  /// The scores of features in the unit of the training scores.
  public func scores(_ features: Tensor) throws(TensorError) -> [Double] {
    try withoutGradient { () throws(TensorError) in
      try (self(features) * configuration.scoreScale + configuration.scoreOffset).floats()
        .map(Double.init)
    }
  }

  /// The score of one photo's features in the unit of the training scores.
  public func score(_ features: [Float]) throws(TensorError) -> Double {
    try scores(Tensor(features, shape: [1, Self.featureCount]))[0]
  }

  /// The features `[batch, featureCount]` of images that `EfficientNetLite0.normalized(_:)` gave.
  public static func features(
    _ images: Tensor, backbone: EfficientNetLite0
  ) throws(TensorError) -> Tensor {
    try withoutGradient { () throws(TensorError) in
      try MultiDepthHead.features(backbone.groups(images).dropLast())
    }
  }

  // MARK: On disk

  /// Writes the model as a folder: `model.json`, `weights.safetensors` and a card to read.
  public func save(to folder: String, _ description: ModelDescription, card: String) throws {
    try ModelFolder.write(
      description, configuration: configuration, weights: weights.stateDictionary(), card: card,
      to: folder)
  }

  /// Reads a model folder.
  public static func load(_ folder: String) throws -> MultiDepthRegressor {
    let folder = try ModelFolder(folder)
    let configuration = try folder.configuration(Configuration.self, of: architecture)
    let weights = try Weights(loading: folder.weights(), for: .inference(.float32))
    return try MultiDepthRegressor(weights, configuration)
  }
}

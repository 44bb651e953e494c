public import Pixels
public import Tensors

/// Computes the features of ``StageRegressor`` from pictures.
public final class StageFeatures {
  private let backbone: EfficientNetLite0
  private let longSidePixels: Int

  /// Loads the backbone for inference.
  ///
  /// - Parameters:
  ///   - path: EfficientNet-Lite0's state dictionary.
  ///   - longSidePixels: the longer side that pictures are brought to.
  /// - Throws: an error that names the file when it can't be read or holds another network.
  public init(backbone path: String, longSidePixels: Int) throws {
    let weights = try Weights(loading: Checkpoint.read(path), for: .inference(.float32))
    backbone = try EfficientNetLite0(weights)
    try weights.finish()
    self.longSidePixels = longSidePixels
  }

  /// The features of a picture, brought to the longer side by bicubic interpolation (a = −0.5).
  ///
  /// - Returns: ``StageRegressor/featureCount`` numbers.
  /// - Throws: `TensorError` when libtorch fails.
  public func features(of image: RasterImage) throws(TensorError) -> [Float] {
    try features(ofResized: resized(image))
  }

  /// A picture at the size that its features are computed at.
  public func resized(_ image: RasterImage) -> RasterImage {
    image.resized(longSidePixels: longSidePixels)
  }

  /// The features of a picture as it is, such as a window of one that ``resized(_:)`` gave.
  ///
  /// - Returns: ``StageRegressor/featureCount`` numbers.
  /// - Throws: `TensorError` when libtorch fails.
  public func features(ofResized small: RasterImage) throws(TensorError) -> [Float] {
    let pixels = try Tensor(
      small.samples, shape: [1, small.heightPixels, small.widthPixels, 3])
    return try StageRegressor.features(
      EfficientNetLite0.normalized(pixels), backbone: backbone
    ).floats()
  }
}

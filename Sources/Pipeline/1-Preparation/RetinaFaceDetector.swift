public import Domain
internal import NeuralModels
public import Pixels

/// RetinaFace (paper 1, reference 7) as a face detector.
///
/// It holds a network on the calling thread; give each thread its own.
public struct RetinaFaceDetector: FaceDetector {
  /// How studies note faces that this detector found with its usual threshold.
  public static let recordName = "retinaface-mobilenet025, threshold 0.8"

  private let network: RetinaFace
  private let threshold: Double

  /// Loads the network.
  ///
  /// - Parameters:
  ///   - path: the safetensors file that the set-up makes, `retinaface-mobilenet025.safetensors`.
  ///   - threshold: the smallest probability that counts as a face.
  /// - Throws: the model's error when the file isn't that network.
  public init(modelPath path: String, threshold: Double = 0.8) throws {
    network = try RetinaFace.load(path)
    self.threshold = threshold
  }

  /// The faces of an image, from the surest on; none when a side is below 32 pixels.
  public func faces(in image: RasterImage) throws -> [FaceBox] {
    guard min(image.widthPixels, image.heightPixels) >= 32 else { return [] }
    return try network.detect(
      rgb: image.samples, widthPixels: image.widthPixels, heightPixels: image.heightPixels,
      threshold: threshold)
  }
}

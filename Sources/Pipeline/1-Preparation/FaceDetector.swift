public import Domain
public import Pixels

/// Finds faces in one upright image at the size it is given.
public protocol FaceDetector {
  /// The faces of an image, from the surest on, in pixels of this image.
  func faces(in image: RasterImage) throws -> [FaceBox]
}

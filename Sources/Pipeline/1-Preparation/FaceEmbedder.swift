public import Domain
public import NeuralModels
public import Pixels

/// Turns a face that was found in a photo into its embedding.
///
/// It holds two networks on the calling thread; give each thread its own.
public struct FaceEmbedder {
  /// The longer side of a face in the image that its landmarks are looked for in: about that of an
  /// aligned face.
  private static let facePixels = 160.0
  /// How much of the face's sides is shown around it.
  private static let margin = 0.75

  private let detector: RetinaFace
  private let network: FaceRecognition

  /// Loads the networks.
  ///
  /// - Parameters:
  ///   - detector: the path of RetinaFace's safetensors file.
  ///   - network: the path of dlib's face recognition network.
  /// - Throws: the model's error when a file isn't that network.
  public init(detector: String, network: String) throws {
    self.detector = try RetinaFace.load(detector)
    self.network = try FaceRecognition.load(network)
  }

  /// The embedding of a face.
  ///
  /// - Parameters:
  ///   - face: where it is, in pixels of the upright photo.
  ///   - photo: the photo's path.
  ///   - header: the photo's header.
  ///   - options: how the photo is read.
  /// - Returns: nil when no landmarks are found there, as in a face seen from behind.
  /// - Throws: `PhotoError` when the photo can't be read.
  public func embedding(
    of face: FaceBox, in photo: String, header: PhotoHeader,
    options: DecodingOptions = DecodingOptions()
  ) throws -> FaceEmbedding? {
    guard let chip = try alignedFace(face, in: photo, header: header, options: options) else {
      return nil
    }
    return try network.embedding(rgb: chip.samples)
  }

  /// The face as the network sees it, 150 × 150 pixels; nil when no landmarks are found.
  package func alignedFace(
    _ face: FaceBox, in photo: String, header: PhotoHeader, options: DecodingOptions
  ) throws -> RasterImage? {
    let long = Double(max(header.widthPixels, header.heightPixels))
    let wish = long * Self.facePixels / max(1, max(face.width, face.height))
    let image = try RasterImage.decodeShrunk(
      photo, longSide: Int(min(long, wish).rounded(.up)), options: options
    ).image
    let scale = Double(image.widthPixels) / Double(header.widthPixels)
    let area = PixelRectangle(
      x: Int(((face.x - Self.margin * face.width) * scale).rounded(.down)),
      y: Int(((face.y - Self.margin * face.height) * scale).rounded(.down)),
      width: Int(((1 + 2 * Self.margin) * face.width * scale).rounded(.up)),
      height: Int(((1 + 2 * Self.margin) * face.height * scale).rounded(.up)))
    guard let area = area.clipped(width: image.widthPixels, height: image.heightPixels),
      var cut = image.cropped(to: area)
    else { return nil }
    // A small face is enlarged, so that the detector sees the size that it knows best.
    let enlarging = min(8, max(1, wish / long))
    if enlarging > 1 {
      cut = cut.resizedBicubic(
        widthPixels: Int((Double(cut.widthPixels) * enlarging).rounded()),
        heightPixels: Int((Double(cut.heightPixels) * enlarging).rounded()))
    }
    guard min(cut.widthPixels, cut.heightPixels) >= 32 else { return nil }
    let own = FaceBox(
      x: (face.x * scale - Double(area.x)) * enlarging,
      y: (face.y * scale - Double(area.y)) * enlarging,
      width: face.width * scale * enlarging, height: face.height * scale * enlarging,
      score: face.score)
    let found = try detector.detectLandmarks(
      rgb: cut.samples, widthPixels: cut.widthPixels, heightPixels: cut.heightPixels,
      threshold: 0.3)
    let nearest = found.map { ($0.landmarks, $0.box.intersectionOverUnion(own)) }
      .max { $0.1 < $1.1 }
    guard let (landmarks, overlap) = nearest, overlap > 0.3 else { return nil }
    return FaceAlignment.chip(of: cut, landmarks, side: FaceRecognition.sidePixels)
  }
}

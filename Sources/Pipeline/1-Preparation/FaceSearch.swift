public import Domain
public import Pixels

/// The faces of a photo, and what was read of it on the way.
public struct FaceSearchResult: Hashable, Sendable {
  /// The faces.
  public let found: FoundFaces
  /// The header of the photo.
  public let header: PhotoHeader

  /// The main face, if there is one.
  public var main: FaceBox? { found.main }
  /// All faces in pixels of the upright photo, the main face first.
  public var faces: [FaceBox] { found.faces }
  /// The pass that found them, nil when none did.
  public var pass: String? { found.pass }
}

/// Looks for faces at several sizes and brightnesses, from the likeliest to the last resort.
///
/// The first pass shows the photo to the detector with a long side of 960 pixels, which found
/// exactly one face in each of the 50 public PIQ23 sample scenes. The others run only while nothing
/// is found: 640, 1280 and 2560 pixels (no photo is enlarged beyond twice its size), then 960 and
/// 1280 pixels with the brightness normalized, for dark and for backlit faces.
public struct FaceSearch<Detector: FaceDetector> {
  /// One look at the photo.
  private struct Pass {
    let longSide: Int
    let tone: Tone

    var name: String { tone == .asIs ? "\(longSide)" : "\(longSide) \(tone.rawValue)" }
  }

  private static var passes: [Pass] {
    let sizes = [960, 640, 1280, 2560].map { Pass(longSide: $0, tone: .asIs) }
    let tones = [Tone.brightened, .opened].flatMap { tone in
      [960, 1280].map { Pass(longSide: $0, tone: tone) }
    }
    return sizes + tones
  }

  private let detector: Detector
  private let options: DecodingOptions

  /// Makes a search with a detector.
  public init(_ detector: Detector, options: DecodingOptions = DecodingOptions()) {
    self.detector = detector
    self.options = options
  }

  /// The faces of a photo, the main face first.
  ///
  /// The whole file is decoded once at least, so that damage anywhere in it is found.
  ///
  /// - Throws: `PhotoError` when the photo can't be decoded, or the detector's error.
  public func faces(in path: String) throws -> FaceSearchResult {
    var sizes: [Int: ResizedPhoto] = [:]
    var latest: PhotoHeader?
    for pass in Self.passes {
      let shrunk: ResizedPhoto
      if let known = sizes[pass.longSide] {
        shrunk = known
      } else {
        shrunk = try RasterImage.decodeShrunk(path, longSide: pass.longSide, options: options)
        sizes[pass.longSide] = shrunk
      }
      let header = shrunk.header
      latest = header
      guard let image = Self.scaled(shrunk.image, longSide: pass.longSide) else { continue }
      let toned = pass.tone.apply(to: image)
      let found = try detector.faces(in: toned)
      guard found.isEmpty else {
        let scaled = found.map {
          Self.scale(
            $0, from: (toned.widthPixels, toned.heightPixels),
            to: (header.widthPixels, header.heightPixels))
        }
        let ordered = mainFirst(
          scaled, photoWidth: header.widthPixels, photoHeight: header.heightPixels)
        return FaceSearchResult(
          found: FoundFaces(faces: ordered, pass: pass.name), header: header)
      }
    }
    let header: PhotoHeader
    if let latest {
      header = latest
    } else {
      header = try RasterImage.probe(path, options: options)
    }
    return FaceSearchResult(found: FoundFaces(), header: header)
  }

  /// The image at the pass's size; enlarged up to twice, nil when that was seen already.
  private static func scaled(_ image: RasterImage, longSide: Int) -> RasterImage? {
    let own = image.longSidePixels
    guard own < longSide else { return image }
    // The first pass takes small photos as they are.
    guard longSide != 960 else { return image }
    guard 2 * own >= longSide else { return nil }
    let scale = Double(longSide) / Double(own)
    return image.resizedBicubic(
      widthPixels: Int((Double(image.widthPixels) * scale).rounded()),
      heightPixels: Int((Double(image.heightPixels) * scale).rounded()))
  }

  /// A box in another size of the same image.
  private static func scale(
    _ box: FaceBox, from: (width: Int, height: Int), to: (width: Int, height: Int)
  ) -> FaceBox {
    let across = Double(to.width) / Double(from.width)
    let down = Double(to.height) / Double(from.height)
    return FaceBox(
      x: box.x * across, y: box.y * down, width: box.width * across, height: box.height * down,
      score: box.score)
  }
}

/// Orders faces so that the photo's main face comes first.
///
/// The main face has the largest weight: its area times 1 − d/2, with d the distance of its center
/// from the photo's center over half of the photo's diagonal. A face in the middle beats one of up
/// to twice its area in a corner. Equal weights are ordered by score, then from left to right.
///
/// - Parameters:
///   - faces: the faces in pixels of the photo.
///   - photoWidth: the photo's width in pixels.
///   - photoHeight: the photo's height in pixels.
/// - Returns: the same faces, the main face first, then by falling weight.
public func mainFirst(_ faces: [FaceBox], photoWidth: Int, photoHeight: Int) -> [FaceBox] {
  let width = Double(photoWidth)
  let height = Double(photoHeight)
  let halfDiagonal = max(0.5, (width * width + height * height).squareRoot() / 2)
  func weight(_ face: FaceBox) -> Double {
    let dx = face.x + face.width / 2 - width / 2
    let dy = face.y + face.height / 2 - height / 2
    let distance = min(1, (dx * dx + dy * dy).squareRoot() / halfDiagonal)
    return face.area * (1 - distance / 2)
  }
  return faces.sorted {
    (weight($0), $0.score, -$0.x) > (weight($1), $1.score, -$1.x)
  }
}

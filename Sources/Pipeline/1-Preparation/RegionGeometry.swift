public import Domain

/// What happened at the photo's border when a region was placed.
public enum RegionBorder: String, Hashable, Sendable, Codable, CaseIterable {
  /// The region lies inside the photo, where it was wanted.
  case inside
  /// The region was moved to lie inside the photo.
  case shifted
  /// The region is larger than the photo: what is missing mirrors the photo.
  case padded
}

/// Where a region lies and how large its image is.
public struct RegionGeometry: Hashable, Sendable, Codable {
  /// The region in pixels of the upright photo; reaches over the border when it is padded.
  public let crop: PixelRectangle
  /// What happened at the border.
  public let border: RegionBorder
  /// The width of the region's image.
  public let widthPixels: Int
  /// The height of the region's image.
  public let heightPixels: Int

  /// No side of a region's image is longer, however thin the photo.
  private static let longestSide = 16_000.0

  /// The region around a face: the smallest rectangle of an aspect that holds the face and its
  /// margin.
  ///
  /// It is centred on the face, then moved inside the photo. Along a side where the photo is too
  /// short, the region is centred on the photo and reaches over both borders.
  ///
  /// - Parameters:
  ///   - face: the face in pixels of the upright photo.
  ///   - photoWidth: the upright photo's width in pixels.
  ///   - photoHeight: the upright photo's height in pixels.
  ///   - margin: the space on each side, as a part of the face box's side.
  ///   - aspect: width over height.
  ///   - targetPixels: the number of pixels of the region's image.
  public init(
    around face: FaceBox, photoWidth: Int, photoHeight: Int, margin: Double, aspect: Double,
    targetPixels: Int
  ) {
    let wantedWidth = max(1, face.width * (1 + 2 * margin))
    let wantedHeight = max(1, face.height * (1 + 2 * margin))
    let height = max(wantedHeight, wantedWidth / aspect)
    let cropHeight = max(1, Int(height.rounded()))
    let cropWidth = max(1, Int((height * aspect).rounded()))
    let across = Self.place(
      centre: face.x + face.width / 2, length: cropWidth, limit: photoWidth)
    let down = Self.place(
      centre: face.y + face.height / 2, length: cropHeight, limit: photoHeight)
    crop = PixelRectangle(x: across.start, y: down.start, width: cropWidth, height: cropHeight)
    if across.border == .padded || down.border == .padded {
      border = .padded
    } else {
      border = across.border == .shifted || down.border == .shifted ? .shifted : .inside
    }
    let imageHeight = (Double(targetPixels) / aspect).squareRoot()
    widthPixels = max(1, Int((imageHeight * aspect).rounded(.down)))
    heightPixels = max(1, Int(imageHeight.rounded(.down)))
  }

  /// A rectangle in its own aspect, which must lie inside the photo.
  public init(own crop: PixelRectangle, targetPixels: Int) {
    self.crop = crop
    border = .inside
    let width = Double(crop.width)
    let height = Double(crop.height)
    let scale = min(
      (Double(targetPixels) / (width * height)).squareRoot(), Self.longestSide / max(width, height))
    widthPixels = max(1, Int((width * scale).rounded()))
    heightPixels = max(1, Int((height * scale).rounded()))
  }

  /// Where a length starts that is to be centred, and what it took to keep it inside.
  private static func place(
    centre: Double, length: Int, limit: Int
  ) -> (start: Int, border: RegionBorder) {
    guard length <= limit else { return ((limit - length) / 2, .padded) }
    let wanted = Int((centre - Double(length) / 2).rounded())
    let start = min(max(wanted, 0), limit - length)
    return (start, start == wanted ? .inside : .shifted)
  }
}

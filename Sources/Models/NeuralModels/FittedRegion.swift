public import Domain
public import Pixels

/// What to do about a region that is smaller than the model's crops.
public enum SmallRegionPolicy: String, Hashable, Sendable, Codable, CaseIterable {
  /// Mirror it outwards: the size of its pixels, which detail depends on, stays.
  case pad
  /// Enlarge it until the crop fits.
  case enlarge
  /// Refuse the photo.
  case refuse
}

/// A region brought to the size that a model's crops need.
public struct FittedRegion {
  /// The region, at least `side` in both directions.
  public let image: RasterImage
  /// What was done, for a reader; nil for nothing.
  public let remark: String?
  /// The region's pixels for one pixel of `image`.
  public let scale: Double
  /// Where the region's left upper corner lies in `image`.
  public let offset: (x: Int, y: Int)

  /// Fits a region.
  ///
  /// - Parameters:
  ///   - region: the region.
  ///   - side: the side of the crops, in pixels.
  ///   - policy: what to do about a region that is smaller.
  /// - Throws: `InputError` when it is too small and the policy refuses it.
  public init(_ region: RasterImage, side: Int, policy: SmallRegionPolicy) throws(InputError) {
    let (width, height) = (region.widthPixels, region.heightPixels)
    let size = "\(width) × \(height) pixels"
    guard min(width, height) < side else {
      (image, remark, scale, offset) = (region, nil, 1, (0, 0))
      return
    }
    switch policy {
    case .refuse:
      throw InputError(
        "photo", "its region of \(size) is smaller than the model's crops of \(side) pixels",
        remedy: "give a larger photo, or \(Setting("smallRegions")) pad or enlarge")
    case .pad:
      let (columns, rows) = (max(0, side - width), max(0, side - height))
      image = region.reflectionPadded(
        left: columns / 2, top: rows / 2, right: columns - columns / 2, bottom: rows - rows / 2)
      remark =
        "region of \(size) padded by reflection to \(image.widthPixels) × "
        + "\(image.heightPixels)"
      (scale, offset) = (1, (columns / 2, rows / 2))
    case .enlarge:
      let factor = Double(side) / Double(min(width, height))
      image = region.resizedBicubic(
        widthPixels: max(side, Int((Double(width) * factor).rounded())),
        heightPixels: max(side, Int((Double(height) * factor).rounded())))
      remark = "region of \(size) enlarged to \(image.widthPixels) × \(image.heightPixels)"
      (scale, offset) = (1 / factor, (0, 0))
    }
  }

  /// The part of the region that an area of `image` shows; nil when it shows only padding.
  public func area(_ area: PixelRectangle, of region: RasterImage) -> PixelRectangle? {
    func place(_ value: Int, _ offset: Int) -> Int {
      Int((Double(value - offset) * scale).rounded())
    }
    let left = place(area.x, offset.x)
    let top = place(area.y, offset.y)
    return PixelRectangle(
      x: left, y: top, width: place(area.x + area.width, offset.x) - left,
      height: place(area.y + area.height, offset.y) - top
    ).clipped(width: region.widthPixels, height: region.heightPixels)
  }
}

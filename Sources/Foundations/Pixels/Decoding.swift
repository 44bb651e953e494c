internal import CVips
public import Domain

/// How photos are decoded, and what is refused.
public struct DecodingOptions: Hashable, Sendable {
  /// What to do about an embedded profile that can't be used.
  public enum BrokenProfile: String, Hashable, Sendable, CaseIterable {
    /// Refuse the photo.
    case refuse
    /// Take the samples as sRGB; the header's `profile` says so.
    case assumeSRGB
  }

  /// The most pixels that an image may have; checked before any of them is decoded.
  public var maximumPixels: Int
  /// What to do about an embedded profile that can't be used.
  public var brokenProfile: BrokenProfile
  /// The gray level, 0…255, over which transparent pixels are blended.
  public var alphaBackground: UInt8
  /// The locked process that decodes, which changes no pixel; nil for this process.
  public var process: DecoderProcess?

  /// Makes options.
  ///
  /// The default background is level 119 of sRGB: mid gray, L* = 50, which favors neither dark nor
  /// bright photos.
  public init(
    maximumPixels: Int = 200_000_000, brokenProfile: BrokenProfile = .refuse,
    alphaBackground: UInt8 = 119
  ) {
    self.maximumPixels = maximumPixels
    self.brokenProfile = brokenProfile
    self.alphaBackground = alphaBackground
  }

  /// How these options differ from the default ones, for records of runs; nil for the default ones.
  public var deviation: String? {
    var plain = self
    plain.process = nil
    return plain == Self()
      ? nil : "profiles \(brokenProfile.rawValue), at most \(maximumPixels) pixels"
  }

  /// Refuses images above the pixel limit and profiles that can't be used.
  func check(_ header: PhotoHeader) throws(PhotoError) {
    let (pixels, overflow) = header.widthPixels.multipliedReportingOverflow(by: header.heightPixels)
    if overflow || pixels > maximumPixels {
      throw PhotoError(
        header.path, .enormous,
        "has \(header.widthPixels) × \(header.heightPixels) pixels, more than the limit of "
          + "\(maximumPixels)",
        remedy: "shrink it, or raise the limit with \(Setting("maxPixels")) "
          + (overflow ? "N" : "\(pixels)"))
    }
    if case .unreadable(let colours) = header.profile {
      throw PhotoError(
        header.path, .unsupported, "holds \(colours), which have no sRGB values of their own",
        remedy: "export it for standard screens, as sRGB or Display P3")
    }
    if brokenProfile == .refuse, case .broken(let reason) = header.profile {
      throw Self.profileError(header.path, reason)
    }
  }

  /// The error of a profile that can't be used.
  static func profileError(_ path: String, _ reason: String) -> PhotoError {
    PhotoError(
      path, .brokenProfile, "its color profile is broken (\(reason))",
      remedy: "repair the profile, or take the samples as sRGB with \(Setting("profile")) srgb")
  }
}

/// A photo decoded at another size, with the header that gives its full size.
public struct ResizedPhoto: Sendable {
  /// The upright image at that size.
  public let image: RasterImage
  /// The photo's header.
  public let header: PhotoHeader
}

extension RasterImage {
  /// Reads a photo's header: size, format, orientation, profile and EXIF text fields.
  ///
  /// - Throws: `PhotoError` for what is not a photo, and for one above the options' pixel limit.
  public static func probe(
    _ path: String, options: DecodingOptions = DecodingOptions()
  ) throws(PhotoError) -> PhotoHeader {
    if let found = try options.process?.header(of: path, options) { return found }
    return try probe(PhotoFile(path: path), options)
  }

  /// Reads the header of a photo in memory; `name` stands for the path in errors.
  public static func probe(
    bytes: [UInt8], name: String, options: DecodingOptions = DecodingOptions()
  ) throws(PhotoError) -> PhotoHeader {
    try probe(PhotoFile(bytes: bytes, name: name), options)
  }

  /// Whether a file starts as a photo of a format that is read.
  ///
  /// - Throws: `PhotoError` for a file that can't be read.
  public static func isPhoto(_ path: String) throws(PhotoError) -> Bool {
    do throws(PhotoError) {
      _ = try PhotoFile(path: path)
      return true
    } catch {
      if error.kind == .unknownFormat || error.kind == .empty { return false }
      throw error
    }
  }

  /// Decodes a photo: upright, in sRGB, 8 bits a sample.
  ///
  /// The EXIF orientation is applied, the colors that a profile, the file or EXIF states are
  /// converted relative-colorimetrically, gray and CMYK become RGB, 16 bits are rounded to 8, and
  /// alpha is blended over the options' gray.
  ///
  /// - Throws: `PhotoError` naming the file; a file that is damaged anywhere is refused.
  public static func decode(
    _ path: String, options: DecodingOptions = DecodingOptions()
  ) throws(PhotoError) -> RasterImage {
    if let found = try options.process?.image(of: path, .whole, options) { return found.image }
    return try decode(PhotoFile(path: path), options)
  }

  /// Decodes a photo that is open.
  static func decode(
    _ file: PhotoFile, _ options: DecodingOptions
  ) throws(PhotoError) -> RasterImage {
    try decode(file, header: probe(file, options), options)
  }

  /// Decodes a photo in memory; `name` stands for the path in errors.
  public static func decode(
    bytes: [UInt8], name: String, options: DecodingOptions = DecodingOptions()
  ) throws(PhotoError) -> RasterImage {
    let file = try PhotoFile(bytes: bytes, name: name)
    return try decode(file, header: probe(file, options), options)
  }

  /// Decodes a photo so that its longer side is at most `longSide`; never enlarges.
  ///
  /// JPEG and WebP files are shrunk while they are read, the rest of the way is antialiased
  /// bicubic. The whole file is read, so that damage anywhere is found.
  public static func decodeShrunk(
    _ path: String, longSide: Int, options: DecodingOptions = DecodingOptions()
  ) throws(PhotoError) -> ResizedPhoto {
    if let found = try options.process?.image(of: path, .shrunk(longSide: longSide), options) {
      return ResizedPhoto(image: found.image, header: found.header)
    }
    return try decodeShrunk(PhotoFile(path: path), longSide: longSide, options)
  }

  /// Decodes a photo that is open at a reduced size.
  static func decodeShrunk(
    _ file: PhotoFile, longSide: Int, _ options: DecodingOptions
  ) throws(PhotoError) -> ResizedPhoto {
    let header = try probe(file, options)
    let full = max(header.storedWidth, header.storedHeight)
    guard full > max(1, longSide) else {
      return ResizedPhoto(image: try decode(file, header: header, options), header: header)
    }
    let scale = Double(max(1, longSide)) / Double(full)
    let width = max(1, Int((Double(header.storedWidth) * scale).rounded()))
    let height = max(1, Int((Double(header.storedHeight) * scale).rounded()))
    var shrink = 1
    while file.format.shrinksOnLoad, shrink < 8, full / (2 * shrink) >= longSide { shrink *= 2 }
    let image = try file.withImage(shrink: shrink) { handle throws(PhotoError) in
      try handle.resampledToSRGB(
        width: width, height: height, header, options)
    }
    return ResizedPhoto(image: image, header: header)
  }

  /// Decodes a photo and resizes it: the same pixels as ``decode(_:options:)`` and then
  /// ``resized(to:)``, but only the result leaves the process that decodes.
  ///
  /// - Throws: `PhotoError` naming the file; a file that is damaged anywhere is refused.
  public static func decodeResized(
    _ path: String, to size: TargetSize, options: DecodingOptions = DecodingOptions()
  ) throws(PhotoError) -> ResizedPhoto {
    if let found = try options.process?.image(of: path, .resized(size), options) {
      return ResizedPhoto(image: found.image, header: found.header)
    }
    return try decodeResized(PhotoFile(path: path), size, options)
  }

  /// Decodes and resizes a photo that is open.
  static func decodeResized(
    _ file: PhotoFile, _ size: TargetSize, _ options: DecodingOptions
  ) throws(PhotoError) -> ResizedPhoto {
    let header = try probe(file, options)
    return ResizedPhoto(
      image: try decode(file, header: header, options).resized(to: size), header: header)
  }

  /// Decodes a rectangle of a photo, resampled with the bicubic kernel.
  ///
  /// Only the rows down to the rectangle's end are decoded and only the rectangle is converted to
  /// sRGB; memory grows with the result, not with the photo. Damage below the rectangle isn't
  /// noticed.
  ///
  /// - Parameters:
  ///   - path: the photo.
  ///   - area: a rectangle inside the upright photo.
  ///   - width: the result's width in pixels.
  ///   - height: the result's height in pixels.
  ///   - options: limits and color policy.
  /// - Returns: the upright rectangle, `width × height` pixels.
  /// - Throws: `PhotoError` naming the file, also when the rectangle reaches over the border.
  public static func decodeArea(
    _ path: String, area: PixelRectangle, width: Int, height: Int,
    options: DecodingOptions = DecodingOptions()
  ) throws(PhotoError) -> RasterImage {
    let task = DecoderRequest.Task.area(area, width: width, height: height)
    if let found = try options.process?.image(of: path, task, options) { return found.image }
    return try decodeArea(
      PhotoFile(path: path), area: area, width: width, height: height, options)
  }

  /// Decodes a rectangle of a photo that is open.
  static func decodeArea(
    _ file: PhotoFile, area: PixelRectangle, width: Int, height: Int, _ options: DecodingOptions
  ) throws(PhotoError) -> RasterImage {
    let header = try probe(file, options)
    let path = file.path
    guard area.isInside(width: header.widthPixels, height: header.heightPixels),
      width > 0, height > 0
    else {
      throw PhotoError(
        path, .unsupported,
        "the rectangle \(area.x),\(area.y),\(area.width),\(area.height) is not inside its "
          + "\(header.widthPixels) × \(header.heightPixels) pixels",
        remedy: "give a rectangle inside the photo")
    }
    let stored = header.orientation.storedArea(
      of: area, storedWidth: header.storedWidth, storedHeight: header.storedHeight)
    let size = header.orientation.orientedSize(width: width, height: height)
    return try file.withImage(shrink: 1) { handle throws(PhotoError) in
      let cut = try VipsHandle(path: path) { messages in
        cvips_crop(
          handle.pointer, Int32(stored.x), Int32(stored.y), Int32(stored.width),
          Int32(stored.height), messages)
      }
      return try cut.resampledToSRGB(width: size.width, height: size.height, header, options)
    }
  }

  /// Reads and checks a header.
  static func probe(
    _ file: PhotoFile, _ options: DecodingOptions
  ) throws(PhotoError) -> PhotoHeader {
    let header = try file.header()
    try options.check(header)
    return header
  }

  /// Decodes a whole photo.
  private static func decode(
    _ file: PhotoFile, header: PhotoHeader, _ options: DecodingOptions
  ) throws(PhotoError) -> RasterImage {
    try file.withImage(shrink: 1) { handle throws(PhotoError) in
      try handle.resampledToSRGB(
        width: header.storedWidth, height: header.storedHeight, header, options)
    }
  }
}

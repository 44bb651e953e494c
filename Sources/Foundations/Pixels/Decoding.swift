internal import CVips

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
  /// The grey level, 0…255, over which transparent pixels are blended.
  public var alphaBackground: UInt8

  /// Makes options.
  ///
  /// The default background is level 119 of sRGB: mid grey, L* = 50, which favours neither dark nor bright photos.
  public init(
    maximumPixels: Int = 200_000_000, brokenProfile: BrokenProfile = .refuse,
    alphaBackground: UInt8 = 119
  ) {
    self.maximumPixels = maximumPixels
    self.brokenProfile = brokenProfile
    self.alphaBackground = alphaBackground
  }

  /// Refuses images above the pixel limit and profiles that can't be used.
  func check(_ header: PhotoHeader) throws(PhotoError) {
    let (pixels, overflow) = header.widthPixels.multipliedReportingOverflow(by: header.heightPixels)
    if overflow || pixels > maximumPixels {
      throw PhotoError(
        header.path, .enormous,
        "has \(header.widthPixels) × \(header.heightPixels) pixels, more than the limit of "
          + "\(maximumPixels)",
        remedy: "shrink it or raise the limit")
    }
    if brokenProfile == .refuse, case .broken(let reason) = header.profile {
      throw Self.profileError(header.path, reason)
    }
  }

  /// The error of a profile that can't be used.
  static func profileError(_ path: String, _ reason: String) -> PhotoError {
    PhotoError(
      path, .brokenProfile, "its colour profile is broken (\(reason))",
      remedy: "repair the profile or choose to take the photo as sRGB")
  }
}

/// A photo decoded at a reduced size, with the header that tells its full size.
public struct ShrunkPhoto: Sendable {
  /// The upright image at the reduced size.
  public let image: RasterImage
  /// The photo's header.
  public let header: PhotoHeader
}

extension RasterImage {
  /// Reads a photo's header: size, format, orientation, profile and EXIF text fields.
  ///
  /// - Throws: `PhotoError` for what is no photo, and for one above the options' pixel limit.
  public static func probe(
    _ path: String, options: DecodingOptions = DecodingOptions()
  ) throws(PhotoError) -> PhotoHeader {
    try probe(PhotoFile(path: path), options)
  }

  /// Reads the header of a photo in memory; `name` stands for the path in errors.
  public static func probe(
    bytes: [UInt8], name: String, options: DecodingOptions = DecodingOptions()
  ) throws(PhotoError) -> PhotoHeader {
    try probe(PhotoFile(bytes: bytes, name: name), options)
  }

  /// Decodes a photo: upright, in sRGB, 8 bits a sample.
  ///
  /// The EXIF orientation is applied, an embedded profile is converted relative-colorimetrically, grey and CMYK
  /// become RGB, 16 bits are rounded to 8, and alpha is blended over the options' grey.
  ///
  /// - Throws: `PhotoError` naming the file; a file that is damaged anywhere is refused.
  public static func decode(
    _ path: String, options: DecodingOptions = DecodingOptions()
  ) throws(PhotoError) -> RasterImage {
    let file = try PhotoFile(path: path)
    return try decode(file, header: probe(file, options), options)
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
  /// JPEG and WebP files are shrunk while they are read, the rest of the way is antialiased bicubic. The whole file
  /// is read, so that damage anywhere is found.
  public static func decodeShrunk(
    _ path: String, longSide: Int, options: DecodingOptions = DecodingOptions()
  ) throws(PhotoError) -> ShrunkPhoto {
    let file = try PhotoFile(path: path)
    let header = try probe(file, options)
    let full = max(header.storedWidth, header.storedHeight)
    guard full > max(1, longSide) else {
      return ShrunkPhoto(image: try decode(file, header: header, options), header: header)
    }
    let scale = Double(max(1, longSide)) / Double(full)
    let width = max(1, Int((Double(header.storedWidth) * scale).rounded()))
    let height = max(1, Int((Double(header.storedHeight) * scale).rounded()))
    var shrink = 1
    while file.format.shrinksOnLoad, shrink < 8, full / (2 * shrink) >= longSide { shrink *= 2 }
    let image = try file.withImage(shrink: shrink) { handle throws(PhotoError) in
      let colours = try handle.convertedToSRGB(header, options)
      return try colours.resampled(
        width: width, height: height, orientation: header.orientation, path: file.path)
    }
    return ShrunkPhoto(image: image, header: header)
  }

  /// Decodes a rectangle of a photo, resampled with the bicubic kernel.
  ///
  /// Only the rows down to the rectangle's end are decoded and only the rectangle is converted to sRGB; memory grows
  /// with the result, not with the photo. Damage below the rectangle isn't noticed.
  ///
  /// - Parameters:
  ///   - path: the photo.
  ///   - area: a rectangle inside of the upright photo.
  ///   - width: the result's width in pixels.
  ///   - height: the result's height in pixels.
  ///   - options: limits and colour policy.
  /// - Returns: the upright rectangle, `width × height` pixels.
  /// - Throws: `PhotoError` naming the file, also when the rectangle reaches over the border.
  public static func decodeArea(
    _ path: String, area: PixelArea, width: Int, height: Int,
    options: DecodingOptions = DecodingOptions()
  ) throws(PhotoError) -> RasterImage {
    let file = try PhotoFile(path: path)
    let header = try probe(file, options)
    guard area.isInside(width: header.widthPixels, height: header.heightPixels),
      width > 0, height > 0
    else {
      throw PhotoError(
        path, .unsupported,
        "the rectangle \(area.x),\(area.y),\(area.width),\(area.height) isn't inside of its "
          + "\(header.widthPixels) × \(header.heightPixels) pixels",
        remedy: "give a rectangle inside of the photo")
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
      return try cut.convertedToSRGB(header, options).resampled(
        width: size.width, height: size.height, orientation: header.orientation, path: path)
    }
  }

  /// Reads and checks a header.
  private static func probe(
    _ file: PhotoFile, _ options: DecodingOptions
  ) throws(PhotoError) -> PhotoHeader {
    let header = try file.withImage(shrink: 1) { PhotoHeader($0, of: file) }
    try options.check(header)
    return header
  }

  /// Decodes a whole photo.
  private static func decode(
    _ file: PhotoFile, header: PhotoHeader, _ options: DecodingOptions
  ) throws(PhotoError) -> RasterImage {
    try file.withImage(shrink: 1) { handle throws(PhotoError) in
      try handle.convertedToSRGB(header, options).resampled(
        width: header.storedWidth, height: header.storedHeight, orientation: header.orientation,
        path: file.path)
    }
  }
}

extension VipsHandle {
  /// Converts any colours that are read to 8-bit sRGB without alpha.
  func convertedToSRGB(
    _ photo: PhotoHeader, _ options: DecodingOptions
  ) throws(PhotoError) -> VipsHandle {
    let header = header
    let bands = header.colour_bands
    guard header.is_integer != 0, header.colour != CVIPS_OTHER, header.bands - bands <= 1,
      header.bands >= bands
    else {
      throw PhotoError(
        photo.path, .unsupported,
        "has \(header.bands) bands of \(header.bits) bits in an unusual colour space",
        remedy: "convert it to 8- or 16-bit RGB")
    }
    let path = photo.path
    let colour =
      header.bands == bands
      ? self : try VipsHandle(path: path) { cvips_bands(pointer, 0, bands, $0) }
    let converted = try colour.colourToSRGB(header, photo, options)
    guard header.bands > bands else { return converted }
    let alpha = try VipsHandle(path: path) { cvips_bands(pointer, bands, 1, $0) }
    let alphaBytes = try VipsHandle(path: path) { cvips_to_8_bits(alpha.pointer, header.bits, $0) }
    let joined = try VipsHandle(path: path) {
      cvips_join(converted.pointer, alphaBytes.pointer, $0)
    }
    return try VipsHandle(path: path) {
      cvips_flatten(joined.pointer, Double(options.alphaBackground), $0)
    }
  }

  /// Converts the colour bands alone.
  private func colourToSRGB(
    _ header: cvips_header, _ photo: PhotoHeader, _ options: DecodingOptions
  ) throws(PhotoError) -> VipsHandle {
    if case .embedded = photo.profile {
      var reason: String
      do throws(PhotoError) {
        let converted = try VipsHandle(path: photo.path) { cvips_profile_to_srgb(pointer, $0) }
        if converted.warnings.isEmpty { return converted }
        reason = converted.warnings
      } catch {
        reason = error.problem
      }
      guard options.brokenProfile == .assumeSRGB else {
        throw DecodingOptions.profileError(photo.path, reason)
      }
    }
    let bytes = try VipsHandle(path: photo.path) { cvips_to_8_bits(pointer, header.bits, $0) }
    switch header.colour {
    case CVIPS_GREY:
      let two = try VipsHandle(path: photo.path) {
        cvips_join(bytes.pointer, bytes.pointer, $0)
      }
      return try VipsHandle(path: photo.path) { cvips_join(two.pointer, bytes.pointer, $0) }
    case CVIPS_CMYK:
      return try VipsHandle(path: photo.path) { cvips_colour_to_srgb(bytes.pointer, $0) }
    default:
      return bytes
    }
  }

  /// Pulls the image through the bicubic resampler, strip by strip, and turns it upright.
  ///
  /// - Parameters:
  ///   - width: the result's width before turning.
  ///   - height: the result's height before turning.
  ///   - orientation: how the result is turned.
  ///   - path: the name for errors.
  /// - Returns: the upright result.
  /// - Throws: `PhotoError` when the pixels can't be decoded.
  func resampled(
    width: Int, height: Int, orientation: Orientation, path: String
  ) throws(PhotoError) -> RasterImage {
    let header = header
    let inputWidth = Int(header.width)
    let inputHeight = Int(header.height)
    let size = orientation.orientedSize(width: width, height: height)
    let isSameSize = inputWidth == width && inputHeight == height
    let resampler =
      isSameSize
      ? nil
      : RowResampler(
        horizontal: AxisWeights(.bicubic, from: inputWidth, to: width),
        vertical: AxisWeights(.bicubic, from: inputHeight, to: height))
    return try RasterImage(width: size.width, height: size.height) {
      target throws(PhotoError) in
      guard let target = target.baseAddress else { return }
      let stripRows = min(inputHeight, 32)
      let strip = UnsafeMutablePointer<UInt8>.allocate(capacity: 3 * inputWidth * stripRows)
      defer { strip.deallocate() }
      for top in stride(from: 0, to: inputHeight, by: stripRows) {
        let rows = min(stripRows, inputHeight - top)
        try read(rows: rows, at: top, into: strip, path: path)
        guard let resampler else {
          orientation.copy(
            rows: strip, top: top, count: rows, width: width, height: height, to: target)
          continue
        }
        for row in 0..<rows {
          resampler.feed(UnsafePointer(strip) + 3 * inputWidth * row) { index, line in
            orientation.copy(
              rows: line, top: index, count: 1, width: width, height: height, to: target)
          }
        }
      }
    }
  }
}

internal import CVips

extension VipsHandle {
  /// Converts to sRGB, pulls the image through the bicubic resampler strip by strip and turns it
  /// upright.
  ///
  /// - Parameters:
  ///   - width: the result's width before turning.
  ///   - height: the result's height before turning.
  ///   - photo: the photo's header.
  ///   - options: the colour policy.
  /// - Returns: the upright result.
  /// - Throws: `PhotoError` when the colours aren't read or the pixels can't be decoded.
  func resampledToSRGB(
    width: Int, height: Int, _ photo: PhotoHeader, _ options: DecodingOptions
  ) throws(PhotoError) -> RasterImage {
    let matrix = matrixProfile(photo)
    let colours = try convertedToSRGB(photo, options, leavesProfile: matrix != nil)
    return try colours.resampled(
      width: width, height: height, photo, matrix: matrix?.isIdentity == true ? nil : matrix)
  }

  /// The fast conversion, for 8-bit RGB without alpha whose sound profile is curves and a matrix.
  private func matrixProfile(_ photo: PhotoHeader) -> MatrixProfile? {
    let header = header
    guard case .embedded = photo.profile, header.colour == CVIPS_RGB, header.bands == 3,
      header.bits == 8, header.is_integer != 0
    else { return nil }
    var count = 0
    guard let bytes = cvips_profile(pointer, &count) else { return nil }
    return MatrixProfile(UnsafeBufferPointer(start: bytes, count: count))
  }

  /// Converts any colours that are read to 8-bit sRGB without alpha.
  ///
  /// - Parameters:
  ///   - photo: the photo's header.
  ///   - options: the colour policy.
  ///   - leavesProfile: the profile is converted by the caller.
  /// - Returns: an 8-bit image of three bands.
  /// - Throws: `PhotoError` when the colours aren't read.
  private func convertedToSRGB(
    _ photo: PhotoHeader, _ options: DecodingOptions, leavesProfile: Bool
  ) throws(PhotoError) -> VipsHandle {
    if leavesProfile { return self }
    let header = header
    let bands = header.colour_bands
    guard header.is_integer != 0, header.colour != CVIPS_OTHER, header.bands - bands <= 1,
      header.bands >= bands
    else {
      throw PhotoError(
        photo.path, .unsupported,
        "has \(header.bands) bands of \(header.bits) bits in an unusual color space",
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

  /// Pulls an 8-bit RGB image through the resampler.
  private func resampled(
    width: Int, height: Int, _ photo: PhotoHeader, matrix: MatrixProfile?
  ) throws(PhotoError) -> RasterImage {
    let header = header
    let inputWidth = Int(header.width)
    let inputHeight = Int(header.height)
    let orientation = photo.orientation
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
        try read(rows: rows, at: top, into: strip, path: photo.path)
        matrix?.convert(strip, pixels: rows * inputWidth)
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

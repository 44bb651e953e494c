internal import CVips

extension VipsHandle {
  /// Converts to sRGB, pulls the image through the bicubic resampler strip by strip and turns it
  /// upright.
  ///
  /// - Parameters:
  ///   - width: the result's width before turning.
  ///   - height: the result's height before turning.
  ///   - photo: the photo's header.
  ///   - options: the color policy.
  /// - Returns: the upright result.
  /// - Throws: `PhotoError` when the colors aren't read or the pixels can't be decoded.
  func resampledToSRGB(
    width: Int, height: Int, _ photo: PhotoHeader, _ options: DecodingOptions
  ) throws(PhotoError) -> RasterImage {
    let source = try sourceImage(photo)
    let matrix = source.matrixProfile(photo)
    if let matrix, !matrix.isIdentity {
      let input = source.header
      return try source.resampled(width: width, height: height, photo) {
        rows, top, strip throws(PhotoError) in
        let background = options.alphaBackground
        if input.bits == 8, input.bands == 3 {
          try source.read(rows: rows, at: top, into: strip, path: photo.path)
          matrix.convert(strip, pixels: rows * Int(input.width))
        } else if input.bits == 8 {
          try source.convert(UInt8.self, rows, top, matrix, strip, background, photo.path)
        } else {
          try source.convert(UInt16.self, rows, top, matrix, strip, background, photo.path)
        }
      }
    }
    let plain = photo.isInvertedCMYK ? source : self
    let colours = try plain.convertedToSRGB(photo, options, takesAsSRGB: matrix != nil)
    return try colours.resampled(width: width, height: height, photo) {
      rows, top, strip throws(PhotoError) in
      try colours.read(rows: rows, at: top, into: strip, path: photo.path)
    }
  }

  /// The image as its file means it: CMYK the right way round, and gray of stated colors as RGB.
  private func sourceImage(_ photo: PhotoHeader) throws(PhotoError) -> VipsHandle {
    let header = header
    if photo.isInvertedCMYK {
      return try VipsHandle(path: photo.path) { cvips_invert(pointer, $0) }
    }
    guard photo.stated != nil, header.colour == CVIPS_GREY, header.bands <= 2 else { return self }
    let grey = try VipsHandle(path: photo.path) { cvips_bands(pointer, 0, 1, $0) }
    let two = try VipsHandle(path: photo.path) { cvips_join(grey.pointer, grey.pointer, $0) }
    // Appending the image itself brings its alpha along.
    return try VipsHandle(path: photo.path) { cvips_join(two.pointer, pointer, $0) }
  }

  /// The conversion of RGB, with or without alpha, whose colors are curves and a matrix; nil for
  /// all others.
  private func matrixProfile(_ photo: PhotoHeader) -> MatrixProfile? {
    let header = header
    guard header.is_integer != 0, header.bits == 8 || header.bits == 16,
      header.bands == 3 || header.bands == 4, header.colour == CVIPS_RGB || photo.stated != nil
    else { return nil }
    let levels = 1 << Int(header.bits)
    if let stated = photo.stated { return MatrixProfile(stated, levels: levels) }
    guard case .embedded = photo.profile else { return nil }
    var count = 0
    guard let bytes = cvips_profile(pointer, &count) else { return nil }
    return MatrixProfile(UnsafeBufferPointer(start: bytes, count: count), levels: levels)
  }

  /// Reads rows and converts them with their alpha.
  private func convert<Level: FixedWidthInteger & UnsignedInteger>(
    _ type: Level.Type, _ rows: Int, _ top: Int, _ matrix: MatrixProfile,
    _ target: UnsafeMutablePointer<UInt8>, _ background: UInt8, _ path: String
  ) throws(PhotoError) {
    let (pixels, bands) = (rows * Int(header.width), Int(header.bands))
    let samples = UnsafeMutablePointer<Level>.allocate(capacity: pixels * bands)
    defer { samples.deallocate() }
    try read(rows: rows, at: top, bands: bands, into: samples, path: path)
    matrix.convert(
      samples, bands: bands, pixels: pixels, to: target, background: background)
  }

  /// Converts any colors that are read to 8-bit sRGB without alpha.
  ///
  /// - Parameters:
  ///   - photo: the photo's header.
  ///   - options: the color policy.
  ///   - takesAsSRGB: the colors are sRGB, whatever the profile says.
  /// - Returns: an 8-bit image of three bands.
  /// - Throws: `PhotoError` when the colors aren't read.
  private func convertedToSRGB(
    _ photo: PhotoHeader, _ options: DecodingOptions, takesAsSRGB: Bool
  ) throws(PhotoError) -> VipsHandle {
    let header = header
    if takesAsSRGB, header.bands == 3, header.bits == 8 { return self }
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
    let converted = try colour.colourToSRGB(header, photo, options, takesAsSRGB)
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

  /// Converts the color bands alone.
  private func colourToSRGB(
    _ header: cvips_header, _ photo: PhotoHeader, _ options: DecodingOptions, _ takesAsSRGB: Bool
  ) throws(PhotoError) -> VipsHandle {
    if case .embedded = photo.profile, !takesAsSRGB {
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
      // Without a profile there is no press to imitate: full black ink is black, as browsers show
      // it.
      return try VipsHandle(path: photo.path) { cvips_ink_to_rgb(bytes.pointer, $0) }
    default:
      return bytes
    }
  }

  /// Pulls an image through the resampler; `readStrip` is given the number of rows, the first of
  /// them, and where their 8-bit RGB goes.
  private func resampled(
    width: Int, height: Int, _ photo: PhotoHeader,
    _ readStrip: (Int, Int, UnsafeMutablePointer<UInt8>) throws(PhotoError) -> Void
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
        try readStrip(rows, top, strip)
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

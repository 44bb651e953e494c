internal import CVips

/// The facts about a photo in its header, before any pixel is decoded.
public struct PhotoHeader: Hashable, Sendable, Codable {
  /// The path or the name of the photo.
  public let path: String
  /// The format, recognized by its content.
  public let format: ImageFormat
  /// The width in pixels after the orientation was applied.
  public let widthPixels: Int
  /// The height in pixels after the orientation was applied.
  public let heightPixels: Int
  /// How the stored image must be turned.
  public let orientation: Orientation
  /// The bits of a stored sample, 8 or 16 for what is read.
  public let bitsPerSample: Int
  /// Whether the image has an alpha band.
  public let hasAlpha: Bool
  /// What the photo says about its colors.
  public let profile: ColourProfile
  /// The number of images in the file; the first is read.
  public let pages: Int
  /// The size of the file.
  public let byteCount: Int
  /// The EXIF text fields by tag name, such as `Model` or `ExposureTime`.
  public let exif: [String: String]

  /// Whether the file also holds a gain map, with which it would be shown in high dynamic range.
  ///
  /// What is read is its base, of standard range.
  public let hasGainMap: Bool

  /// Colors stated without a profile.
  let stated: StatedColours?
  /// Whether the decoder inverted CMYK, as Adobe's programs store it, although the file lacks their
  /// marker.
  let isInvertedCMYK: Bool

  /// What was done about the photo's colors, in one line for records.
  public var colourSummary: String {
    profile.summary + (hasGainMap ? "; its gain map (HDR) is not applied" : "")
  }

  /// The width as stored.
  var storedWidth: Int { orientation.swapsSides ? heightPixels : widthPixels }
  /// The height as stored.
  var storedHeight: Int { orientation.swapsSides ? widthPixels : heightPixels }

  /// Reads the header of an open image.
  init(_ handle: VipsHandle, of file: PhotoFile) {
    let exif = ExifFields.read(from: handle)
    var count = 0
    let profile = cvips_profile(handle.pointer, &count).map {
      Array(UnsafeBufferPointer(start: $0, count: count))
    }
    self.init(handle.header, profile: profile, warnings: handle.warnings, exif: exif, of: file)
  }

  /// Takes the header of a BMP.
  init(_ bitmap: BitmapHeader, profile: [UInt8]?, of file: PhotoFile) {
    var header = cvips_header()
    (header.width, header.height) = (Int64(bitmap.width), Int64(bitmap.height))
    (header.bands, header.colour_bands) = (Int32(bitmap.bands), 3)
    (header.bits, header.is_integer) = (8, 1)
    (header.orientation, header.pages, header.colour) = (1, 1, CVIPS_RGB)
    self.init(header, profile: profile, warnings: "", exif: [:], of: file)
  }

  /// Takes what is known of a camera raw file.
  init(_ raw: RawDeveloper.Facts, of file: PhotoFile) {
    var header = cvips_header()
    (header.width, header.height) = (Int64(raw.width), Int64(raw.height))
    (header.bands, header.colour_bands) = (3, 3)
    (header.bits, header.is_integer) = (8, 1)
    (header.orientation, header.pages, header.colour) = (1, 1, CVIPS_RGB)
    self.init(
      header, profile: nil, warnings: "", exif: raw.exif, of: file, development: raw.settings)
  }

  private init(
    _ header: cvips_header, profile bytes: [UInt8]?, warnings: String, exif: [String: String],
    of file: PhotoFile, development: String? = nil
  ) {
    path = file.path
    format = file.format
    byteCount = file.byteCount
    orientation = Orientation(rawValue: Int(header.orientation)) ?? .upright
    let size = orientation.orientedSize(width: Int(header.width), height: Int(header.height))
    (widthPixels, heightPixels) = size
    bitsPerSample = Int(header.bits)
    hasAlpha = header.bands == header.colour_bands + 1
    pages = Int(header.pages)
    hasGainMap = file.structure.hasGainMap
    self.exif = exif
    let embedded = Self.embedded(bytes, header, warnings: warnings)
    if let development {
      (profile, stated) = (.stated(name: development), nil)
    } else {
      (profile, stated) = Self.colours(embedded, header, file.structure, exif)
    }
    isInvertedCMYK =
      file.format == .jpeg && header.colour == CVIPS_CMYK && !file.structure.hasAdobeMarker
  }

  /// Which statement about the colors counts: PNG's cICP, else the embedded profile, else what the
  /// file states otherwise, else Adobe RGB by EXIF, else sRGB.
  private static func colours(
    _ embedded: ColourProfile, _ header: cvips_header, _ structure: FileStructure,
    _ exif: [String: String]
  ) -> (profile: ColourProfile, stated: StatedColours?) {
    guard header.colour != CVIPS_CMYK, structure.overridesProfile || embedded == .assumedSRGB
    else { return (embedded, nil) }
    let isAdobe = exif["InteroperabilityIndex"] == "R03" || exif["ColorSpace"] == "2"
    let byEXIF: ColourStatement? = isAdobe ? .colours(.adobeRGB) : nil
    switch structure.colours ?? byEXIF {
    case .colours(let colours): return (.stated(name: colours.name), colours)
    case .unreadable(let colours): return (.unreadable(colours: colours), nil)
    case nil: return (structure.overridesProfile ? .assumedSRGB : embedded, nil)
    }
  }

  /// Judges the embedded profile by its structure and by the decoder's warnings.
  private static func embedded(
    _ bytes: [UInt8]?, _ header: cvips_header, warnings: String
  ) -> ColourProfile {
    guard let bytes else {
      // libpng drops a broken profile and only warns of it.
      return warnings.contains("iCCP") ? .broken(reason: warnings) : .assumedSRGB
    }
    let structure = bytes.withUnsafeBufferPointer {
      ProfileStructure($0, colourBands: Int(header.colour_bands))
    }
    if let defect = structure.defect { return .broken(reason: defect) }
    return .embedded(name: structure.name)
  }
}

/// Reads libexif's text fields out of an open image.
enum ExifFields {
  /// The fields by tag name, with the values as libexif words them.
  static func read(from handle: VipsHandle) -> [String: String] {
    var fields: [String: String] = [:]
    withUnsafeMutablePointer(to: &fields) { pointer in
      cvips_each_exif_field(
        handle.pointer,
        { name, text, context in
          let fields = context.assumingMemoryBound(to: [String: String].self)
          // Names read `exif-ifd2-ExposureTime`; the first directory that has a tag wins.
          let tag = String(cString: name).split(separator: "-", maxSplits: 2).last.map(String.init)
          guard let tag, fields.pointee[tag] == nil else { return }
          fields.pointee[tag] = ExifFields.value(in: String(cString: text))
        }, pointer)
    }
    let unreadable = fields.filter { $0.value.hasPrefix("<invalid utf-8") }.keys
    guard !unreadable.isEmpty else { return fields }
    var count = 0
    let block = cvips_exif(handle.pointer, &count)
    let raw = ExifText(Array(UnsafeBufferPointer(start: block, count: count)))
    for name in unreadable { fields[name] = raw?.text(name) }
    return fields
  }

  /// The value in a text such as `1/30 sec. (1/30, Rational, 1 components, 8 bytes)`.
  static func value(in text: String) -> String {
    guard text.hasSuffix("bytes)") else { return text }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count >= 4 else { return text }
    // What is left reads `value (raw value`; text values repeat themselves exactly.
    let both = Array(parts.dropLast(3).joined(separator: ",").utf8)
    let half = (both.count - 2) / 2
    if both.count >= 2, both[..<half] == both[(both.count - half)...] {
      return String(decoding: both[..<half], as: UTF8.self).trimmingSpaces()
    }
    guard let bracket = both.lastIndex(of: UInt8(ascii: "(")) else { return text }
    return String(decoding: both[..<bracket], as: UTF8.self).trimmingSpaces()
  }
}

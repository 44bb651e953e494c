internal import CVips

/// The facts about a photo in its header, before any pixel is decoded.
public struct PhotoHeader: Hashable, Sendable {
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
  /// What the photo says about its colours.
  public let profile: ColourProfile
  /// The number of images in the file; the first is read.
  public let pages: Int
  /// The size of the file.
  public let byteCount: Int
  /// The EXIF text fields by tag name, such as `Model` or `ExposureTime`.
  public let exif: [String: String]

  /// The width as stored.
  var storedWidth: Int { orientation.swapsSides ? heightPixels : widthPixels }
  /// The height as stored.
  var storedHeight: Int { orientation.swapsSides ? widthPixels : heightPixels }

  /// Reads the header of an open image.
  init(_ handle: VipsHandle, of file: PhotoFile) {
    let header = handle.header
    path = file.path
    format = file.format
    byteCount = file.byteCount
    orientation = Orientation(rawValue: Int(header.orientation)) ?? .upright
    let size = orientation.orientedSize(width: Int(header.width), height: Int(header.height))
    (widthPixels, heightPixels) = size
    bitsPerSample = Int(header.bits)
    hasAlpha = header.bands == header.colour_bands + 1
    pages = Int(header.pages)
    profile = Self.profile(of: handle, header)
    exif = ExifFields.read(from: handle)
  }

  /// Judges the embedded profile by its structure and by the decoder's warnings.
  private static func profile(of handle: VipsHandle, _ header: cvips_header) -> ColourProfile {
    var count = 0
    guard let bytes = cvips_profile(handle.pointer, &count) else {
      // libpng drops a broken profile and only warns of it.
      return handle.warnings.contains("iCCP") ? .broken(reason: handle.warnings) : .assumedSRGB
    }
    let structure = ProfileStructure(
      UnsafeBufferPointer(start: bytes, count: count), colourBands: Int(header.colour_bands))
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

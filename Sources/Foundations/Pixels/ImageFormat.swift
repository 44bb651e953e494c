internal import CVips

/// The image formats that are read, recognized by content and never by the file's name.
public enum ImageFormat: String, Hashable, Sendable, Codable, CaseIterable {
  /// JPEG.
  case jpeg
  /// PNG.
  case png
  /// TIFF, also BigTIFF.
  case tiff
  /// WebP.
  case webp
  /// HEIC and AVIF.
  case heif
  /// BMP without compression.
  case bmp
  /// JPEG 2000, as a file or as a bare code stream.
  case jpeg2000
  /// A camera's raw file, of any maker.
  case raw

  /// The number of leading bytes that identify the format.
  static let signatureLength = 32

  /// Tells the format from a file's first bytes.
  ///
  /// - Returns: nil when the bytes start none of the formats.
  public static func detect(_ bytes: [UInt8]) -> Self? {
    func has(_ text: String, at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: Array(text.utf8))
    }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
    let littleTIFF =
      bytes.starts(with: [0x49, 0x49, 0x2A, 0]) || bytes.starts(with: [0x49, 0x49, 0x2B, 0])
    let bigTIFF =
      bytes.starts(with: [0x4D, 0x4D, 0, 0x2A]) || bytes.starts(with: [0x4D, 0x4D, 0, 0x2B])
    if littleTIFF || bigTIFF { return .tiff }
    if has("RIFF"), has("WEBP", at: 8) { return .webp }
    if bytes.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) || has("jP  \r\n", at: 4) { return .jpeg2000 }
    let brands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis"]
    if has("BM"), bytes.count >= 26, [12, 40, 52, 56, 64, 108, 124].contains(bytes[14]),
      bytes[15...17].allSatisfy({ $0 == 0 })
    {
      return .bmp
    }
    if isRaw(bytes) { return .raw }
    if has("ftyp", at: 4), brands.contains(where: { has($0, at: 8) }) { return .heif }
    return nil
  }

  /// The name of a known format that isn't read; nil for what is unknown.
  static func otherFormat(_ bytes: [UInt8]) -> String? {
    func has(_ text: String, at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: Array(text.utf8))
    }
    if bytes.starts(with: [0xFF, 0x0A]) || has("JXL ", at: 4) { return "a JPEG XL image" }
    if has("GIF8") { return "a GIF image" }
    if has("8BPS") { return "a Photoshop document" }
    if has("<svg") || has("<?xml") { return "an SVG or XML document" }
    if has("%PDF") { return "a PDF document" }
    return nil
  }

  /// Whether a camera's raw file starts so; raw files that are TIFF show it in their directories.
  private static func isRaw(_ bytes: [UInt8]) -> Bool {
    func has(_ text: String, at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: Array(text.utf8))
    }
    return has("FUJIFILMCCD-RAW") || has("IIU\u{0}") || has("IIRO") || has("IIRS") || has("MMOR")
      || has("FOVb") || has("\u{0}MRM") || has("HEAPCCDR", at: 6) || has("ftypcrx ", at: 4)
  }

  /// The decoder of libvips that reads the format; BMP and raw never get there.
  var loader: cvips_loader {
    switch self {
    case .jpeg: CVIPS_JPEG
    case .png: CVIPS_PNG
    case .tiff: CVIPS_TIFF
    case .webp: CVIPS_WEBP
    case .heif: CVIPS_HEIF
    case .bmp, .raw: CVIPS_PNG
    case .jpeg2000: CVIPS_JP2K
    }
  }

  /// Whether the decoder can shrink while it reads.
  var shrinksOnLoad: Bool { self == .jpeg || self == .webp || self == .raw }
}

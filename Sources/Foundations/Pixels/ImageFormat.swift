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
    let brands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis"]
    if has("ftyp", at: 4), brands.contains(where: { has($0, at: 8) }) { return .heif }
    return nil
  }

  /// The decoder that reads the format.
  var loader: cvips_loader {
    switch self {
    case .jpeg: CVIPS_JPEG
    case .png: CVIPS_PNG
    case .tiff: CVIPS_TIFF
    case .webp: CVIPS_WEBP
    case .heif: CVIPS_HEIF
    }
  }

  /// Whether the decoder can shrink while it reads.
  var shrinksOnLoad: Bool { self == .jpeg || self == .webp }
}

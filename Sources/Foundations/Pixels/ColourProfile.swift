/// What a photo says about its colors.
public enum ColourProfile: Hashable, Sendable, Codable {
  /// No profile is embedded; the samples are taken as sRGB, the convention for untagged files.
  case assumedSRGB
  /// A sound profile is embedded; its name as the profile gives it.
  case embedded(name: String)
  /// The file states its colors without a profile, or EXIF does; how.
  case stated(name: String)
  /// A profile is embedded that can't be used, and why.
  case broken(reason: String)
  /// The file states colors that can't be converted, and which.
  case unreadable(colours: String)

  /// One line for records.
  public var summary: String {
    switch self {
    case .assumedSRGB: "no embedded profile; taken as sRGB"
    case .embedded(let name): "embedded profile \(name), converted to sRGB"
    case .stated(let name): "\(name), converted to sRGB"
    case .unreadable(let colours): "\(colours), which are not read"
    case .broken(let reason): "embedded profile is broken (\(reason)); taken as sRGB"
    }
  }
}

/// The outer structure of an ICC profile: header, size and tag table (ICC.1:2022, section 7).
struct ProfileStructure {
  /// The profile's own name, or `unnamed`.
  let name: String
  /// Why the profile can't be used, or nil when its structure is sound.
  let defect: String?

  /// Checks a profile for an image of `colourBands` bands.
  init(_ bytes: UnsafeBufferPointer<UInt8>, colourBands: Int) {
    var name = "unnamed"
    defect = Self.defect(bytes, colourBands: colourBands, name: &name)
    self.name = name
  }

  /// The first defect found.
  private static func defect(
    _ bytes: UnsafeBufferPointer<UInt8>, colourBands: Int, name: inout String
  ) -> String? {
    guard bytes.count >= 132 else { return "it has only \(bytes.count) bytes" }
    let size = number(bytes, at: 0)
    guard size >= 132, size <= bytes.count else {
      return "it states \(size) bytes and has \(bytes.count)"
    }
    guard tag(bytes, at: 36) == "acsp" else { return "its signature is missing" }
    let space = tag(bytes, at: 16)
    let bands = ["GRAY": 1, "RGB ": 3, "CMYK": 4][space] ?? 0
    guard bands == colourBands else {
      return "it describes \(space.trimmingSpaces()), the image has \(colourBands) color bands"
    }
    let tags = number(bytes, at: 128)
    guard tags > 0, tags <= (size - 132) / 12 else { return "its tag table is damaged" }
    for index in 0..<tags {
      let entry = 132 + 12 * index
      let offset = number(bytes, at: entry + 4)
      let length = number(bytes, at: entry + 8)
      guard offset <= size, length <= size - offset else { return "its tag table is damaged" }
      if tag(bytes, at: entry) == "desc" {
        name = description(UnsafeBufferPointer(rebasing: bytes[offset..<(offset + length)]))
      }
    }
    return nil
  }

  /// The text of a description tag, as version 2 (`desc`) or version 4 (`mluc`) writes it.
  private static func description(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    guard bytes.count >= 28 else { return "unnamed" }
    let kind = tag(bytes, at: 0)
    if kind == "desc" {
      let length = min(number(bytes, at: 8), bytes.count - 12)
      let text = String(
        decoding: bytes[12..<(12 + max(0, length))].prefix { $0 != 0 }, as: UTF8.self)
      return text.isEmpty ? "unnamed" : text
    }
    guard kind == "mluc" else { return "unnamed" }
    let length = number(bytes, at: 20)
    let offset = number(bytes, at: 24)
    guard offset <= bytes.count, length <= bytes.count - offset else { return "unnamed" }
    let units = stride(from: offset, to: offset + length - 1, by: 2).map {
      UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
    }
    let text = String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
    return text.isEmpty ? "unnamed" : text
  }

  /// A big-endian 32-bit number.
  private static func number(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int {
    (0..<4).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
  }

  /// A four-character signature.
  private static func tag(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> String {
    String(decoding: bytes[offset..<(offset + 4)], as: UTF8.self)
  }
}

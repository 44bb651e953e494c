/// Reads text fields out of raw EXIF: those whose bytes aren't UTF-8, for which the decoder gives a
/// placeholder.
///
/// EXIF demands ASCII; cameras write Latin-1 nevertheless.
struct ExifText {
  private static let tags: [String: Int] = [
    "ImageDescription": 0x010E, "Make": 0x010F, "Model": 0x0110, "Software": 0x0131,
    "Artist": 0x013B, "Copyright": 0x8298, "CameraOwnerName": 0xA430, "LensMake": 0xA433,
    "LensModel": 0xA434, "BodySerialNumber": 0xA431,
  ]

  private let bytes: [UInt8]
  private let isLittle: Bool

  /// Takes an EXIF block, with or without its leading `Exif`.
  init?(_ block: [UInt8]) {
    bytes = block.starts(with: "Exif".utf8) ? Array(block.dropFirst(6)) : block
    switch bytes.code(at: 0).prefix(2) {
    case "II": isLittle = true
    case "MM": isLittle = false
    default: return nil
    }
  }

  /// The text of a field, from Latin-1; nil for absent fields.
  func text(_ name: String) -> String? {
    guard let tag = Self.tags[name], let first = number(at: 4, 4) else { return nil }
    let inside = entry(0x8769, in: first).flatMap { number(at: $0 + 8, 4) }
    for directory in [first, inside].compactMap(\.self) {
      guard let place = entry(tag, in: directory), let count = number(at: place + 4, 4),
        number(at: place + 2, 2) == 2
      else { continue }
      let start = count > 4 ? number(at: place + 8, 4) ?? bytes.count : place + 8
      guard start <= bytes.count else { continue }
      let characters = bytes[start..<min(start + count, bytes.count)].prefix { $0 != 0 }
      return String(String.UnicodeScalarView(characters.map { Unicode.Scalar($0) }))
        .trimmingSpaces()
    }
    return nil
  }

  private func number(at offset: Int, _ length: Int) -> Int? {
    bytes.number(at: offset, length, isLittle: isLittle)
  }

  /// Where a tag's entry stands in a directory.
  private func entry(_ tag: Int, in directory: Int) -> Int? {
    guard let count = number(at: directory, 2) else { return nil }
    return (0..<count).lazy.map { directory + 2 + 12 * $0 }.first { number(at: $0, 2) == tag }
  }
}

import Foundation

/// What a browser can show: kind and size, read from the first bytes of a file.
struct ImageHeader {
  let type: String
  let width: Int
  let height: Int

  /// Reads a JPEG, PNG or WebP header; `nil` for anything else.
  init?(_ data: Data) {
    let bytes = [UInt8](data)
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), bytes.count >= 33 {
      self.init("image/png", Self.big(bytes, 16, 4), Self.big(bytes, 20, 4))
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self.init(jpeg: bytes)
    } else if bytes.count >= 30, bytes.starts(with: Array("RIFF".utf8)),
      Array(bytes[8..<12]) == Array("WEBP".utf8)
    {
      self.init(webp: bytes)
    } else {
      return nil
    }
  }

  private init?(_ type: String, _ width: Int, _ height: Int) {
    guard width > 0, height > 0, width <= 65_535, height <= 65_535 else { return nil }
    self.type = type
    self.width = width
    self.height = height
  }

  /// Walks the JPEG segments to the frame header.
  private init?(jpeg bytes: [UInt8]) {
    var position = 2
    while position + 9 < bytes.count {
      guard bytes[position] == 0xFF else { return nil }
      let marker = bytes[position + 1]
      if marker == 0xFF {
        position += 1
        continue
      }
      let isFrame = (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)
      if isFrame {
        self.init(
          "image/jpeg", Self.big(bytes, position + 7, 2), Self.big(bytes, position + 5, 2))
        return
      }
      position += 2 + Self.big(bytes, position + 2, 2)
    }
    return nil
  }

  private init?(webp bytes: [UInt8]) {
    switch String(decoding: bytes[12..<16], as: UTF8.self) {
    case "VP8X":
      self.init("image/webp", Self.little(bytes, 24, 3) + 1, Self.little(bytes, 27, 3) + 1)
    case "VP8 ":
      self.init(
        "image/webp", Self.little(bytes, 26, 2) & 0x3FFF, Self.little(bytes, 28, 2) & 0x3FFF)
    case "VP8L":
      let bits = Self.little(bytes, 21, 4)
      self.init("image/webp", bits & 0x3FFF + 1, (bits >> 14) & 0x3FFF + 1)
    default: return nil
    }
  }

  private static func big(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int {
    bytes[start..<(start + count)].reduce(0) { $0 << 8 | Int($1) }
  }

  private static func little(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int {
    bytes[start..<(start + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}

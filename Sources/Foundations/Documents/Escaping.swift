/// How text becomes HTML and XML source.
enum Escaping {
  /// Writes text so that it is read back as the same text, in HTML and in XML.
  ///
  /// Characters that neither language can hold (control characters) become U+FFFD.
  static func write(_ text: String, into source: inout String, inAttribute: Bool) {
    if text.utf8.allSatisfy(isPlain) {
      source += text
      return
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": source += "&amp;"
      case "<": source += "&lt;"
      case ">": source += "&gt;"
      case "\"": source += "&quot;"
      case "'": source += "&#39;"
      case "\n": source += inAttribute ? "&#10;" : "\n"
      case "\t": source += inAttribute ? "&#9;" : "\t"
      case "\r": source += "&#13;"
      default:
        source.unicodeScalars.append(isHoldable(scalar.value) ? scalar : "\u{FFFD}")
      }
    }
  }

  /// Whether a byte stands for itself everywhere.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
      UInt8(ascii: "'"):
      false
    default: (0x20...0x7E).contains(byte)
    }
  }

  /// Whether both HTML and XML 1.0 can hold a scalar that isn't white space.
  private static func isHoldable(_ value: UInt32) -> Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0: false
    case 0xFDD0...0xFDEF: false
    default: value & 0xFFFE != 0xFFFE
    }
  }
}

public import Domain

/// Builds a CSV file (RFC 4180): fields are quoted where they must be, numbers read back bit for bit.
public struct CSVWriter: Sendable {
  /// How a line ends.
  public enum LineEnd: String, Sendable {
    /// A line feed, as Unix tools write it.
    case lineFeed = "\n"
    /// Carriage return and line feed, as the published data set's files have it.
    case carriageReturnLineFeed = "\r\n"
  }

  /// The file so far.
  public private(set) var bytes: [UInt8] = []
  private let lineEnd: LineEnd

  /// Starts a table with its header.
  public init(columns: [String], lineEnd: LineEnd = .lineFeed) {
    self.lineEnd = lineEnd
    append(columns, isHeader: true)
  }

  /// Adds a row; it must have as many fields as the header.
  public mutating func append(_ row: [String]) { append(row, isHeader: false) }

  private mutating func append(_ row: [String], isHeader: Bool) {
    // A row without any text is left out by readers, unless quotes show that it is meant.
    let isBlank = row.allSatisfy(\.isEmpty)
    for (index, field) in row.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      if isBlank && index == 0 || Self.needsQuotes(field, isHeader: isHeader) {
        bytes.append(UInt8(ascii: "\""))
        for byte in field.utf8 {
          if byte == UInt8(ascii: "\"") { bytes.append(byte) }
          bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
      } else {
        bytes.append(contentsOf: field.utf8)
      }
    }
    bytes.append(contentsOf: lineEnd.rawValue.utf8)
  }

  /// Writes the table; see ``AtomicFile``.
  public func write(to path: String) throws(InputError) { try AtomicFile.write(bytes, to: path) }

  /// The shortest decimal text that reads back as the same number; empty when it isn't finite.
  public static func text(_ number: Double?) -> String {
    guard let number, number.isFinite else { return "" }
    return "\(number)"
  }

  private static func needsQuotes(_ field: String, isHeader: Bool) -> Bool {
    guard let first = field.utf8.first, let last = field.unicodeScalars.last else { return false }
    // A leading byte order mark would vanish with the file's own, and spaces at the ends with the reader's trimming.
    return field.unicodeScalars.first == "\u{FEFF}" || first == 0x20 || first == 0x09
      || field.unicodeScalars.first == "\u{A0}" || [" ", "\t", "\u{A0}"].contains(last)
      || field.utf8.contains { byte in
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
        // The header tells readers what separates the fields.
        case UInt8(ascii: ";"), UInt8(ascii: "\t"): isHeader
        default: false
        }
      }
  }
}

internal import Domain

/// Splits the bytes of a CSV file into fields (RFC 4180).
///
/// A byte order mark, CRLF, CR or LF ends of line, quoted line breaks and blank lines are accepted.
/// Everything doubtful is an error: ragged rows, stray quotes, bytes that are not UTF-8.
struct CSVParser {
  private let bytes: [UInt8]
  private let file: String
  private var position = 0
  private var line: UInt32 = 1

  private var fields: [UInt8] = []
  private var ends: [UInt32] = []
  private var lines: [UInt32] = []
  private var header: [String] = []

  /// More columns than any table of ours has: a file beyond it is something else.
  private static let maximumColumns = 10_000

  private static let comma = UInt8(ascii: ",")
  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  mutating func parse() throws(InputError) -> CSVTable {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    fields.reserveCapacity(bytes.count)
    while position < bytes.count {
      if skipLineBreak() { continue }
      try parseRow()
    }
    guard !header.isEmpty else {
      throw InputError(file, "is empty", remedy: "give a CSV file with a header row")
    }
    return CSVTable(file: file, columns: header, fields: fields, ends: ends, lines: lines)
  }

  private mutating func parseRow() throws(InputError) {
    let start = line
    let before = ends.count
    while true {
      try parseField(row: start, column: ends.count - before)
      guard position < bytes.count, bytes[position] == Self.comma else { break }
      position += 1
    }
    skipLineBreak()
    if header.isEmpty {
      try takeHeader()
    } else {
      try checkWidth(ends.count - before, row: start)
      lines.append(start)
    }
  }

  private mutating func parseField(row: UInt32, column: Int) throws(InputError) {
    guard column < Self.maximumColumns else {
      throw fault(row, column, "there are too many columns", "give a CSV file")
    }
    let start = fields.count
    if position < bytes.count, bytes[position] == Self.quote {
      try parseQuoted(row: row, column: column)
    } else {
      try parsePlain(row: row, column: column)
    }
    let text = fields[start...]
    if text.contains(where: { $0 >= 0x80 }), String(validating: text, as: UTF8.self) == nil {
      throw fault(row, column, "is not UTF-8 text", "save the file as CSV in UTF-8")
    }
    ends.append(UInt32(fields.count))
  }

  private mutating func parsePlain(row: UInt32, column: Int) throws(InputError) {
    let start = position
    scan: while position < bytes.count {
      switch bytes[position] {
      case Self.comma, Self.lineFeed, Self.carriageReturn: break scan
      case Self.quote:
        throw fault(
          row, column, "a quote stands inside a field that does not start with one",
          "put the whole field in quotes and double the quotes inside")
      case 0: throw binary(row, column)
      default: position += 1
      }
    }
    fields.append(contentsOf: bytes[start..<position])
  }

  private mutating func parseQuoted(row: UInt32, column: Int) throws(InputError) {
    position += 1
    var start = position
    while position < bytes.count {
      switch bytes[position] {
      case Self.quote:
        fields.append(contentsOf: bytes[start..<position])
        position += 1
        guard position < bytes.count, bytes[position] == Self.quote else {
          return try checkFieldEnd(row: row, column: column)
        }
        start = position
        position += 1
      case 0: throw binary(row, column)
      case Self.carriageReturn
      where position + 1 < bytes.count && bytes[position + 1] == Self.lineFeed:
        position += 1
      case Self.carriageReturn, Self.lineFeed:
        line += 1
        position += 1
      default: position += 1
      }
    }
    throw fault(row, column, "a quoted field has no end", "add the closing quote")
  }

  /// A closing quote must be followed by a comma, the end of the line or the end of the file.
  private func checkFieldEnd(row: UInt32, column: Int) throws(InputError) {
    guard position < bytes.count else { return }
    switch bytes[position] {
    case Self.comma, Self.lineFeed, Self.carriageReturn: return
    default:
      throw fault(
        row, column, "text follows the closing quote", "double the quotes inside a quoted field")
    }
  }

  /// Steps over one line break, if one stands here.
  @discardableResult
  private mutating func skipLineBreak() -> Bool {
    guard position < bytes.count else { return false }
    switch bytes[position] {
    case Self.lineFeed: position += 1
    case Self.carriageReturn:
      position += 1
      if position < bytes.count, bytes[position] == Self.lineFeed { position += 1 }
    default: return false
    }
    line += 1
    return true
  }

  /// Takes the first row's fields as the names of the columns.
  private mutating func takeHeader() throws(InputError) {
    var start = 0
    for end in ends {
      header.append(String(decoding: fields[start..<Int(end)], as: UTF8.self))
      start = Int(end)
    }
    fields.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    var seen: Set<String> = []
    for name in header where !seen.insert(name).inserted {
      throw InputError(
        file, "has two columns named \(CSVTable.quoted(name))", remedy: "rename or remove one")
    }
  }

  private func checkWidth(_ count: Int, row: UInt32) throws(InputError) {
    if count < header.count {
      throw fault(
        row, count, "is missing: the row has \(count) of \(header.count) fields",
        "add the missing field or its comma")
    }
    if count > header.count {
      throw fault(
        row, header.count - 1, "\(count - header.count) more fields follow than the header has",
        "put a field that holds a comma in quotes")
    }
  }

  private func binary(_ row: UInt32, _ column: Int) -> InputError {
    fault(
      row, column, "holds a NUL byte, so this is not UTF-8 text", "save the file as CSV in UTF-8")
  }

  private func fault(
    _ row: UInt32, _ column: Int, _ problem: String, _ remedy: String
  ) -> InputError {
    let name = column < header.count ? header[column] : "\(column + 1)"
    return InputError("\(file), row \(row), column \(name)", problem, remedy: remedy)
  }
}

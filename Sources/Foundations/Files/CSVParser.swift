internal import Domain

/// Splits the bytes of a table into fields: RFC 4180, and what spreadsheets make of it.
///
/// A byte order mark, a `sep=` line, semicolons or tabs in place of commas, CRLF, CR or LF ends of line and quoted line
/// breaks are read. Rows without any text are left out, as are columns without name and text at the right. Spaces around a
/// field are not part of it unless quotes hold them. Everything doubtful is an error: ragged rows, stray quotes,
/// bytes that are not UTF-8.
struct CSVParser {
  private let bytes: [UInt8]
  private let file: String
  private let dialect: CSVDialect
  private var position: Int
  private var line: UInt32

  private var fields: [UInt8] = []
  private var ends: [UInt32] = []
  private var lines: [UInt32] = []
  private var header: [String] = []

  /// More columns than any table of ours has: a file beyond it is something else.
  private static let maximumColumns = 10_000

  /// Whether the row being read has a field with text or in quotes.
  private var hasText = false

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  init(bytes: [UInt8], file: String) throws(InputError) {
    self.bytes = bytes
    self.file = file
    dialect = try CSVDialect(bytes, file: file)
    (position, line) = (dialect.start, dialect.line)
  }

  mutating func parse() throws(InputError) -> CSVTable {
    fields.reserveCapacity(bytes.count)
    while position < bytes.count {
      if skipLineBreak() { continue }
      try parseRow()
    }
    guard !header.isEmpty else {
      throw InputError(file, "is empty", remedy: "give a CSV file with a header row")
    }
    try dropEmptyColumns()
    return CSVTable(
      file: file, columns: header, fields: fields, ends: ends, lines: lines,
      separator: dialect.separator)
  }

  private mutating func parseRow() throws(InputError) {
    let start = line
    let before = ends.count
    hasText = false
    while true {
      try parseField(row: start, column: ends.count - before)
      guard position < bytes.count, bytes[position] == dialect.separator else { break }
      position += 1
    }
    skipLineBreak()
    guard hasText else {
      ends.removeLast(ends.count - before)
      return
    }
    if header.isEmpty {
      try takeHeader()
    } else {
      try fitWidth(ends.count - before, row: start)
      lines.append(start)
    }
  }

  private mutating func parseField(row: UInt32, column: Int) throws(InputError) {
    guard column < Self.maximumColumns else {
      throw fault(row, column, "there are too many columns", "give a CSV file")
    }
    let start = fields.count
    skipSpaces()
    if position < bytes.count, bytes[position] == Self.quote {
      hasText = true
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
      case dialect.separator, Self.lineFeed, Self.carriageReturn: break scan
      case Self.quote:
        throw fault(
          row, column, "a quote stands inside a field that does not start with one",
          "put the whole field in quotes and double the quotes inside")
      case 0: throw binary(row, column)
      default: position += 1
      }
    }
    var end = position
    while end > start, let space = spaceEnding(at: end) { end -= space }
    if end > start { hasText = true }
    fields.append(contentsOf: bytes[start..<end])
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
          skipSpaces()
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

  /// Steps over spaces around a field: blanks, tabs that separate nothing, and no-break spaces.
  private mutating func skipSpaces() {
    while position < bytes.count {
      if isBlank(bytes[position]) {
        position += 1
      } else if bytes[position] == 0xC2, position + 1 < bytes.count, bytes[position + 1] == 0xA0 {
        position += 2
      } else {
        return
      }
    }
  }

  /// The bytes of a space that ends before `end`, if one does.
  private func spaceEnding(at end: Int) -> Int? {
    if isBlank(bytes[end - 1]) { return 1 }
    return bytes[end - 1] == 0xA0 && end > 1 && bytes[end - 2] == 0xC2 ? 2 : nil
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 && dialect.separator != 0x09
  }

  /// A closing quote must be followed by a separator, the end of the line or the end of the file.
  private func checkFieldEnd(row: UInt32, column: Int) throws(InputError) {
    guard position < bytes.count else { return }
    switch bytes[position] {
    case dialect.separator, Self.lineFeed, Self.carriageReturn: return
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
    for name in header where !name.isEmpty && !seen.insert(name).inserted {
      throw InputError(
        file, "has two columns named \(CSVTable.quoted(name))", remedy: "rename or remove one")
    }
  }

  /// Brings a row to the header's width: only fields without text may be more or, under no name, fewer.
  private mutating func fitWidth(_ count: Int, row: UInt32) throws(InputError) {
    if count < header.count {
      guard header[count...].allSatisfy(\.isEmpty) else {
        throw fault(
          row, count, "is missing: the row has \(count) of \(header.count) fields",
          "add the missing field or its \(dialect.separatorName)")
      }
      for _ in count..<header.count { ends.append(UInt32(fields.count)) }
    }
    if count > header.count {
      let more = count - header.count
      guard ends[ends.count - more - 1] == fields.count else {
        throw fault(
          row, header.count - 1, "\(more) more fields follow than the header has",
          "put a field that holds a \(dialect.separatorName) in quotes")
      }
      ends.removeLast(more)
    }
  }

  /// Leaves out columns that have neither a name nor a text, as spreadsheets write them at the right.
  private mutating func dropEmptyColumns() throws(InputError) {
    let width = header.count
    guard header.contains("") else { return }
    var kept = header.map { !$0.isEmpty }
    var start: UInt32 = 0
    for (place, end) in ends.enumerated() {
      if end > start { kept[place % width] = true }
      start = end
    }
    guard header.indices.count(where: { kept[$0] && header[$0].isEmpty }) < 2 else {
      throw InputError(
        file, "has several columns without a name",
        remedy: "name them in the first row, or empty them")
    }
    guard kept.contains(false) else { return }
    guard kept.contains(true) else {
      throw InputError(file, "has no named column", remedy: "give a CSV file with a header row")
    }
    ends = ends.indices.filter { kept[$0 % width] }.map { ends[$0] }
    header = header.indices.filter { kept[$0] }.map { header[$0] }
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

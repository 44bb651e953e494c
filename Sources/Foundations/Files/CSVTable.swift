public import Domain

/// A CSV file in memory: RFC 4180, UTF-8, with a header row.
///
/// What spreadsheets write in its place is read, too: semicolons with decimal commas, tabs, a `sep=` line, rows and columns
/// without text. Spaces around a field that is not in quotes are not part of it.
///
/// Every field lies in one buffer and becomes text or a number only when it is asked for. Errors name the file, the
/// row and the column. A row's number is the line on which it starts, the header being row 1, as editors show it.
public struct CSVTable: Sendable {
  /// A column that the table has.
  public struct Column: Hashable, Sendable {
    /// The name in the header.
    public let name: String
    let index: Int
  }

  /// The file, as errors name it.
  public let file: String
  /// The names in the header, in order.
  public let columns: [String]
  /// The number of rows below the header.
  public var rowCount: Int { lines.count }

  /// The largest file that a table can hold: its places are 32-bit numbers.
  static let maximumBytes = Int(UInt32.max) - 1

  /// The text of all fields, one behind the other.
  let fields: [UInt8]
  /// Where each field of `fields` ends, row by row.
  let ends: [UInt32]
  /// The line on which each row starts.
  let lines: [UInt32]
  /// How the numbers of each column are written; empty for tables that commas separate.
  let decimalMarks: [DecimalMark]

  /// Reads a file.
  ///
  /// - Throws: `InputError` for a file that can't be read or isn't a table.
  public init(
    path: String, maximumBytes: Int = InputFile.defaultMaximumBytes
  ) throws(InputError) {
    let limit = min(maximumBytes, Self.maximumBytes)
    try self.init(bytes: InputFile.read(path, maximumBytes: limit), file: path)
  }

  /// Reads a table from memory; `file` is the name that errors use.
  public init(bytes: [UInt8], file: String) throws(InputError) {
    var parser = try CSVParser(bytes: bytes, file: file)
    self = try parser.parse()
  }

  init(
    file: String, columns: [String], fields: [UInt8], ends: [UInt32], lines: [UInt32],
    separator: UInt8
  ) {
    self.file = file
    self.columns = columns
    self.fields = fields
    self.ends = ends
    self.lines = lines
    decimalMarks = DecimalMark.marks(
      fields: fields, ends: ends, columns: columns.count, separator: separator)
  }

  /// The column of that name, if the table has it.
  public func column(ifPresent name: String) -> Column? {
    columns.firstIndex(of: name).map { Column(name: name, index: $0) }
  }

  /// The columns of those names, in the order asked for.
  ///
  /// - Throws: `InputError` that lists every missing column and those that are there.
  public func columns(_ names: [String]) throws(InputError) -> [Column] {
    let missing = names.filter { !columns.contains($0) }
    guard missing.isEmpty else {
      let isOneField = columns.count == 1 && names.count > 1
      throw InputError(
        file,
        "lacks the column\(missing.count > 1 ? "s" : "") \(missing.joined(separator: ", ")) "
          + "(it has: \(CSVTable.quoted(columns.joined(separator: ", "))))",
        remedy: isOneField
          ? "separate the fields by commas, semicolons or tabs"
          : "name the columns in the first row exactly so")
    }
    return names.compactMap { column(ifPresent: $0) }
  }

  /// The column of that name.
  ///
  /// - Throws: `InputError` when the table lacks it.
  public func column(_ name: String) throws(InputError) -> Column { try columns([name])[0] }

  /// The rows below the header, in order.
  public var rows: Rows { Rows(table: self) }

  /// The rows of a table.
  public struct Rows: RandomAccessCollection, Sendable {
    let table: CSVTable
    /// The first row's index.
    public var startIndex: Int { 0 }
    /// The index behind the last row.
    public var endIndex: Int { table.rowCount }
    /// The row at an index.
    public subscript(position: Int) -> CSVRow { CSVRow(table: table, index: position) }
  }

  /// A value as errors show it: in quotes, cut after 60 characters.
  package static func quoted(_ text: String) -> String {
    text.count > 60 ? "\"\(text.prefix(60))…\"" : "\"\(text)\""
  }
}

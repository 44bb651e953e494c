public import Domain

/// One row of a table: hands out its fields as text and numbers, with errors that name the place.
public struct CSVRow: Sendable {
  let table: CSVTable
  let index: Int

  /// The line of the file on which the row starts; the header is line 1.
  public var number: Int { Int(table.lines[index]) }

  /// The text of a field; it may be empty.
  public func rawText(_ column: CSVTable.Column) -> String {
    let field = index * table.columns.count + column.index
    let start = field == 0 ? 0 : Int(table.ends[field - 1])
    return String(decoding: table.fields[start..<Int(table.ends[field])], as: UTF8.self)
  }

  /// The text of a field that must not be empty.
  public func text(_ column: CSVTable.Column) throws(InputError) -> String {
    let text = rawText(column)
    if text.isEmpty { throw error(column, "is empty", remedy: "fill it in") }
    return text
  }

  /// A finite number.
  public func number(_ column: CSVTable.Column) throws(InputError) -> Double {
    let text = try decimalText(column)
    guard let value = Self.number(text) else {
      throw error(
        column, "\(CSVTable.quoted(text)) is not a number",
        remedy: "write a finite number with a decimal point, such as -1.25")
    }
    return value
  }

  /// The text of a field that must not be empty, with a decimal point where the column has decimal commas.
  ///
  /// - Throws: `InputError` also for a mark that may be decimal or stand between thousands.
  package func decimalText(_ column: CSVTable.Column) throws(InputError) -> String {
    let text = try text(column)
    guard !table.decimalMarks.isEmpty, text.utf8.contains(where: { $0 == 0x2C || $0 == 0x2E })
    else { return text }
    switch table.decimalMarks[column.index] {
    case .point: return text
    case .comma: return text.replacing(",", with: ".")
    case .unclear:
      throw error(
        column,
        "the marks in \(CSVTable.quoted(text)) may be decimal or stand between thousands",
        remedy: "write all numbers with a decimal point and nothing between thousands")
    }
  }

  /// The text of a field for a table that commas will separate: decimal commas become points, all else stays.
  package func portableText(_ column: CSVTable.Column) -> String {
    guard !table.decimalMarks.isEmpty, let text = try? decimalText(column) else {
      return rawText(column)
    }
    return text
  }

  /// A finite number, or nil where the field is empty.
  public func optionalNumber(_ column: CSVTable.Column?) throws(InputError) -> Double? {
    guard let column, !rawText(column).isEmpty else { return nil }
    return try number(column)
  }

  /// A whole number within `range`; `3.0` counts as 3.
  public func integer(
    _ column: CSVTable.Column, in range: ClosedRange<Int>
  ) throws(InputError) -> Int {
    guard let value = Int(exactly: try number(column)), range.contains(value) else {
      let least = range.lowerBound == .min ? "" : " of at least \(range.lowerBound)"
      throw error(
        column, "\(CSVTable.quoted(rawText(column))) does not fit",
        remedy: "write a whole number\(least)")
    }
    return value
  }

  /// A whole number within `range`, or nil where the field is empty or the column absent.
  public func optionalInteger(
    _ column: CSVTable.Column?, in range: ClosedRange<Int>
  ) throws(InputError) -> Int? {
    guard let column, !rawText(column).isEmpty else { return nil }
    return try integer(column, in: range)
  }

  /// An error about one field of this row.
  public func error(
    _ column: CSVTable.Column, _ problem: String, remedy: String
  ) -> InputError {
    InputError("\(table.file), row \(number), column \(column.name)", problem, remedy: remedy)
  }

  /// An error about this row as a whole.
  public func error(_ problem: String, remedy: String) -> InputError {
    InputError("\(table.file), row \(number)", problem, remedy: remedy)
  }

  /// A decimal number, spaces around it allowed; nil for anything else, infinities and hexadecimal included.
  package static func number(_ text: String) -> Double? {
    var part = text[...]
    while part.first == " " { part.removeFirst() }
    while part.last == " " { part.removeLast() }
    let plain = part.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
        true
      default: false
      }
    }
    guard plain, let value = Double(part), value.isFinite else { return nil }
    return value
  }
}

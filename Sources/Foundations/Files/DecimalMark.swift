/// How the numbers of a column are written.
///
/// Only tables without comma separators can have decimal commas. What a comma means is taken from the whole column, never
/// guessed field by field: `1,234` is 1.234 in a semicolon file, and in a tab file only beside numbers such as `0,5`.
enum DecimalMark: Hashable {
  /// With a point, or whole.
  case point
  /// With a comma.
  case comma
  /// With commas or points that may be decimal marks or stand between thousands.
  case unclear

  /// What the numbers of one column look like.
  private struct Look {
    var points = false
    var commas = false
    /// Every comma may stand between thousands, as in `1,234`.
    var onlyGroups = true
    /// A number has two marks, as in `1,234,567` or `1.234,5`.
    var several = false
  }

  /// The marks of all columns of a table.
  ///
  /// - Parameters:
  ///   - fields: the text of all fields, one behind the other.
  ///   - ends: where each field ends, row by row.
  ///   - columns: the number of columns.
  ///   - separator: what separates the fields.
  /// - Returns: a mark for each column; none for tables that separate by commas.
  static func marks(
    fields: [UInt8], ends: [UInt32], columns: Int, separator: UInt8
  ) -> [DecimalMark] {
    guard separator != UInt8(ascii: ","), columns > 0 else { return [] }
    var looks = [Look](repeating: Look(), count: columns)
    var start = 0
    for (place, end) in ends.enumerated() {
      see(fields[start..<Int(end)], &looks[place % columns])
      start = Int(end)
    }
    let needsProof = separator != UInt8(ascii: ";")
    let marks = looks.map { look -> DecimalMark in
      guard look.commas || look.several else { return .point }
      let isProven = !look.points && !look.several && !(needsProof && look.onlyGroups)
      return isProven ? .comma : .unclear
    }
    guard marks.contains(.comma) else { return marks }
    // Beside decimal commas, a point may stand between thousands.
    return zip(marks, looks).map { $0 == .point && $1.points ? .unclear : $0 }
  }

  private static func see(_ text: ArraySlice<UInt8>, _ look: inout Look) {
    guard text.contains(UInt8(ascii: ",")) || text.contains(UInt8(ascii: ".")) else { return }
    var digits = text
    while let first = digits.first, [0x20, UInt8(ascii: "-"), UInt8(ascii: "+")].contains(first) {
      digits.removeFirst()
    }
    if let exponent = digits.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
      digits = digits[..<exponent]
    }
    let marks = digits.indices.filter { !isDigit(digits[$0]) }
    guard let mark = marks.first, marks.allSatisfy({ isMark(digits[$0]) }),
      digits.contains(where: isDigit)
    else { return }
    guard marks.count == 1 else {
      look.several = true
      return
    }
    guard digits[mark] == UInt8(ascii: ",") else {
      look.points = true
      return
    }
    look.commas = true
    let whole = digits[..<mark]
    let isGroup =
      (1...3).contains(whole.count) && whole.first != UInt8(ascii: "0")
      && digits.endIndex - mark == 4
    if !isGroup { look.onlyGroups = false }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: ".")
  }
}

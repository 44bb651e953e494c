internal import Domain

/// How a table's fields are separated, and where its header starts.
///
/// Commas are the rule. Spreadsheets of countries with decimal commas write semicolons, others tabs, and Excel may say so in
/// a first line `sep=;`. Without that line the header decides: what stands between its fields, outside of quotes. Where
/// it holds several candidates, the first in the order comma, tab, semicolon that splits the next row into as many fields.
struct CSVDialect: Hashable {
  /// What separates fields: comma, tab, semicolon or, where a `sep=` line says so, a vertical bar.
  let separator: UInt8
  /// Where the table starts, behind a byte order mark and a `sep=` line.
  let start: Int
  /// The line of the file on which the table starts.
  let line: UInt32

  /// The separator in words.
  var separatorName: String {
    switch separator {
    case UInt8(ascii: "\t"): "tab"
    case UInt8(ascii: ";"): "semicolon"
    case UInt8(ascii: "|"): "vertical bar"
    default: "comma"
    }
  }

  private static let candidates = [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";")]
  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// Looks at the first lines of a file.
  ///
  /// - Throws: `InputError` for a `sep=` line that names no separator that is read.
  init(_ bytes: [UInt8], file: String) throws(InputError) {
    let begin = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    if let (separator, end) = try Self.statedSeparator(bytes, from: begin, file: file) {
      (self.separator, start, line) = (separator, end, 2)
      return
    }
    (start, line) = (begin, 1)
    let header = Self.counts(bytes, from: begin)
    let present = Self.candidates.indices.filter { header.counts[$0] > 0 }
    guard present.count > 1 else {
      separator = present.first.map { Self.candidates[$0] } ?? Self.candidates[0]
      return
    }
    let next = Self.counts(bytes, from: header.end).counts
    let fitting = present.first { header.counts[$0] == next[$0] }
    separator = Self.candidates[fitting ?? present[0]]
  }

  /// Reads a first line `sep=;`, as Excel writes it, also in quotes.
  private static func statedSeparator(
    _ bytes: [UInt8], from begin: Int, file: String
  ) throws(InputError) -> (separator: UInt8, end: Int)? {
    var end = begin
    while end < bytes.count, end - begin < 8, bytes[end] != lineFeed, bytes[end] != carriageReturn {
      end += 1
    }
    var line = Array(bytes[begin..<end])
    if line.count > 1, line.first == quote, line.last == quote {
      line = Array(line[1...].dropLast())
    }
    let label = String(decoding: line.prefix(4), as: UTF8.self).lowercased()
    guard line.count == 5, label == "sep=", let separator = line.last else { return nil }
    guard candidates.contains(separator) || separator == UInt8(ascii: "|") else {
      throw InputError(
        "\(file), row 1", "the line sep= names a separator that is not read",
        remedy: "separate the fields by commas, semicolons or tabs")
    }
    if end < bytes.count, bytes[end] == carriageReturn { end += 1 }
    if end < bytes.count, bytes[end] == lineFeed { end += 1 }
    return (separator, end)
  }

  /// Counts the candidates outside of quotes in the next row that is not empty.
  private static func counts(_ bytes: [UInt8], from begin: Int) -> (counts: [Int], end: Int) {
    var counts = [Int](repeating: 0, count: candidates.count)
    var position = begin
    while position < bytes.count, bytes[position] == lineFeed || bytes[position] == carriageReturn {
      position += 1
    }
    var isQuoted = false
    var startsField = true
    while position < bytes.count {
      let byte = bytes[position]
      if isQuoted {
        // A doubled quote closes and opens again, which comes to the same.
        if byte == quote { isQuoted = false }
      } else if byte == lineFeed || byte == carriageReturn {
        break
      } else if byte == quote {
        isQuoted = startsField || position > begin && bytes[position - 1] == quote
      } else if let candidate = candidates.firstIndex(of: byte) {
        counts[candidate] += 1
      }
      startsField = !isQuoted && (candidates.contains(byte) || startsField && byte == 0x20)
      position += 1
    }
    return (counts, position)
  }
}

internal import Domain
internal import Files

/// How a CSV file was written, so that it can be written again byte for byte.
struct TableShape: Hashable, Sendable, Codable {
  /// The names in the header.
  var columns: [String]
  /// Whether lines end in carriage return and line feed.
  var isCRLF: Bool
  /// Whether the file starts with a byte order mark.
  var hasMark: Bool
  /// Whether the last line has an end.
  var hasFinalEnd: Bool
  /// The unit of a score file.
  var unit: ScaleConvention?

  /// The shape that the public data set's files have.
  init(columns: [String], unit: ScaleConvention? = nil) {
    self.columns = columns
    self.unit = unit
    isCRLF = true
    hasMark = false
    hasFinalEnd = true
  }

  /// The shape of a file's bytes.
  init(_ bytes: [UInt8], columns: [String]) {
    self.init(columns: columns)
    if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
      isCRLF = end > 0 && bytes[end - 1] == UInt8(ascii: "\r")
    }
    hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    hasFinalEnd = bytes.last == UInt8(ascii: "\n") || bytes.last == UInt8(ascii: "\r")
  }

  /// The file of these rows.
  func bytes(_ rows: [[String]]) -> [UInt8] {
    var table = CSVWriter(columns: columns, lineEnd: isCRLF ? .carriageReturnLineFeed : .lineFeed)
    for row in rows { table.append(row) }
    var bytes = (hasMark ? [0xEF, 0xBB, 0xBF] : []) + table.bytes
    if !hasFinalEnd { bytes.removeLast(isCRLF ? 2 : 1) }
    return bytes
  }
}

/// A table of texts, which can be written for a terminal, as Markdown, CSV, LaTeX and HTML.
///
/// Rows that are too short are filled up with empty cells; rows that are too long widen the table
/// by columns without a title. So every table can be written.
public struct TextTable: Hashable, Sendable {
  /// Where the text of a column stands.
  public enum Alignment: Hashable, Sendable {
    /// At the left: names and sentences.
    case leading
    /// At the right: numbers.
    case trailing
  }

  /// What the table shows, in one sentence.
  public var caption: String
  /// The titles of the columns.
  public let columns: [String]
  /// The cells, row by row, every row as long as ``columns``.
  public let rows: [[String]]
  /// Where each column's text stands.
  public let alignments: [Alignment]

  /// Makes a table; columns that hold only numbers are right-aligned unless `alignments` says
  /// otherwise.
  public init(
    caption: String = "", columns: [String], rows: [[String]], alignments: [Alignment]? = nil
  ) {
    let count = max(columns.count, rows.map(\.count).max() ?? 0)
    self.caption = caption
    self.columns = columns + Array(repeating: "", count: count - columns.count)
    self.rows = rows.map { $0 + Array(repeating: "", count: count - $0.count) }
    var result: [Alignment] = []
    for index in 0..<count {
      if let alignments, index < alignments.count {
        result.append(alignments[index])
      } else {
        let cells = self.rows.lazy.map { $0[index] }.filter { !$0.isEmpty }
        let numeric = !cells.isEmpty && cells.allSatisfy(Self.looksNumeric)
        result.append(numeric ? .trailing : .leading)
      }
    }
    self.alignments = result
  }

  /// The same table with at most `limit` rows; the caption says when some were left out.
  public func limited(to limit: Int) -> Self {
    guard rows.count > limit else { return self }
    let note = "The first \(limit) of \(rows.count) rows."
    return Self(
      caption: caption.isEmpty ? note : caption + " " + note, columns: columns,
      rows: Array(rows.prefix(limit)), alignments: alignments)
  }

  /// Whether a cell is a number, an interval, a number with its error, or a sign for a missing one.
  static func looksNumeric(_ cell: String) -> Bool {
    if ["–", "—", "-", "n/a", "nan"].contains(cell.lowercased()) { return true }
    guard cell.contains(where: \.isNumber) else { return false }
    return cell.unicodeScalars.allSatisfy { scalar in
      ("0"..."9").contains(scalar)
        || "+-\u{2212}.,;±–…%[]() e×\u{2009}\u{00A0}/<>≤≥".unicodeScalars
          .contains(scalar)
    }
  }
}

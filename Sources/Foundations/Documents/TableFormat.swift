/// How tables are written.
public enum TableFormat: String, Hashable, Sendable, CaseIterable {
  /// Aligned columns for a terminal.
  case text
  /// GitHub-flavored Markdown.
  case markdown
  /// RFC 4180; tables are separated by an empty line.
  case csv
  /// LaTeX with booktabs.
  case latex
  /// One self-contained page.
  case html

  /// Writes tables in this format.
  public func write(_ tables: [TextTable], title: String, notices: [String]) -> String {
    switch self {
    case .text: tables.map { $0.terminalText() }.joined(separator: "\n")
    case .markdown: tables.map { $0.markdown() }.joined(separator: "\n")
    case .csv: tables.map { $0.csv() }.joined(separator: "\n")
    case .latex: tables.map { $0.latex() }.joined(separator: "\n")
    case .html: TablePage.html(title: title, notices: notices, tables: tables)
    }
  }
}

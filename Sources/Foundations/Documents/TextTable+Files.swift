extension TextTable {
  /// The table as GitHub-flavoured Markdown, its caption in bold above it.
  public func markdown() -> String {
    var text = caption.isEmpty ? "" : "**\(Self.markdownCell(caption))**\n\n"
    guard !columns.isEmpty else { return text }
    text += "| " + columns.map(Self.markdownCell).joined(separator: " | ") + " |\n"
    text += "|" + alignments.map { $0 == .trailing ? "---:|" : "---|" }.joined() + "\n"
    for row in rows {
      text += "| " + row.map(Self.markdownCell).joined(separator: " | ") + " |\n"
    }
    return text
  }

  /// The table as CSV after RFC 4180, its first row the titles; the caption isn't written.
  public func csv() -> String {
    guard !columns.isEmpty else { return "" }
    return ([columns] + rows).map { row in
      row.map(Self.csvField).joined(separator: ",") + "\n"
    }.joined()
  }

  /// The table as a LaTeX `table` with the rules of the package `booktabs`.
  public func latex() -> String {
    guard !columns.isEmpty else { return "" }
    func row(_ cells: [String]) -> String {
      "  " + cells.map(Self.latexText).joined(separator: " & ") + " \\\\\n"
    }
    var text = "% needs \\usepackage{booktabs}\n\\begin{table}\n  \\centering\n"
    text += "  \\begin{tabular}{\(alignments.map { $0 == .trailing ? "r" : "l" }.joined())}\n"
    text += "  \\toprule\n" + row(columns) + "  \\midrule\n"
    text += rows.map(row).joined()
    text += "  \\bottomrule\n  \\end{tabular}\n"
    if !caption.isEmpty { text += "  \\caption{\(Self.latexText(caption))}\n" }
    return text + "\\end{table}\n"
  }

  /// Text that Markdown shows as it is, on one line.
  public static func markdownText(_ text: String) -> String { markdownCell(text) }

  /// Text that Markdown shows as it is, on one line.
  private static func markdownCell(_ text: String) -> String {
    var shown = ""
    for character in onOneLine(text) {
      switch character {
      case "|", "\\", "`", "*", "_", "[", "]", "~": shown += "\\" + String(character)
      case "<": shown += "&lt;"
      case ">": shown += "&gt;"
      case "&": shown += "&amp;"
      default: shown.append(character)
      }
    }
    return shown
  }

  private static func csvField(_ text: String) -> String {
    let needsQuotes =
      text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
      || text.first == " " || text.last == " "
    guard needsQuotes else { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }

  /// Text that LaTeX prints as it is.
  private static func latexText(_ text: String) -> String {
    var shown = ""
    for scalar in onOneLine(text).unicodeScalars {
      switch scalar {
      case "\\": shown += "\\textbackslash{}"
      case "{", "}", "$", "&", "#", "_", "%": shown += "\\" + String(scalar)
      case "^": shown += "\\textasciicircum{}"
      case "~": shown += "\\textasciitilde{}"
      case "<": shown += "\\textless{}"
      case ">": shown += "\\textgreater{}"
      case "|": shown += "\\textbar{}"
      case "\"": shown += "\\textquotedbl{}"
      case "\u{2212}": shown += "$-$"
      case "±": shown += "$\\pm$"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// Line breaks and tabs as spaces, other control characters as escapes.
  private static func onOneLine(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars {
      let space = scalar == "\n" || scalar == "\r" || scalar == "\t"
      line.unicodeScalars.append(space ? " " : scalar)
    }
    return visible(line)
  }
}

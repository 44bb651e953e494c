extension TextTable {
  /// The table for a terminal: aligned columns under a ruled head, each line with its line break.
  ///
  /// Control characters are shown as `\u{…}`, so that no cell can command the terminal.
  public func terminalText() -> String {
    let head = columns.map(Self.visible)
    let body = rows.map { $0.map(Self.visible) }
    let widths = head.indices.map { column in
      body.reduce(DisplayWidth.columns(of: head[column])) {
        max($0, DisplayWidth.columns(of: $1[column]))
      }
    }
    var text = caption.isEmpty ? "" : Self.visible(caption) + "\n"
    guard !head.isEmpty else { return text }
    text += line(head, widths)
    text += widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ") + "\n"
    for row in body { text += line(row, widths) }
    return text
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      let space = String(repeating: " ", count: widths[index] - DisplayWidth.columns(of: cell))
      if index > 0 { line += "  " }
      line += alignments[index] == .trailing ? space + cell : cell + space
    }
    while line.last == " " { line.removeLast() }
    return line + "\n"
  }

  /// Text on one line, its control and direction characters shown as escapes.
  static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isInvisible) else { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
      if isInvisible(scalar) {
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}

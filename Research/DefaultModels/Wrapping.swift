/// Markdown with paragraphs and list items wrapped at 120 columns; tables and headings stay as they
/// are.
func wrapped(_ markdown: String) -> String {
  markdown.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
    guard line.count > 120, line.first != "|", line.first != "#" else { return String(line) }
    let indent = line.hasPrefix("- ") ? "  " : ""
    var lines = [""]
    for word in line.split(separator: " ") {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if last.count + 1 + word.count > 120 {
        lines.append(indent + word)
      } else {
        lines[lines.count - 1] += " \(word)"
      }
    }
    return lines.joined(separator: "\n")
  }.joined(separator: "\n")
}

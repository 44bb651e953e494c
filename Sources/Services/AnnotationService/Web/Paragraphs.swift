import Documents
import Foundation

extension HTMLTemplate {
  /// Text of our own files in which `**…**` is strong and blank lines part paragraphs.
  static func paragraphs(_ value: String) -> HTMLTemplate {
    let parts: [HTMLTemplate] = value.components(separatedBy: "\n\n").map { part in
      let pieces: [HTMLTemplate] = part.components(separatedBy: "**").enumerated().map {
        $0 % 2 == 1 ? "<strong>\($1)</strong>" : "\($1)"
      }
      return "<p>\(pieces)</p>"
    }
    return "\(parts)"
  }
}

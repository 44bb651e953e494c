/// An error whose text may name settings, still marked, for a caller that spells them.
public protocol SettingNamingError: Error {
  /// The error's one line, with settings still marked: for a text that `Setting.spelled(_:as:)`
  /// finishes later.
  var markedText: String { get }
}

/// The name of a setting inside an error or a note.
///
/// Libraries know no command line: they name the setting, `"\(Setting("scene"))"`, and each caller
/// spells it in its own way, the program as `--scene`. A text that is printed as it is shows the
/// plain name.
public struct Setting: Hashable, Sendable, CustomStringConvertible {
  /// The name, such as `scene` or `learningRates`.
  public let name: String

  /// Private-use characters, which no text of a user's file name or field can be mistaken for.
  private static let marks = (open: Character("\u{F0000}"), close: Character("\u{F0001}"))

  /// Names a setting.
  public init(_ name: String) { self.name = name }

  /// The name between marks, which ``spelled(_:as:)`` finds again.
  public var description: String { "\(Self.marks.open)\(name)\(Self.marks.close)" }

  /// A text in which every setting is spelled as the caller's users know it.
  ///
  /// - Parameters:
  ///   - text: the text, with or without settings.
  ///   - spelling: turns a setting's name into what is shown, such as `scene` into `--scene`.
  /// - Returns: the text without marks.
  public static func spelled(
    _ text: String, as spelling: (String) -> String = { $0 }
  ) -> String {
    guard text.contains(marks.open) else { return text }
    let parts = text.split(separator: marks.open, omittingEmptySubsequences: false)
    return parts.dropFirst().reduce(into: String(parts[0])) { result, part in
      guard let end = part.firstIndex(of: marks.close) else {
        result.append(contentsOf: part)
        return
      }
      result.append(spelling(String(part[..<end])))
      result.append(contentsOf: part[part.index(after: end)...])
    }
  }
}

/// Something that a user gave and that can't be used: one line that names it, says what is wrong
/// and what to do.
public struct InputError: SettingNamingError, Hashable, Sendable, CustomStringConvertible {
  /// The reasons that a caller treats differently.
  public enum Reason: Hashable, Sendable {
    /// Nothing that any caller tells apart.
    case other
    /// The disk is full, so that going on has no use.
    case diskFull
    /// No face was found in a photo.
    case noFace
  }

  /// The file, the row or the setting, such as `votes.csv, row 12`.
  public let subject: String
  /// What is wrong with it.
  public let problem: String
  /// What to do about it.
  public let remedy: String

  /// Why, where a caller treats it differently.
  public let reason: Reason

  /// Makes an error; line breaks and control characters in the parts are shown as escapes.
  public init(_ subject: String, _ problem: String, remedy: String, reason: Reason = .other) {
    self.reason = reason
    self.subject = Self.oneLine(subject)
    self.problem = Self.oneLine(problem)
    self.remedy = Self.oneLine(remedy)
  }

  /// Makes an error about a setting, whose name each caller spells in its own way.
  public init(_ setting: Setting, _ problem: String, remedy: String) {
    self.init(setting.description, problem, remedy: remedy)
  }

  /// `subject: problem; remedy`, with settings by their plain names.
  public var description: String { text() }

  /// `subject: problem; remedy`, with settings still marked: for a text that
  /// `Setting.spelled(_:as:)` finishes later.
  public var markedText: String { "\(subject): \(problem); \(remedy)" }

  /// `subject: problem; remedy`, with settings as the caller spells them.
  ///
  /// - Parameter spelling: turns a setting's name into what is shown, such as `scene` into
  ///   `--scene`.
  /// - Returns: the line.
  public func text(spelling: (String) -> String = { $0 }) -> String {
    Setting.spelled(markedText, as: spelling)
  }

  /// Makes text fit one terminal line: control characters become `\u{…}`.
  public static func oneLine(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars {
      if scalar.isControl {
        line += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        line.unicodeScalars.append(scalar)
      }
    }
    return line
  }
}

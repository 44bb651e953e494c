import Domain

/// Settings as the command line spells them: the one place that knows.
enum Flags {
  /// Those whose flag isn't the name in lower case with hyphens.
  private static let own = ["topScenes": "--top-k", "smallRegions": "--small"]

  /// A setting's flag: `learningRates` is `--learning-rates`.
  static func flag(_ setting: String) -> String {
    if let flag = own[setting] { return flag }
    return setting.reduce(into: "--") { flag, character in
      flag += character.isUppercase ? "-\(character.lowercased())" : String(character)
    }
  }

  /// An error's one line, with flags.
  static func text(_ error: any Error) -> String {
    guard let error = error as? any SettingNamingError else { return "\(error)" }
    return Setting.spelled(error.markedText, as: flag)
  }
}

/// An error whose text names flags.
struct SpelledError: Error, CustomStringConvertible {
  let description: String

  init(_ error: any SettingNamingError) { description = Flags.text(error) }
}

import Foundation

/// The texts of one language, from `Assets/text.LANGUAGE.json`.
struct Texts: Sendable {
  let language: String
  private let entries: [String: String]

  /// The text of a key, with `{0}`, `{1}` … replaced; the key itself when it has no text.
  func callAsFunction(_ key: String, _ values: String...) -> String {
    var text = entries[key] ?? key
    for (place, value) in values.enumerated() {
      text = text.replacingOccurrences(of: "{\(place)}", with: value)
    }
    return text
  }

  /// Whether there is a text.
  func has(_ key: String) -> Bool { entries[key] != nil }

  /// The keys, for tests of translations.
  var keys: Set<String> { Set(entries.keys) }

  static let languages = ["en", "fr"]

  /// The texts of all languages; English when a file can't be read.
  static let all: [String: Texts] = {
    let files = ["en": PackageResources.text_en_json, "fr": PackageResources.text_fr_json]
    return files.reduce(into: [:]) { result, file in
      let entries = try? JSONDecoder().decode([String: String].self, from: Data(file.value))
      result[file.key] = Texts(language: file.key, entries: entries ?? [:])
    }
  }()

  /// The language of a choice, else of a browser's preference list, else English.
  static func chosen(_ choice: String?, accepted: String?) -> Texts {
    let wishes = [choice] + (accepted ?? "").split(separator: ",").map { String($0.prefix(2)) }
    for wish in wishes.compactMap({ $0?.lowercased() }) {
      if let texts = all[wish] { return texts }
    }
    return all["en"] ?? Texts(language: "en", entries: [:])
  }
}

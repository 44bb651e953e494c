/// A file of weights that can't be used: names the file, what is wrong and what to do.
public struct CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file's path.
  public let file: String
  /// What is wrong with it.
  public let problem: String
  /// What to do about it.
  public let remedy: String

  /// Makes an error; control characters, which a hostile file could carry, are shown as escapes.
  public init(_ file: String, _ problem: String, remedy: String) {
    self.file = Self.oneLine(file)
    self.problem = Self.oneLine(problem)
    self.remedy = Self.oneLine(remedy)
  }

  /// `file: problem; remedy`.
  public var description: String { "\(file): \(problem); \(remedy)" }

  private static func oneLine(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars {
      if line.utf8.count > 2000 { return line + "…" }
      if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
        line += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        line.unicodeScalars.append(scalar)
      }
    }
    return line
  }
}

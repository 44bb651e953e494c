public import Domain

/// A photo that can't be read or written: one line that names the file, says what is wrong and what
/// to do.
public struct PhotoError: SettingNamingError, Hashable, Sendable, Codable, CustomStringConvertible {
  /// The sort of trouble, for callers that treat one sort differently.
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// There is no such file.
    case missing
    /// The path is a folder, a device or a pipe.
    case notAFile
    /// The file exists and may not be read.
    case unreadable
    /// The file has no bytes.
    case empty
    /// The content is none of the formats that are read.
    case unknownFormat
    /// The content is truncated or corrupt.
    case damaged
    /// The image has more pixels than the limit.
    case enormous
    /// The embedded color profile is broken.
    case brokenProfile
    /// The image is valid but of a kind that isn't read.
    case unsupported
    /// The file can't be written.
    case unwritable
    /// The decoder of the photo crashed or used more than it may, in a process of its own.
    case crash
    /// The decoder could not be started or ran out of memory.
    case library
  }

  /// The path or the name of the photo.
  public let path: String
  /// The sort of trouble.
  public let kind: Kind
  /// What is wrong.
  public let problem: String
  /// What to do about it.
  public let remedy: String

  /// Makes an error; control characters are shown as escapes and over-long texts are cut.
  public init(_ path: String, _ kind: Kind, _ problem: String, remedy: String) {
    self.path = Self.oneLine(path, limit: 4096)
    self.kind = kind
    self.problem = Self.oneLine(problem, limit: 300)
    self.remedy = Self.oneLine(remedy, limit: 300)
  }

  /// `path: problem; remedy`, with settings by their plain names.
  public var description: String { Setting.spelled(markedText) }

  /// `path: problem; remedy`, with settings still marked.
  public var markedText: String { "\(path): \(problem); \(remedy)" }

  /// Makes text fit one terminal line: control characters become `\u{…}`.
  private static func oneLine(_ text: String, limit: Int) -> String {
    var line = ""
    for scalar in text.unicodeScalars.prefix(limit) {
      if scalar.isControl {
        line += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        line.unicodeScalars.append(scalar)
      }
    }
    return line
  }
}

public import Domain
import Files
import Foundation

/// How a scoring service stands in its network.
public struct ServiceSettings: Sendable {
  /// The largest body of a request, in bytes.
  public var bodyLimit = 64 << 20
  /// How long a body may take to arrive, in seconds.
  public var bodySeconds = 30.0
  /// How many photos may wait or be scored at a time.
  public var queueLimit = 64
  /// The largest number of photos in one request.
  public var batchLimit = 256
  /// How long requests in flight may take after SIGTERM, in seconds.
  public var drainSeconds = 30.0
  /// The callers who may ask, by the SHA-256 of their tokens in hexadecimal digits; empty for
  /// everyone.
  public var tokens: [String: String] = [:]
  /// Where a line for every request goes; nil for nowhere.
  public var audit: (@Sendable (String) -> Void)?

  /// Makes the default settings.
  public init() {}

  /// Reads the file of tokens: a line `SHA-256 NAME` for each caller.
  ///
  /// - Throws: `InputError` that names the file and the line.
  public static func tokens(file: String) throws(InputError) -> [String: String] {
    let text: String
    do {
      text = try String(contentsOfFile: file, encoding: .utf8)
    } catch {
      throw InputError(file, "it can't be read", remedy: "check the path")
    }
    var tokens: [String: String] = [:]
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.allSatisfy(\.isWhitespace) && !line.hasPrefix("#") {
      let fields = line.split(maxSplits: 1, whereSeparator: \.isWhitespace)
      guard fields.count == 2, fields[0].utf8.count == 64,
        fields[0].allSatisfy({ $0.isASCII && $0.isHexDigit })
      else {
        throw InputError(
          "\(file): line \(number + 1)", "it is not a SHA-256 and a name",
          remedy: "write the 64 digits that `printf %s TOKEN | sha256sum` prints, then a name")
      }
      tokens[fields[0].lowercased()] = String(fields[1])
    }
    guard !tokens.isEmpty else {
      throw InputError(file, "there is no token in it", remedy: "add a line SHA-256 NAME")
    }
    return tokens
  }

  /// The name of a token's owner.
  func caller(token: String) -> String? { tokens[FileDigest.sha256(Array(token.utf8))] }
}

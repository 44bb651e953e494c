public import Domain
internal import Foundation

/// The version of this program, as `vernier --version` and every provenance file state it.
///
/// `VersionTests` holds the Python package, the service's description and the changelog to it.
public enum VernierVersion {
  /// The version's text.
  public static let text = "0.2.0"
}

/// A setting of a run, as provenance files keep it.
public enum SettingValue: Hashable, Sendable, Codable, ExpressibleByStringLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral
{
  /// On or off.
  case flag(Bool)
  /// A whole number.
  case integer(Int)
  /// A number.
  case number(Double)
  /// A text.
  case text(String)

  /// Wraps a literal text.
  public init(stringLiteral value: String) { self = .text(value) }
  /// Wraps a literal whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// Wraps a literal number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// Wraps a literal flag.
  public init(booleanLiteral value: Bool) { self = .flag(value) }

  /// The text, for a setting that is one.
  public var text: String? { if case .text(let text) = self { text } else { nil } }

  /// Reads a plain JSON value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let integer = try? container.decode(Int.self) {
      self = .integer(integer)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  /// Writes a plain JSON value; a number that isn't finite becomes text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .flag(let flag): try container.encode(flag)
    case .integer(let integer): try container.encode(integer)
    case .number(let number) where number.isFinite: try container.encode(number)
    case .number(let number): try container.encode("\(number)")
    case .text(let text): try container.encode(text)
    }
  }
}

/// Everything that a result depends on, kept beside it in `<file>.provenance.json`.
///
/// It holds no dates and no machine names: the same run gives the same bytes.
public struct Provenance: Hashable, Sendable, Codable {
  /// The version of the program that made the result.
  public var version: String
  /// The command and its arguments.
  public var command: [String]
  /// The seed of the run, if chance took part.
  public var seed: UInt64?
  /// The settings, defaults included.
  public var settings: [String: SettingValue]
  /// The SHA-256 of each input file, by the path that the user gave.
  public var inputs: [String: String]
  /// The unit of the scores, if the result holds any.
  public var unit: ScoreUnit?

  /// Makes the record of a run.
  public init(
    command: [String] = [], seed: UInt64? = nil, settings: [String: SettingValue] = [:],
    inputs: [String: String] = [:], unit: ScoreUnit? = nil,
    version: String = VernierVersion.text
  ) {
    self.version = version
    self.command = command
    self.seed = seed
    self.settings = settings
    self.inputs = inputs
    self.unit = unit
  }

  /// The same record with a unit.
  func with(unit: ScoreUnit?) -> Self {
    var copy = self
    copy.unit = unit
    return copy
  }

  /// Where the record of a file stands.
  public static func path(beside file: String) -> String { "\(file).provenance.json" }

  /// Writes the record beside a result.
  public func write(beside file: String) throws(InputError) {
    try AtomicFile.write(CanonicalJSON.document(self), to: Self.path(beside: file))
  }

  /// Reads the record beside a result, if there is one.
  ///
  /// - Throws: `InputError` when it is there and can't be read.
  public static func read(beside file: String) throws(InputError) -> Provenance? {
    let path = path(beside: file)
    guard access(path, F_OK) == 0 else { return nil }
    return try CanonicalJSON.read(Provenance.self, from: path)
  }
}

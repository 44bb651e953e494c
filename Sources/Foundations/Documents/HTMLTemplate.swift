/// HTML written as a literal with values in it: for pages whose markup is easier to read as it will
/// be sent.
///
/// Every interpolated value is escaped, unless it is markup itself; only the program's own literals
/// are taken as they are.
public struct HTMLTemplate: ExpressibleByStringInterpolation, Sendable {
  /// The source text.
  public let source: String

  /// Takes a literal as it is.
  public init(stringLiteral value: String) { source = value }
  /// Takes a literal with its values.
  public init(stringInterpolation: StringInterpolation) { source = stringInterpolation.source }

  /// The literal's parts and the escaped values between them.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var source = ""

    /// Makes room for a literal.
    public init(literalCapacity: Int, interpolationCount: Int) {
      source.reserveCapacity(literalCapacity * 2)
    }

    /// Adds a part of the literal as it is.
    public mutating func appendLiteral(_ literal: String) { source += literal }
    /// Adds markup as it is.
    public mutating func appendInterpolation(_ value: HTMLTemplate) { source += value.source }
    /// Adds several pieces of markup as they are.
    public mutating func appendInterpolation(_ value: [HTMLTemplate]) {
      for part in value { source += part.source }
    }
    /// Adds markup that was built from elements.
    public mutating func appendInterpolation(_ value: Markup) { source += value.rendered() }
    /// Adds text, escaped for an element and for a quoted attribute.
    public mutating func appendInterpolation(_ value: String) {
      Escaping.write(value, into: &source, inAttribute: false)
    }
    /// Adds a number.
    public mutating func appendInterpolation(_ value: Int) { source += "\(value)" }
  }
}

/// A piece of HTML or SVG.
///
/// Safe by construction: text and attribute values are escaped when they are written, and elements
/// and attributes come from closed lists. There is no way to add ready-made source text.
public indirect enum Markup: Sendable {
  /// Text, escaped when written.
  case text(String)
  /// An element with its attributes and its content.
  case element(Tag, [Attribute], [Markup])
  /// Several pieces, one after the other.
  case fragment([Markup])
  /// A style sheet, which only the program's own literals can make.
  case stylesheet(Stylesheet)

  /// An attribute of an element.
  public struct Attribute: Sendable {
    let name: String
    let value: String

    /// An attribute with a text, number or token as value.
    public init(_ name: AttributeName, _ value: String) {
      self.name = name.rawValue
      self.value = value
    }

    private init(unchecked name: String, _ value: String) {
      self.name = name
      self.value = value
    }

    /// The classes of the element, separated by spaces.
    public static func `class`(_ names: String) -> Self { Self(.class, names) }
    /// The identifier of the element.
    public static func id(_ id: String) -> Self { Self(.id, id) }
    /// A link to an element of the same document.
    public static func link(toID id: String) -> Self { Self(unchecked: "href", "#" + id) }
    /// A link to a file beside the document; never to another scheme or host, whatever the path
    /// holds.
    public static func link(toFile path: String) -> Self {
      let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
      let escaped = path.utf8.map { byte -> String in
        if allowed.contains(byte) { return String(UnicodeScalar(byte)) }
        return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }.joined()
      let isAbsolute = escaped.hasPrefix("/")
      return Self(unchecked: "href", (isAbsolute ? "file://" : "./") + escaped)
    }
    /// The bytes of an image, inside the document.
    public static func source(_ image: EmbeddedImage) -> Self {
      Self(unchecked: "src", image.dataURI)
    }
    /// A length or a position of a drawing, with at most two decimals.
    public static func number(_ name: AttributeName, _ value: Double) -> Self {
      Self(name, NumberFormat.compact(value, decimals: 2))
    }
  }

  /// Nothing.
  public static let empty = Markup.fragment([])

  /// An element with content.
  public static func element(
    _ tag: Tag, _ attributes: Attribute..., @MarkupBuilder content: () -> Markup = { .empty }
  ) -> Markup {
    .element(tag, attributes, [content()])
  }

  /// An element that holds only text.
  public static func element(_ tag: Tag, _ attributes: Attribute..., text: String) -> Markup {
    .element(tag, attributes, [.text(text)])
  }

  /// The source text.
  public func rendered() -> String {
    var source = ""
    write(into: &source)
    return source
  }

  private func write(into source: inout String) {
    switch self {
    case .text(let text):
      Escaping.write(text, into: &source, inAttribute: false)
    case .fragment(let parts):
      for part in parts { part.write(into: &source) }
    case .stylesheet(let sheet):
      source += sheet.rules
    case .element(let tag, let attributes, let content):
      source += "<" + tag.rawValue
      for attribute in attributes {
        source += " " + attribute.name + "=\""
        Escaping.write(attribute.value, into: &source, inAttribute: true)
        source += "\""
      }
      if tag.isVoid || (tag.closesItself && content.allSatisfy(\.isEmpty)) {
        source += "/>"
      } else {
        source += ">"
        for part in content { part.write(into: &source) }
        source += "</" + tag.rawValue + ">"
      }
      if tag.endsLine { source += "\n" }
    }
  }

  /// Whether nothing would be written.
  public var isEmpty: Bool {
    switch self {
    case .text(let text): text.isEmpty
    case .fragment(let parts): parts.allSatisfy(\.isEmpty)
    case .element, .stylesheet: false
    }
  }
}

extension Markup: ExpressibleByStringInterpolation {
  /// Takes a literal as text; what is interpolated is text too, and escaped.
  public init(stringLiteral value: String) { self = .text(value) }
}

/// Builds a piece of markup from statements.
@resultBuilder
public enum MarkupBuilder {
  /// One piece.
  public static func buildExpression(_ piece: Markup) -> Markup { piece }
  /// Text.
  public static func buildExpression(_ text: String) -> Markup { .text(text) }
  /// Pieces one after the other.
  public static func buildBlock(_ pieces: Markup...) -> Markup {
    pieces.count == 1 ? pieces[0] : .fragment(pieces)
  }
  /// A piece or nothing.
  public static func buildOptional(_ piece: Markup?) -> Markup { piece ?? .empty }
  /// The first branch.
  public static func buildEither(first piece: Markup) -> Markup { piece }
  /// The second branch.
  public static func buildEither(second piece: Markup) -> Markup { piece }
  /// The pieces of a loop.
  public static func buildArray(_ pieces: [Markup]) -> Markup { .fragment(pieces) }
}

/// Rules of style, made of the program's own literals.
public struct Stylesheet: Sendable {
  let rules: String

  /// The rules as the text of a file.
  public var source: String { rules }

  /// Takes the rules of a literal.
  public init(_ rules: StaticString) { self.rules = rules.description }

  /// For rules that this module makes from numbers and its own palette.
  init(generated rules: String) { self.rules = rules }

  /// The rules of both, in this order.
  public static func + (first: Self, second: Self) -> Self {
    Self(generated: first.rules + "\n" + second.rules)
  }
}

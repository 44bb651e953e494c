/// A name that identifies one thing of the laboratory; two identifiers are equal when their text is
/// equal.
///
/// Names are compared exactly: `Indoor_Scene_1` is not `Indoor_Scene_12`.
public protocol Identifier: Hashable, Comparable, Sendable, Codable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  /// The text of the name, never empty for values read from a file.
  var text: String { get }
  /// Wraps a name.
  init(_ text: String)
}

extension Identifier {
  /// The text of the name.
  public var description: String { text }

  /// Wraps a literal name.
  public init(stringLiteral value: String) { self.init(value) }

  /// Reads the name as a plain string.
  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the name as a plain string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  /// Orders by Unicode scalars, so that the order is the same on every machine.
  public static func < (left: Self, right: Self) -> Bool {
    left.text.unicodeScalars.lexicographicallyPrecedes(right.text.unicodeScalars)
  }
}

/// One fixed visual content photographed by many cameras.
public struct SceneID: Identifier {
  /// The scene's name, such as `Indoor_Scene_12`.
  public let text: String
  /// Wraps a scene's name.
  public init(_ text: String) { self.text = text }
}

/// One photo, by its file name inside the scene or study.
public struct PhotoID: Identifier {
  /// The photo's file name.
  public let text: String
  /// Wraps a photo's file name.
  public init(_ text: String) { self.text = text }
}

/// One observer, by pseudonym.
public struct ObserverID: Identifier {
  /// The observer's pseudonym.
  public let text: String
  /// Wraps a pseudonym.
  public init(_ text: String) { self.text = text }
}

/// What the observers were asked to judge.
///
/// Attributes are data, not a closed list: a laboratory may add its own.
public struct Attribute: Identifier {
  /// The attribute's name in lower case, such as `details`.
  public let text: String
  /// Wraps an attribute's name; `Details` and `details` are the same attribute.
  public init(_ text: String) { self.text = text.lowercased() }

  /// Face detail preservation: the texture-noise compromise.
  public static let details = Self("details")
  /// Face target exposure.
  public static let exposure = Self("exposure")
  /// Overall portrait image quality.
  public static let overall = Self("overall")
  /// Global colour quality, studied in paper 1.
  public static let colour = Self("colour")

  /// The name as the data set's files write it, such as `Details`.
  public var title: String { text.prefix(1).uppercased() + text.dropFirst() }
}

extension Unicode.Scalar {
  /// Whether this is a control character: U+0000 to U+001F, U+007F to U+009F.
  public var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}

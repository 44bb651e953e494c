internal import Domain

/// Steps through the fields of a plain CSV file without copying them.
struct PlainFields {
  /// One field, by its place.
  struct Field {
    /// Where its text starts.
    let start: Int
    /// How many bytes it has.
    let count: Int
    /// Whether any of them is outside ASCII.
    let isWide: Bool
    /// Whether the row ends behind it.
    let endsRow: Bool
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  /// What a byte is to a plain file: 0 text, 1 outside ASCII, 2 the end of a field, 3 not plain.
  private static let kinds: [UInt8] = (0..<256).map { byte in
    switch UInt8(byte) {
    case UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"): 2
    case 0, UInt8(ascii: "\""): 3
    case 0x80...: 1
    default: 0
    }
  }
  private let kinds = Self.kinds

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  var isAtEnd: Bool { position >= bytes.count }

  /// Steps over one line break, if one stands here.
  mutating func skipLineBreak() -> Bool {
    guard position < bytes.count else { return false }
    switch bytes[position] {
    case UInt8(ascii: "\n"): position += 1
    case UInt8(ascii: "\r"):
      position += 1
      if position < bytes.count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
    default: return false
    }
    return true
  }

  /// The next field, which ends at a comma, a line break or the end; nil where the file is not plain.
  mutating func next() -> Field? {
    let start = position
    var wide: UInt8 = 0
    let end = kinds.withUnsafeBufferPointer { kinds in
      var place = start
      while place < bytes.count {
        let kind = kinds[Int(bytes[place])]
        if kind >= 2 { return kind == 2 ? place : -1 }
        wide |= kind
        place += 1
      }
      return place
    }
    guard end >= start else { return nil }
    position = end
    let isComma = end < bytes.count && bytes[end] == UInt8(ascii: ",")
    if isComma { position += 1 } else { _ = skipLineBreak() }
    return Field(start: start, count: end - start, isWide: wide != 0, endsRow: !isComma)
  }

  /// The text of a field; nil when it is not UTF-8.
  func text(_ field: Field) -> String? {
    String(validating: bytes[field.start..<(field.start + field.count)], as: UTF8.self)
  }

  /// A hash of a field's bytes, different for all fields of one length up to 8.
  func hash(_ field: Field) -> UInt64 {
    var hash: UInt64 = 0
    var place = field.start
    let end = field.start + field.count
    while place < end {
      // An odd factor keeps different words different.
      hash = (hash ^ word(place, count: min(8, end - place))) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 32
      place += 8
    }
    return hash
  }

  /// Whether the bytes from two places on are the same.
  func areEqual(_ one: Int, _ other: Int, count: Int) -> Bool {
    for offset in 0..<count where bytes[one + offset] != bytes[other + offset] { return false }
    return true
  }

  /// Up to 8 bytes as one number.
  private func word(_ place: Int, count: Int) -> UInt64 {
    if place + 8 <= bytes.count {
      let word = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: place, as: UInt64.self)
      return count == 8 ? word : word & (1 << UInt64(8 * count) &- 1)
    }
    var word: UInt64 = 0
    for offset in 0..<count { word |= UInt64(bytes[place + offset]) << UInt64(8 * offset) }
    return word
  }

  /// The answer that a field holds in plain form.
  func choice(_ field: Field) -> Choice? {
    // 0x20 makes ASCII letters small; the other bytes that it changes are no letters afterwards either.
    if field.count == 1 {
      switch bytes[field.start] | 0x20 {
      case UInt8(ascii: "a"): return .a
      case UInt8(ascii: "b"): return .b
      default: return nil
      }
    }
    return text(field)?.lowercased() == Choice.tie.rawValue ? .tie : nil
  }
}

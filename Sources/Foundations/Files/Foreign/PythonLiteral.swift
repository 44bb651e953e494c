internal import Domain

/// A value that a Python source or a JSON file spells out.
indirect enum PythonValue: Hashable {
  case nothing
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([PythonValue])
  case tuple([PythonValue])
  case dictionary([Entry])

  /// A key and its value.
  struct Entry: Hashable {
    let key: PythonValue
    let value: PythonValue
  }

  /// The value of a key that is a text; nil also for what is no dictionary.
  subscript(key: String) -> PythonValue? {
    guard case .dictionary(let entries) = self else { return nil }
    return entries.last { $0.key == .text(key) }?.value
  }

  /// The number, if it is one.
  var number: Double? { if case .number(let number) = self { number } else { nil } }

  /// A text, or a number's text: `7` for 7.0.
  var name: String? {
    switch self {
    case .text(let text): text
    case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
    default: nil
    }
  }

  /// The members of a list or tuple, if it is one.
  var members: [PythonValue]? {
    switch self {
    case .list(let members), .tuple(let members): members
    default: nil
    }
  }
}

/// Reads what a Python file assigns, without running it: literals, names and sums of them; JSON is among them.
///
/// Statements of other kinds are passed over; names without a literal value are empty texts.
struct PythonLiterals {
  private let text: [UInt8]
  private var position = 0
  private var depth = 0
  /// The values that were assigned, by name.
  private(set) var values: [String: PythonValue] = [:]

  /// A value that can't be read.
  private struct Unreadable: Error {}

  /// Reads the assignments of a file, or the one value of a JSON file, whose keys then are the names.
  ///
  /// - Throws: `InputError` for files that are no text.
  init(_ bytes: [UInt8], file: String) throws(InputError) {
    guard String(validating: bytes, as: UTF8.self) != nil, !bytes.contains(0) else {
      throw InputError(file, "is no text", remedy: "give a Python or JSON file in UTF-8")
    }
    text = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    skipBlank()
    if peek() == UInt8(ascii: "{") {
      if case .dictionary(let entries)? = try? expression() {
        for case (.text(let name), let value) in entries.map({ ($0.key, $0.value) }) {
          values[name] = value
        }
      }
      return
    }
    while position < text.count { readStatement() }
  }

  /// Reads `name = value`; after anything else goes on at the next line that starts at its margin.
  private mutating func readStatement() {
    skipBlank()
    if let name = identifier() {
      skipBlank()
      if peek() == UInt8(ascii: "="), position + 1 < text.count,
        text[position + 1] != UInt8(ascii: "=")
      {
        position += 1
        depth = 0
        if let value = try? expression() { values[name] = value }
      }
    }
    while position < text.count {
      let isEnd = text[position] == UInt8(ascii: "\n")
      position += 1
      if isEnd, position < text.count, text[position] > 0x20 { return }
    }
  }

  private func peek() -> UInt8? { position < text.count ? text[position] : nil }

  private mutating func take(_ sign: String) -> Bool {
    guard peek() == sign.utf8.first else { return false }
    position += 1
    return true
  }

  /// Steps over spaces, line ends and comments.
  private mutating func skipBlank() {
    while let byte = peek() {
      if byte == UInt8(ascii: "#") {
        while let next = peek(), next != UInt8(ascii: "\n") { position += 1 }
      } else if byte <= 0x20 || byte == UInt8(ascii: "\\") {
        position += 1
      } else {
        return
      }
    }
  }

  private mutating func identifier() -> String? {
    let start = position
    while let byte = peek(), Self.isLetter(byte) || position > start && Self.isDigit(byte) {
      position += 1
    }
    return position == start ? nil : String(decoding: text[start..<position], as: UTF8.self)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// A value, or a sum of texts.
  private mutating func expression() throws(Unreadable) -> PythonValue {
    depth += 1
    defer { depth -= 1 }
    guard depth < 50 else { throw Unreadable() }
    var value = try operand()
    skipBlank()
    while take("+") {
      let next = try operand()
      guard case .text(let first) = value, case .text(let second) = next else {
        throw Unreadable()
      }
      value = .text(first + second)
      skipBlank()
    }
    return value
  }

  private mutating func operand() throws(Unreadable) -> PythonValue {
    skipBlank()
    guard let byte = peek() else { throw Unreadable() }
    switch byte {
    case UInt8(ascii: "["):
      position += 1
      return .list(try members(until: "]").values)
    case UInt8(ascii: "("):
      position += 1
      let inside = try members(until: ")")
      return inside.values.count == 1 && !inside.hasComma
        ? inside.values[0] : .tuple(inside.values)
    case UInt8(ascii: "{"):
      position += 1
      return .dictionary(try entries())
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .text(try strings())
    case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): return try number()
    default: return Self.isDigit(byte) ? try number() : try named()
    }
  }

  /// A name: a constant, a prefix of a text, or a value that was assigned before.
  private mutating func named() throws(Unreadable) -> PythonValue {
    guard let name = identifier() else { throw Unreadable() }
    if let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
      return .text(try strings())
    }
    switch name {
    case "None", "null": return .nothing
    case "True", "true": return .flag(true)
    case "False", "false": return .flag(false)
    case "nan", "NaN": return .number(.nan)
    default: return values[name] ?? .text("")
    }
  }

  private mutating func members(
    until end: String
  ) throws(Unreadable) -> (values: [PythonValue], hasComma: Bool) {
    var values: [PythonValue] = []
    var hasComma = false
    skipBlank()
    while !take(end) {
      values.append(try expression())
      skipBlank()
      if take(",") {
        hasComma = true
        skipBlank()
      } else if peek() != end.utf8.first {
        throw Unreadable()
      }
    }
    return (values, hasComma)
  }

  private mutating func entries() throws(Unreadable) -> [PythonValue.Entry] {
    var entries: [PythonValue.Entry] = []
    skipBlank()
    while !take("}") {
      let key = try expression()
      skipBlank()
      guard take(":") else { throw Unreadable() }
      entries.append(PythonValue.Entry(key: key, value: try expression()))
      skipBlank()
      if take(",") {
        skipBlank()
      } else if peek() != UInt8(ascii: "}") {
        throw Unreadable()
      }
    }
    return entries
  }

  private mutating func number() throws(Unreadable) -> PythonValue {
    let start = position
    while let byte = peek(), Self.isDigit(byte) || "+-.eE".utf8.contains(byte) { position += 1 }
    guard let value = Double(String(decoding: text[start..<position], as: UTF8.self)) else {
      throw Unreadable()
    }
    return .number(value)
  }

  /// A text, or several one after the other.
  private mutating func strings() throws(Unreadable) -> String {
    var result = ""
    while let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
      result += try string(quote)
      skipBlank()
    }
    return result
  }

  private mutating func string(_ quote: UInt8) throws(Unreadable) -> String {
    position += 1
    var units: [UInt8] = []
    while let byte = peek(), byte != quote {
      guard byte >= 0x20 else { throw Unreadable() }
      position += 1
      if byte == UInt8(ascii: "\\") {
        units.append(contentsOf: try escape())
      } else {
        units.append(byte)
      }
    }
    guard peek() == quote else { throw Unreadable() }
    position += 1
    return String(decoding: units, as: UTF8.self)
  }

  private mutating func escape() throws(Unreadable) -> [UInt8] {
    guard let sign = peek() else { throw Unreadable() }
    position += 1
    switch sign {
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "u"):
      var units = [try hexadecimal()]
      if (0xD800..<0xDC00).contains(units[0]), position + 1 < text.count,
        text[position] == UInt8(ascii: "\\"), text[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        units.append(try hexadecimal())
      }
      return Array(String(decoding: units, as: UTF16.self).utf8)
    default: return [sign]
    }
  }

  private mutating func hexadecimal() throws(Unreadable) -> UInt16 {
    let digits = text[position..<min(position + 4, text.count)]
    guard digits.count == 4, let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw Unreadable() }
    position += 4
    return unit
  }
}

/// The parts of a `multipart/form-data` body.
///
/// Source: RFC 7578 and RFC 2046, section 5.1.
struct MultipartForm {
  /// One field.
  struct Part {
    let name: String
    let fileName: String?
    let content: ArraySlice<UInt8>
  }

  /// The fields, in the order of the body.
  let parts: [Part]

  /// Reads a body; nil when it is not of this form.
  ///
  /// - Parameters:
  ///   - body: The whole body.
  ///   - boundary: The boundary that the content type names.
  ///   - limit: The largest number of parts.
  init?(_ body: [UInt8], boundary: String, limit: Int) {
    let delimiter = Array("--\(boundary)".utf8)
    guard !boundary.isEmpty, boundary.utf8.count <= 70 else { return nil }
    var parts: [Part] = []
    guard var place = Self.find(delimiter, in: body, from: 0) else { return nil }
    while true {
      var start = place + delimiter.count
      guard start + 2 <= body.count else { return nil }
      if body[start] == UInt8(ascii: "-"), body[start + 1] == UInt8(ascii: "-") { break }
      while start < body.count, body[start] == 0x20 || body[start] == 0x09 { start += 1 }
      guard start + 2 <= body.count, body[start] == 0x0D, body[start + 1] == 0x0A else {
        return nil
      }
      start += 2
      guard let next = Self.find([0x0D, 0x0A] + delimiter, in: body, from: start - 2),
        let part = Self.part(body[start..<max(start, next)]), parts.count < limit
      else { return nil }
      parts.append(part)
      place = next + 2
    }
    self.parts = parts
  }

  /// The boundary of a content type; nil when it is another type.
  static func boundary(of type: String) -> String? {
    let fields = type.split(separator: ";").map { $0.trimmingPrefix { $0 == " " } }
    guard fields.first?.lowercased() == "multipart/form-data" else { return nil }
    let value = fields.dropFirst().first { $0.lowercased().hasPrefix("boundary=") }
    return value.map { String($0.dropFirst(9)).trimming("\"") }
  }

  private static func part(_ bytes: ArraySlice<UInt8>) -> Part? {
    guard let blank = find([0x0D, 0x0A, 0x0D, 0x0A], in: Array(bytes.prefix(8192)), from: 0) else {
      return nil
    }
    let end = bytes.startIndex + blank
    let head = String(decoding: bytes[bytes.startIndex..<end], as: UTF8.self)
    for line in head.split(whereSeparator: \.isNewline) {
      guard line.lowercased().hasPrefix("content-disposition:"),
        let name = parameter("name", of: line)
      else { continue }
      return Part(
        name: name, fileName: parameter("filename", of: line), content: bytes[(end + 4)...])
    }
    return nil
  }

  /// A quoted parameter of a header.
  private static func parameter(_ name: String, of line: Substring) -> String? {
    for field in line.split(separator: ";").dropFirst() {
      let field = field.trimmingPrefix { $0 == " " }
      guard field.lowercased().hasPrefix("\(name)=") else { continue }
      return String(field.dropFirst(name.count + 1)).trimming("\"")
    }
    return nil
  }

  private static func find(_ pattern: [UInt8], in body: [UInt8], from start: Int) -> Int? {
    guard let first = pattern.first, body.count >= pattern.count else { return nil }
    var place = start
    let last = body.count - pattern.count
    while place <= last {
      guard let found = body[place...last].firstIndex(of: first) else { return nil }
      if body[found..<(found + pattern.count)].elementsEqual(pattern) { return found }
      place = found + 1
    }
    return nil
  }
}

extension String {
  /// The text without a character at both ends.
  fileprivate func trimming(_ character: Character) -> String {
    guard count >= 2, first == character, last == character else { return self }
    return String(dropFirst().dropLast())
  }
}

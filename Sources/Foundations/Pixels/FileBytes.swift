/// Random access to a file's bytes, within its bounds.
struct FileBytes {
  /// The number of bytes.
  let count: Int
  private let read: (Int, Int) -> [UInt8]

  /// Reads through `read`, which is given an offset and a length inside of the file.
  init(count: Int, read: @escaping (_ offset: Int, _ length: Int) -> [UInt8]) {
    (self.count, self.read) = (count, read)
  }

  /// Up to `length` bytes from `offset` on; fewer at the end of the file.
  func bytes(at offset: Int, _ length: Int) -> [UInt8] {
    guard offset >= 0, offset < count, length > 0 else { return [] }
    return read(offset, min(length, count - offset))
  }
}

extension [UInt8] {
  /// A big-endian number of `length` bytes; nil where they aren't all there.
  func number(at offset: Int, _ length: Int) -> Int? {
    guard offset >= 0, offset + length <= count else { return nil }
    return self[offset..<(offset + length)].reduce(0) { $0 << 8 | Int($1) }
  }

  /// A little-endian number of `length` bytes; nil where they aren't all there.
  func littleNumber(at offset: Int, _ length: Int) -> Int? {
    guard offset >= 0, offset + length <= count else { return nil }
    return self[offset..<(offset + length)].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// A number of `length` bytes in the order that a TIFF structure states; nil where they aren't
  /// all there.
  func number(at offset: Int, _ length: Int, isLittle: Bool) -> Int? {
    isLittle ? littleNumber(at: offset, length) : number(at: offset, length)
  }

  /// Four characters; empty where they aren't all there.
  func code(at offset: Int) -> String {
    guard offset >= 0, offset + 4 <= count else { return "" }
    return String(decoding: self[offset..<(offset + 4)], as: UTF8.self)
  }
}

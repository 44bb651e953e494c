/// A zip archive whose entries are stored uncompressed, as PyTorch and `numpy.savez` write them.
///
/// Compressed entries are refused. Source: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5.3.
struct ZipArchive {
  /// One stored file.
  struct Entry {
    let name: String
    let count: Int
    let headerOffset: Int
  }

  /// The entries by their names.
  let entries: [String: Entry]
  private let file: ByteFile

  /// Whether the file starts as zip archives do.
  static func matches(_ file: ByteFile) -> Bool {
    (try? file.read(0, 4)) == [0x50, 0x4B, 3, 4]
  }

  init(_ file: ByteFile) throws(CheckpointError) {
    self.file = file
    let directory = try Self.directory(file)
    guard directory.size <= 64 << 20 else { throw file.damaged("a zip directory of 64 MB") }
    let bytes = try file.read(directory.offset, directory.size)
    var entries: [String: Entry] = [:]
    var at = 0
    for _ in 0..<directory.entries {
      guard at + 46 <= bytes.count, bytes.littleEndian(at, 4) == 0x0201_4B50 else {
        throw file.damaged("the zip directory")
      }
      let method = bytes.littleEndian(at + 10, 2)
      let flags = bytes.littleEndian(at + 8, 2)
      let nameLength = Int(bytes.littleEndian(at + 28, 2))
      let extraLength = Int(bytes.littleEndian(at + 30, 2))
      let commentLength = Int(bytes.littleEndian(at + 32, 2))
      let end = at + 46 + nameLength + extraLength
      guard end + commentLength <= bytes.count else { throw file.damaged("the zip directory") }
      let name = String(decoding: bytes[at + 46..<at + 46 + nameLength], as: UTF8.self)
      guard method == 0, flags & 1 == 0 else {
        throw CheckpointError(
          file.path, "the entry \(name) is compressed or encrypted",
          remedy: "save it uncompressed, as torch.save and numpy.savez do")
      }
      let extra = Array(bytes[at + 46 + nameLength..<end])
      var wide = Self.wideNumbers(extra)
      var packed = bytes.littleEndian(at + 20, 4)
      var count = bytes.littleEndian(at + 24, 4)
      var offset = bytes.littleEndian(at + 42, 4)
      if count == 0xFFFF_FFFF, let number = wide.popLast() { count = number }
      if packed == 0xFFFF_FFFF, let number = wide.popLast() { packed = number }
      if offset == 0xFFFF_FFFF, let number = wide.popLast() { offset = number }
      guard packed == count, let size = Int(exactly: count), let start = Int(exactly: offset),
        size <= file.count, start <= file.count, entries[name] == nil
      else { throw file.damaged("the zip entry \(name)") }
      entries[name] = Entry(name: name, count: size, headerOffset: start)
      at = end + commentLength
    }
    self.entries = entries
  }

  /// The bytes of a part of an entry.
  func read(_ entry: Entry, _ offset: Int, _ length: Int) throws(CheckpointError) -> [UInt8] {
    let header = try file.read(entry.headerOffset, 30)
    guard header.littleEndian(0, 4) == 0x0403_4B50, offset >= 0, length >= 0,
      offset <= entry.count, length <= entry.count - offset
    else { throw file.damaged("the zip entry \(entry.name)") }
    let skipped = Int(header.littleEndian(26, 2) + header.littleEndian(28, 2))
    return try file.read(entry.headerOffset + 30 + skipped + offset, length)
  }

  /// The 64-bit numbers of the extra field, last first.
  private static func wideNumbers(_ extra: [UInt8]) -> [UInt64] {
    var at = 0
    while at + 4 <= extra.count {
      let length = Int(extra.littleEndian(at + 2, 2))
      guard at + 4 + length <= extra.count else { return [] }
      if extra.littleEndian(at, 2) == 1 {
        let starts = stride(from: at + 4, through: at + 4 + length - 8, by: 8)
        return starts.map { extra.littleEndian($0, 8) }.reversed()
      }
      at += 4 + length
    }
    return []
  }

  /// Where the directory lies, from the record at the file's end.
  private static func directory(
    _ file: ByteFile
  ) throws(CheckpointError) -> (offset: Int, size: Int, entries: Int) {
    let tailCount = min(file.count, 22 + 0xFFFF)
    let tail = try file.read(file.count - tailCount, tailCount)
    let starts = stride(from: tailCount - 22, through: 0, by: -1)
    guard let at = starts.first(where: { tail.littleEndian($0, 4) == 0x0605_4B50 }) else {
      throw file.damaged("the zip directory is missing")
    }
    var entries = tail.littleEndian(at + 10, 2)
    var size = tail.littleEndian(at + 12, 4)
    var offset = tail.littleEndian(at + 16, 4)
    if entries == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
      guard at >= 20, tail.littleEndian(at - 20, 4) == 0x0706_4B50,
        let wideAt = Int(exactly: tail.littleEndian(at - 12, 8))
      else { throw file.damaged("the zip directory") }
      let wide = try file.read(wideAt, 56)
      guard wide.littleEndian(0, 4) == 0x0606_4B50 else { throw file.damaged("the zip directory") }
      entries = wide.littleEndian(32, 8)
      size = wide.littleEndian(40, 8)
      offset = wide.littleEndian(48, 8)
    }
    guard let offset = Int(exactly: offset), let size = Int(exactly: size),
      let entries = Int(exactly: entries), entries <= size / 46
    else { throw file.damaged("the zip directory") }
    return (offset, size, entries)
  }
}

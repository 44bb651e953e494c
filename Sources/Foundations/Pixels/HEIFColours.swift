/// The colors that a HEIC or AVIF file states in an `nclx` box of its primary image.
///
/// Source: ISO/IEC 14496-12 (boxes), 23008-12 (item properties).
enum HEIFColours {
  private typealias Box = (type: String, body: Range<Int>)

  /// The content of the box `meta`, which describes the images.
  static func meta(_ file: FileBytes) -> [UInt8]? { top(file).flatMap { body(file, $0) } }

  /// Reads the properties of the primary image.
  static func read(_ bytes: [UInt8]) -> ColourStatement? {
    guard bytes.count > 4 else { return nil }
    // `meta` is a full box: its children follow 4 bytes of version and flags.
    let children = boxes(bytes, 4..<bytes.count)
    guard let properties = children.first(where: { $0.type == "iprp" }) else { return nil }
    let inside = boxes(bytes, properties.body)
    guard let container = inside.first(where: { $0.type == "ipco" }) else { return nil }
    let list = boxes(bytes, container.body)
    let primary = children.first { $0.type == "pitm" }.flatMap { item(bytes, $0.body) }
    let own = primary.flatMap { item in
      inside.first { $0.type == "ipma" }.flatMap { associations(bytes, $0.body, of: item) }
    }
    let candidates = own?.compactMap { list.indices.contains($0 - 1) ? list[$0 - 1] : nil } ?? list
    for box in candidates where box.type == "colr" && bytes.code(at: box.body.lowerBound) == "nclx"
    {
      let start = box.body.lowerBound
      guard let primaries = bytes.number(at: start + 4, 2),
        let transfer = bytes.number(at: start + 6, 2)
      else { continue }
      return StatedColours.codePoints(
        primaries: primaries, transfer: transfer, source: "nclx")
    }
    return nil
  }

  /// The place of the top-level box `meta`.
  private static func top(_ file: FileBytes) -> Range<Int>? {
    var offset = 0
    for _ in 0..<100 {
      let head = file.bytes(at: offset, 16)
      guard let box = header(head, 0, end: file.count - offset) else { return nil }
      if box.type == "meta" {
        return (offset + box.body.lowerBound)..<(offset + box.body.upperBound)
      }
      offset += box.body.upperBound
    }
    return nil
  }

  /// The bytes of a box of a sane size.
  private static func body(_ file: FileBytes, _ range: Range<Int>) -> [UInt8]? {
    guard range.count < 16 << 20 else { return nil }
    let bytes = file.bytes(at: range.lowerBound, range.count)
    return bytes.count == range.count ? bytes : nil
  }

  /// One box's header; its body is relative to the same start as `offset`.
  private static func header(_ bytes: [UInt8], _ offset: Int, end: Int) -> Box? {
    guard var size = bytes.number(at: offset, 4), offset + 8 <= bytes.count else { return nil }
    var head = 8
    if size == 1 {
      guard let large = bytes.number(at: offset + 8, 8), large > 0 else { return nil }
      (size, head) = (large, 16)
    }
    if size == 0 { size = end - offset }
    guard size >= head, size <= end - offset else { return nil }
    return (bytes.code(at: offset + 4), (offset + head)..<(offset + size))
  }

  /// The boxes inside a range.
  private static func boxes(_ bytes: [UInt8], _ range: Range<Int>) -> [Box] {
    var found: [Box] = []
    var offset = range.lowerBound
    while offset < range.upperBound, let box = header(bytes, offset, end: range.upperBound) {
      found.append(box)
      offset = box.body.upperBound
    }
    return found
  }

  /// The number of the primary item.
  private static func item(_ bytes: [UInt8], _ body: Range<Int>) -> Int? {
    guard let version = bytes.number(at: body.lowerBound, 1) else { return nil }
    return bytes.number(at: body.lowerBound + 4, version == 0 ? 2 : 4)
  }

  /// The numbers, from 1, of an item's properties.
  private static func associations(
    _ bytes: [UInt8], _ body: Range<Int>, of item: Int
  ) -> [Int]? {
    guard let version = bytes.number(at: body.lowerBound, 1),
      let flags = bytes.number(at: body.lowerBound + 1, 3),
      let count = bytes.number(at: body.lowerBound + 4, 4)
    else { return nil }
    let (nameSize, indexSize) = (version < 1 ? 2 : 4, flags & 1 == 1 ? 2 : 1)
    var offset = body.lowerBound + 8
    for _ in 0..<min(count, 100_000) {
      guard let name = bytes.number(at: offset, nameSize),
        let properties = bytes.number(at: offset + nameSize, 1), offset < body.upperBound
      else { return nil }
      offset += nameSize + 1
      let indices = (0..<properties).compactMap {
        bytes.number(at: offset + indexSize * $0, indexSize)
      }
      // The highest bit says whether the property is essential.
      if name == item { return indices.map { $0 & (indexSize == 2 ? 0x7FFF : 0x7F) } }
      offset += indexSize * properties
    }
    return nil
  }
}

/// The images of a TIFF file: which of them is the photo, and whether it is camera raw.
///
/// Cameras and programs also store a thumbnail, often in front of the photo. Sources: TIFF 6.0
/// (NewSubfileType, SubfileType, SubIFDs), TIFF/EP and DNG 1.4 (photometric interpretations).
struct TIFFPages {
  /// One image.
  private struct Page {
    var isReduced = false
    var width = 0.0
    var height = 0.0
  }

  /// The number of the page that is the photo.
  private(set) var main = 0
  /// Whether the file holds sensor data, in any of its images.
  private(set) var isRaw = false
  /// Whether the images that could be read are all marked as reduced, and the photo is elsewhere.
  private(set) var holdsOnlyPreviews = false

  private let file: FileBytes
  private let isLittle: Bool
  private let isBig: Bool

  /// Walks over the directories; damage is left to the decoder.
  init(_ file: FileBytes) {
    self.file = file
    let head = file.bytes(at: 0, 16)
    isLittle = head.starts(with: "II".utf8)
    isBig = head.count == 16 && (isLittle ? head[2] : head[3]) == 43
    if head.code(at: 8).hasPrefix("CR") { isRaw = true }
    guard let first = number(head, at: isBig ? 8 : 4, isBig ? 8 : 4) else { return }
    var (pages, offset, hasChildren) = ([Page](), first, false)
    // A directory may point back to an earlier one.
    for _ in 0..<1000 where offset > 0 {
      guard let directory = directory(at: offset) else { break }
      pages.append(directory.page)
      hasChildren = hasChildren || !directory.children.isEmpty
      for child in directory.children.prefix(16) { _ = self.directory(at: child) }
      offset = directory.next
    }
    choose(pages, hasChildren: hasChildren)
  }

  /// The photo is the first page that is no reduced copy of another.
  private mutating func choose(_ pages: [Page], hasChildren: Bool) {
    guard let first = pages.firstIndex(where: { !$0.isReduced }) else {
      holdsOnlyPreviews = pages.count > 1 || hasChildren
      main = pages.indices.max { pages[$0].width < pages[$1].width } ?? 0
      return
    }
    main = first
    // An unmarked thumbnail: another page has the same shape and at least twice its sides.
    let small = pages[first]
    let larger = pages.indices.filter { index in
      let page = pages[index]
      guard !page.isReduced, small.width > 0, small.height > 0 else { return false }
      let (across, down) = (page.width / small.width, page.height / small.height)
      return across >= 2 && abs(across - down) <= 0.02 * across
    }
    if let largest = larger.max(by: { pages[$0].width < pages[$1].width }) { main = largest }
  }

  /// Reads a directory; notes sensor data.
  private mutating func directory(
    at offset: Int
  ) -> (page: Page, children: [Int], next: Int)? {
    let (countSize, entrySize, wordSize) = isBig ? (8, 20, 8) : (2, 12, 4)
    guard let count = number(file.bytes(at: offset, countSize), at: 0, countSize),
      (1...4096).contains(count)
    else { return nil }
    let bytes = file.bytes(at: offset + countSize, count * entrySize + wordSize)
    var (page, children) = (Page(), [Int]())
    for index in 0..<count {
      let place = index * entrySize
      guard let tag = number(bytes, at: place, 2) else { return nil }
      let value = value(bytes, at: place) ?? 0
      switch tag {
      case 254: page.isReduced = page.isReduced || value & 1 == 1
      case 255: page.isReduced = page.isReduced || value == 2
      case 256: page.width = Double(value)
      case 257: page.height = Double(value)
      // Color filter array, and linear raw.
      case 262: isRaw = isRaw || value == 32803 || value == 34892
      case 330: children = values(bytes, at: place)
      // DNGVersion.
      case 50706: isRaw = true
      default: break
      }
    }
    return (page, children, number(bytes, at: count * entrySize, wordSize) ?? 0)
  }

  /// The only value of an entry.
  private func value(_ bytes: [UInt8], at place: Int) -> Int? {
    guard let type = number(bytes, at: place + 2, 2) else { return nil }
    let size = [1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8][type] ?? 4
    return number(bytes, at: place + (isBig ? 12 : 8), min(size, isBig ? 8 : 4))
  }

  /// The values of an entry of offsets.
  private func values(_ bytes: [UInt8], at place: Int) -> [Int] {
    guard let type = number(bytes, at: place + 2, 2),
      let count = number(bytes, at: place + 4, isBig ? 8 : 4), (1...64).contains(count)
    else { return [] }
    let (size, inside) = ([16, 18].contains(type) ? 8 : 4, isBig ? 8 : 4)
    if count * size <= inside { return value(bytes, at: place).map { [$0] } ?? [] }
    guard let offset = number(bytes, at: place + (isBig ? 12 : 8), inside) else { return [] }
    let list = file.bytes(at: offset, count * size)
    return (0..<count).compactMap { number(list, at: size * $0, size) }
  }

  private func number(_ bytes: [UInt8], at offset: Int, _ length: Int) -> Int? {
    bytes.number(at: offset, length, isLittle: isLittle)
  }
}

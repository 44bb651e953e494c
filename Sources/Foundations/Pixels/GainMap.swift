internal import Glibc

/// Finds gain maps: second images that turn a photo's standard dynamic range (SDR) into a high one.
///
/// The first image, the SDR base, is the photo.
///
/// Sources: Adobe's gain map specification 1.0 and Android's Ultra HDR format (XMP), ISO 21496-1
/// (its name in an APP2 segment, the item type `tmap`), CIPA DC-007 (multi-picture format), and the
/// auxiliary type of Apple's photos.
enum GainMap {
  private static let texts = [
    "http://ns.adobe.com/hdr-gain-map/1.0/", "urn:iso:std:iso:ts:21496:-1", "hdrgainmap",
  ]

  /// Whether a segment in front of a JPEG's pixels names a gain map.
  ///
  /// - Parameters:
  ///   - marker: the segment's marker, such as 0xE1.
  ///   - content: the segment without marker and length.
  ///   - offset: where the content lies in the file.
  ///   - file: the file, for the images that the segment points to.
  /// - Returns: whether the segment, or an image that it points to, names one.
  static func isNamed(
    by marker: UInt8, _ content: [UInt8], at offset: Int, in file: FileBytes
  ) -> Bool {
    switch marker {
    case 0xE1: return texts.contains { content.holds($0) }
    case 0xE2 where content.starts(with: "MPF\0".utf8):
      return pictures(Array(content.dropFirst(4))).contains { place in
        // The second image names itself in its own first segments.
        let head = file.bytes(at: offset + 4 + place, 1 << 16)
        return texts.contains { head.holds($0) }
      }
    case 0xE2: return content.starts(with: texts[1].utf8)
    default: return false
    }
  }

  /// Whether the metadata of a HEIC or AVIF file name a gain map.
  static func isNamed(byMeta bytes: [UInt8]) -> Bool {
    texts.contains { bytes.holds($0) } || bytes.holds("tmap")
  }

  /// Where the images behind the first begin, from the index of a multi-picture file.
  private static func pictures(_ bytes: [UInt8]) -> [Int] {
    let isLittle = bytes.starts(with: "II".utf8)
    func number(_ offset: Int, _ length: Int) -> Int? {
      bytes.number(at: offset, length, isLittle: isLittle)
    }
    guard let first = number(4, 4), let count = number(first, 2) else { return [] }
    for entry in 0..<count {
      let place = first + 2 + 12 * entry
      guard let tag = number(place, 2) else { break }
      // MPEntry: 16 bytes an image, of which the last four but four are its place.
      guard tag == 0xB002, let size = number(place + 4, 4), let start = number(place + 8, 4) else {
        continue
      }
      return (1..<max(1, min(size / 16, 16))).compactMap { number(start + 16 * $0 + 8, 4) }
    }
    return []
  }
}

extension [UInt8] {
  /// Whether the bytes hold an ASCII text.
  fileprivate func holds(_ text: String) -> Bool {
    let needle = Array(text.utf8)
    return withUnsafeBytes { hay in
      guard let start = hay.baseAddress, let first = needle.first else { return false }
      var offset = 0
      while hay.count - offset >= needle.count {
        guard
          let found = memchr(start + offset, Int32(first), hay.count - offset - needle.count + 1)
        else { return false }
        if memcmp(found, needle, needle.count) == 0 { return true }
        offset = start.distance(to: found) + 1
      }
      return false
    }
  }
}

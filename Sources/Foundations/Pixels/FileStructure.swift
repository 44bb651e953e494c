/// What a photo's file states about its colors and its images that the decoder doesn't report.
struct FileStructure {
  /// Colors stated outside of an ICC profile and of EXIF; nil for sRGB and for none.
  private(set) var colours: ColourStatement?
  /// Whether they go before an embedded profile.
  private(set) var overridesProfile = false
  /// Whether a JPEG has Adobe's marker, beside which CMYK is stored inverted.
  private(set) var hasAdobeMarker = false
  /// Whether the first scan header of a sequential JPEG holds values that the standard doesn't
  /// allow there.
  private var hasOddScan = false
  /// Whether the file holds a gain map beside the photo.
  private(set) var hasGainMap = false
  /// The images of a TIFF.
  private(set) var pages: TIFFPages?

  /// Looks through a file's structure; damage is left to the decoder.
  init(_ file: FileBytes, format: ImageFormat) {
    switch format {
    case .jpeg: readJPEG(file)
    case .png: (colours, overridesProfile) = PNGColours.read(file)
    case .heif:
      let meta = HEIFColours.meta(file)
      colours = meta.flatMap { HEIFColours.read($0) }
      hasGainMap = meta.map { GainMap.isNamed(byMeta: $0) } ?? false
    case .tiff: pages = TIFFPages(file)
    case .webp, .bmp, .jpeg2000, .raw: break
    }
  }

  /// Walks over the segments in front of a JPEG's first scan.
  private mutating func readJPEG(_ file: FileBytes) {
    var offset = 2
    var isSequential = false
    for _ in 0..<1000 {
      let head = file.bytes(at: offset, 20)
      guard head.count >= 4, head[0] == 0xFF else { return }
      if head[1] == 0xFF {
        offset += 1
        continue
      }
      guard let length = head.number(at: 2, 2), length >= 2 else { return }
      switch head[1] {
      case 0xC0, 0xC1: isSequential = true
      case 0xEE where head.dropFirst(4).starts(with: "Adobe".utf8): hasAdobeMarker = true
      case 0xDA:
        hasOddScan = isSequential && Self.spectralEnd(head, at: 0).map { $0.isOdd } ?? false
        return
      case 0xE1, 0xE2:
        let content = file.bytes(at: offset + 4, length - 2)
        hasGainMap =
          hasGainMap || GainMap.isNamed(by: head[1], content, at: offset + 4, in: file)
      default: break
      }
      offset += 2 + length
    }
  }

  /// Where a scan header's last three bytes stand, and whether they are other than 0, 63, 0.
  private static func spectralEnd(
    _ bytes: [UInt8], at offset: Int
  ) -> (place: Int, isOdd: Bool)? {
    guard offset + 5 <= bytes.count else { return nil }
    let place = offset + 5 + 2 * Int(bytes[offset + 4])
    guard place + 3 <= bytes.count else { return nil }
    return (place, Array(bytes[place..<(place + 3)]) != [0, 63, 0])
  }

  /// The file with every scan header as its standard wants it; nil when nothing is odd.
  ///
  /// Decoders don't use these bytes in a sequential JPEG, and some only warn of them. Damage of any
  /// other kind stays.
  func repaired(_ file: FileBytes) -> [UInt8]? {
    guard hasOddScan else { return nil }
    var bytes = file.bytes(at: 0, file.count)
    var offset = 2
    while offset + 4 <= bytes.count {
      // Inside a scan, a marker is 0xFF before anything but 0 and the restart markers.
      guard bytes[offset] == 0xFF, bytes[offset + 1] != 0, bytes[offset + 1] != 0xFF,
        !(0xD0...0xD7).contains(bytes[offset + 1])
      else {
        offset += 1
        continue
      }
      if bytes[offset + 1] == 0xD9 { break }
      guard let length = bytes.number(at: offset + 2, 2), length >= 2 else { break }
      if bytes[offset + 1] == 0xDA, let end = Self.spectralEnd(bytes, at: offset), end.isOdd {
        bytes.replaceSubrange(end.place..<(end.place + 3), with: [0, 63, 0])
      }
      offset += 2 + length
    }
    return bytes
  }
}

/// The header of a BMP image of 1, 4, 8, 16, 24 or 32 bits a pixel, without compression, with rows
/// in either order.
///
/// Source: Microsoft's documentation of BITMAPINFOHEADER and BITMAPV5HEADER.
struct BitmapHeader {
  /// The number of bytes from the file's start that hold the header and its tables at most.
  static let lengthLimit = 2048

  /// The width in pixels.
  let width: Int
  /// The height in pixels.
  let height: Int
  /// The bits of a pixel.
  let bits: Int
  /// Whether the first stored row is the top one.
  let isTopDown: Bool
  /// Where the rows begin.
  let offset: Int
  /// Which bits of a pixel are red, green, blue and alpha, for 16 and 32 bits.
  let masks: [Int]
  /// Red, green and blue of each index, for up to 8 bits.
  let palette: [[UInt8]]
  /// Where an embedded ICC profile lies.
  let profile: Range<Int>?

  /// 3, or 4 with alpha.
  var bands: Int { bits > 8 && masks[3] != 0 ? 4 : 3 }
  /// The bytes of a stored row.
  var stride: Int { (width * bits + 31) / 32 * 4 }

  /// Reads a header.
  ///
  /// - Parameters:
  ///   - bytes: the file's first bytes, at least ``lengthLimit`` of them where it has as many.
  ///   - byteCount: the number of bytes of the file.
  ///   - path: the photo, for errors.
  /// - Throws: `PhotoError` for kinds that aren't read, by name, and for files that end too early.
  init(_ bytes: [UInt8], byteCount: Int, path: String) throws(PhotoError) {
    func number(_ offset: Int, _ length: Int) -> Int { bytes.littleNumber(at: offset, length) ?? 0 }
    func signed(_ offset: Int) -> Int { Int(Int32(truncatingIfNeeded: number(offset, 4))) }
    func unsupported(_ what: String) -> PhotoError {
      PhotoError(
        path, .unsupported, "is a BMP \(what)", remedy: "save it without compression, or as PNG")
    }
    offset = number(10, 4)
    let length = number(14, 4)
    let isCore = length == 12
    width = isCore ? number(18, 2) : signed(18)
    let height = isCore ? number(20, 2) : signed(22)
    (self.height, isTopDown) = (abs(height), height < 0)
    bits = number(isCore ? 24 : 28, 2)
    let compression = isCore ? 0 : number(30, 4)
    switch compression {
    case 0, 3, 6: break
    case 1, 2: throw unsupported("with run-length encoding (RLE)")
    case 4, 5: throw unsupported("that holds a JPEG or PNG")
    default: throw unsupported("of an unknown kind of compression (\(compression))")
    }
    guard [1, 4, 8, 16, 24, 32].contains(bits), width > 0, self.height > 0, width < 1 << 20,
      self.height < 1 << 20
    else { throw unsupported("of \(width) × \(self.height) pixels of \(bits) bits") }
    if compression != 0 {
      masks = (0..<4).map {
        $0 < 3 || length >= 56 || compression == 6 ? number(54 + 4 * $0, 4) : 0
      }
    } else {
      masks = bits == 16 ? [0x7C00, 0x3E0, 0x1F, 0] : [0xFF_0000, 0xFF00, 0xFF, 0]
    }
    if bits <= 8 {
      let used = isCore ? 0 : number(46, 4)
      let count = used > 0 ? min(used, 1 << bits) : 1 << bits
      palette = (0..<count).map { index in
        let place = 14 + length + (isCore ? 3 : 4) * index
        return [2, 1, 0].map { UInt8(number(place + $0, 1)) }
      }
    } else {
      palette = []
    }
    // «MBED»: the profile lies in the file, counted from the header's own start.
    let start = 14 + number(126, 4)
    let isEmbedded = length >= 124 && number(70, 4) == 0x4D42_4544
    profile =
      isEmbedded && start + number(130, 4) <= byteCount ? start..<(start + number(130, 4)) : nil
    guard offset <= byteCount, (byteCount - offset) / stride >= self.height else {
      throw PhotoError(
        path, .damaged, "the image is truncated", remedy: "copy it again from its source")
    }
  }
}

/// The pixels of a BMP image.
struct Bitmap {
  /// The header.
  let header: BitmapHeader
  /// Interleaved levels, row by row from the top.
  let samples: [UInt8]

  /// Decodes a whole file.
  ///
  /// - Throws: `PhotoError` as ``BitmapHeader`` does.
  init(_ bytes: [UInt8], path: String) throws(PhotoError) {
    let header = try BitmapHeader(bytes, byteCount: bytes.count, path: path)
    self.header = header
    let bands = header.bands
    let scales = header.masks.map(Self.levels)
    var samples = [UInt8](repeating: 0, count: bands * header.width * header.height)
    samples.withUnsafeMutableBufferPointer { target in
      bytes.withUnsafeBufferPointer { source in
        for row in 0..<header.height {
          let line = header.isTopDown ? row : header.height - 1 - row
          Self.read(
            UnsafeBufferPointer(rebasing: source[(header.offset + header.stride * line)...]),
            header, scales,
            into: UnsafeMutableBufferPointer(
              rebasing: target[(bands * header.width * row)...].prefix(bands * header.width)))
        }
      }
    }
    // Many writers declare an alpha channel and leave it empty.
    if bands == 4, stride(from: 3, to: samples.count, by: 4).allSatisfy({ samples[$0] == 0 }) {
      for place in stride(from: 3, to: samples.count, by: 4) { samples[place] = 255 }
    }
    self.samples = samples
  }

  /// How the bits under a mask become a level of 0…255.
  private struct Scale {
    let mask: Int
    let shift: Int
    let top: Int
  }

  private static func levels(_ mask: Int) -> Scale {
    guard mask != 0 else { return Scale(mask: 0, shift: 0, top: 1) }
    let shift = mask.trailingZeroBitCount
    return Scale(mask: mask, shift: shift, top: mask >> shift)
  }

  /// Reads one row.
  private static func read(
    _ row: UnsafeBufferPointer<UInt8>, _ header: BitmapHeader, _ scales: [Scale],
    into target: UnsafeMutableBufferPointer<UInt8>
  ) {
    let bits = header.bits
    switch bits {
    case 1, 4, 8:
      let perByte = 8 / bits
      for x in 0..<header.width {
        let shift = 8 - bits * (x % perByte + 1)
        let index = Int(row[x / perByte]) >> shift & (1 << bits - 1)
        guard header.palette.indices.contains(index) else { continue }
        for band in 0..<3 { target[3 * x + band] = header.palette[index][band] }
      }
    case 24:
      for x in 0..<header.width {
        target[3 * x] = row[3 * x + 2]
        target[3 * x + 1] = row[3 * x + 1]
        target[3 * x + 2] = row[3 * x]
      }
    default:
      let (size, bands) = (bits / 8, header.bands)
      for x in 0..<header.width {
        var pixel = 0
        for byte in 0..<size { pixel |= Int(row[size * x + byte]) << (8 * byte) }
        for band in 0..<bands {
          let scale = scales[band]
          let value = (pixel & scale.mask) >> scale.shift
          target[bands * x + band] = UInt8(
            clamping: (value * 255 + scale.top / 2) / scale.top)
        }
      }
    }
  }
}

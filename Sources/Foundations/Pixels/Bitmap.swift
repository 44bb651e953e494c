/// A BMP image: 1, 4, 8, 16, 24 or 32 bits a pixel without compression, rows in either order.
///
/// Source: Microsoft's documentation of BITMAPINFOHEADER and BITMAPV5HEADER.
struct Bitmap {
  /// The width in pixels.
  let width: Int
  /// The height in pixels.
  let height: Int
  /// 3, or 4 with alpha.
  let bands: Int
  /// Interleaved levels, row by row from the top.
  let samples: [UInt8]

  private struct Layout {
    var offset = 0
    var width = 0
    var height = 0
    var isTopDown = false
    var bits = 0
    /// Red, green, blue and alpha, for 16 and 32 bits.
    var masks = [0, 0, 0, 0]
    var palette: [[UInt8]] = []
  }

  /// Decodes a file.
  ///
  /// - Throws: `PhotoError` for kinds that aren't read, by name, and for files that end too early.
  init(_ bytes: [UInt8], path: String) throws(PhotoError) {
    let layout = try Self.layout(bytes, path)
    let stride = (layout.width * layout.bits + 31) / 32 * 4
    guard layout.offset >= 0, layout.offset <= bytes.count,
      (bytes.count - layout.offset) / stride >= layout.height
    else {
      throw PhotoError(
        path, .damaged, "the image is truncated", remedy: "copy it again from its source")
    }
    (width, height) = (layout.width, layout.height)
    bands = layout.bits > 8 && layout.masks[3] != 0 ? 4 : 3
    var samples: [UInt8] = []
    samples.reserveCapacity(bands * width * height)
    for row in 0..<layout.height {
      let line = layout.isTopDown ? row : layout.height - 1 - row
      Self.read(bytes, at: layout.offset + stride * line, layout, bands, into: &samples)
    }
    self.samples = samples
  }

  private static func layout(_ bytes: [UInt8], _ path: String) throws(PhotoError) -> Layout {
    func number(_ offset: Int, _ length: Int) -> Int { bytes.littleNumber(at: offset, length) ?? 0 }
    func signed(_ offset: Int) -> Int { Int(Int32(truncatingIfNeeded: number(offset, 4))) }
    func unsupported(_ what: String) -> PhotoError {
      PhotoError(
        path, .unsupported, "is a BMP \(what)", remedy: "save it without compression, or as PNG")
    }
    var layout = Layout()
    layout.offset = number(10, 4)
    let head = number(14, 4)
    let isCore = head == 12
    layout.width = isCore ? number(18, 2) : signed(18)
    let height = isCore ? number(20, 2) : signed(22)
    (layout.height, layout.isTopDown) = (abs(height), height < 0)
    layout.bits = number(isCore ? 24 : 28, 2)
    let compression = isCore ? 0 : number(30, 4)
    switch compression {
    case 0, 3, 6: break
    case 1, 2: throw unsupported("with run-length encoding (RLE)")
    case 4, 5: throw unsupported("that holds a JPEG or PNG")
    default: throw unsupported("of an unknown kind of compression (\(compression))")
    }
    guard [1, 4, 8, 16, 24, 32].contains(layout.bits), layout.width > 0, layout.height > 0,
      layout.width < 1 << 20, layout.height < 1 << 20
    else {
      throw unsupported("of \(layout.width) × \(layout.height) pixels of \(layout.bits) bits")
    }
    if layout.bits > 8 {
      layout.masks =
        layout.bits == 16 ? [0x7C00, 0x3E0, 0x1F, 0] : [0xFF_0000, 0xFF00, 0xFF, 0]
      if compression != 0 {
        layout.masks = (0..<4).map {
          $0 < 3 || head >= 56 || compression == 6 ? number(54 + 4 * $0, 4) : 0
        }
      }
    } else {
      let size = isCore ? 3 : 4
      let used = isCore ? 0 : number(46, 4)
      let count = used > 0 ? min(used, 1 << layout.bits) : 1 << layout.bits
      let start = 14 + head
      layout.palette = (0..<count).map { index in
        let place = start + size * index
        return [2, 1, 0].map { UInt8(number(place + $0, 1)) }
      }
    }
    return layout
  }

  /// Reads one row.
  private static func read(
    _ bytes: [UInt8], at start: Int, _ layout: Layout, _ bands: Int, into samples: inout [UInt8]
  ) {
    switch layout.bits {
    case 1, 4, 8:
      let perByte = 8 / layout.bits
      for x in 0..<layout.width {
        let shift = 8 - layout.bits * (x % perByte + 1)
        let index = Int(bytes[start + x / perByte]) >> shift & (1 << layout.bits - 1)
        samples += layout.palette.indices.contains(index) ? layout.palette[index] : [0, 0, 0]
      }
    case 24:
      for x in 0..<layout.width {
        let place = start + 3 * x
        samples.append(bytes[place + 2])
        samples.append(bytes[place + 1])
        samples.append(bytes[place])
      }
    default:
      let size = layout.bits / 8
      for x in 0..<layout.width {
        let place = start + size * x
        var pixel = 0
        for byte in (0..<size).reversed() { pixel = pixel << 8 | Int(bytes[place + byte]) }
        for band in 0..<bands { samples.append(level(pixel, layout.masks[band])) }
      }
    }
  }

  /// The level under a mask, on a scale of 0 to 255.
  private static func level(_ pixel: Int, _ mask: Int) -> UInt8 {
    guard mask != 0 else { return 0 }
    let shift = mask.trailingZeroBitCount
    let top = mask >> shift
    return UInt8(clamping: ((pixel & mask) >> shift * 255 + top / 2) / top)
  }
}

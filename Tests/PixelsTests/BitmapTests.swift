import Domain
import Foundation
import Pixels
import Testing

@Suite struct BitmapTests {
  private func little(_ number: Int, _ length: Int) -> [UInt8] {
    (0..<length).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  /// A BMP with a header of 40 bytes.
  private func bmp(
    _ width: Int, _ height: Int, bits: Int, compression: Int = 0, tables: [UInt8] = [],
    rows: [[UInt8]]
  ) -> [UInt8] {
    var body: [UInt8] = []
    for row in rows { body += row + [UInt8](repeating: 0, count: (4 - row.count % 4) % 4) }
    let offset = 54 + tables.count
    let parts: [[UInt8]] = [
      Array("BM".utf8), little(offset + body.count, 4), little(0, 4), little(offset, 4),
      little(40, 4), little(width, 4), little(height, 4), little(1, 2), little(bits, 2),
      little(compression, 4), [UInt8](repeating: 0, count: 20), tables, body,
    ]
    return parts.flatMap(\.self)
  }

  private func rows(_ image: RasterImage, alpha: UInt8? = nil) -> [[UInt8]] {
    (0..<image.heightPixels).map { y in
      var row: [UInt8] = []
      for x in 0..<image.widthPixels {
        let place = 3 * (y * image.widthPixels + x)
        for band in [2, 1, 0] { row.append(image.samples[place + band]) }
        if let alpha { row.append(alpha) }
      }
      return row
    }
  }

  @Test func areReadInEveryDepthAndOrder() throws {
    let image = try testPattern(width: 7, height: 5)
    let depths: [(bits: Int, alpha: UInt8?)] = [(24, nil), (32, 0)]
    for (bits, alpha) in depths {
      let stored = rows(image, alpha: alpha)
      for bytes in [
        bmp(7, 5, bits: bits, rows: stored.reversed()), bmp(7, -5, bits: bits, rows: stored),
      ] {
        #expect(try RasterImage.decode(bytes: bytes, name: "a.bmp") == image)
        #expect(try RasterImage.probe(bytes: bytes, name: "a.bmp").format == .bmp)
      }
    }
    var palette: [UInt8] = []
    for index in 0..<256 { palette += [UInt8(index), UInt8(255 - index), 7, 0] }
    let indexed = bmp(3, 2, bits: 8, tables: palette, rows: [[9, 8, 7], [0, 1, 255]])
    let decoded = try RasterImage.decode(bytes: indexed, name: "a.bmp")
    #expect(Array(decoded.samples[0..<9]) == [7, 255, 0, 7, 254, 1, 7, 0, 255])
    let two = bmp(
      9, 1, bits: 1, tables: [1, 2, 3, 0, 255, 255, 255, 0], rows: [[0b0100_0000, 0x80]])
    let bits = try RasterImage.decode(bytes: two, name: "a.bmp")
    #expect(Array(bits.samples[0..<6]) == [3, 2, 1, 255, 255, 255] && bits.samples[24] == 255)
    let masks = [0xF800, 0x07E0, 0x001F].flatMap { little($0, 4) }
    let sixteen = bmp(2, 1, bits: 16, compression: 3, tables: masks, rows: [[0xFF, 0xFF, 0x1F, 0]])
    #expect(
      try RasterImage.decode(bytes: sixteen, name: "a.bmp").samples == [255, 255, 255, 0, 0, 255])
  }

  @Test func areReadFromFilesAndInParts() throws {
    let image = try testPattern(width: 40, height: 30)
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.bmp"
      try Data(bmp(40, 30, bits: 24, rows: rows(image).reversed()))
        .write(to: URL(fileURLWithPath: path))
      #expect(try RasterImage.decode(path) == image)
      let area = PixelRectangle(x: 3, y: 4, width: 10, height: 9)
      let part = try RasterImage.decodeArea(path, area: area, width: 10, height: 9)
      #expect(part.samples[0] == image.samples[3 * (4 * 40 + 3)])
      #expect(try RasterImage.decodeShrunk(path, longSide: 20).image.widthPixels == 20)
      #expect(try RasterImage.isPhoto(path))
    }
  }

  @Test func otherKindsAreRefusedByName() throws {
    let row = [[UInt8](repeating: 9, count: 21)]
    let encoded = bmp(7, 1, bits: 8, compression: 1, rows: row)
    do throws(PhotoError) {
      _ = try RasterImage.decode(bytes: encoded, name: "rle.bmp")
      Issue.record("an RLE image was decoded")
    } catch {
      #expect(error.kind == .unsupported && error.description.contains("RLE"))
    }
    let whole = bmp(7, 5, bits: 24, rows: Array(repeating: row[0], count: 5))
    for length in [whole.count - 1, 60, 30] {
      let cut = Array(whole[..<length])
      #expect(errorKind { _ = try RasterImage.decode(bytes: cut, name: "cut.bmp") } != nil)
    }
    #expect(
      errorKind { _ = try RasterImage.decode(bytes: bmp(0, 5, bits: 24, rows: []), name: "0.bmp") }
        == .unsupported)
    let enormous = bmp(1 << 19, 1 << 19, bits: 24, rows: row)
    #expect(errorKind { _ = try RasterImage.decode(bytes: enormous, name: "bomb.bmp") } == .damaged)
  }

  @Test func anAlphaChannelIsBlendedUnlessItIsEmpty() throws {
    let image = try testPattern(width: 4, height: 3)
    let masks = [0xFF_0000, 0xFF00, 0xFF, 0xFF00_0000].flatMap { little($0, 4) }
    for alpha in [0, 255] {
      let stored = rows(image, alpha: UInt8(alpha))
      let bytes = bmp(4, -3, bits: 32, compression: 6, tables: masks, rows: stored)
      #expect(try RasterImage.decode(bytes: bytes, name: "a.bmp") == image)
    }
    let half = bmp(
      1, 1, bits: 32, compression: 6, tables: masks, rows: [[200, 100, 0, 128]])
    let blended = try RasterImage.decode(bytes: half, name: "a.bmp").samples
    for (level, stored) in zip(blended, [0.0, 100, 200]) {
      #expect(abs(Double(level) - (stored * 128 + 119 * 127) / 255) <= 1)
    }
  }

  @Test func anEmbeddedProfileIsConverted() throws {
    let image = try testPattern(width: 8, height: 8)
    let profile = try embeddedProfile(of: Fixture.bytes("p3.jpg"))
    var bytes = bmp(8, -8, bits: 24, rows: rows(image))
    // A header of version 5, whose fields beyond the 40 bytes are all 0 but the profile's.
    bytes.replaceSubrange(10..<18, with: little(138, 4) + little(124, 4))
    var more = [UInt8](repeating: 0, count: 84)
    more.replaceSubrange(16..<20, with: little(0x4D42_4544, 4))
    more.replaceSubrange(72..<80, with: little(bytes.count + 84 - 14, 4) + little(profile.count, 4))
    bytes.insert(contentsOf: more, at: 54)
    bytes += profile
    let header = try RasterImage.probe(bytes: bytes, name: "p3.bmp")
    #expect(header.profile == .embedded(name: "Display P3"))
    let png = try RasterImage.decode(Fixture.path("p3.png"))
    let decoded = try RasterImage.decode(bytes: bytes, name: "p3.bmp")
    #expect(Array(decoded.samples.prefix(24)) == Array(png.samples.prefix(24)))
  }

  /// The profile of a JPEG that holds it in one segment.
  private func embeddedProfile(of jpeg: [UInt8]) throws -> [UInt8] {
    let name = Array("ICC_PROFILE\0".utf8)
    let start = try #require(jpeg.indices.first { jpeg[$0...].starts(with: name) })
    let length = Int(jpeg[start - 2]) << 8 | Int(jpeg[start - 1])
    return Array(jpeg[(start + 14)..<(start - 2 + length)])
  }
}

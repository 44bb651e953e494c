import Foundation
import Pixels
import Testing

/// Linear light to linear light, from the primaries of CIE chromaticities, computed apart from the program.
private let displayP3 = [
  [1.2249402, -0.2249402, 0.0], [-0.0420570, 1.0420570, 0.0], [-0.0196376, -0.0786361, 1.0982737],
]
private let adobeRGB = [
  [1.3982832, -0.3982831, 0.0], [0.0, 1.0, 0.0], [0.0, -0.0429383, 1.0429383],
]
private let same = [[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]]

private func sRGBLight(_ value: Double) -> Double {
  value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
}

private func sRGBLevel(_ light: Double) -> Double {
  let light = min(max(light, 0), 1)
  return 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055)
}

/// What levels of 0…1 become in sRGB, in levels of 0…255.
private func expected(
  _ levels: [Double], _ matrix: [[Double]], _ light: (Double) -> Double
) -> [Double] {
  let linear = levels.map(light)
  return matrix.map { row in sRGBLevel(zip(row, linear).map(*).reduce(0, +)) }
}

/// The largest difference of an image from what its stored levels should become.
private func worst(
  _ image: RasterImage, from stored: [Double], _ matrix: [[Double]], _ light: (Double) -> Double
) -> Double {
  var worst = 0.0
  for pixel in 0..<image.pixelCount {
    let right = expected(Array(stored[(3 * pixel)..<(3 * pixel + 3)]), matrix, light)
    for band in 0..<3 {
      worst = max(worst, abs(Double(image.samples[3 * pixel + band]) - right[band]))
    }
  }
  return worst
}

private func levels(_ image: RasterImage) -> [Double] { image.samples.map { Double($0) / 255 } }

@Suite struct StatedColours {
  /// A PNG of the pattern with chunks behind its header.
  private func png(_ chunks: [(String, [UInt8])]) throws -> (bytes: [UInt8], image: RasterImage) {
    let image = try testPattern(width: 48, height: 32)
    var bytes = try image.encoded(as: .png())
    let added = chunks.flatMap { name, data -> [UInt8] in
      let body = Array(name.utf8) + data
      return bigEndian(UInt32(data.count)) + body + bigEndian(crc32(body))
    }
    bytes.insert(contentsOf: added, at: 33)
    return (bytes, image)
  }

  private func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
        value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
      }
    }
  }

  private func bigEndian(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  private func chromaticities(_ numbers: [UInt32]) -> (String, [UInt8]) {
    ("cHRM", numbers.flatMap(bigEndian))
  }

  private let p3Points: [UInt32] = [31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000]
  private let sRGBPoints: [UInt32] = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000]

  @Test func aPNGsPrimariesAndGammaAreConverted() throws {
    let power = { (value: Double) in pow(value, 1 / 0.45455) }
    let (both, image) = try png([chromaticities(p3Points), ("gAMA", bigEndian(45455))])
    let decoded = try RasterImage.decode(bytes: both, name: "p3.png")
    #expect(worst(decoded, from: levels(image), displayP3, power) <= 0.65)
    let header = try RasterImage.probe(bytes: both, name: "p3.png")
    #expect(header.profile == .stated(name: "primaries (PNG cHRM)"))
    let (points, _) = try png([chromaticities(p3Points)])
    let pointed = try RasterImage.decode(bytes: points, name: "p3.png")
    #expect(worst(pointed, from: levels(image), displayP3, sRGBLight) <= 0.65)
    let (linear, _) = try png([("gAMA", bigEndian(100_000))])
    let light = try RasterImage.decode(bytes: linear, name: "linear.png")
    #expect(worst(light, from: levels(image), same) { $0 } <= 0.65)
  }

  @Test func whatPNGAsksOfSRGBPicturesIsSRGB() throws {
    let usual: [[(String, [UInt8])]] = [
      [("gAMA", bigEndian(45455))],
      [chromaticities(sRGBPoints), ("gAMA", bigEndian(45455))],
      [chromaticities(p3Points), ("gAMA", bigEndian(100_000)), ("sRGB", [0])],
      [("cICP", [1, 13, 0, 1]), chromaticities(p3Points)],
      // Values without a meaning.
      [chromaticities(Array(repeating: 0, count: 8))], [("gAMA", bigEndian(0))],
    ]
    for chunks in usual {
      let (bytes, image) = try png(chunks)
      #expect(try RasterImage.decode(bytes: bytes, name: "s.png") == image)
      #expect(try RasterImage.probe(bytes: bytes, name: "s.png").profile == .assumedSRGB)
    }
  }

  @Test func aPNGsCodePointsGoFirst() throws {
    let (bytes, image) = try png([("cICP", [12, 13, 0, 1]), ("sRGB", [0])])
    let decoded = try RasterImage.decode(bytes: bytes, name: "p3.png")
    #expect(worst(decoded, from: levels(image), displayP3, sRGBLight) <= 0.65)
    let (high, _) = try png([("cICP", [9, 16, 0, 1])])
    #expect(errorKind { _ = try RasterImage.decode(bytes: high, name: "pq.png") } == .unsupported)
  }

  @Test func codePointsOfHEICAndAVIFAreConverted() throws {
    for name in ["plain.heic", "plain.avif"] {
      let plain = try RasterImage.decode(Fixture.path(name))
      var bytes = try Fixture.bytes(name)
      let nclx = try #require(
        bytes.indices.first { bytes[$0...].starts(with: "nclx".utf8) })
      bytes[nclx + 5] = 12
      let decoded = try RasterImage.decode(bytes: bytes, name: name)
      #expect(worst(decoded, from: levels(plain), displayP3, sRGBLight) <= 0.65, "\(name)")
      let header = try RasterImage.probe(bytes: bytes, name: name)
      #expect(header.profile == .stated(name: "Display P3 (nclx)"))
      for transfer in [UInt8(16), 18, 99] {
        bytes[nclx + 7] = transfer
        #expect(errorKind { _ = try RasterImage.decode(bytes: bytes, name: name) } == .unsupported)
      }
    }
  }

  /// An EXIF block: directory 0 with a model, and directories with a colour space and an interoperability index.
  private func exif(model: [UInt8], colourSpace: Int = 1, interoperability: String = "R98")
    -> [UInt8]
  {
    func entry(_ tag: Int, _ type: Int, _ count: Int, _ value: [UInt8]) -> [UInt8] {
      bigEndian(UInt32(tag << 16 | type)) + bigEndian(UInt32(count)) + value
    }
    let (inner, last) = (8 + 2 + 24 + 4, 8 + 2 + 24 + 4 + 2 + 24 + 4)
    let text = last + 2 + 12 + 4
    var block: [UInt8] = Array("Exif\0\0MM".utf8)
    block += [0, 0x2A] + bigEndian(8)
    block += [0, 2] + entry(0x0110, 2, model.count + 1, bigEndian(UInt32(text)))
    block += entry(0x8769, 4, 1, bigEndian(UInt32(inner))) + bigEndian(0)
    block += [0, 2] + entry(0xA001, 3, 1, bigEndian(UInt32(colourSpace << 16)))
    block += entry(0xA005, 4, 1, bigEndian(UInt32(last))) + bigEndian(0)
    block += [0, 1] + entry(0x0001, 2, 4, Array(interoperability.utf8) + [0]) + bigEndian(0)
    block += model + [0]
    let length = UInt16(block.count + 2)
    return [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + block
  }

  private func jpeg(_ image: RasterImage, exif: [UInt8]) throws -> [UInt8] {
    var bytes = try image.encoded(as: .jpeg(quality: 100))
    bytes.insert(contentsOf: exif, at: 2)
    return bytes
  }

  @Test func adobeRGBByEXIFIsConverted() throws {
    let colours = [[128, 128, 128], [200, 60, 50], [60, 140, 70], [90, 55, 40], [16, 16, 16]]
    let image = try image(80, 16) { x, _, band in colours[x / 16][band] }
    let plain = try RasterImage.decode(bytes: image.encoded(as: .jpeg(quality: 100)), name: "a.jpg")
    for (space, index, isAdobe) in [
      (0xFFFF, "R03", true), (2, "R98", true), (0xFFFF, "R98", false),
    ] {
      let bytes = try jpeg(
        image, exif: exif(model: Array("Cam".utf8), colourSpace: space, interoperability: index))
      let decoded = try RasterImage.decode(bytes: bytes, name: "a.jpg")
      if isAdobe {
        let off = worst(decoded, from: levels(plain), adobeRGB) { pow($0, 563.0 / 256) }
        #expect(off <= 0.65, "\(space) \(index)")
        #expect(
          try RasterImage.probe(bytes: bytes, name: "a.jpg").profile
            == .stated(name: "Adobe RGB (EXIF)"))
      } else {
        #expect(decoded == plain)
      }
    }
  }

  @Test func aModelInLatin1IsRead() throws {
    let image = try testPattern(width: 16, height: 16)
    let latin = Array("M".utf8) + [0xFC] + Array("ller Cam".utf8) + [0xAE]
    let header = try RasterImage.probe(
      bytes: jpeg(image, exif: exif(model: latin)), name: "latin.jpg")
    #expect(header.exif["Model"] == "Müller Cam®")
    let utf8 = try RasterImage.probe(
      bytes: jpeg(image, exif: exif(model: Array("Müller Cam".utf8))), name: "utf8.jpg")
    #expect(utf8.exif["Model"] == "Müller Cam")
  }

  @Test func sixteenBitsOfAWideGamutAreExact() throws {
    // Made by Scripts/golden/pixels.py: level (x·1021 + y·257 + band·4099) mod 65536, Display P3.
    let stored = (0..<8).flatMap { y in
      (0..<64).flatMap { x in
        (0..<3).map { band in Double((x * 1021 + y * 257 + band * 4099) % 65536) / 65535 }
      }
    }
    let decoded = try RasterImage.decode(Fixture.path("p3-sixteen.png"))
    #expect(worst(decoded, from: stored, displayP3, sRGBLight) <= 0.65)
  }

  @Test func scanHeadersThatDecodersIgnoreAreNoDamage() throws {
    let plain = try RasterImage.decode(Fixture.path("plain.jpg"))
    var bytes = try Fixture.bytes("plain.jpg")
    let scan = try #require(bytes.indices.first { bytes[$0...].starts(with: [0xFF, 0xDA]) })
    bytes[scan + 12] = 0
    #expect(try RasterImage.decode(bytes: bytes, name: "odd.jpg") == plain)
    try withTemporaryFolder { folder in
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/odd.jpg"))
      #expect(try RasterImage.decode("\(folder)/odd.jpg") == plain)
    }
    for length in [bytes.count / 2, bytes.count - 40] {
      let cut = Array(bytes[..<length])
      #expect(errorKind { _ = try RasterImage.decode(bytes: cut, name: "cut.jpg") } == .damaged)
    }
  }

  @Test func inkWithoutAdobesMarkerIsNotInverted() throws {
    let adobe = try RasterImage.decode(Fixture.path("cmyk.jpg"))
    var bytes = try Fixture.bytes("cmyk.jpg")
    let marker = try #require(bytes.indices.first { bytes[$0...].starts(with: [0xFF, 0xEE]) })
    bytes.removeSubrange(marker..<(marker + 16))
    let plain = try RasterImage.decode(bytes: bytes, name: "cmyk.jpg")
    // The fixture is stored inverted: without the marker, paper is ink.
    #expect(adobe.samples[0] < adobe.samples[3 * 47])
    #expect(plain.samples[0] > plain.samples[3 * 47])
  }
}

@Suite struct Bitmaps {
  private func little(_ number: Int, _ length: Int) -> [UInt8] {
    (0..<length).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  /// A BMP with a header of 40 bytes.
  private func bmp(
    _ width: Int, _ height: Int, bits: Int, compression: Int = 0, tables: [UInt8] = [],
    rows: [[UInt8]]
  ) -> [UInt8] {
    let body = rows.flatMap { $0 + [UInt8](repeating: 0, count: (4 - $0.count % 4) % 4) }
    let offset = 54 + tables.count
    let parts: [[UInt8]] = [
      Array("BM".utf8), little(offset + body.count, 4), little(0, 4), little(offset, 4),
      little(40, 4), little(width, 4), little(height, 4), little(1, 2), little(bits, 2),
      little(compression, 4), [UInt8](repeating: 0, count: 20), tables, body,
    ]
    return parts.flatMap(\.self)
  }

  private func rows(_ image: RasterImage, alpha: Bool) -> [[UInt8]] {
    (0..<image.heightPixels).map { y in
      (0..<image.widthPixels).flatMap { x in
        let place = 3 * (y * image.widthPixels + x)
        return [2, 1, 0].map { image.samples[place + $0] } + (alpha ? [UInt8(0)] : [])
      }
    }
  }

  @Test func areReadInEveryDepthAndOrder() throws {
    let image = try testPattern(width: 7, height: 5)
    for (bits, alpha) in [(24, false), (32, true)] {
      let stored = rows(image, alpha: alpha)
      for bytes in [
        bmp(7, 5, bits: bits, rows: stored.reversed()), bmp(7, -5, bits: bits, rows: stored),
      ] {
        #expect(try RasterImage.decode(bytes: bytes, name: "a.bmp") == image)
        #expect(try RasterImage.probe(bytes: bytes, name: "a.bmp").format == .bmp)
      }
    }
    let palette = (0..<256).flatMap { [UInt8($0), UInt8(255 - $0), 7, 0] }
    let indexed = bmp(3, 2, bits: 8, tables: palette, rows: [[0, 1, 255], [9, 8, 7]].reversed())
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
      try Data(bmp(40, 30, bits: 24, rows: rows(image, alpha: false).reversed()))
        .write(to: URL(fileURLWithPath: path))
      #expect(try RasterImage.decode(path) == image)
      let area = PixelArea(x: 3, y: 4, width: 10, height: 9)
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

  @Test(
    arguments: [
      ([0xFF, 0x0A, 0, 0], "JPEG XL"), ([0, 0, 0, 12] + Array("jP  \r\n".utf8), "JPEG 2000"),
      (Array("GIF89a".utf8), "GIF"), (Array("8BPS".utf8), "Photoshop"),
      (Array("FUJIFILMCCD-RAW".utf8), "camera raw"),
    ] as [([UInt8], String)])
  func formatsThatAreNotReadAreNamed(bytes: [UInt8], name: String) {
    do throws(PhotoError) {
      _ = try RasterImage.decode(bytes: bytes, name: "x")
      Issue.record("\(name) was decoded")
    } catch {
      #expect(error.kind == .unknownFormat && error.description.contains(name))
    }
  }
}

/// Photos of the folder that `VERNIER_FIELD_DATA` names: 20 × 10 patches of known colours, as cameras and programs write them.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["VERNIER_FIELD_DATA"] != nil))
struct FieldPhotos {
  private struct Chart: Decodable {
    let rows: Int
    let columns: Int
    let tolerance: Double
    let srgb: [[[Double]]]
  }

  private let folder = ProcessInfo.processInfo.environment["VERNIER_FIELD_DATA"] ?? ""

  @Test func haveTheirColours() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/expected-colours.json"))
    let charts = try JSONDecoder().decode([String: Chart].self, from: data)
    for (name, chart) in charts.sorted(by: { $0.key < $1.key }) {
      let refuses = name.contains("with-")
      if refuses {
        #expect(
          errorKind { _ = try RasterImage.decode("\(folder)/photos/\(name)") } == .brokenProfile)
      }
      let options = DecodingOptions(brokenProfile: refuses ? .assumeSRGB : .refuse)
      let image = try RasterImage.decode("\(folder)/photos/\(name)", options: options)
      var worst = 0.0
      for row in 0..<chart.rows {
        for column in 0..<chart.columns {
          let x = (2 * column + 1) * image.widthPixels / (2 * chart.columns)
          let y = (2 * row + 1) * image.heightPixels / (2 * chart.rows)
          for band in 0..<3 {
            let level = Double(image.samples[3 * (y * image.widthPixels + x) + band])
            worst = max(worst, abs(level - chart.srgb[row][column][band]))
          }
        }
      }
      #expect(worst <= chart.tolerance, "\(name)")
    }
  }

  @Test func othersAreNamedOrRead() throws {
    #expect(
      errorKind { _ = try RasterImage.decode("\(folder)/photos/pq-by-nclx.avif") } == .unsupported)
    #expect(
      errorKind { _ = try RasterImage.decode("\(folder)/photos/truncated-profile.png") }
        == .brokenProfile)
    let latin = try RasterImage.probe("\(folder)/photos/latin1-model.jpg")
    #expect(latin.exif["Model"] == "Müller Cam®")
  }
}

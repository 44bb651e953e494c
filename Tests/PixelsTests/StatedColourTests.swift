import Foundation
import Pixels
import Testing

/// Linear light to linear light, from the primaries' CIE chromaticities, computed independently of
/// the program.
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

@Suite struct StatedColourTests {
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
    var sum = ~UInt32(0)
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 {
        let isOdd = sum & 1 == 1
        sum >>= 1
        if isOdd { sum ^= 0xEDB8_8320 }
      }
    }
    return ~sum
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
      // Half a level for rounding, 0.1 for the curve's table, the rest for the white points'
      // numbers.
      #expect(worst(decoded, from: levels(plain), displayP3, sRGBLight) <= 0.75, "\(name)")
      let header = try RasterImage.probe(bytes: bytes, name: name)
      #expect(header.profile == .stated(name: "Display P3 (nclx)"))
      for transfer in [UInt8(16), 18, 99] {
        bytes[nclx + 7] = transfer
        #expect(errorKind { _ = try RasterImage.decode(bytes: bytes, name: name) } == .unsupported)
      }
    }
  }

  /// An EXIF block: directory 0 with a model, and directories with a color space and an
  /// interoperability index.
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
    var stored: [Double] = []
    for y in 0..<8 {
      for x in 0..<64 {
        for band in 0..<3 {
          let level = (x * 1021 + y * 257 + band * 4099) % 65536
          stored.append(Double(level) / 65535)
        }
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
    // The gradient without black ink, stored inverted: without the marker, black ink is full.
    #expect(try #require(largestDifference(adobe, gradient())) <= 16)
    #expect(plain.samples.allSatisfy { $0 == 0 })
  }
}

import Domain
import Foundation
import Pixels
import Testing

/// A minimal DNG: 16 bits, uncompressed, red top left, in a camera whose own colors are linear
/// sRGB.
private struct DigitalNegative {
  var width = 64
  var height = 48
  var orientation = 1
  /// What the sensor sees of a white subject, of red, green and blue.
  var neutral = [1.0, 1, 1]
  /// Linear light by column, row and band.
  var light: (Int, Int, Int) -> Double

  private struct Tag {
    let number: Int
    let type: Int
    let count: Int
    let data: [UInt8]
  }

  private func little(_ number: Int, _ length: Int) -> [UInt8] {
    (0..<length).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  private func short(_ number: Int, _ values: [Int]) -> Tag {
    Tag(number: number, type: 3, count: values.count, data: values.flatMap { little($0, 2) })
  }

  private func long(_ number: Int, _ value: Int) -> Tag {
    Tag(number: number, type: 4, count: 1, data: little(value, 4))
  }

  private func bytes(_ number: Int, type: Int = 1, _ data: [UInt8]) -> Tag {
    Tag(number: number, type: type, count: data.count, data: data)
  }

  private func rationals(_ number: Int, type: Int, _ values: [Double]) -> Tag {
    var data: [UInt8] = []
    for value in values { data += little(Int((value * 10_000).rounded()), 4) + little(10_000, 4) }
    return Tag(number: number, type: type, count: values.count, data: data)
  }

  /// One directory with the data that don't fit into it and its pixels behind.
  private func directory(_ tags: [Tag], pixels: [UInt8], next: Int, at start: Int) -> [UInt8] {
    let head = 2 + 12 * (tags.count + 2) + 4
    var (entries, data) = ([UInt8](), [UInt8]())
    let dataStart = start + head
    let size = tags.filter { $0.data.count > 4 }.map(\.data.count).reduce(0, +)
    let all = tags + [long(273, dataStart + size), long(279, pixels.count)]
    for tag in all.sorted(by: { $0.number < $1.number }) {
      entries += little(tag.number, 2) + little(tag.type, 2) + little(tag.count, 4)
      if tag.data.count > 4 {
        entries += little(dataStart + data.count, 4)
        data += tag.data
      } else {
        entries += tag.data + [UInt8](repeating: 0, count: 4 - tag.data.count)
      }
    }
    return little(all.count, 2) + entries + little(next, 4) + data + pixels
  }

  private var sensor: [UInt8] {
    var samples: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let band = [0, 1, 1, 2][2 * (y % 2) + x % 2]
        samples += little(Int((65535 * light(x, y, band) * neutral[band]).rounded()), 2)
      }
    }
    return samples
  }

  private var common: [Tag] {
    [
      bytes(271, type: 2, Array("Vernier\0".utf8)), bytes(272, type: 2, Array("Test Cam\0".utf8)),
      short(274, [orientation]), bytes(50706, [1, 4, 0, 0]),
      bytes(50708, type: 2, Array("Vernier Test Cam\0".utf8)),
      rationals(
        50721, type: 10,
        [3.2405, -1.5371, -0.4985, -0.9693, 1.8760, 0.0416, 0.0556, -0.2040, 1.0572]),
      rationals(50728, type: 5, neutral), short(50778, [21]),
    ]
  }

  private var raw: [Tag] {
    [
      long(254, 0), long(256, width), long(257, height), short(258, [16]), short(259, [1]),
      short(262, [32803]), short(277, [1]), long(278, height), short(33421, [2, 2]),
      bytes(33422, [0, 1, 1, 2]), long(50717, 65535),
    ]
  }

  /// The file, with the sensor's data in its first directory.
  var file: [UInt8] {
    Array("II".utf8) + little(42, 2) + little(8, 4)
      + directory(raw + common, pixels: sensor, next: 0, at: 8)
  }

  /// The file as most cameras write it: a preview in front, the sensor's data below it.
  var fileWithPreview: [UInt8] {
    let preview = [UInt8](repeating: 255, count: 3 * 16 * 12)
    func first(_ child: Int) -> [UInt8] {
      directory(
        [
          long(254, 1), long(256, 16), long(257, 12), short(258, [8, 8, 8]), short(259, [1]),
          short(262, [2]), short(277, [3]), long(278, 12), long(330, child),
        ] + common, pixels: preview, next: 0, at: 8)
    }
    let start = 8 + first(0).count
    return Array("II".utf8) + little(42, 2) + little(8, 4) + first(start)
      + directory(raw, pixels: sensor, next: 0, at: start)
  }
}

@Suite struct RawTests {
  private let gray = DigitalNegative { _, _, band in [0.5, 0.25, 0.1][band] }

  private func level(_ light: Double) -> Double {
    255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055)
  }

  /// The largest difference from the levels of 0.5, 0.25, 0.1.
  private func worst(_ image: RasterImage) -> Double {
    let right = [0.5, 0.25, 0.1].map(level)
    var worst = 0.0
    for (index, sample) in image.samples.enumerated() {
      worst = max(worst, abs(Double(sample) - right[index % 3]))
    }
    return worst
  }

  @Test func aNegativeIsDevelopedToItsColours() throws {
    let image = try RasterImage.decode(bytes: gray.file, name: "a.dng")
    #expect(image.widthPixels == 64 && image.heightPixels == 48)
    #expect(worst(image) <= 1.5)
    let header = try RasterImage.probe(bytes: gray.file, name: "a.dng")
    #expect(header.format == .raw && header.widthPixels == 64)
    #expect(header.exif["Model"] == "Test Cam" && header.exif["Make"] == "Vernier")
    #expect(header.colourSummary.contains("LibRaw") && header.colourSummary.contains("as shot"))
  }

  @Test func theCamerasWhiteBalanceIsUsed() throws {
    var tinted = gray
    tinted.neutral = [0.5, 1, 0.8]
    #expect(worst(try RasterImage.decode(bytes: tinted.file, name: "a.dng")) <= 1.5)
  }

  @Test func thePreviewIsNeverThePhoto() throws {
    let bytes = gray.fileWithPreview
    #expect(try RasterImage.probe(bytes: bytes, name: "a.nef").widthPixels == 64)
    #expect(worst(try RasterImage.decode(bytes: bytes, name: "a.nef")) <= 1.5)
    // Without its second half, the file still holds the whole preview.
    let cut = Array(bytes.prefix(bytes.count / 2))
    #expect(errorKind { _ = try RasterImage.decode(bytes: cut, name: "a.nef") } == .damaged)
  }

  @Test func aTurnedNegativeIsUpright() throws {
    var turned = DigitalNegative { x, _, _ in x < 32 ? 0.5 : 0.02 }
    turned.orientation = 6
    let image = try RasterImage.decode(bytes: turned.file, name: "a.dng")
    #expect(image.widthPixels == 48 && image.heightPixels == 64)
    #expect(image.samples[0] > 150 && image.samples[3 * 48 * 60] < 100)
    let header = try RasterImage.probe(bytes: turned.file, name: "a.dng")
    #expect(header.widthPixels == 48 && header.heightPixels == 64)
  }

  @Test func filesAreReadInPartsAndSmaller() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/photo.jpg"
      try Data(gray.fileWithPreview).write(to: URL(fileURLWithPath: path))
      #expect(worst(try RasterImage.decode(path)) <= 1.5)
      let small = try RasterImage.decodeShrunk(path, longSide: 20)
      #expect(small.image.widthPixels == 20 && small.header.widthPixels == 64)
      #expect(worst(small.image) <= 1.5)
      let area = PixelRectangle(x: 10, y: 4, width: 9, height: 30)
      let part = try RasterImage.decodeArea(path, area: area, width: 9, height: 30)
      #expect(worst(part) <= 1.5)
      let options = DecodingOptions(maximumPixels: 1000)
      #expect(errorKind { _ = try RasterImage.decode(path, options: options) } == .enormous)
    }
  }

  @Test func aSignatureAloneIsDamage() throws {
    for start in ["FUJIFILMCCD-RAW ", "IIU\0\u{8}\0\0\0", "\0\0\0\u{18}ftypcrx "] {
      let kind = errorKind { _ = try RasterImage.decode(bytes: Array(start.utf8), name: "a.raw") }
      #expect(kind == .damaged, "\(start)")
    }
  }

  @Test func damageNeverEndsTheProgram() throws {
    let bytes = gray.fileWithPreview
    var state: UInt64 = 5
    for _ in 0..<40 {
      var damaged = bytes
      for _ in 0..<4 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        // Most flips go into the directories: the sensor's data have no structure.
        let place = Int(state >> 33) % (8 * 1400)
        damaged[place / 8] ^= 1 << UInt8(place % 8)
      }
      let options = DecodingOptions(maximumPixels: 4_000_000)
      let outcome = Result {
        try RasterImage.decode(bytes: damaged, name: "a.dng", options: options)
      }
      if case .success(let image) = outcome { #expect(image.pixelCount <= 4_000_000) }
    }
  }
}

import Pixels
import Testing

/// Photos with a second image that would show them in high dynamic range.
@Suite struct GainMapTests {
  private func big(_ number: Int, _ length: Int) -> [UInt8] {
    (0..<length).map { UInt8(truncatingIfNeeded: number >> (8 * (length - 1 - $0))) }
  }

  private func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
    [0xFF, marker] + big(content.count + 2, 2) + content
  }

  private func jpeg(_ segments: [UInt8], behind: [UInt8] = []) throws -> [UInt8] {
    var bytes = try Fixture.bytes("plain.jpg")
    bytes.insert(contentsOf: segments, at: 2)
    return bytes + behind
  }

  private func expectBase(_ bytes: [UInt8], hasGainMap: Bool) throws {
    let header = try RasterImage.probe(bytes: bytes, name: "hdr.jpg")
    #expect(header.hasGainMap == hasGainMap)
    #expect(header.colourSummary.contains("gain map") == hasGainMap)
    let plain = try RasterImage.decode(Fixture.path("plain.jpg"))
    #expect(try RasterImage.decode(bytes: bytes, name: "hdr.jpg") == plain)
  }

  private let xmp = Array("http://ns.adobe.com/xap/1.0/\0<x xmlns:hdrgm=\"".utf8)

  @Test func isNamedByXMPOrByISO() throws {
    try expectBase(jpeg([]), hasGainMap: false)
    try expectBase(jpeg(segment(0xE1, xmp)), hasGainMap: false)
    let ultra = xmp + Array("http://ns.adobe.com/hdr-gain-map/1.0/\" hdrgm:Version=\"1.0\"".utf8)
    try expectBase(jpeg(segment(0xE1, ultra)), hasGainMap: true)
    let iso = Array("urn:iso:std:iso:ts:21496:-1\0".utf8) + [0, 0, 0, 0]
    try expectBase(jpeg(segment(0xE2, iso)), hasGainMap: true)
  }

  @Test func isFoundInTheSecondPictureOfAFile() throws {
    // Apple's photos name the gain map in the second image only, which the index points to.
    for (text, isOne) in [
      ("urn:com:apple:photo:2020:aux:hdrgainmap", true),
      ("urn:com:apple:photo:2020:aux:other", false),
    ] {
      let second = [0xFF, 0xD8] + segment(0xE1, xmp + Array(text.utf8)) + [0xFF, 0xD9]
      let first = try Fixture.bytes("plain.jpg")
      func index(_ place: Int) -> [UInt8] {
        let head = Array("MM".utf8) + big(42, 2) + big(8, 4)
        let entry = big(0xB002, 2) + big(7, 2) + big(32, 4) + big(26, 4)
        let directory = big(1, 2) + entry + big(0, 4)
        let images =
          big(0x2003_0000, 4) + big(first.count, 4) + big(0, 8) + big(0, 4)
          + big(second.count, 4) + big(place, 4) + big(0, 4)
        return segment(0xE2, Array("MPF\0".utf8) + head + directory + images)
      }
      // Places are counted from the index's own «MM», behind marker, length and name.
      let place = first.count + index(0).count - (2 + 8)
      try expectBase(jpeg(index(place), behind: second), hasGainMap: isOne)
    }
  }

  @Test func isFoundInHEIC() throws {
    var bytes = try Fixture.bytes("plain.heic")
    #expect(try !RasterImage.probe(bytes: bytes, name: "a.heic").hasGainMap)
    let plain = try RasterImage.decode(bytes: bytes, name: "a.heic")
    func place(_ name: String) throws -> Int {
      try #require(bytes.indices.first { bytes[$0...].starts(with: name.utf8) })
    }
    func number(_ offset: Int) -> Int {
      bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
    // A property of an auxiliary image at the end of `meta`; what lies behind moves.
    let text = Array("urn:com:apple:photo:2020:aux:hdrgainmap\0".utf8)
    let box = big(text.count + 8, 4) + Array("free".utf8) + text
    let (meta, items, data) = (try place("meta") - 4, try place("iloc"), try place("mdat"))
    let end = meta + number(meta)
    let extent = try #require(
      (items..<(items + number(items - 4) - 8)).first {
        (data...bytes.count).contains(number($0))
      })
    bytes.replaceSubrange(extent..<(extent + 4), with: big(number(extent) + box.count, 4))
    bytes.replaceSubrange(meta..<(meta + 4), with: big(number(meta) + box.count, 4))
    bytes.insert(contentsOf: box, at: end)
    #expect(try RasterImage.probe(bytes: bytes, name: "a.heic").hasGainMap)
    #expect(try RasterImage.decode(bytes: bytes, name: "a.heic") == plain)
  }
}

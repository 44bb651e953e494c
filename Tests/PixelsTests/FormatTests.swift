import Foundation
import Pixels
import Testing

/// Formats are recognized by content.
@Suite struct FormatTests {
  @Test(
    arguments: [
      ([0xFF, 0x0A, 0, 0], "JPEG XL"), ([0, 0, 0, 12] + Array("JXL \r\n".utf8), "JPEG XL"),
      (Array("GIF89a".utf8), "GIF"), (Array("8BPS".utf8), "Photoshop"),
    ] as [([UInt8], String)])
  func formatsThatAreNotReadAreNamed(bytes: [UInt8], name: String) {
    do throws(PhotoError) {
      _ = try RasterImage.decode(bytes: bytes, name: "x")
      Issue.record("\(name) was decoded")
    } catch {
      #expect(error.kind == .unknownFormat && error.description.contains(name))
    }
  }

  @Test func jpeg2000IsReadExactly() throws {
    let pattern = try testPattern(width: 48, height: 32)
    for name in ["plain.jp2", "plain.j2k"] {
      #expect(try RasterImage.decode(Fixture.path(name)) == pattern)
      #expect(try RasterImage.probe(Fixture.path(name)).format == .jpeg2000)
      let bytes = try Fixture.bytes(name)
      let cut = Array(bytes.prefix(bytes.count * 2 / 3))
      #expect(errorKind { _ = try RasterImage.decode(bytes: cut, name: name) } == .damaged)
    }
  }
}

/// TIFF files that hold more than the photo.
@Suite struct TIFFPageTests {
  /// One image: gray levels in one strip, and the tags that mark it.
  private struct Page {
    var width = 4
    var height = 4
    var level: UInt8
    var tags: [(tag: Int, value: Int)] = []
  }

  private func little(_ number: Int, _ length: Int) -> [UInt8] {
    (0..<length).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  /// A little-endian TIFF of pages, one after the other; the children hang on the first.
  private func tiff(_ pages: [Page], children: [Page] = []) -> [UInt8] {
    var bytes = Array("II".utf8) + little(42, 2) + little(8, 4)
    func directory(_ page: Page, subdirectories: [Int], next: Int, at start: Int) -> [UInt8] {
      var tags: [(Int, Int)] = [
        (256, page.width), (257, page.height), (258, 8), (259, 1), (262, 1), (277, 1),
        (278, page.height), (279, page.width * page.height),
      ]
      tags.removeAll { old in page.tags.contains { $0.tag == old.0 } }
      tags += page.tags.map { ($0.tag, $0.value) }
      if let child = subdirectories.first { tags.append((330, child)) }
      let pixels = start + 2 + 12 * (tags.count + 1) + 4
      tags.append((273, pixels))
      var entries: [UInt8] = []
      for (tag, value) in tags.sorted(by: { $0.0 < $1.0 }) {
        entries += little(tag, 2) + little(4, 2) + little(1, 4) + little(value, 4)
      }
      return little(tags.count, 2) + entries + little(next, 4)
        + [UInt8](repeating: page.level, count: page.width * page.height)
    }
    func size(_ page: Page, hasChild: Bool) -> Int {
      directory(page, subdirectories: hasChild ? [0] : [], next: 0, at: 0).count
    }
    var childStart = 8
    for (index, page) in pages.enumerated() {
      childStart += size(page, hasChild: index == 0 && !children.isEmpty)
    }
    for (index, page) in pages.enumerated() {
      let own = index == 0 && !children.isEmpty ? [childStart] : []
      let next = index + 1 < pages.count ? bytes.count + size(page, hasChild: !own.isEmpty) : 0
      bytes += directory(page, subdirectories: own, next: next, at: bytes.count)
    }
    for child in children {
      bytes += directory(child, subdirectories: [], next: 0, at: bytes.count)
    }
    return bytes
  }

  private func level(_ bytes: [UInt8]) throws -> UInt8 {
    try RasterImage.decode(bytes: bytes, name: "a.tif").samples[0]
  }

  @Test func aThumbnailInFrontIsPassedOver() throws {
    let photo = Page(width: 12, height: 12, level: 200)
    #expect(try level(tiff([photo])) == 200)
    for marks in [[(254, 1)], [(255, 2)], []] {
      let thumbnail = Page(level: 9, tags: marks.map { (tag: $0.0, value: $0.1) })
      let bytes = tiff([thumbnail, photo])
      #expect(try level(bytes) == 200, "\(marks)")
      #expect(try RasterImage.probe(bytes: bytes, name: "a.tif").widthPixels == 12)
      try withTemporaryFolder { folder in
        let path = "\(folder)/a.tif"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        #expect(try RasterImage.decodeShrunk(path, longSide: 6).image.samples[0] == 200)
      }
    }
  }

  @Test func otherPagesDontCount() throws {
    let photo = Page(width: 12, height: 12, level: 200)
    // A page of another shape, and one that isn't much larger, are no originals of the first.
    #expect(try level(tiff([photo, Page(width: 40, height: 12, level: 9)])) == 200)
    #expect(try level(tiff([photo, Page(width: 14, height: 14, level: 9)])) == 200)
    let pyramid = Page(width: 6, height: 6, level: 9, tags: [(tag: 254, value: 1)])
    #expect(try level(tiff([photo, pyramid])) == 200)
    #expect(try level(tiff([pyramid])) == 9)
  }

  @Test func previewsAloneAreRefused() throws {
    let preview = Page(level: 9, tags: [(tag: 254, value: 1)])
    for bytes in [tiff([preview, preview]), tiff([preview], children: [Page(level: 7)])] {
      #expect(errorKind { _ = try level(bytes) } == .unsupported)
    }
  }

  @Test func rawIsNeverTakenByItsPreview() throws {
    let preview = Page(level: 9)
    let sensor = Page(level: 7, tags: [(tag: 262, value: 32803)])
    let linear = Page(level: 7, tags: [(tag: 262, value: 34892)])
    let dng = Page(level: 9, tags: [(tag: 50706, value: 0x401)])
    for bytes in [
      tiff([preview], children: [sensor]), tiff([preview, sensor]), tiff([sensor]), tiff([dng]),
      tiff([preview], children: [linear]),
    ] {
      #expect(throws: PhotoError.self) { try level(bytes) }
    }
  }
}

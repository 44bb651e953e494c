import Domain
import Foundation
import Pixels
import Testing

@Suite struct HostileInputTests {
  @Test func whatIsNoPhotoIsNamedAsSuch() throws {
    try withTemporaryFolder { folder in
      let empty = "\(folder)/empty.jpg"
      let text = "\(folder)/text.jpg"
      let link = "\(folder)/link.jpg"
      let loop = "\(folder)/loop.jpg"
      let svg = "\(folder)/drawing.svg"
      try Data().write(to: URL(fileURLWithPath: empty))
      try Data("not a photo".utf8).write(to: URL(fileURLWithPath: text))
      try Data("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>".utf8)
        .write(to: URL(fileURLWithPath: svg))
      try FileManager.default.createSymbolicLink(
        atPath: link, withDestinationPath: "\(folder)/nowhere")
      try FileManager.default.createSymbolicLink(atPath: loop, withDestinationPath: loop)
      #expect(mkfifo("\(folder)/pipe.jpg", 0o600) == 0)
      let expected: [(String, PhotoError.Kind)] = [
        ("\(folder)/absent.jpg", .missing), (link, .missing), (loop, .missing), ("", .missing),
        (folder, .notAFile), ("/dev/null", .notAFile), ("\(folder)/pipe.jpg", .notAFile),
        (empty, .empty), (text, .unknownFormat), (svg, .unknownFormat),
        ("\(text)/inside.jpg", .missing), ("a\0b.jpg", .missing),
      ]
      for (path, kind) in expected {
        #expect(errorKind { _ = try RasterImage.decode(path) } == kind, "\(path)")
        #expect(errorKind { _ = try RasterImage.probe(path) } == kind, "\(path)")
      }
    }
  }

  @Test func anErrorIsOneLineThatNamesTheFile() throws {
    do throws(PhotoError) {
      _ = try RasterImage.decode("/nowhere/two\nlines\u{1B}[31m.jpg")
      Issue.record("a missing file was decoded")
    } catch {
      #expect(error.description.contains("/nowhere/two\\u{a}lines\\u{1b}[31m.jpg"))
      #expect(!error.description.contains("\n"))
    }
  }

  @Test func oddNamesAreOrdinaryNames() throws {
    try withTemporaryFolder { folder in
      let pattern = try testPattern(width: 9, height: 7)
      let names = [
        "with space.png", "zwei\nZeilen.png", "Ünïcödé-日本.png", "photo[shrink=2].png", "-.png",
        "a:b.png",
      ]
      for name in names {
        try pattern.write(to: "\(folder)/\(name)", as: .png())
        #expect(try RasterImage.decode("\(folder)/\(name)") == pattern, "\(name)")
      }
      let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(Set(files) == Set(names), "no temporary file stays behind")
    }
  }

  @Test(arguments: [
    "plain.jpg", "progressive.jpg", "plain.png", "plain.tif", "plain.webp", "plain.heic",
    "plain.avif",
  ])
  func everyTruncationIsAnError(name: String) throws {
    let bytes = try Fixture.bytes(name)
    // The last bytes may carry no pixels (JPEG's end mark, PNG's end chunk): cut well before.
    for percent in stride(from: 2, through: 90, by: 4) {
      let cut = Array(bytes.prefix(bytes.count * percent / 100))
      #expect(throws: PhotoError.self, "\(name) cut at \(percent) %") {
        try RasterImage.decode(bytes: cut, name: name)
      }
    }
  }

  @Test(arguments: [
    "plain.jpg", "p3.jpg", "plain.png", "sixteen.png", "plain.tif", "plain.webp", "plain.heic",
    "plain.avif", "alpha.png", "cmyk.jpg",
  ])
  func flippedBitsGiveAnImageOrAnError(name: String) throws {
    let bytes = try Fixture.bytes(name)
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    var options = DecodingOptions()
    options.maximumPixels = 4_000_000
    for _ in 0..<200 {
      var damaged = bytes
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let bit = Int(state >> 33) % (8 * bytes.count)
        damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      }
      // Some flips leave a valid image; none may end the process.
      let outcome = Result { try RasterImage.decode(bytes: damaged, name: name, options: options) }
      if case .success(let image) = outcome {
        #expect(image.samples.count == 3 * image.pixelCount)
      }
    }
  }

  @Test func anEnormousHeaderIsRefusedBeforeDecoding() throws {
    #expect(errorKind { _ = try RasterImage.decode(Fixture.path("bomb.png")) } == .enormous)
    #expect(errorKind { _ = try RasterImage.probe(Fixture.path("bomb.png")) } == .enormous)
    var options = DecodingOptions()
    options.maximumPixels = 48 * 32 - 1
    let plain = Fixture.path("plain.png")
    #expect(errorKind { _ = try RasterImage.decode(plain, options: options) } == .enormous)
    options.maximumPixels += 1
    #expect(errorKind { _ = try RasterImage.decode(plain, options: options) } == nil)
  }

  @Test func theContentDecidesNotTheName() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/really-a-png.jpg"
      try FileManager.default.copyItem(atPath: Fixture.path("plain.png"), toPath: path)
      #expect(try RasterImage.probe(path).format == .png)
      #expect(try RasterImage.decode(path) == testPattern(width: 48, height: 32))
    }
  }

  @Test func anAreaOverTheBorderIsAnError() throws {
    let path = Fixture.path("plain.png")
    for area in [
      PixelRectangle(x: -1, y: 0, width: 4, height: 4),
      PixelRectangle(x: 45, y: 0, width: 4, height: 4),
      PixelRectangle(x: 0, y: 0, width: 0, height: 4),
      PixelRectangle(x: .max, y: 0, width: .max, height: 1),
    ] {
      #expect(throws: PhotoError.self) {
        try RasterImage.decodeArea(path, area: area, width: 4, height: 4)
      }
    }
  }
}

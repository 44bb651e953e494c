import Domain
import Foundation
import Pixels
import Testing

/// Photos decoded in locked processes: the same pixels, the same errors, and harm that stays there.
@Suite struct DecoderProcessTests {
  private static let photos: [String] = {
    let folder = URL(fileURLWithPath: Fixture.path("plain.jpg")).deletingLastPathComponent()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { !$0.hasSuffix(".json") }.sorted()
  }()

  private static func locked(seconds: Int = 60) throws -> DecodingOptions {
    var options = DecodingOptions()
    options.process = try DecoderProcess(seconds: seconds)
    return options
  }

  /// What reading a photo gives: a value, or the error's one line.
  private func outcome<Value>(_ read: () throws(PhotoError) -> Value) -> Result<Value, PhotoError> {
    do throws(PhotoError) { return .success(try read()) } catch { return .failure(error) }
  }

  @Test func everyFixtureIsReadAsWithoutIt() throws {
    let locked = try Self.locked()
    try #require(Self.photos.count > 20)
    for name in Self.photos {
      let path = Fixture.path(name)
      let area = PixelRectangle(x: 3, y: 2, width: 11, height: 7)
      func same<Value: Equatable>(
        _ read: (DecodingOptions) throws(PhotoError) -> Value
      ) -> Bool {
        outcome { () throws(PhotoError) in try read(DecodingOptions()) }
          == outcome { () throws(PhotoError) in try read(locked) }
      }
      #expect(
        same { options throws(PhotoError) in try RasterImage.probe(path, options: options) },
        "\(name): header")
      #expect(
        same { options throws(PhotoError) in try RasterImage.decode(path, options: options) },
        "\(name): pixels")
      #expect(
        same { options throws(PhotoError) in
          try RasterImage.decodeShrunk(path, longSide: 9, options: options).image
        }, "\(name): shrunk")
      #expect(
        same { options throws(PhotoError) in
          try RasterImage.decodeShrunk(path, longSide: 9, options: options).header
        }, "\(name): shrunk, header")
      let strip = TargetSize(longSidePixels: 9, shortestPixels: 8)
      for size in [TargetSize(longSidePixels: 20), strip] {
        #expect(
          same { options throws(PhotoError) in
            try RasterImage.decodeResized(path, to: size, options: options).image
          }, "\(name): resized")
        #expect(
          outcome { () throws(PhotoError) in
            try RasterImage.decodeResized(path, to: size, options: locked).image
          }
            == outcome { () throws(PhotoError) in
              try RasterImage.decode(path).resized(to: size)
            }, "\(name): decoded, then resized")
      }
      #expect(
        same { options throws(PhotoError) in
          try RasterImage.decodeArea(path, area: area, width: 5, height: 9, options: options)
        }, "\(name): area")
    }
  }

  @Test func whatIsNoPhotoIsNamedAsWithoutIt() throws {
    let locked = try Self.locked()
    try withTemporaryFolder { folder in
      let (empty, text) = ("\(folder)/empty.jpg", "\(folder)/text.jpg")
      try Data().write(to: URL(fileURLWithPath: empty))
      try Data("not a photo".utf8).write(to: URL(fileURLWithPath: text))
      for path in ["\(folder)/absent.jpg", folder, "/dev/null", empty, text, ""] {
        #expect(
          outcome { () throws(PhotoError) in try RasterImage.decode(path) }
            == outcome { () throws(PhotoError) in try RasterImage.decode(path, options: locked) },
          "\(path)")
      }
    }
  }

  @Test func settingsAreRecordedAsWithoutIt() throws {
    #expect(try Self.locked().deviation == nil)
    var options = try Self.locked()
    options.maximumPixels = 7
    #expect(options.deviation == DecodingOptions(maximumPixels: 7).deviation)
  }

  @Test(arguments: DecoderMisbehaviour.allCases)
  func aPhotoThatTakesItsDecoderOverHarmsOnlyItself(_ how: DecoderMisbehaviour) throws {
    let options = try Self.locked(seconds: 1)
    let process = try #require(options.process)
    let server = process.serverProcess
    let photo = Fixture.path("plain.jpg")
    do throws(PhotoError) {
      try process.misbehave(how, as: photo)
      Issue.record("\(how) was taken for an answer")
    } catch {
      #expect(error.kind == .crash)
      #expect(error.path == photo)
    }
    #expect(
      try RasterImage.decode(photo, options: options) == RasterImage.decode(photo))
    #expect(process.serverProcess == server, "the others' decoder was replaced")
  }

  @Test func aDecoderThatIsKilledIsReplaced() throws {
    let options = try Self.locked()
    let process = try #require(options.process)
    let first = try #require(process.serverProcess)
    #expect(kill(first, SIGKILL) == 0)
    let photo = Fixture.path("plain.jpg")
    #expect(try RasterImage.decode(photo, options: options) == RasterImage.decode(photo))
    #expect(process.serverProcess != first)
  }

  @Test func aPixelLimitHoldsThere() throws {
    var options = try Self.locked()
    options.maximumPixels = 100
    #expect(
      errorKind { _ = try RasterImage.decode(Fixture.path("plain.jpg"), options: options) }
        == .enormous)
  }
}

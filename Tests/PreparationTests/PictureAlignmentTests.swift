import Domain
import Pixels
import Preparation
import Statistics
import Testing

@Suite struct PictureAlignmentTests {
  /// Bright disks on dark ground, shifted; another seed is another picture.
  private func disks(seed: UInt64 = 1, x: Double = 0, y: Double = 0) throws -> RasterImage {
    var generator = SeededGenerator(seed: seed)
    let places = (0..<40).map { _ in
      (
        x: Double.random(in: -50...370, using: &generator) + x,
        y: Double.random(in: -50...290, using: &generator) + y,
        radius: Double.random(in: 6...30, using: &generator),
        level: Double.random(in: 60...250, using: &generator)
      )
    }
    var samples: [UInt8] = []
    for row in 0..<240 {
      for column in 0..<320 {
        var level = 20.0
        for disk in places {
          let (across, down) = (Double(column) - disk.x, Double(row) - disk.y)
          if across * across + down * down < disk.radius * disk.radius { level = disk.level }
        }
        samples += [UInt8(level), UInt8(level * 0.8), UInt8(level * 0.6)]
      }
    }
    return try #require(RasterImage(widthPixels: 320, heightPixels: 240, samples: samples))
  }

  @Test func degradedAndDarkerPicturesLieOnEachOther() throws {
    let image = try disks()
    #expect(PictureAlignment(image, image).isRegistered)
    let recipe = DegradationRecipe(
      level: 1, subsamplingFactor: 4, sharpeningAmount: 0.5, sharpeningSigmaPixels: 1,
      noiseVariance: 60, noiseSeed: 3)
    #expect(PictureAlignment(image, try Degradation().apply(recipe, to: image)).isRegistered)
    var dark = image
    for index in dark.samples.indices { dark.samples[index] /= 2 }
    let enlarged = dark.resizedBicubic(widthPixels: 640, heightPixels: 480)
    #expect(PictureAlignment(image, enlarged).isRegistered)
  }

  @Test(arguments: [(3.0, 0.0), (-20, 8), (25, -20)])
  func aShiftIsFound(x: Double, y: Double) throws {
    let found = PictureAlignment(try disks(), try disks(x: x, y: y))
    #expect(!found.isRegistered)
    // To a pixel of the pictures, which are not made smaller.
    #expect(abs(found.across * 320 - x) <= 1 && abs(found.down * 240 - y) <= 1)
    #expect(found.correlation > found.correlationInPlace)
  }

  @Test func anotherPictureIsNoCopy() throws {
    #expect(!PictureAlignment(try disks(), try disks(seed: 2)).isRegistered)
  }

  @Test func tinyAndFlatPicturesAreCompared() {
    let flat = RasterImage(widthPixels: 2, heightPixels: 1, red: 9, green: 9, blue: 9)
    #expect(PictureAlignment(flat, flat).correlationInPlace == 0)
  }
}

import Domain
import Foundation
import Pixels
import Testing

@Test(arguments: ["plain.png", "plain.tif", "plain.webp"])
func losslessFormatsDecodeExactly(name: String) throws {
  let pattern = try testPattern(width: 48, height: 32)
  #expect(try RasterImage.decode(Fixture.path(name)) == pattern)
  #expect(try RasterImage.decode(bytes: Fixture.bytes(name), name: name) == pattern)
}

@Test func lossyFormatsDecodeClosely() throws {
  let gradient = try gradient()
  // Chroma subsampling and quantization at quality 90-95 of a smooth gradient.
  for name in ["plain.jpg", "progressive.jpg", "plain.avif"] {
    let image = try RasterImage.decode(Fixture.path(name))
    #expect(try #require(largestDifference(image, gradient)) <= 16, "\(name)")
  }
  let heic = try RasterImage.decode(Fixture.path("plain.heic"))
  #expect(heic.widthPixels == 96 && heic.heightPixels == 64)
  let small = heic.resizedBicubic(widthPixels: 48, heightPixels: 32)
  #expect(try #require(largestDifference(small, gradient)) <= 16)
}

@Test(arguments: 1...8)
func everyOrientationIsAppliedAsExifDefinesIt(value: Int) throws {
  let stored = try RasterImage.decode(Fixture.path("orientation1.jpg"))
  let upright = try RasterImage.decode(Fixture.path("orientation\(value).jpg"))
  let width = stored.widthPixels
  let height = stored.heightPixels
  #expect(upright.widthPixels == (value < 5 ? width : height))
  for y in 0..<upright.heightPixels {
    for x in 0..<upright.widthPixels {
      // EXIF 2.32, tag 274: where row 0 and column 0 of the stored image appear.
      let (column, row) =
        switch value {
        case 1: (x, y)
        case 2: (width - 1 - x, y)
        case 3: (width - 1 - x, height - 1 - y)
        case 4: (x, height - 1 - y)
        case 5: (y, x)
        case 6: (y, height - 1 - x)
        case 7: (width - 1 - y, height - 1 - x)
        default: (width - 1 - y, x)
        }
      let target = 3 * (y * upright.widthPixels + x)
      let source = 3 * (row * width + column)
      #expect(upright.samples[target] == stored.samples[source])
      #expect(upright.samples[target + 1] == stored.samples[source + 1])
    }
  }
}

@Test(arguments: 1...8)
func anAreaOfATurnedPhotoEqualsTheCropOfTheWhole(value: Int) throws {
  let path = Fixture.path("orientation\(value).jpg")
  let whole = try RasterImage.decode(path)
  let area = PixelRectangle(x: 3, y: 5, width: 17, height: 11)
  let crop = try #require(whole.cropped(to: area))
  #expect(try RasterImage.decodeArea(path, area: area, width: 17, height: 11) == crop)
  let enlarged = try RasterImage.decodeArea(path, area: area, width: 40, height: 30)
  let expected = crop.resizedBicubic(widthPixels: 40, heightPixels: 30)
  // Turning after resampling sums in another order: a tie may round the other way.
  #expect(try #require(largestDifference(enlarged, expected)) <= 1)
}

@Test func orientationAndItsInverseCancel() throws {
  let image = try testPattern(width: 70, height: 41)
  for orientation in Orientation.allCases {
    #expect(image.oriented(orientation).oriented(orientation.inverse) == image)
  }
}

@Test func displayP3IsConvertedAsTheMatrixSays() throws {
  let stored = try testPattern(width: 48, height: 32)
  let decoded = try RasterImage.decode(Fixture.path("p3.png"))
  let matrix = [
    [1.2249402, -0.2249402, 0.0], [-0.0420570, 1.0420570, 0.0],
    [-0.0196376, -0.0786361, 1.0982737],
  ]
  var worst = 0.0
  for pixel in 0..<stored.pixelCount {
    let linear = (0..<3).map { linearLight(Double(stored.samples[3 * pixel + $0]) / 255) }
    for band in 0..<3 {
      let value = zip(matrix[band], linear).map(*).reduce(0, +)
      let expected = 255 * encodedLight(min(max(value, 0), 1))
      worst = max(worst, abs(Double(decoded.samples[3 * pixel + band]) - expected))
    }
  }
  // Half a level for rounding, the rest for the profile's 16-bit numbers and the curve's table.
  #expect(worst <= 0.65)
  #expect(try RasterImage.probe(Fixture.path("p3.png")).profile == .embedded(name: "Display P3"))
}

@Test func opaqueAlphaChangesNoColour() throws {
  let plain = try RasterImage.decode(Fixture.path("p3.png"))
  #expect(try RasterImage.decode(Fixture.path("p3-opaque.png")) == plain)
}

@Test func anEmbeddedSRGBProfileChangesNothing() throws {
  let pattern = try testPattern(width: 48, height: 32)
  #expect(try RasterImage.decode(Fixture.path("srgb.png")) == pattern)
}

/// The sRGB transfer curve, IEC 61966-2-1.
private func linearLight(_ value: Double) -> Double {
  value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
}

/// The inverse of the sRGB transfer curve.
private func encodedLight(_ value: Double) -> Double {
  value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
}

@Test func sixteenBitsAreRoundedToEight() throws {
  let image = try RasterImage.decode(Fixture.path("sixteen.png"))
  #expect(try RasterImage.probe(Fixture.path("sixteen.png")).bitsPerSample == 16)
  for y in 0..<8 {
    for x in 0..<64 {
      for band in 0..<3 {
        let value = Double((x * 1021 + y * 257 + band * 4099) % 65536)
        #expect(Double(image.samples[3 * (y * 64 + x) + band]) == (value / 257).rounded())
      }
    }
  }
}

@Test func greyPaletteAndCMYKBecomeRGB() throws {
  for name in ["grey.png", "grey.jpg"] {
    let grey = try RasterImage.decode(Fixture.path(name))
    for pixel in 0..<grey.pixelCount {
      let base = 3 * pixel
      #expect(grey.samples[base] == grey.samples[base + 1])
      #expect(grey.samples[base] == grey.samples[base + 2])
    }
  }
  #expect(try RasterImage.decode(Fixture.path("palette.png")).pixelCount == 48 * 32)
  let cmyk = try RasterImage.decode(Fixture.path("cmyk.jpg"))
  // Ink has a smaller gamut than sRGB; only the order of dark and bright must survive.
  #expect(cmyk.samples[0] < cmyk.samples[3 * 47])
  #expect(cmyk.samples[1] < cmyk.samples[3 * 48 * 31 + 1])
}

@Test func alphaIsBlendedOverMidGrey() throws {
  let colour = try testPattern(width: 48, height: 32)
  let image = try RasterImage.decode(Fixture.path("alpha.png"))
  #expect(try RasterImage.probe(Fixture.path("alpha.png")).hasAlpha)
  for pixel in 0..<image.pixelCount {
    let alpha = Double(5 * (pixel % 48)) / 255
    for band in 0..<3 {
      let blend = alpha * Double(colour.samples[3 * pixel + band]) + (1 - alpha) * 119
      // The blend is truncated by the library, hence less than one level.
      #expect(abs(Double(image.samples[3 * pixel + band]) - blend) <= 1)
    }
  }
}

@Test func aBrokenProfileIsRefusedOrStated() throws {
  var lenient = DecodingOptions()
  lenient.brokenProfile = .assumeSRGB
  for name in ["broken-profile.jpg", "broken-profile.png", "useless-profile.jpg"] {
    let path = Fixture.path(name)
    #expect(errorKind { _ = try RasterImage.decode(path) } == .brokenProfile, "\(name)")
    #expect(try RasterImage.decode(path, options: lenient).widthPixels == 48)
  }
  let header = try RasterImage.probe(Fixture.path("broken-profile.jpg"), options: lenient)
  #expect(header.profile.summary.contains("broken"))
}

@Test func aHeaderTellsSizeFormatAndExif() throws {
  let header = try RasterImage.probe(Fixture.path("orientation6.jpg"))
  #expect(header.format == .jpeg)
  #expect(header.widthPixels == 32 && header.heightPixels == 48)
  #expect(header.orientation == .turnedClockwise)
  #expect(header.exif["Make"] == "Vernier (test)")
  #expect(header.exif["Model"] == "Model, one")
  #expect(header.profile == .assumedSRGB)
}

@Test func aResizedPhotoHasTheAskedLongSideAndTheSameContent() throws {
  try withTemporaryFolder { folder in
    let photo = try image(1000, 700) { x, y, band in (x / 4 + y / 5 + 40 * band) % 256 / 2 + 60 }
    for encoding in [ImageEncoding.jpeg(quality: 98), .png(), .webpLossless()] {
      let path = "\(folder)/photo.\(encoding.fileExtension)"
      try photo.write(to: path, as: encoding)
      let shrunk = try RasterImage.decodeShrunk(path, longSide: 240)
      #expect(shrunk.image.widthPixels == 240 && shrunk.image.heightPixels == 168)
      #expect(shrunk.header.widthPixels == 1000)
      let exact = photo.resizedBicubic(widthPixels: 240, heightPixels: 168)
      let differences = zip(shrunk.image.samples, exact.samples).map { abs(Int($0) - Int($1)) }
      // JPEG's own shrinking is another antialiasing filter; the mean shows misplacement best.
      let mean = Double(differences.reduce(0, +)) / Double(differences.count)
      #expect(mean < 2, "\(encoding)")
      let whole = try RasterImage.decodeShrunk(path, longSide: 4000)
      #expect(whole.image.widthPixels == 1000)
    }
  }
}

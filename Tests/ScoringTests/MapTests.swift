import Domain
import Pixels
import Scoring
import Testing

@Suite struct MapTests {
  @Test func cellsTakeTheMeanOfWhatShowsThem() {
    let patches = [
      PatchScore(area: PixelRectangle(x: 0, y: 0, width: 60, height: 100), score: 1),
      PatchScore(area: PixelRectangle(x: 40, y: 0, width: 40, height: 100), score: 3),
    ]
    let map = QualityMap(patches, widthPixels: 100, heightPixels: 100, columns: 5, rows: 1)
    // Cells of 20 pixels: 0-40 the first, 40-60 both, 60-80 the second, 80-100 none.
    #expect(map.values == [1, 1, 2, 3, nil])
  }

  @Test func coloursRiseInLightness() {
    let scale = ColourScale(low: -1, high: 1)
    func lightness(_ value: Double) -> Double {
      let colour = scale.colour(of: value)
      return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]
    }
    let values = stride(from: -1.0, through: 1, by: 0.05).map(lightness)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    #expect(scale.colour(of: -9) == scale.colour(of: -1))
    #expect(scale.colour(of: 9) == scale.colour(of: 1))
  }

  @Test(arguments: [(-1.0, 1.0), (0.001, 0.0042), (-11.03, 5), (1e6, 1.2e6), (3, 3)])
  func ticksAreRoundAndFew(low: Double, high: Double) {
    let scale = ColourScale(low: low, high: high)
    let ticks = scale.ticks
    #expect((2...12).contains(ticks.values.count))
    #expect(ticks.values.allSatisfy { $0 >= scale.low && $0 <= scale.high })
  }

  @Test func thePictureShowsTheMapInTheScalesColours() throws {
    let grey = RasterImage(widthPixels: 1000, heightPixels: 1000, red: 100, green: 100, blue: 100)
    let patches = [
      PatchScore(area: PixelRectangle(x: 0, y: 0, width: 500, height: 1000), score: 0),
      PatchScore(area: PixelRectangle(x: 500, y: 0, width: 500, height: 500), score: 4),
    ]
    let image = MapPicture(
      region: grey, patches: patches,
      texts: .init(title: "a", subtitle: "b", unit: "JOD", note: "c")
    ).image()
    func pixel(_ x: Int, _ y: Int) -> [Int] {
      let place = 3 * (y * image.widthPixels + x)
      return image.samples[place..<(place + 3)].map(Int.init)
    }
    // The map begins behind the region, 900 pixels wide, and three margins of 28, below the
    // headlines of 92.
    let (left, top) = (2 * 28 + 900, 92)
    #expect(pixel(28 + 450, top + 450) == [100, 100, 100])
    // 45 % of the grey picture, 55 % of the scale's first and last colour.
    #expect(pixel(left + 100, top + 100) == [82, 45, 91])
    #expect(pixel(left + 800, top + 100) == [184, 172, 65])
    // Where no patch is, the picture stays.
    #expect(pixel(left + 800, top + 800) == [100, 100, 100])
  }

  @Test func hostileNamesAreDrawnAsText() throws {
    let image = RasterImage(widthPixels: 64, heightPixels: 64, red: 1, green: 2, blue: 3)
    let name = "<span size='999999'>&\u{0}\u{1B}[2J" + String(repeating: "é漢", count: 500)
    let picture = MapPicture(
      region: image, patches: [], texts: .init(title: name, subtitle: "", unit: name, note: name))
    #expect(picture.image().widthPixels < 3000)
    let mask = TextMask("<b>", sizePixels: 20)
    let plain = TextMask("b", sizePixels: 20)
    #expect((mask?.widthPixels ?? 99) > (plain?.widthPixels ?? 0))
  }
}

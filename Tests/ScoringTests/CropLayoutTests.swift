import Domain
import NeuralModels
import Testing

@Suite struct CropLayoutTests {
  @Test(arguments: [(224, 224), (1837, 2449), (512, 512), (225, 224), (4000, 3000)])
  func theGridCoversTheRegion(width: Int, height: Int) {
    let areas = CropLayout.grid(width: width, height: height, side: 224, limit: nil)
    #expect(areas.allSatisfy { $0.isInside(width: width, height: height) })
    // As few squares as can cover it.
    #expect(areas.count == ((width + 223) / 224) * ((height + 223) / 224))
    for (length, places) in [(width, areas.map(\.x)), (height, areas.map(\.y))] {
      let sorted = Set(places).sorted()
      #expect(sorted.first == 0 || length == 224)
      #expect(sorted.last == length - 224)
      #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $1 - $0 <= 224 })
    }
  }

  @Test func aLimitKeepsTheGridEvenAndTheRegionsShape() {
    let areas = CropLayout.grid(width: 1837, height: 2449, side: 224, limit: 25)
    #expect(areas.count <= 25 && areas.count >= 20)
    let (columns, rows) = (Set(areas.map(\.x)).count, Set(areas.map(\.y)).count)
    #expect(columns * rows == areas.count && rows >= columns)
    let one = CropLayout.grid(width: 1000, height: 600, side: 200, limit: 1)
    #expect(one == [PixelRectangle(x: 400, y: 200, width: 200, height: 200)])
    // A limit above what covers the region changes nothing.
    #expect(
      CropLayout.grid(width: 500, height: 400, side: 224, limit: 99)
        == CropLayout.grid(width: 500, height: 400, side: 224, limit: nil))
  }

  @Test(arguments: 1...30)
  func exactlySoManySquares(count: Int) {
    let areas = CropLayout.exactly(count, width: 1837, height: 2449, side: 224)
    #expect(areas.count == count && Set(areas).count == count)
    #expect(areas.allSatisfy { $0.isInside(width: 1837, height: 2449) })
    // Where only one place fits, all squares lie there.
    let same = CropLayout.exactly(count, width: 224, height: 224, side: 224)
    #expect(same.count == count && Set(same).count == 1)
  }

  @Test func randomPlacesDependOnTheSeedAlone() {
    func draw(_ seed: UInt64) -> [PixelRectangle] {
      CropLayout.random(200, width: 500, height: 400, side: 224, seed: seed)
    }
    #expect(draw(1) == draw(1) && draw(1) != draw(2))
    #expect(draw(1).allSatisfy { $0.isInside(width: 500, height: 400) })
    // Uniform over 277 places: the mean of 200 lies within 5 standard errors (277 / √12 / √200 =
    // 5.7) of 138.
    let mean = Double(draw(1).map(\.x).reduce(0, +)) / 200
    #expect(abs(mean - 138) < 29)
  }
}

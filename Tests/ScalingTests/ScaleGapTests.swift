import Domain
import Scaling
import Statistics
import Testing

@Suite struct ScaleGapTests {
  /// Positions with independent errors, known so well as if there were no end of votes.
  private func estimates(_ positions: [Double], error: Double) -> Estimates {
    let count = positions.count
    var matrix = [Double](repeating: 0, count: count * count)
    for place in 0..<count { matrix[place * count + place] = error * error }
    return Estimates(positions: positions, information: matrix)
  }

  private func gaps(_ estimates: Estimates, among: [Int]? = nil) throws -> [ScaleStep.Gap?] {
    try scaleSteps(estimates, among: among).map(\.gap)
  }

  @Test func thePlantedGapIsFoundAndNoOther() throws {
    // In no order: neighbors are those of the scale.
    let steps = try scaleSteps(estimates([2.5, 0, 2.2, 0.6, 0.3], error: 0.1))
    #expect(steps.map(\.gap) == [nil, nil, .wide, nil])
    #expect(steps[2].lower == 3 && steps[2].upper == 2)
    #expect(abs(steps[2].width - 1.6) < 1e-12 && steps[2].interval.low > 1)
  }

  @Test func errorsMayExplainAGap() throws {
    let places = [0, 1.3, 2.1]
    #expect(try gaps(estimates(places, error: 0.1)) == [.wide, .unexplained])
    // 0.8 JOD apart, surely more than half a JOD only when errors are small.
    #expect(try gaps(estimates(places, error: 0.2)) == [.wide, nil])
    // Errors alone may have made the first step.
    #expect(try gaps(estimates(places, error: 0.6)) == [.uncertain, nil])
  }

  @Test func whatTwoPhotosShareIsNoErrorOfTheirDistance() throws {
    let positions = [0, 1.3]
    let shared = Estimates(positions: positions, information: [1.01, 1, 1, 1.01])
    #expect(try scaleSteps(shared).map(\.gap) == [.wide])
    #expect(try scaleSteps(estimates(positions, error: 1)).map(\.gap) == [.uncertain])
  }

  @Test func photosThatAreNotPlacedCloseNothing() throws {
    let scale = estimates([0, 0.8, 1.6], error: 0.1)
    #expect(try gaps(scale) == [.unexplained, .unexplained])
    #expect(try gaps(scale, among: [0, 2]) == [.wide])
    #expect(try gaps(scale, among: [1]) == [])
  }

  @Test func theWidthIsSettable() throws {
    var settings = GapSettings()
    settings.widest = JOD(2)
    let scale = estimates([0, 1.5, 4], error: 0.1)
    #expect(try scaleSteps(scale, settings: settings).map(\.gap) == [.unexplained, .wide])
    settings.widest = JOD(3)
    #expect(try scaleSteps(scale, settings: settings).map(\.gap) == [nil, .unexplained])
    settings.widest = JOD(0)
    let error = #expect(throws: InputError.self) { try scaleSteps(scale, settings: settings) }
    #expect(error?.description.hasPrefix("gap") == true)
  }
}

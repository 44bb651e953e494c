import Decision
import Domain
import Statistics
import Testing

@Suite struct ChangePointTests {
  private func points(_ values: [Double], error: Double = 0.1) -> [TrendPoint] {
    values.enumerated().map { index, value in
      TrendPoint(
        candidate: "\(index)", attribute: .details, difference: value, low: value - 1.96 * error,
        high: value + 1.96 * error, standardError: error, votes: 100)
    }
  }

  @Test func aStepIsMarkedWhereItIs() {
    let found = changePoints(points([0.02, -0.03, 0.05, 1.1, 1.05, 1.0, -0.2]))
    #expect(found.map(\.isChange) == [false, false, false, true, false, false, true])
    #expect(found[0].step == nil && found[0].stepP == nil)
    // Against the mean of the three before, which is 0.0133.
    #expect(abs((found[3].step ?? 0) - (1.1 - 0.04 / 3)) < 1e-12)
  }

  @Test func theCandidatesBeforeTogetherShowWhatOneDoesNot() {
    // 0.35 is 2.5 standard errors of the distance of two, and 3.3 of the distance to the mean of
    // nine.
    let before = Array(repeating: 0.0, count: 9)
    #expect(changePoints(points(before + [0.35]))[9].isChange)
    #expect(!changePoints(points([0, 0.35] + before.map { $0 + 0.17 }))[1].isChange)
  }

  @Test func aTrendThatDoesNotChangeIsRarelyMarked() {
    var marked = 0
    let runs = 1000
    var random = SeededGenerator(seed: 5)
    for _ in 0..<runs {
      let values = (0..<8).map { _ in 0.1 * random.normal() }
      if changePoints(points(values)).contains(where: \.isChange) { marked += 1 }
    }
    // 5 % of 1000 and three standard errors.
    #expect(marked <= 71)
  }

  @Test func attributesAreApartAndWideIntervalsCount() {
    var mixed = points([0, 2])
    mixed[1].attribute = .exposure
    #expect(changePoints(mixed).allSatisfy { !$0.isChange && $0.step == nil })
    // An interval of few scenes is wider than its standard error says.
    var few = points([0, 0.5])
    for index in few.indices { (few[index].low, few[index].high) = (-3, 3) }
    #expect(!changePoints(few)[1].isChange)
  }
}

import Statistics
import Testing

@Suite struct PairClosenessTests {
  /// All orders of some values.
  private func orders(_ values: [Double]) -> [[Double]] {
    guard values.count > 1 else { return [values] }
    return values.indices.flatMap { place -> [[Double]] in
      var rest = values
      let first = rest.remove(at: place)
      return orders(rest).map { [first] + $0 }
    }
  }

  @Test func theReferenceIsThatOfAllOrders() throws {
    // A lopsided design with repeats.
    let pairs: [(first: Int, second: Int, answers: Double)] = [
      (0, 1, 3), (0, 2, 1), (0, 3, 2), (4, 1, 1), (5, 0, 2), (1, 0, 2),
    ]
    let positions = [0.3, 0.1, -2, 4, 0.2, 7]
    let all = try orders(positions).map { try #require(PairCloseness($0, pairs: pairs)).ratio }
    let mean = all.reduce(0, +) / Double(all.count)
    let variance = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count)
    #expect(abs(mean - 1) < 1e-12)
    let found = try #require(PairCloseness(positions, pairs: pairs))
    #expect(abs(found.statistic - (found.ratio - 1) / variance.squareRoot()) < 1e-9)
  }

  @Test func aDesignOfAllPairsIsNeverClose() throws {
    let positions = [1.0, 5, 2, 4, 3, 9]
    let pairs = positions.indices.flatMap { i in
      positions.indices.dropFirst(i + 1).map { (first: i, second: $0, answers: 7.0) }
    }
    let found = try #require(PairCloseness(positions, pairs: pairs))
    #expect(abs(found.ratio - 1) < 1e-12 && found.statistic == 0)
  }

  @Test func neighborsAreClose() throws {
    let pairs = (0..<19).map { (first: $0, second: $0 + 1, answers: 4.0) }
    let found = try #require(PairCloseness((0..<20).map(Double.init), pairs: pairs))
    #expect(abs(found.ratio - 1.0 / 7) < 1e-12 && found.statistic < -4)
    #expect(PairCloseness([1, 2, 3, 4], pairs: [(0, 1, 1)]) == nil)
    #expect(PairCloseness([1, 2, 3, 4, 5], pairs: [(2, 2, 1)]) == nil)
  }
}

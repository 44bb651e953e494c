import Foundation
import Statistics
import Testing

@Suite struct FacilityLocationTests {
  private func similarities(_ points: [Double]) -> [[Double]] {
    points.map { one in points.map { exp(-abs(one - $0)) } }
  }

  @Test func eachGroupIsChosenFromLargestFirst() {
    let points = [0.0, 0.1, 0.2, 0.3, 10, 10.1, 10.2, 20]
    let matrix = similarities(points)
    let choices = FacilityLocation.choose(matrix, count: 3)
    #expect(choices.map { Int(points[$0.index] / 10) } == [0, 1, 2])
    #expect(choices.map(\.gain) == choices.map(\.gain).sorted(by: >))
    let assigned = FacilityLocation.assignments(matrix, choices)
    #expect(assigned == [0, 0, 0, 0, 1, 1, 1, 2])
  }

  @Test func theGreedySumIsNearTheBest() {
    // All pairs of 9 points on a line are tried.
    let points = (0..<9).map { Double($0 * $0 * 7 % 23) / 3 }
    let matrix = similarities(points)
    func sum(_ chosen: [Int]) -> Double {
      matrix.map { row in chosen.map { row[$0] }.max() ?? 0 }.reduce(0, +)
    }
    var best = 0.0
    for one in 0..<9 {
      for two in 0..<9 { best = max(best, sum([one, two])) }
    }
    let choices = FacilityLocation.choose(matrix, count: 2)
    #expect(sum(choices.map(\.index)) >= (1 - exp(-1)) * best)
    let gains = choices.map(\.gain).reduce(0, +) * 9
    #expect(abs(gains - sum(choices.map(\.index))) < 1e-9)
  }

  @Test func noMoreThanThereAre() {
    #expect(FacilityLocation.choose(similarities([1, 2]), count: 9).count == 2)
    #expect(FacilityLocation.choose([], count: 3).isEmpty)
    #expect(FacilityLocation.choose(similarities([1, 1, 1]), count: 1).first?.index == 0)
  }
}

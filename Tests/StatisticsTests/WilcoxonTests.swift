import Foundation
import Statistics
import Testing

@Suite struct WilcoxonTests {
  private struct Golden: Decodable {
    struct Case: Decodable {
      let differences: [Double]
      let positiveRanks, p: Double
      let isExact: Bool
    }
    let wilcoxon: [Case]
  }

  @Test func theTestIsSciPys() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/evaluation.json")
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
    #expect(golden.wilcoxon.count == 8)
    for row in golden.wilcoxon {
      let test = try #require(WilcoxonSignedRank(row.differences))
      #expect(test.isExact == row.isExact)
      #expect(test.positiveRanks == row.positiveRanks)
      // Sums of a few hundred exact numbers.
      #expect(close(test.p, row.p, relative: 1e-12), "\(row.differences.count)")
    }
  }

  @Test func fiveOfOneSignAreTwoThirtySeconds() throws {
    #expect(WilcoxonSignedRank([1, 2, 3, 4, 5])?.p == 2.0 / 32)
    #expect(WilcoxonSignedRank([0, 0]) == nil)
  }
}

@Suite struct ConformalTests {
  @Test func theBoundIsAnOrderStatistic() {
    let scores = (1...99).map(Double.init)
    // ⌈100 · 0.95⌉ = 95.
    #expect(Conformal.bound(scores, level: 0.95) == 95)
    #expect(Conformal.bound([1, 2, 3], level: 0.75) == 3)
    #expect(Conformal.bound([1, 2, 3], level: 0.76) == .infinity)
  }

  @Test func groupsCountEquallyHoweverManyTheyHold() {
    // Four groups and the new one have a fifth each: 1 … 1, 2, 3, 4.
    let groups = [[Double](repeating: 1, count: 1000), [2], [3], [4]]
    #expect(Conformal.bound(groups: groups, level: 0.2) == 1)
    #expect(Conformal.bound(groups: groups, level: 0.6) == 3)
    #expect(Conformal.bound(groups: groups, level: 0.8) == 4)
    #expect(Conformal.bound(groups: groups, level: 0.81) == .infinity)
    #expect(abs(Conformal.pValue(of: 2.5, groups: groups) - 0.6) < 1e-12)
  }
}

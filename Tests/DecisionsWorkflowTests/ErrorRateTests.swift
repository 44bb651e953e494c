import Decision
import DecisionsWorkflow
import Domain
import Statistics
import Testing

/// A small version of the tables in docs/verdicts.md, which `verdict-study` computes.
@Suite struct ErrorRateTests {
  /// How often each outcome came out of studies whose scenes differ by `tau` around `mean`.
  func outcomes(
    mean: Double, tau: Double, scenes: Int, runs: Int, seed: UInt64
  ) throws -> [Outcome: Int] {
    let found = try Parallel.map(
      count: runs, state: {},
      body: { _, run in
        var random = SeededGenerator(seed: seed + UInt64(run))
        var campaign = Campaign((0..<scenes).map { _ in mean + tau * random.normal() })
        campaign.votes = 96
        return try campaign.run(seed: seed + UInt64(run)).verdict.outcome
      })
    return found.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  @Test func noDifferenceIsRarelyCalledOne() throws {
    let found = try outcomes(mean: 0, tau: 0.8, scenes: 8, runs: 160, seed: 1)
    // 5 % of 160 and three standard errors.
    #expect(found[.better, default: 0] + found[.worse, default: 0] <= 16, "\(found)")
  }

  @Test func aDifferenceOfTheMarginIsRarelyCalledEquivalent() throws {
    let found = try outcomes(mean: 0.5, tau: 0.1, scenes: 16, runs: 160, seed: 1000)
    #expect(found[.equivalent, default: 0] <= 16, "\(found)")
    #expect(found[.worse, default: 0] == 0)
  }

  @Test func aLargeDifferenceIsFound() throws {
    let found = try outcomes(mean: 1.5, tau: 0.5, scenes: 10, runs: 40, seed: 5000)
    #expect(found[.better, default: 0] >= 36, "\(found)")
  }
}

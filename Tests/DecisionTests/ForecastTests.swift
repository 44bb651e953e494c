import Decision
import Domain
import Statistics
import Testing

@Suite struct ForecastTests {
  @Test func moreScenesOfTheKindDecide() throws {
    let open = [0.9, -0.2, 0.6, -0.4]
    let found = try verdict(evidence(open))
    let missing = try #require(found.attributes[0].missing)
    let more = try #require(missing.scenes)
    #expect(found.outcome == .inconclusive && more > 0 && more < 1000)
    // Scenes like these, as many as were asked for, decide it: the same mean and spread.
    let count = open.count + more
    let enough = (0..<count).map { open[$0 % open.count] }
    #expect(try verdict(evidence(enough)).outcome != .inconclusive)
  }

  @Test func moreVotesOnScenesThatDifferDoNotDecide() throws {
    let open = [2.0, -1.5, 1.2, -1.6, 0.9]
    let missing = try #require(verdict(evidence(open)).attributes[0].missing)
    #expect(missing.votes == nil && missing.scenes != nil)
    // Scenes that agree, hardly known: votes are what is missing.
    let vague = evidence([0.1, -0.1, 0.05, 0, -0.05], error: 0.7)
    let other = try #require(verdict(vague).attributes[0].missing)
    #expect(other.towards == .equivalent && (other.votes ?? 0) > 0)
  }

  @Test func powerGrowsWithScenes() throws {
    func power(_ count: Int) throws -> AchievedPower {
      try #require(
        verdict(evidence((0..<count).map { $0.isMultiple(of: 2) ? 0.6 : -0.6 }))
          .attributes[0].power)
    }
    let (few, many) = (try power(6), try power(40))
    #expect(few.visibleDifference < many.visibleDifference && many.visibleDifference > 0.99)
    #expect(few.equivalence < many.equivalence && few.detectableJOD > many.detectableJOD)
  }

  @Test func aWorseSliceInsideABetterWholeComesFirst() throws {
    let good = (0..<12).map { 1.0 + 0.05 * Double($0 % 3 - 1) }
    let bad = [-0.9, -1.0, -1.1, -1.0]
    let whole = evidence(good + bad)
    let slices = [
      SliceEvidence(field: "condition", value: "Outdoor", evidence: evidence(good)),
      SliceEvidence(field: "condition", value: "Night", evidence: evidence(bad)),
    ]
    let found = try verdict(whole, slices: slices)
    let first = try #require(found.slices.first)
    #expect(first.value == "Night" && first.outcome == .worse)
    #expect(found.slices.last?.outcome == .better)
    #expect(found.outcome != .worse && found.notices.contains { $0.hasPrefix("A part is worse") })
    // Shrunk towards the whole, but not beyond it.
    #expect(first.shrunken > first.finding.difference && first.shrunken < 1)
    // Holm counts both slices.
    let last = try #require(found.slices.last?.finding)
    #expect(last.adjustedP == 2 * last.p)
  }

  @Test func aSliceOfOneSceneUsesTheSpreadOfTheWhole() throws {
    let all = [1.5, -0.5, 1, 2, 0.5, -1]
    let slice = SliceEvidence(field: "scene", value: "S3", evidence: evidence([2]))
    let found = try verdict(evidence(all), slices: [slice])
    let finding = try #require(found.slices.first?.finding)
    #expect(finding.standardError > 0.9 && found.slices[0].outcome == .inconclusive)
  }
}

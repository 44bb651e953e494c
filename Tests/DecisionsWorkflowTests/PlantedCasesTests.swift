import Decision
import DecisionsWorkflow
import Domain
import Files
import Scaling
import ScalingWorkflow
import Testing

/// Studies in which it is known what there is to find.
@Suite struct PlantedCasesTests {
  @Test func noDifference() throws {
    var campaign = Campaign(Array(repeating: 0, count: 14))
    campaign.votes = 300
    let verdict = try campaign.run().verdict
    let found = verdict.attributes[0]
    #expect(verdict.outcome == .equivalent && verdict.exitCode == 0, "\(verdict.sentence)")
    #expect(found.scenes.count == 14 && found.observers == 12 && found.votes == 14 * 300)
    #expect(found.missing == nil && (found.power?.visibleDifference ?? 0) > 0.99)
  }

  @Test func aDifferenceEverywhere() throws {
    let verdict = try Campaign(Array(repeating: 1.5, count: 8)).run().verdict
    let finding = try #require(verdict.attributes[0].finding)
    #expect(verdict.outcome == .better && verdict.gateResult == .pass)
    #expect(finding.low < 1.5 && finding.high > 1.5 && finding.visible != .no)
    #expect(verdict.attributes[0].scenesFor == 8)
    let direct = try #require(verdict.attributes[0].directVotes)
    // Φ(1.5/1.4826) = 84 %; five standard errors of some 850 votes are 6 %.
    #expect(abs((direct.share ?? 0) - 0.84) < 0.07)
    let worse = try Campaign(Array(repeating: -1.5, count: 8)).run().verdict
    #expect(worse.outcome == .worse && worse.exitCode == 1)
  }

  @Test func aShiftInOneConditionOnly() throws {
    var campaign = Campaign((0..<16).map { $0 % 4 == 0 ? -2 : 1 })
    campaign.facts["condition"] = { scene, _ in scene % 4 == 0 ? "Night" : "Outdoor" }
    let verdict = try campaign.run { $0.slices = ["condition"] }.verdict
    #expect(verdict.outcome != .worse && verdict.slices.count == 2)
    let first = try #require(verdict.slices.first)
    #expect(first.value == "Night" && first.outcome == .worse && first.scenes == 4)
    #expect(verdict.slices.last?.outcome == .better)
    #expect(verdict.notices.contains { $0.contains("condition Night") })
  }

  @Test func oneSceneThatCarriesEverything() throws {
    var campaign = Campaign([5] + Array(repeating: 0, count: 11))
    campaign.votes = 300
    let verdict = try campaign.run().verdict
    #expect(verdict.outcome == .inconclusive)
    let found = verdict.attributes[0]
    #expect(found.pivotalScene?.scene == "S0", "\(verdict.notes)")
    // The standard deviation of 5, 0, 0 … over 12 scenes is 1.4.
    #expect((found.heterogeneity?.tau ?? 0) > 0.5)
  }

  @Test func unanimousVotesAreNoCertainty() throws {
    var campaign = Campaign([3, 3, 3])
    (campaign.votes, campaign.observers, campaign.isUnanimous) = (24, 12, true)
    let finding = try #require(try campaign.run().verdict.attributes[0].finding)
    #expect(finding.standardError > 0.2 && finding.high - finding.low > 1)
    #expect(finding.p > 1e-6)
    var one = Campaign([3])
    (one.votes, one.observers, one.isUnanimous) = (12, 12, true)
    let verdict = try one.run().verdict
    #expect(verdict.outcome == .inconclusive && verdict.exitCode == 3)
    let these = try one.run { $0.settings.scenes = .theseScenes }.verdict
    #expect((these.attributes[0].finding?.high ?? 0) - (these.attributes[0].finding?.low ?? 0) > 1)
  }

  @Test func photosMissingOnOneSide() throws {
    var campaign = Campaign(Array(repeating: 1.5, count: 8))
    campaign.isMissing = { scene, photo in
      scene == 2 && photo.hasPrefix("b") || scene == 5 && photo == "a2"
    }
    let verdict = try campaign.run().verdict
    let found = verdict.attributes[0]
    #expect(found.scenes.count == 7 && !found.scenes.contains { $0.scene == "S2" })
    #expect(found.excluded.contains { $0.contains("S2") && $0.contains("new") })
    #expect(found.scenes.first { $0.scene == "S5" }?.baselinePhotos == 1)
    #expect(verdict.outcome == .better)
  }

  @Test func differentPeopleOnTheTwoSides() throws {
    var campaign = Campaign(Array(repeating: 1.5, count: 8))
    // In scene 3 the sides show different people, in scene 4 one person of each side is shown by
    // both.
    campaign.facts["person"] = { scene, photo in
      switch (scene, photo) {
      case (3, "b1"), (3, "b2"): "P9"
      case (4, "b2"): "P9"
      case (4, "a2"): "P8"
      default: "P1"
      }
    }
    let found = try campaign.run().verdict.attributes[0]
    #expect(found.scenes.count == 7 && found.excluded.count == 2)
    #expect(found.excluded.contains { $0.contains("S3") && $0.contains("different people") })
    let paired = try #require(found.scenes.first { $0.scene == "S4" })
    #expect(paired.baselinePhotos == 1 && paired.candidatePhotos == 1)
  }

  @Test func differentFramingOnTheTwoSides() throws {
    var campaign = Campaign(Array(repeating: 1.5, count: 6))
    // In scene 2 only one photo of each side is framed alike, in scene 4 none is.
    campaign.facts["framing"] = { scene, photo in
      switch (scene, photo) {
      case (2, "a2"): "half length"
      case (2, "b2"), (4, "b1"), (4, "b2"): "full length"
      default: "close-up"
      }
    }
    let found = try campaign.run().verdict.attributes[0]
    #expect(!found.scenes.contains { $0.scene == "S4" } && found.excluded.count == 2)
    let paired = try #require(found.scenes.first { $0.scene == "S2" })
    #expect(paired.baselinePhotos == 1 && paired.candidatePhotos == 1)
  }

  @Test func anAttributeOrAGroupThatIsNotThere() throws {
    let campaign = Campaign([1, 1, 1])
    #expect(throws: InputError.self) {
      try campaign.run { $0.attributes = [.exposure] }
    }
    #expect(throws: InputError.self) { try campaign.run { $0.candidate = "newer" } }
    #expect(throws: InputError.self) { try campaign.run { $0.candidate = "old" } }
    #expect(throws: InputError.self) { try campaign.run { $0.slices = ["lens"] } }
  }
}

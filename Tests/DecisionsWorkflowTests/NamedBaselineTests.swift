import DecisionsWorkflow
import Domain
import Files
import ScalingWorkflow
import Studies
import TestSupport
import Testing

@Suite struct NamedBaselineTests {
  private let first = String(repeating: "a1", count: 32)
  private let second = String(repeating: "b2", count: 32)

  private func verdict(
    _ campaign: StudyCampaign, baseline: String = "release", scores: [String]
  ) throws -> Verdict {
    try VerdictRun(
      groups: .study(campaign.study.folder, by: nil), baseline: baseline, candidate: "2.0",
      source: .scores(scores, scale: nil)
    ).run().verdict
  }

  @Test func aBaselineStandsForItsGroupAndBringsItsScores() throws {
    let campaign = try StudyCampaign()
    let old = try campaign.scores(["1.9"], model: first, to: "old.csv")
    let made = try NamedBaselines.make(
      "release", group: "1.9", by: nil, in: campaign.study.folder, scores: [old])
    #expect(made.photos == 10 && made.baseline.field == "build")
    #expect(made.baseline.model == StudyBaseline.Model(name: "m", sha256: first))
    try campaign.study.keep(made.baseline)
    #expect(try campaign.study.baselines() == [made.baseline])
    // Kept scores of the baseline and fresh ones of the candidate: the answer of one file with
    // both.
    let new = try campaign.scores(["2.0"], model: first, to: "new.csv")
    let both = try campaign.scores(["1.9", "2.0"], model: first, to: "both.csv")
    let named = try verdict(campaign, scores: [new])
    let plain = try verdict(campaign, baseline: "1.9", scores: [both])
    let (one, other) = (
      try #require(named.attributes[0].finding), try #require(plain.attributes[0].finding)
    )
    // The same sums in another order; the search for the deviation between scenes, which ends where
    // its slope is lost in rounding, enlarges what differs to some 1e-7.
    #expect(abs(one.difference - other.difference) < 1e-12 && abs(one.low - other.low) < 1e-6)
    #expect(abs(one.difference - 1) < 1e-9)
    #expect(named.baseline == "release")
    // Votes need the group only.
    let run = VerdictRun(
      groups: .study(campaign.study.folder, by: nil), baseline: "release", candidate: "2.0",
      source: .votes(try campaign.votes(share: 11), ScalingPlan()))
    #expect(try run.run().verdict.outcome == .better)
  }

  @Test func scoresOfAnotherModelAreRefusedUntilTheBaselineIsScoredAgain() throws {
    let campaign = try StudyCampaign()
    let old = try campaign.scores(["1.9"], model: first, to: "old.csv")
    let new = try campaign.scores(["2.0"], model: second, to: "new.csv")
    try campaign.study.keep(
      NamedBaselines.make(
        "release", group: "1.9", by: nil, in: campaign.study.folder, scores: [old]
      ).baseline)
    let refused = message { _ = try verdict(campaign, scores: [new]) }
    #expect(refused?.contains("baseline rescore release") == true, "\(refused ?? "")")
    // Two files of two models, and one file of two models.
    let mixed = message { _ = try verdict(campaign, baseline: "1.9", scores: [old, new]) }
    #expect(mixed?.contains("new.csv, row 2") == true, "\(mixed ?? "")")
    #expect(mixed?.contains("a1a1a1a1a1a1") == true && mixed?.contains("b2b2b2b2b2b2") == true)
    // Fresh scores of both builds need none of the kept ones.
    let fresh = try campaign.scores(["1.9", "2.0"], model: second, to: "fresh.csv")
    #expect(try verdict(campaign, scores: [fresh]).attributes[0].finding != nil)
    let again = try campaign.scores(["1.9"], model: second, to: "again.csv")
    try campaign.study.keep(
      NamedBaselines.make(
        "release", group: "1.9", by: nil, in: campaign.study.folder, scores: [again]
      ).baseline)
    #expect(try verdict(campaign, scores: [new]).attributes[0].finding != nil)
  }

  @Test func namesAndGroupsThatCannotBe() throws {
    let campaign = try StudyCampaign()
    let folder = campaign.study.folder
    for (name, group) in [("2.0", "1.9"), ("", "1.9"), ("release", "3.0")] {
      #expect(throws: InputError.self) {
        try NamedBaselines.make(name, group: group, by: nil, in: folder)
      }
    }
    let other = try campaign.scores(["2.0"], model: first, to: "new.csv")
    #expect(throws: InputError.self) {
      try NamedBaselines.make("release", group: "1.9", by: nil, in: folder, scores: [other])
    }
  }

  @Test func aWithdrawnPersonsScoresGo() throws {
    let campaign = try StudyCampaign()
    let old = try campaign.scores(["1.9"], model: first, to: "old.csv")
    try campaign.study.keep(
      NamedBaselines.make(
        "release", group: "1.9", by: nil, in: campaign.study.folder, scores: [old]
      ).baseline)
    _ = try campaign.study.withdraw(person: "PS1")
    let left = try #require(try campaign.study.baselines().first)
    #expect(left.scores.count == 8 && !left.scores.contains { $0.scene == "S1" })
    #expect(try campaign.study.removeBaseline("release"))
    #expect(try campaign.study.baselines().isEmpty)
    #expect(try !campaign.study.removeBaseline("release"))
  }

  @Test func photosOfABaselineAreItsOriginals() throws {
    let campaign = try StudyCampaign()
    let baseline = StudyBaseline(name: "release", field: "build", group: "1.9")
    let photos = try NamedBaselines.photos(
      of: baseline, attribute: .details, in: campaign.study)
    #expect(photos.count == 10 && photos.allSatisfy { !$0.isRegion })
    #expect(photos.allSatisfy { $0.photo.text.hasPrefix("a") })
  }
}

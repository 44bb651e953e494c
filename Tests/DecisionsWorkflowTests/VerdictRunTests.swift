import Decision
import DecisionsWorkflow
import Domain
import Files
import Foundation
import Scaling
import ScalingWorkflow
import Statistics
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct VerdictRunTests {
  @Test func theAnswerIsThatOfGroupContrasts() throws {
    let scratch = try Scratch()
    let files = try Campaign([0.2, 1.1, -0.3, 0.9, 0.4]).write(to: scratch)
    let run = VerdictRun(
      groups: .list(files.groups), baseline: "old", candidate: "new",
      source: .votes(files.votes, ScalingPlan()))
    let finding = try #require(try run.run().verdict.attributes[0].finding)
    var settings = ScalingSettings()
    settings.bootstraps = 0
    let scaled = try SceneVotes.read(files.votes).map { try scaleScene($0, settings: settings) }
    let members = try GroupsFile.read(files.groups)
    let contrast = groupContrasts(scaled) { members($0.scene, $0.photo) }[0]
    #expect(contrast.first == "new")
    #expect(finding.difference == contrast.difference.value && finding.p == contrast.p)
    #expect(finding.low == contrast.interval.low && finding.high == contrast.interval.high)
    #expect(finding.probabilityVisible == contrast.probabilityVisible)
  }

  @Test func theNextPairsNarrowTheDifference() throws {
    let scratch = try Scratch()
    var campaign = Campaign([0.4, 0.5, 0.3, 0.6])
    campaign.votes = 24
    let outcome = try campaign.run { $0.batch = 10 }
    #expect(outcome.verdict.outcome == .inconclusive && outcome.nextPairCount == 10)
    try outcome.nextPairs?.write(to: scratch.file("pairs.csv"))
    let pairs = try PairsFile.read(scratch.file("pairs.csv"))
    // Every pair puts one side against the other.
    #expect(pairs.count == 10)
    #expect(pairs.allSatisfy { $0.first.text.first != $0.second.text.first })
    let decided = try Campaign(Array(repeating: 1.5, count: 8)).run()
    #expect(decided.nextPairCount == 0)
  }

  @Test func everyFileHoldsTheVerdict() throws {
    let scratch = try Scratch()
    let outcome = try Campaign([-1.5, -1.2, -1.8, -1.4, -1.6]).run()
    var files = VerdictFiles()
    files.json = scratch.file("verdict.json")
    files.junit = scratch.file("junit.xml")
    files.markdown = scratch.file("verdict.md")
    files.report = scratch.file("verdict.html")
    files.nextPairs = scratch.file("pairs.csv")
    files.history = scratch.file("history.jsonl")
    try files.write(outcome, provenance: Provenance(command: ["verdict"]))
    let read = try CanonicalJSON.read(Verdict.self, from: scratch.file("verdict.json"))
    #expect(read == outcome.verdict)
    let xml = try XMLDocument(contentsOf: URL(fileURLWithPath: scratch.file("junit.xml")))
    #expect(try xml.nodes(forXPath: "//testcase").count == 2)
    #expect(try xml.nodes(forXPath: "//testcase/failure").count == 2)
    func text(_ name: String) throws -> String {
      String(decoding: try InputFile.read(scratch.file(name)), as: UTF8.self)
    }
    #expect(try text("verdict.md").contains("new is worse than old"))
    #expect(try text("verdict.html").contains("new is worse than old"))
    #expect(outcome.annotations[0].hasPrefix("::error title="))
  }

  @Test func thePlanIsComparedWithTheRun() throws {
    let scratch = try Scratch()
    let path = try scratch.write(
      """
      {"baseline": "old", "candidate": "new", "margin": 0.4, "attributes": ["details"],
       "gate": "no-worse", "budget": {"votes": 100, "looks": 1}}
      """, to: "verdict.json")
    let plan = try VerdictPlan.read(path)
    let kept = try Campaign([1, 1, 1]).run {
      $0.plan = (path, plan)
      $0.settings.margin = 0.4
    }
    let check = try #require(kept.verdict.plan)
    #expect(!check.isKept && check.deviations.count == 1 && check.deviations[0].contains("votes"))
    let other = try Campaign([1, 1, 1]).run { $0.plan = (path, plan) }
    #expect(other.verdict.plan?.deviations.contains { $0.hasPrefix("margin: 0.4") } == true)
    let typo = try scratch.write("{\"margins\": 0.4}", to: "typo.json")
    #expect(message { _ = try VerdictPlan.read(typo) }?.contains("margins") == true)
  }

  @Test func theHistoryGrowsAndCountsLooks() throws {
    let scratch = try Scratch()
    let (history, plan) = (
      scratch.file("history.jsonl"),
      try scratch.write("{\"budget\": {\"looks\": 1}}", to: "plan.json")
    )
    var files = VerdictFiles()
    files.history = history
    let oneLook = try VerdictPlan.read(plan)
    for look in 1...2 {
      let outcome = try Campaign([1, 1.2, 0.8]).run(seed: UInt64(look)) {
        $0.history = history
        $0.plan = (plan, oneLook)
      }
      try files.write(outcome, provenance: Provenance())
      #expect(outcome.history.count == look)
      #expect(outcome.verdict.plan?.isKept == (look == 1))
    }
    // The same look again changes nothing.
    let again = try Campaign([1, 1.2, 0.8]).run(seed: 2) { $0.history = history }
    #expect(again.history.count == 2)
  }

  @Test func sequentialIntervalsAreWider() throws {
    let campaign = Campaign([0.9, 1.1, 0.8, 1.3, 1.0, 0.7])
    let fixed = try #require(try campaign.run().verdict.attributes[0].finding)
    let outcome = try campaign.run { $0.settings.isSequential = true }
    let anytime = try #require(outcome.verdict.attributes[0].finding)
    #expect(anytime.low < fixed.low && anytime.high > fixed.high && anytime.p > fixed.p)
    #expect(outcome.verdict.isSequential)
  }
}

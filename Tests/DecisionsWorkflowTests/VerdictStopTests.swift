import DecisionsWorkflow
import Domain
import Files
import Foundation
import ScalingWorkflow
import Studies
import Synchronization
import TestSupport
import Testing

@Suite struct VerdictStopTests {
  private let plan =
    #"{"baseline": "1.9", "candidate": "2.0", "margin": 0.5, "sequential": true}"#

  @Test func aStudyStopsWhenTheVerdictIsIn() throws {
    let campaign = try StudyCampaign()
    let path = try campaign.scratch.write(plan, to: "verdict.json")
    let stop = try VerdictStop(plan: path, study: campaign.study.folder)
    let clear = try SceneVotes.read(campaign.votes(share: 1)).flatMap(\.list)
    #expect(try stop.reason(clear)?.hasPrefix("2.0 is worse than 1.9") == true)
    let open = try SceneVotes.read(campaign.votes(share: 6)).flatMap(\.list)
    #expect(try stop.reason(open) == nil)
    #expect(try stop.reason([]) == nil)
  }

  @Test func aPlanMustAllowForManyLooks() throws {
    let campaign = try StudyCampaign()
    for (text, word) in [
      (#"{"baseline": "1.9", "candidate": "2.0"}"#, "sequential"),
      (#"{"baseline": "1.9", "sequential": true}"#, "candidate"),
      (#"{"baseline": "1.9", "candidate": "2.0", "sequential": true, "margin": 0}"#, "sequential"),
    ] {
      let path = try campaign.scratch.write(text, to: "verdict.json")
      let found = message { _ = try VerdictStop(plan: path, study: campaign.study.folder) }
      #expect(found?.contains(word) == true, "\(found ?? "")")
    }
  }

  @Test func repeatedRowsAreRemarkedUpon() throws {
    let scratch = try Scratch()
    let files = try Campaign(Array(repeating: 1.5, count: 4)).write(to: scratch)
    let lines = try String(contentsOfFile: files.votes, encoding: .utf8)
    let rows = lines.split(separator: "\n").dropFirst().joined(separator: "\n")
    try Data((lines + rows + "\n").utf8).write(to: URL(fileURLWithPath: files.votes))
    let notes = Mutex<[String]>([])
    let observer = WorkflowObserver { event in
      if case .note(let text) = event { notes.withLock { $0.append(text) } }
    }
    let verdict = VerdictRun(
      groups: .list(files.groups), baseline: "old", candidate: "new",
      source: .votes(files.votes, ScalingPlan()))
    _ = try verdict.run(observer: observer)
    let board = LeaderboardRun(
      votes: files.votes, groups: .list(files.groups), plan: ScalingPlan())
    _ = try board.run(observer: observer)
    let heard = notes.withLock { $0 }
    #expect(heard.count == 2 && heard.allSatisfy { $0.contains("rows repeat") }, "\(heard)")
  }
}

extension SceneJudgements {
  /// The votes as judgements.
  fileprivate var list: [Judgement] {
    votes.map { vote in
      Judgement(
        observer: observers[vote.observer], scene: scene, attribute: attribute,
        photoA: photos[vote.a], photoB: photos[vote.b], choice: vote.choice)
    }
  }
}

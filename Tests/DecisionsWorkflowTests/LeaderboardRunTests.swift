import DecisionsWorkflow
import Domain
import Files
import Foundation
import Reporting
import Scaling
import ScalingWorkflow
import TestSupport
import Testing

@Suite struct LeaderboardRunTests {
  @Test func buildsAreRankedPerAttributeAndSlice() throws {
    let scratch = try Scratch()
    var campaign = Campaign((0..<8).map { $0 < 4 ? 1.5 : 2 })
    campaign.facts["condition"] = { scene, _ in scene < 4 ? "Night" : "Outdoor" }
    let files = try campaign.write(to: scratch)
    var run = LeaderboardRun(
      votes: files.votes, groups: .list(files.groups), plan: ScalingPlan())
    run.slices = ["condition"]
    let found = try run.run()
    #expect(found.boards.map(\.slice) == [nil, "condition Night", "condition Outdoor"])
    let whole = found.boards[0]
    #expect(whole.rows.map(\.group) == ["new", "old"] && whole.rows.map(\.letters) == ["a", "b"])
    #expect(whole.rows[0].scenes == 8 && whole.rows[0].photos == 16 && !whole.rows[0].hasFewScenes)
    // Half the difference of 1.75 JOD above the mean.
    #expect(abs(whole.rows[0].score - 0.875) < 0.3)
    let fewScenes = found.boards[1].rows.filter(\.hasFewScenes)
    #expect(fewScenes.count == found.boards[1].rows.count)
    var output = LeaderboardFiles()
    output.csv = scratch.file("board.csv")
    output.report = scratch.file("board.html")
    try output.write(found, provenance: try run.provenance())
    let table = try CSVTable(path: scratch.file("board.csv"))
    #expect(table.rowCount == 6)
    let page = String(decoding: try InputFile.read(scratch.file("board.html")), as: UTF8.self)
    #expect(page.contains("new is first"))
  }

  @Test func simulatedVotesAreCalledSo() throws {
    let scratch = try Scratch()
    let files = try Campaign([1, 1, 1]).write(to: scratch)
    let run = LeaderboardRun(
      votes: files.votes, groups: .list(files.groups), plan: ScalingPlan())
    #expect(try run.run().notices == [])
    try Provenance(command: ["simulate"], settings: ["simulated": true]).write(beside: files.votes)
    let found = try run.run()
    #expect(found.notices.count == 1 && found.notices[0].contains("SIMULATED"))
    #expect(found.text.contains(found.notices[0]))
    var output = LeaderboardFiles()
    output.report = scratch.file("board.html")
    try output.write(found, provenance: try run.provenance())
    let page = String(decoding: try InputFile.read(scratch.file("board.html")), as: UTF8.self)
    #expect(page.contains(found.notices[0]))
  }

  @Test func groupsThatNeverMeetAreNotRanked() throws {
    let scratch = try Scratch()
    var campaign = Campaign([1, 1, 1])
    campaign.isMissing = { scene, photo in photo.hasPrefix(scene == 0 ? "a" : "b") }
    let files = try campaign.write(to: scratch)
    let run = LeaderboardRun(
      votes: files.votes, groups: .list(files.groups), plan: ScalingPlan())
    #expect(throws: InputError.self) { try run.run() }
  }

  @Test func devicesStandBelowTheReferenceByWhatWasPlanted() throws {
    let scratch = try Scratch()
    // The photos of build «new» are 1.5 JOD better than those of «old» in every scene; the second
    // of them is the reference of its scene.
    var campaign = Campaign(Array(repeating: 1.5, count: 6))
    campaign.votes = 240
    campaign.facts["reference"] = { _, photo in photo == "b2" ? "yes" : "" }
    let files = try campaign.write(to: scratch)
    let run = LeaderboardRun(
      votes: files.votes, groups: .list(files.groups), plan: ScalingPlan())
    let found = try run.run()
    let below = found.boards[0].belowReferences
    #expect(below.map(\.group) == found.boards[0].rows.map(\.group))
    for (group, truth) in [("old", 1.5), ("new", 0)] {
      let row = try #require(below.first { $0.group == group })
      #expect(row.scenes == 6 && row.low < truth && truth < row.high, "\(row)")
      #expect(abs(row.difference - truth) < 0.35)
    }
    #expect(below.first { $0.group == "old" }.map { $0.low > 0 } == true)
    #expect(found.text.contains("Below the reference, JOD"))
    var output = LeaderboardFiles()
    (output.csv, output.report) = (scratch.file("board.csv"), scratch.file("board.html"))
    try output.write(found, provenance: try run.provenance())
    let table = try CSVTable(path: scratch.file("board.csv"))
    let column = try table.column("below_reference_jod")
    #expect(table.rows.allSatisfy { !$0.rawText(column).isEmpty })
    let page = String(decoding: try InputFile.read(scratch.file("board.html")), as: UTF8.self)
    #expect(page.contains("Details below the reference"))
    // The scores say the same as the votes, also without the covariances beside them.
    _ = try ScalesFromVotes(votes: files.votes, plan: ScalingPlan()).run(to: scratch.path)
    let scores = scratch.file("Scores_Details.csv")
    for hasCovariances in [true, false] {
      if !hasCovariances {
        try FileManager.default.removeItem(atPath: CovariancesFile.path(beside: scores))
      }
      let compared = try ReferencesOfScales.comparisons(scores, groups: .list(files.groups))
      #expect(compared.count == 1 && compared[0].unit == "JOD")
      #expect(compared[0].groups.map(\.group) == ["new", "old"])
      for row in compared[0].groups {
        let voted = try #require(below.first { $0.group == row.group })
        #expect(abs(row.difference - voted.difference) < 0.1 && row.scenes == 6)
        #expect(abs((row.high - row.low) / (voted.high - voted.low) - 1) < 0.3)
      }
    }
    // Without references there is nothing to stand below.
    campaign.facts = [:]
    _ = try campaign.write(to: scratch)
    #expect(try run.run().boards[0].belowReferences.isEmpty)
    #expect(!(try run.run().text.contains("Below the reference")))
    #expect(try ReferencesOfScales.comparisons(scores, groups: .list(files.groups)) == [])
  }
}

import Decision
import DecisionsWorkflow
import Domain
import Files
import ScalingWorkflow
import TestSupport
import Testing

@Suite struct TrendRunTests {
  /// A model's scores of four builds in twelve scenes: 1.2 is 1.5 JOD better than 1.0 and 1.1, 1.10
  /// stays there.
  private func scores(_ scratch: Scratch) throws -> VerdictRun {
    var scores = CSVWriter(columns: ["photo", "attribute", "score", "unit", "scene", "model"])
    var groups = CSVWriter(columns: ["scene", "image", "group"])
    var scale = CSVWriter(columns: ScoresFile.columns)
    for scene in 0..<12 {
      for (index, (build, shift)) in [("1.0", 0.0), ("1.1", 0), ("1.2", 1.5), ("1.10", 1.5)]
        .enumerated()
      {
        let wobble = 0.05 * Double((scene * 7 + index * 3) % 5 - 2)
        let measured = Double(scene % 3) + shift
        scores.append([
          "\(build).jpg", "details", "\(measured + wobble)", "JOD", "S\(scene)", "m",
        ])
        groups.append(["S\(scene)", "\(build).jpg", build])
        scale.append([
          "", "\(measured)", "0.1", "\(measured - 0.2)", "\(measured + 0.2)", "0.4", "", "", "50",
          "\(build).jpg", "S\(scene)", "Details", "\(scene)", "",
        ])
      }
    }
    for (name, table) in [("scores.csv", scores), ("groups.csv", groups), ("scale.csv", scale)] {
      try table.write(to: scratch.file(name))
    }
    return VerdictRun(
      groups: .list(scratch.file("groups.csv")), baseline: "1.0", candidate: "",
      source: .scores([scratch.file("scores.csv")], scale: scratch.file("scale.csv")))
  }

  @Test func buildsAreJudgedInTheOrderOfTheirNumbers() throws {
    let scratch = try Scratch()
    let trend = try TrendRun.trend(scores(scratch), candidates: nil)
    #expect(trend.points.map(\.candidate) == ["1.1", "1.2", "1.10"])
    #expect(trend.points.map(\.isChange) == [false, true, false])
    #expect(trend.notes.contains { $0.contains("1.1, 1.2, 1.10") })
    #expect(trend.notices.contains { $0.contains("no person judged") })
    let some = try TrendRun.trend(scores(scratch), candidates: ["1.2", "1.1"])
    #expect(some.points.map(\.candidate) == ["1.2", "1.1"])
    #expect(throws: InputError.self) {
      try TrendRun.trend(scores(scratch), candidates: ["1.1", "1.1"])
    }
    #expect(throws: InputError.self) { try TrendRun.trend(scores(scratch), candidates: ["9"]) }
  }

  @Test func filesHoldTheTrend() throws {
    let scratch = try Scratch()
    let trend = try TrendRun.trend(scores(scratch), candidates: nil)
    var files = TrendFiles()
    (files.csv, files.report) = (scratch.file("t.csv"), scratch.file("t.html"))
    try files.write(trend, provenance: Provenance(command: ["trend"]))
    let table = try CSVTable(path: scratch.file("t.csv"))
    let change = try table.column("change_point")
    #expect(try table.rows.map { try $0.text(change) } == ["no", "yes", "no"])
    let page = String(decoding: try InputFile.read(scratch.file("t.html")), as: UTF8.self)
    #expect(page.contains("Details changed at 1.2") && page.contains("◆ 1.2"))
    #expect(trend.text.contains("Details changed at 1.2"))
  }

  @Test func aHistoryIsATrendToo() throws {
    let scratch = try Scratch()
    let history = scratch.file("history.jsonl")
    var files = VerdictFiles()
    files.history = history
    for (candidate, shift) in [("new", 0.0), ("newer", 0.1), ("newest", 1.6), ("newest", 1.5)] {
      let outcome = try Campaign(Array(repeating: shift, count: 10)).run { $0.history = history }
      var verdict = outcome.verdict
      verdict.candidate = candidate
      let entries = try JSONLines.readIfPresent(HistoryEntry.self, from: history)
      try JSONLines.write(entries + [HistoryEntry(verdict)], to: history)
    }
    let trend = try TrendRun.trend(history: history)
    // The latest look at a candidate counts.
    #expect(trend.points.map(\.candidate) == ["new", "newer", "newest"])
    #expect(trend.points.map(\.isChange) == [false, false, true] && trend.baseline == "old")
    #expect(
      message { _ = try TrendRun.trend(history: history, baseline: "x") }?.contains("old") == true)
    #expect(
      message { _ = try TrendRun.trend(history: history, attributes: [.exposure]) }?
        .contains("details") == true)
    #expect(throws: InputError.self) { try TrendRun.trend(history: scratch.file("none")) }
  }
}

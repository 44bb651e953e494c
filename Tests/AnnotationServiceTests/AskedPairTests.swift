import AnnotationService
import Domain
import Files
import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import TestSupport
import Testing

/// Pairs that a verdict wants next are asked next.
@Suite struct AskedPairTests {
  private func list(_ lab: Laboratory, _ rows: [[String]], to name: String) throws -> String {
    var table = CSVWriter(columns: [
      "scene", "attribute", "image_a", "image_b", "gain", "criterion", "batch",
    ])
    for row in rows { table.append(row) }
    try table.write(to: "\(lab.folder)/\(name)")
    return "\(lab.folder)/\(name)"
  }

  private func row(_ a: Int, _ b: Int, criterion: String = "", batch: String = "7") -> [String] {
    [
      "Indoor_1", "details", "\(a)_Indoor_1.png", "\(b)_Indoor_1.png", "0.5", criterion, batch,
    ]
  }

  @Test func theListComesFirstAndOnce() async throws {
    let lab = try Laboratory(photos: 8) { $0.blockSeconds = 100_000 }
    let path = try list(lab, [row(6, 1), row(2, 5), row(0, 7)], to: "next.csv")
    let report = try lab.study.ask(path)
    #expect(report.queued == 3 && report.refused.isEmpty && !report.isKnown)
    // The same list again, as after a restart of the server.
    #expect(try lab.study.ask(path).isKnown)
    let pairs = try await lab.pairsAsked(count: 12) { _, _ in "left" }
    #expect(Array(pairs.prefix(3)) == [[6, 1], [2, 5], [0, 7]])
    #expect(Set(pairs).count == 12)
    // Which pairs narrow a difference does not depend on the answers: no origin is written.
    let votes = try lab.study.judgements()
    #expect(votes.prefix(3).allSatisfy { $0.origin == nil } && votes[5].origin != nil)
    #expect(try lab.study.verify().isEmpty)
  }

  @Test func theStudysOwnListIsTakenWithTheOthers() async throws {
    let lab = try Laboratory(photos: 8) { $0.blockSeconds = 100_000 }
    _ = try list(lab, [row(3, 4, criterion: "error-reduction", batch: "2")], to: "pairs.csv")
    #expect(try await lab.study.addOwnLists().refused.isEmpty)
    #expect(try await lab.pairsAsked(count: 1) { _, _ in "left" } == [[3, 4]])
    let origin = try #require(try lab.study.judgements().first?.origin)
    #expect(origin.batch == 2 && origin.criterion.isAdaptive)
  }

  @Test func rowsThatCannotBeAskedAreNamed() throws {
    let lab = try Laboratory(photos: 8)
    let path = try list(
      lab,
      [
        row(0, 0), row(0, 99), ["Nowhere", "details", "a", "b", "", "", ""],
        row(0, 1, criterion: "luck"), row(1, 2),
      ], to: "next.csv")
    let report = try lab.study.ask(path)
    #expect(report.queued == 1 && report.refused.count == 4)
    let lines = report.refused.map { "\($0)" }
    for (number, word) in [(2, "both photos"), (3, "99_Indoor_1.png"), (4, "Nowhere")] {
      #expect(lines.contains { $0.contains("row \(number)") && $0.contains(word) }, "\(lines)")
    }
    #expect(lines.contains { $0.contains("luck") })
    let missing = message { _ = try lab.study.ask("\(lab.folder)/none.csv") }
    #expect(missing?.contains("none.csv") == true)
  }

  @Test func aStopRuleCompletesTheStudy() async throws {
    let lab = try Laboratory(photos: 10, scenes: ["Indoor_1", "Indoor_2"]) {
      $0.blockSeconds = 100_000
      $0.batchSize = 6
    }
    let token = try lab.study.invite().token
    let rule = Enough(votes: 12)
    try await AnnotationServer.application(
      lab.study, settings: Laboratory.generous, scale: Flat(), stop: rule
    ).test(.router) { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      // The planner looks behind the requests; the session ends when it found the rule met.
      for _ in 0..<45 {
        guard let lease = try await visitor.leases(session).leases.first else { break }
        // A pair is gone when the study was completed while it was shown.
        let answer = try await visitor.vote(lease.id, "left")
        #expect(answer.status == .created || answer.status == .gone)
      }
      while try lab.openTasks() > 0 { try await Task.sleep(for: .milliseconds(5)) }
    }
    #expect(try lab.study.judgements().count >= 12)
    #expect(try lab.study.verify().isEmpty)
  }
}

/// A scale that costs no time, so that the planner rests after none.
private struct Flat: ScaleEstimator {
  func scores(_ judgements: SceneJudgements) -> [EstimatedScore] {
    judgements.photos.map { _ in EstimatedScore(mean: 0, deviation: 1, low: -2, high: 2) }
  }
}

/// Stops at a number of votes.
private struct Enough: StopRule {
  let votes: Int
  func reason(_ votes: [Judgement]) -> String? { votes.count >= self.votes ? "enough" : nil }
}

extension Laboratory {
  /// The number of tasks that are not complete.
  fileprivate func openTasks() throws -> Int {
    try study.pool.read { db in
      try Int.fetchOne(db, sql: "SELECT count(*) FROM annotation_task WHERE state = 'open'") ?? 0
    }
  }
}

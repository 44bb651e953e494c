import AnnotationService
import Domain
import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

/// Pairs with a known answer: those for practice and those for checks are never the same.
@Suite struct KnownPairTests {
  @Test func practiceLeavesTheChecksAlone() async throws {
    let lab = try Laboratory(photos: 14) {
      $0.blockSeconds = 100_000
      ($0.trainingPairs, $0.goldenShare) = (3, 0.2)
    }
    for number in 0..<6 {
      try lab.study.addGoldenPair(
        scene: "Indoor_1", attribute: .details, better: PhotoID("\(2 * number)_Indoor_1.png"),
        worse: PhotoID("\(2 * number + 1)_Indoor_1.png"))
    }
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      var feedback = 0
      while true {
        let batch = try await visitor.leases(session)
        guard batch.status != "trained", let lease = batch.leases.first else { break }
        let text = String(buffer: try await visitor.vote(lease.id).body)
        if text.contains("isRight") { feedback += 1 }
      }
      #expect(feedback == 3, "every practice pair has a known answer")
      _ = try await visitor.json(.patch, "/api/v1/sessions/\(session)", #"{"action":"trained"}"#)
      for _ in 0..<60 {
        guard let lease = try await visitor.leases(session).leases.first else { break }
        _ = try await visitor.vote(lease.id)
      }
    }
    let shown = try await lab.study.pool.read { db in
      try Row.fetchAll(db, sql: "SELECT kind, low, high FROM annotation_lease").map {
        ($0["kind"] as String, "\($0["low"] as Int64) \($0["high"] as Int64)")
      }
    }
    let practice = Set(shown.filter { $0.0 == "training" }.map(\.1))
    let checks = Set(shown.filter { $0.0 == "golden" }.map(\.1))
    #expect(practice.count == 3 && checks.count == 3)
    #expect(practice.isDisjoint(with: checks))
  }

  @Test func theListSaysWhatAPairIsFor() async throws {
    let lab = try Laboratory(photos: 6)
    let path = lab.folder + "/golden.csv"
    let rows = [
      "0_Indoor_1.png,1_Indoor_1.png,training", "2_Indoor_1.png,3_Indoor_1.png,training",
      "4_Indoor_1.png,5_Indoor_1.png,check", "0_Indoor_1.png,5_Indoor_1.png,both",
    ]
    try Data(
      ("scene,attribute,better,worse,use\n"
        + rows.map { "Indoor_1,details,\($0)\n" }.joined()).utf8
    ).write(to: URL(fileURLWithPath: path))
    let refused = try lab.study.addGoldenPairs(path)
    #expect(refused.map(\.problem) == ["«both» is not a use"])
    let purposes = try await lab.study.pool.read {
      try String.fetchAll($0, sql: "SELECT purpose FROM annotation_golden ORDER BY low, high")
    }
    #expect(purposes == ["training", "training", "check"])
  }

  @Test func theOwnerIsWarnedOfTooFew() async throws {
    let lab = try Laboratory { ($0.trainingPairs, $0.goldenShare) = (3, 0.03) }
    let owner = try lab.study.invite(isOwner: true).token
    try await lab.test { client in
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      let page = String(buffer: try await chief.send(.get, "/owner").body)
      #expect(page.contains("Too few pairs with a known answer: Indoor_1 · details"))
    }
  }
}

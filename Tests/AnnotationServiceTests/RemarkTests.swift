import AnnotationService
import Domain
import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import NIOCore
import TestSupport
import Testing

/// Observers report what is wrong with a pair; the owner decides.
@Suite struct RemarkTests {
  @Test func aReportedPairCanBeSetAsideAndTakenBack() async throws {
    let lab = try Laboratory(photos: 4) { $0.blockSeconds = 100_000 }
    let tokens = (
      try lab.study.invite(pseudonym: "Ada").token, try lab.study.invite(pseudonym: "Bob").token,
      try lab.study.invite(isOwner: true).token
    )
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, tokens.0)
      let session = try await visitor.begin()
      let lease = try #require(try await visitor.leases(session).leases.first)
      let report = #"{"clientKey":"report-0123456789","kind":"same","text":"<i>twins</i>"}"#
      let uri = "/api/v1/leases/\(lease.id)/remark"
      for _ in 0..<2 { #expect(try await visitor.send(.post, uri, report).status == .created) }
      let stranger = try await Visitor.enter(client, tokens.1)
      #expect(try await stranger.send(.post, uri, report).status == .notFound)
      let odd = #"{"clientKey":"report-0123456780","kind":"other","text":""}"#
      #expect(try await visitor.send(.post, uri, odd).status == .badRequest)
      _ = try await visitor.vote(lease.id)
      #expect(try lab.study.judgements().count == 1)
      let chief = try await Visitor.enter(client, tokens.2, page: "/owner")
      let page = String(buffer: try await chief.send(.get, "/owner/remarks").body)
      #expect(page.contains("&lt;i&gt;twins&lt;/i&gt;") && page.contains("Ada"))
      func decide(_ decision: String) async throws {
        let answer = try await chief.send(
          .post, "/owner/remarks", "csrf=\(chief.csrf)&remark=1&decision=\(decision)",
          headers: [.contentType: "application/x-www-form-urlencoded"])
        #expect(answer.status == .seeOther)
      }
      try await decide("aside")
      #expect(try lab.study.judgements().isEmpty)
      // What is in the first one's hands goes back.
      _ = try await visitor.send(.patch, "/api/v1/sessions/\(session)", #"{"action":"pause"}"#)
      // Nobody gets the pair any more: the other observer has five of six.
      let other = try await stranger.begin()
      var pairs: Set<Set<String>> = []
      while let next = try await stranger.leases(other).leases.first {
        pairs.insert(next.pair)
        _ = try await stranger.vote(next.id)
      }
      #expect(pairs.count == 5 && !pairs.contains(lease.pair))
      try await decide("kept")
      #expect(try lab.study.judgements().count == 6)
    }
    #expect(try lab.study.verify().isEmpty)
  }

  @Test func whatAnObserverWroteGoesWithHim() async throws {
    let lab = try Laboratory(photos: 3)
    let token = try lab.study.invite(pseudonym: "Ada").token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      let lease = try #require(try await visitor.leases(session).leases.first)
      let report = #"{"clientKey":"report-0123456789","kind":"comment","text":"I am Ada L."}"#
      _ = try await visitor.send(.post, "/api/v1/leases/\(lease.id)/remark", report)
      #expect(try FolderBytes.traces(of: ["I am Ada L."], in: lab.folder) != [])
      #expect(try await visitor.send(.post, "/api/v1/withdrawal").status == .noContent)
    }
    let texts = try await lab.study.pool.read {
      try String.fetchAll($0, sql: "SELECT text FROM annotation_remark")
    }
    #expect(texts == [""])
  }

  @Test func aWithdrawnPersonsReportsAreRemoved() async throws {
    let lab = try Laboratory(photos: 2)
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      let lease = try #require(try await visitor.leases(session).leases.first)
      let report = #"{"clientKey":"report-0123456789","kind":"comment","text":"this is P. Q."}"#
      _ = try await visitor.send(.post, "/api/v1/leases/\(lease.id)/remark", report)
    }
    #expect(try FolderBytes.traces(of: ["this is P. Q."], in: lab.folder) != [])
    try lab.study.withdraw(person: "P-Indoor_1-0")
    #expect(try FolderBytes.traces(of: ["this is P. Q."], in: lab.folder) == [])
  }
}

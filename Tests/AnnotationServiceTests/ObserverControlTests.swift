import AnnotationService
import Domain
import Files
import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

/// Observers and staff in the owner's hands.
@Suite struct ObserverControlTests {
  private let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]

  private func table(_ text: String) throws -> CSVTable {
    try CSVTable(bytes: Array(text.utf8), file: "invitations.csv")
  }

  @Test func manyAreInvitedWithLetters() async throws {
    let lab = try Laboratory()
    let people = try InvitationList.people(
      Array("name,email,pseudonym\nAda L.,ada@example.org,A-1\nBob,,\n=x,,C-1\n".utf8),
      file: "people.csv")
    let made = try lab.study.invite(
      people, letter: "Dear {name}: {link} ({days} days, {study}, {pseudonym})",
      origin: "https://s.example.org", days: 7)
    #expect(made.map(\.observer.text).first == "A-1" && made.count == 3)
    #expect(
      made[0].letter == "Dear Ada L.: \(made[0].link) (7 days, Test, A-1)")
    let rows = try table(InvitationList.table(made))
    #expect(rows.columns == ["pseudonym", "name", "email", "link", "letter"])
    #expect(InvitationList.table(made).contains("'=x"), "names are no formulas")
    #expect(made[0].link.hasPrefix("https://s.example.org/i/"))
    let keys = try String(contentsOfFile: lab.study.keys.path, encoding: .utf8)
    #expect(keys.contains("Ada L.") && !keys.contains("ada@example.org"))
    try FileManager.default.removeItem(atPath: lab.study.keys.path)
    let token = String(made[1].link.dropFirst("https://s.example.org/i/".count))
    try await lab.test { client in _ = try await Visitor.enter(client, token) }
    // All or none: the last one's pseudonym is too long.
    let bad = ["D-1", String(repeating: "x", count: 65)].map { InvitedPerson(pseudonym: $0) }
    #expect(throws: InputError.self) { try lab.study.invite(bad, letter: "", origin: "") }
    #expect(
      try await lab.study.pool.read {
        try Int.fetchOne(
          $0, sql: "SELECT count(*) FROM annotation_observer WHERE pseudonym = 'D-1'")
      } == 0)
    #expect(throws: InputError.self) {
      try InvitationList.people(Array("pseudonym\nA\nA\n".utf8), file: "people.csv")
    }
  }

  @Test func anInvitationAndACookieCanBeRevoked() async throws {
    let lab = try Laboratory()
    let tokens = (
      try lab.study.invite(pseudonym: "Ada").token, try lab.study.invite(pseudonym: "Ada").token
    )
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, tokens.0)
      _ = try await visitor.begin()
      #expect(try lab.study.revoke("Ada") == 2)
      #expect(try await visitor.send(.get, "/observe").status == .unauthorized)
      let spent = try await client.execute(
        uri: "/i/\(tokens.1)", method: .post, headers: [.origin: "http://localhost"])
      #expect(spent.status == .gone)
      #expect(throws: InputError.self) { try lab.study.revoke("Nobody") }
      // A new invitation opens the same observer's work again.
      _ = try await Visitor.enter(client, try lab.study.invite(pseudonym: "Ada").token)
    }
  }

  @Test func anExcludedObserversVotesLeaveTheScaleAndComeBack() async throws {
    let lab = try Laboratory(photos: 5) { $0.blockSeconds = 100_000 }
    let tokens = try ["Ada", "Contrary"].map { try lab.study.invite(pseudonym: $0).token }
    let owner = try lab.study.invite(isOwner: true).token
    try await lab.test { client in
      for (token, isContrary) in zip(tokens, [false, true]) {
        let visitor = try await Visitor.enter(client, token)
        let session = try await visitor.begin()
        while let lease = try await visitor.leases(session).leases.first {
          let isLeft = (lease.left < lease.right) != isContrary
          _ = try await visitor.vote(lease.id, isLeft ? "left" : "right")
        }
      }
      #expect(try lab.study.judgements().count == 20)
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      func page() async throws -> String {
        String(buffer: try await chief.send(.get, "/owner/observers/Contrary").body)
      }
      let before = try await page()
      let move = try #require(
        before.firstMatch(of: /<td class="n">10<\/td><td class="n">([0-9.]+)<\/td>/))
      #expect(try #require(Double(String(move.1))) > 0.3, "two who contradict each other")
      func post(_ body: String) async throws {
        let answer = try await chief.send(
          .post, "/owner/observers/Contrary", "csrf=\(chief.csrf)&\(body)", headers: form)
        #expect(answer.status == .seeOther)
      }
      try await post("action=exclude&reason=always+the+other+one")
      #expect(try lab.study.judgements().count == 10)
      #expect(try await page().contains("always the other one"))
      #expect(try lab.study.votesJSONLines().contains(#""observerExcluded":true"#))
      try await post("action=include")
      #expect(try lab.study.judgements().count == 20)
    }
    #expect(try lab.study.verify().isEmpty)
  }

  @Test func rolesOpenWhatTheyMay() async throws {
    let lab = try Laboratory()
    let staff = try ["operator", "reader"].map { name in
      try lab.study.invite(
        [InvitedPerson(pseudonym: name)], letter: "", origin: "",
        role: try #require(StudyRole(rawValue: name)))[0].link.dropFirst("/i/".count)
    }
    let observer = try lab.study.invite(pseudonym: "Ada").token
    try await lab.test { client in
      var people: [Visitor] = []
      for token in staff {
        people.append(try await Visitor.enter(client, String(token), page: "/owner"))
      }
      let pages = ["", "/photos", "/guidelines", "/observers", "/remarks", "/scale", "/settings"]
      for visitor in people {
        for page in pages {
          #expect(try await visitor.send(.get, "/owner\(page)").status == .ok, "\(page)")
        }
        #expect(try await visitor.send(.post, "/api/v1/sessions", "{}").status == .forbidden)
      }
      func post(_ visitor: Visitor, _ uri: String, _ body: String) async throws -> Int {
        try await visitor.send(.post, uri, "csrf=\(visitor.csrf)&\(body)", headers: form)
          .status.code
      }
      #expect(try await post(people[0], "/owner/invitations", "pseudonym=Bob") == 200)
      #expect(try await post(people[0], "/owner/invitations", "pseudonym=X&role=owner") == 403)
      #expect(try await post(people[0], "/owner/tasks", "task=1&state=paused") == 303)
      for (uri, body) in [
        ("/owner/invitations", "pseudonym=Eve"), ("/owner/tasks", "task=1&state=open"),
        ("/owner/observers/Ada", "action=revoke"), ("/owner/settings", "blockSeconds=9"),
        ("/owner/withdrawals", "person=P-Indoor_1-0&typed=P-Indoor_1-0"),
        ("/owner/password", "password=long-enough-password"), ("/owner/guidelines", "action=save"),
      ] {
        #expect(try await post(people[1], uri, body) == 403, "\(uri)")
      }
      for (uri, body) in [
        ("/owner/settings", "blockSeconds=9"), ("/owner/observers/Ada", "action=exclude&reason=x"),
        ("/owner/withdrawals", "person=P-Indoor_1-0&typed=P-Indoor_1-0"),
      ] {
        #expect(try await post(people[0], uri, body) == 403, "\(uri)")
      }
      let visitor = try await Visitor.enter(client, observer)
      #expect(try await visitor.send(.get, "/owner/settings").status == .forbidden)
    }
  }
}

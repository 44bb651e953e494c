import AnnotationService
import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

/// The owner steers a running study.
@Suite struct ControlTests {
  private let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]

  @Test func settingsChangeWhileTheStudyRuns() async throws {
    let lab = try Laboratory()
    let owner = try lab.study.invite(isOwner: true).token
    let token = try lab.study.invite().token
    try await lab.test { client in
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      func post(_ body: String) async throws -> TestResponse {
        try await chief.send(.post, "/owner/settings", "csrf=\(chief.csrf)&\(body)", headers: form)
      }
      let page = String(buffer: try await chief.send(.get, "/owner/settings").body)
      #expect(page.contains(#"name="blockSeconds" value="300""#))
      #expect(page.contains(#"name="repeatShare" value="0""#))
      #expect(try await post("blockSeconds=120&allowsTies=true").status == .seeOther)
      #expect(lab.study.settings.blockSeconds == 120 && lab.study.settings.allowsTies)
      let bad = String(buffer: try await post("blockSeconds=0").body)
      #expect(bad.contains("role=\"alert\"") && bad.contains("blockSeconds=0"))
      #expect(lab.study.settings.blockSeconds == 120)
      let visitor = try await Visitor.enter(client, token)
      _ = try await visitor.begin()
      let view = try await visitor.json(.post, "/api/v1/sessions", "{}")
      #expect(view["secondsLeft"] as? Int == 120)
      #expect(view["allowsTies"] as? Bool == true)
    }
    let again = try AnnotationStudy.open(lab.folder)
    #expect(again.settings == lab.study.settings)
    try again.close()
    #expect(try lab.study.verify().isEmpty)
  }

  @Test func tasksArePausedClosedAndStarted() async throws {
    let lab = try Laboratory(photos: 3)
    let owner = try lab.study.invite(isOwner: true).token
    let token = try lab.study.invite().token
    try await lab.test { client in
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      func set(_ state: String) async throws {
        let answer = try await chief.send(
          .post, "/owner/tasks", "csrf=\(chief.csrf)&task=1&state=\(state)", headers: form)
        #expect(answer.status == .seeOther)
      }
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      try await set("paused")
      #expect(try await visitor.leases(session).status == "done")
      let view = try await visitor.json(.post, "/api/v1/sessions", "{}")
      #expect(view["step"] as? String == "done")
      // New photos don't start what the owner holds back.
      _ = try lab.study.add([try lab.region("Indoor_1", 3)])
      #expect(try await visitor.json(.post, "/api/v1/sessions", "{}")["step"] as? String == "done")
      try await set("closed")
      try await set("open")
      let next = try await visitor.begin()
      #expect(try await visitor.leases(next).leases.count == 2)
    }
  }

  @Test func attributesAreOrderedAndSwitchedOff() async throws {
    let lab = try Laboratory(photos: 2)
    for attribute in ["overall", "colour"] {
      _ = try lab.study.add(
        try (0..<2).map { number in
          var region = try lab.region("Indoor_1", number)
          region.attribute = Attribute(attribute)
          return region
        })
    }
    let owner = try lab.study.invite(isOwner: true).token
    let token = try lab.study.invite().token
    try await lab.test { client in
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      // They are listed by place and name: colour, details, overall.
      let answer = try await chief.send(
        .post, "/owner/attributes",
        "csrf=\(chief.csrf)&on0=1&place0=2&place1=1&on2=1&place2=1", headers: form)
      #expect(answer.status == .seeOther)
      let visitor = try await Visitor.enter(client, token)
      var judged: [String] = []
      for _ in 0..<3 {
        guard let session = try? await visitor.begin() else { break }
        let view = try await visitor.json(.post, "/api/v1/sessions", "{}")
        judged.append(view["attribute"] as? String ?? "")
        while let lease = try await visitor.leases(session).leases.first {
          _ = try await visitor.vote(lease.id)
        }
      }
      #expect(judged == ["overall", "colour"])
    }
  }

  @Test func anImpossibleTargetIsNamedWithAProposal() async throws {
    let lab = try Laboratory(photos: 8)
    for number in 0..<6 { _ = try lab.study.invite(pseudonym: "O-\(number)") }
    let owner = try lab.study.invite(isOwner: true).token
    try await lab.test { client in
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      let page = String(buffer: try await chief.send(.get, "/owner").body)
      #expect(page.contains("8 photos have 28 pairs, so 6 observers can give 168 votes at most"))
      #expect(page.contains("Proposed: 168 votes, 21.0 for each photo"))
      _ = try await chief.send(
        .post, "/owner/settings", "csrf=\(chief.csrf)&targetPerPhoto=21", headers: form)
      let then = String(buffer: try await chief.send(.get, "/owner").body)
      #expect(!then.contains("Proposed"))
      #expect(then.contains(#"<progress max="168""#))
    }
  }

  @Test func theScaleSaysHowFarItCanBeTrusted() async throws {
    let lab = try Laboratory(photos: 4)
    let owner = try lab.study.invite(isOwner: true).token
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      while let lease = try await visitor.leases(session).leases.first {
        _ = try await visitor.vote(lease.id)
      }
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      var page = ""
      for _ in 0..<30_000 {
        page = String(buffer: try await chief.send(.get, "/owner/scale").body)
        if page.contains("4 photos have fewer") { break }
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(page.contains("with care") && page.contains("1 observers"))
    }
  }
}

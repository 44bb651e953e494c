import AnnotationService
import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Studies
import Testing

/// How people come in: many behind one address, one person in two roles, two servers on one study.
@Suite struct DoorTests {
  private let ours: HTTPFields = [.origin: "http://localhost"]

  /// A room of observers shares the laboratory's address.
  @Test func thirtyObserversBehindOneAddressEnter() async throws {
    let lab = try Laboratory()
    let tokens = try (0..<30).map { _ in try lab.study.invite().token }
    let settings = AnnotationServerSettings(limitsOf: lab.study.settings)
    #expect(settings.entryBurst == 10)
    try await lab.test(settings) { client in
      for token in tokens { _ = try await Visitor.enter(client, token) }
    }
  }

  @Test func whoGuessesTooOftenReadsWhy() async throws {
    let lab = try Laboratory { $0.entryTries = 3 }
    let token = try lab.study.invite().token
    try await lab.test(AnnotationServerSettings(limitsOf: lab.study.settings)) { client in
      for number in 0..<3 {
        let guess = try await client.execute(uri: "/i/guess\(number)", method: .post, headers: ours)
        #expect(guess.status == .notFound)
      }
      let refused = try await client.execute(uri: "/i/\(token)", method: .post, headers: ours)
      #expect(refused.status == .tooManyRequests)
      #expect(refused.headers[.contentType]?.hasPrefix("text/html") == true)
      #expect(refused.headers[.retryAfter] == "200")
      #expect(String(buffer: refused.body).contains("Wait a few minutes"))
      lab.clock.advance(200)
      _ = try await Visitor.enter(client, token)
    }
  }

  @Test func theOwnerMayOpenAnInvitationAndStaysTheOwner() async throws {
    let lab = try Laboratory()
    let owner = try lab.study.invite(isOwner: true).token
    let token = try lab.study.invite().token
    try await lab.test { client in
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      let guest = try await Visitor.enter(client, token)
      #expect(chief.cookie.prefix { $0 != "=" } != guest.cookie.prefix { $0 != "=" })
      let both = "\(chief.cookie); \(guest.cookie)"
      func get(_ uri: String) async throws -> HTTPResponse.Status {
        try await client.execute(uri: uri, method: .get, headers: [.cookie: both]).status
      }
      #expect(try await get("/owner") == .ok)
      #expect(try await get("/observe") == .ok)
      let browser = Visitor(client: client, cookie: both, csrf: guest.csrf)
      _ = try await browser.begin()
      // The observer leaves; the owner does not.
      let left = try await browser.send(.post, "/api/v1/leave")
      #expect(left.headers[.setCookie]?.contains("-observer=;") == true)
      #expect(try await get("/owner") == .ok)
      #expect(try await get("/observe") == .unauthorized)
    }
  }

  @Test func twoStudiesOnOneHostKeepTheirCookies() async throws {
    let (one, other) = (try Laboratory(), try Laboratory())
    let tokens = (try one.study.invite().token, try other.study.invite().token)
    let cookies = Cookies()
    try await one.test { await cookies.add(try await Visitor.enter($0, tokens.0).cookie) }
    try await other.test { await cookies.add(try await Visitor.enter($0, tokens.1).cookie) }
    let jar = await cookies.all
    #expect(Set(jar.map { $0.prefix { $0 != "=" } }).count == 2)
    for lab in [one, other] {
      try await lab.test { client in
        let page = try await client.execute(
          uri: "/observe", method: .get, headers: [.cookie: jar.joined(separator: "; ")])
        #expect(page.status == .ok)
      }
    }
  }

  @Test func theCookieOfAnEarlierVersionIsRead() async throws {
    let lab = try Laboratory()
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let value = visitor.cookie.drop { $0 != "=" }
      let page = try await client.execute(
        uri: "/observe", method: .get, headers: [.cookie: "vernier-local\(value)"])
      #expect(page.status == .ok)
    }
  }

  @Test func aStudyIsServedOnce() async throws {
    let lab = try Laboratory()
    let store = try StudyStore.open(lab.folder)
    let serving = try ServingLock(store)
    await #expect(throws: InputError.self) {
      try await AnnotationServer.run(lab.study, port: 0)
    }
    withExtendedLifetime(serving) {}
    try store.close()
  }

  @Test func namesAreNoFormulas() async throws {
    let lab = try Laboratory(photos: 2, scenes: ["=HYPERLINK(\"x\")"])
    let token = try lab.study.invite(pseudonym: "@SUM(A1)").token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      let lease = try #require(try await visitor.leases(session).leases.first)
      _ = try await visitor.vote(lease.id)
    }
    let line = try #require(try lab.study.votesCSV().split(separator: "\n").last)
    #expect(line.hasPrefix("'@SUM(A1),\"'=HYPERLINK(\"\"x\"\")\",details,"))
  }

  @Test func aListThatIsNoTableDoesNotKeepTheOthersOut() async throws {
    let lab = try Laboratory(photos: 2)
    try Data("scene,attribute,better,worse\nIndoor_1,details,a\n".utf8)
      .write(to: URL(fileURLWithPath: lab.folder + "/golden.csv"))
    try Data("scene,attribute,image\nIndoor_1,details,0_Indoor_1.png\n".utf8)
      .write(to: URL(fileURLWithPath: lab.folder + "/cross-set.csv"))
    let report = try await lab.study.addOwnLists()
    #expect(report.refused.count == 1)
    #expect(report.refused.first?.description.contains("the row has 3 of 4 fields") == true)
  }
}

/// Cookies that come from several servers.
private actor Cookies {
  var all: [String] = []
  func add(_ cookie: String) { all.append(cookie) }
}

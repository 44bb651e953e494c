import AnnotationService
import Domain
import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

/// Each line of the specification's «Security and privacy», tried.
@Suite struct SecurityTests {
  @Test func aSpentOrStolenInvitationOpensNothing() async throws {
    let lab = try Laboratory()
    let token = try lab.study.invite().token
    let old = try lab.study.invite(lifetime: 60).token
    #expect(token.utf8.count == 22, "128 bits in base 64")
    let file = try Data(contentsOf: URL(fileURLWithPath: lab.folder + "/study.sqlite-wal"))
    #expect(file.range(of: Data(token.utf8)) == nil, "stored as a hash only")
    try await lab.test { client in
      // A link preview's GET does not spend it.
      for _ in 0..<3 {
        let page = try await client.execute(uri: "/i/\(token)", method: .get)
        #expect(page.status == .ok)
        #expect(page.headers[.setCookie] == nil)
      }
      _ = try await Visitor.enter(client, token)
      let origin: HTTPFields = [.origin: "http://localhost"]
      let replay = try await client.execute(uri: "/i/\(token)", method: .post, headers: origin)
      #expect(replay.status == .gone)
      #expect(replay.headers[.setCookie] == nil)
      lab.clock.advance(61)
      let late = try await client.execute(uri: "/i/\(old)", method: .post, headers: origin)
      #expect(late.status == .gone)
      let guess = try await client.execute(uri: "/i/AAAAAAAA", method: .post, headers: origin)
      #expect(guess.status == .notFound)
    }
  }

  @Test func changesNeedOurOriginAndTheToken() async throws {
    let lab = try Laboratory()
    let token = try lab.study.invite().token
    let fresh = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      var foreign = visitor
      for origin in ["https://evil.example", "http://localhost.evil.example", "null", nil] {
        foreign.origin = origin
        #expect(try await foreign.send(.post, "/api/v1/sessions", "{}").status == .forbidden)
      }
      let stranger = Visitor(client: client, cookie: visitor.cookie, csrf: "guess")
      #expect(try await stranger.send(.post, "/api/v1/sessions", "{}").status == .forbidden)
      let login = try await client.execute(
        uri: "/i/\(fresh)", method: .post, headers: [.origin: "https://evil.example"])
      #expect(login.status == .forbidden)
    }
  }

  @Test func aReboundHostIsRefused() async throws {
    let lab = try Laboratory()
    var settings = Laboratory.generous
    settings.publicOrigin = "https://study.example.org"
    try await lab.test(settings) { client in
      // The test client calls itself localhost, which is not the public name.
      let answer = try await client.execute(uri: "/", method: .get)
      #expect(answer.status == .misdirectedRequest)
    }
  }

  @Test func everyAnswerCarriesThePolicy() async throws {
    let lab = try Laboratory()
    try await lab.test { client in
      for uri in ["/", "/login", "/nothing", "/assets/page.css", "/api/v1/admin/coverage"] {
        let headers = try await client.execute(uri: uri, method: .get).headers
        func value(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
        #expect(
          value("Content-Security-Policy")
            == "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
            + "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
        #expect(value("X-Content-Type-Options") == "nosniff")
        #expect(value("Referrer-Policy") == "no-referrer")
      }
    }
  }

  @Test func theCookieIsStrict() async throws {
    let lab = try Laboratory()
    let token = try lab.study.invite().token
    try await lab.test { client in
      let set = try #require(
        try await client.execute(
          uri: "/i/\(token)", method: .post, headers: [.origin: "http://localhost"]
        ).headers[.setCookie])
      #expect(set.contains("HttpOnly") && set.contains("SameSite=Strict"))
      #expect(
        set.hasPrefix("vernier-local-\(lab.study.id)-observer="),
        "plain http on localhost: the stated exception")
    }
  }

  @Test func largeAndStrangeBodiesAreRefused() async throws {
    let lab = try Laboratory()
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let lease = try #require(
        try await visitor.leases(try await visitor.begin()).leases.first)
      let uri = "/api/v1/leases/\(lease.id)/vote"
      let large =
        #"{"clientKey":"0123456789abcdef","choice":"left","x":""#
        + String(repeating: "a", count: 17 << 10) + #""}"#
      #expect(try await visitor.send(.put, uri, large).status == .contentTooLarge)
      let announced: HTTPFields = [.contentLength: "31457280", .origin: "http://localhost"]
      let flood = try await client.execute(uri: "/i/guess", method: .post, headers: announced)
      #expect(flood.status == .contentTooLarge)
      for body in ["", "[]", "{", #"{"clientKey":"short","choice":"left"}"#] {
        #expect(try await visitor.send(.put, uri, body).status == .badRequest)
      }
      for choice in ["tie", "LEFT", "'; DROP TABLE annotation_vote;--"] {
        let body = #"{"clientKey":"0123456789abcdef","choice":"\#(choice)"}"#
        #expect(try await visitor.send(.put, uri, body).status == .badRequest)
      }
      let form = try await visitor.send(
        .put, uri, #"{"clientKey":"0123456789abcdef","choice":"left"}"#,
        headers: [.contentType: "text/plain"])
      #expect(form.status == .unsupportedMediaType)
    }
    #expect(try lab.study.judgements().isEmpty)
  }

  @Test func anotherObserversThingsAreNotThere() async throws {
    let lab = try Laboratory(photos: 12)
    let tokens = try (0..<2).map { _ in try lab.study.invite().token }
    try await lab.test { client in
      let one = try await Visitor.enter(client, tokens[0])
      let other = try await Visitor.enter(client, tokens[1])
      let session = try await one.begin()
      let lease = try #require(try await one.leases(session).leases.first)
      _ = try await other.leases(try await other.begin())
      #expect(try await other.vote(lease.id).status == .notFound)
      let uri = "/api/v1/sessions/\(session)"
      #expect(try await other.send(.patch, uri, #"{"action":"pause"}"#).status == .notFound)
      #expect(try await other.send(.post, uri + "/leases", "{}").status == .notFound)
      #expect(try await one.vote(lease.id).status == .created)
      // An undo reaches the caller's own votes only.
      #expect(try await other.send(.delete, "/api/v1/votes/last").status == .notFound)
      for page in ["", "/observers", "/scale", "/audit", "/exports"] {
        #expect(try await other.send(.get, "/owner\(page)").status == .forbidden)
        let nobody = try await client.execute(uri: "/owner\(page)", method: .get)
        #expect(nobody.status == .unauthorized)
      }
      #expect(try await other.send(.get, "/api/v1/admin/events").status == .forbidden)
      #expect(try await other.send(.post, "/owner/invitations", "").status == .forbidden)
    }
  }

  @Test func namesOnPagesAreText() async throws {
    let lab = try Laboratory(photos: 3, scenes: ["<script>alert(1)<"])
    let owner = try lab.study.invite(isOwner: true).token
    _ = try lab.study.invite(pseudonym: #""><img src=x onerror=alert(1)>"#)
    try await lab.test { client in
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      for page in ["", "/observers", "/scale", "/audit"] {
        let html = String(buffer: try await chief.send(.get, "/owner\(page)").body)
        #expect(!html.contains("<script>alert") && !html.contains("<img"))
      }
      let coverage = String(buffer: try await chief.send(.get, "/owner").body)
      #expect(coverage.contains("&lt;script&gt;alert(1)&lt;"))
      let echo = try await client.execute(uri: "/i/%22%3E%3Cscript%3E", method: .get)
      #expect(!String(buffer: echo.body).contains("<script>"))
    }
  }

  @Test func guessingIsSlowedDown() async throws {
    let lab = try Laboratory()
    try lab.study.setOwnerPassword("correct horse battery")
    #expect(throws: InputError.self) { try lab.study.setOwnerPassword("short") }
    var settings = Laboratory.generous
    settings.entryBurst = 5
    try await lab.test(settings) { client in
      func login(_ password: String) async throws -> HTTPResponse.Status {
        try await client.execute(
          uri: "/login", method: .post,
          headers: [
            .origin: "http://localhost", .contentType: "application/x-www-form-urlencoded",
          ], body: ByteBuffer(string: "password=\(password)")
        ).status
      }
      for _ in 0..<8 { #expect(try await login("correct+horse+battery") == .seeOther) }
      for _ in 0..<5 { #expect(try await login("wrong") == .unauthorized) }
      #expect(try await login("correct+horse+battery") == .tooManyRequests)
      let origin: HTTPFields = [.origin: "http://localhost"]
      let token = try await client.execute(uri: "/i/guess", method: .post, headers: origin)
      #expect(token.status == .tooManyRequests)
      lab.clock.advance(600)
      #expect(try await login("correct+horse+battery") == .seeOther)
    }
  }

  @Test func oneCookieCannotFloodTheServer() async throws {
    let lab = try Laboratory()
    let token = try lab.study.invite().token
    var settings = Laboratory.generous
    settings.cookieBurst = 20
    try await lab.test(settings) { client in
      let visitor = try await Visitor.enter(client, token)
      var refused = 0
      for _ in 0..<40 where try await visitor.send(.get, "/observe").status == .tooManyRequests {
        refused += 1
      }
      #expect(refused == 21)
    }
  }

  @Test func leavingAndWithdrawingEndTheCookie() async throws {
    let lab = try Laboratory()
    let tokens = try (0..<2).map { _ in try lab.study.invite().token }
    try await lab.test { client in
      for (token, call) in zip(tokens, ["leave", "withdrawal"]) {
        let visitor = try await Visitor.enter(client, token)
        let lease = try #require(
          try await visitor.leases(try await visitor.begin()).leases.first)
        _ = try await visitor.vote(lease.id)
        let answer = try await visitor.send(.post, "/api/v1/\(call)")
        #expect(answer.status == .noContent)
        let name = try #require(HTTPField.Name("Clear-Site-Data"))
        #expect(answer.headers[name] != nil)
        #expect(try await visitor.send(.post, "/api/v1/sessions", "{}").status == .unauthorized)
      }
    }
    #expect(try lab.study.judgements().count == 1, "the votes of who withdrew don't count")
    #expect(try lab.study.verify().isEmpty)
  }

  @Test func behindTLSTheCookieIsBoundToTheHost() async throws {
    let lab = try Laboratory()
    let token = try lab.study.invite().token
    var settings = Laboratory.generous
    settings.publicOrigin = "https://localhost"
    try await lab.test(settings) { client in
      let answer = try await client.execute(
        uri: "/i/\(token)", method: .post, headers: [.origin: "https://localhost"])
      let set = try #require(answer.headers[.setCookie])
      #expect(set.hasPrefix("__Host-vernier-\(lab.study.id)-observer=") && set.contains("; Secure"))
      #expect(set.contains("Path=/") && !set.contains("Domain"))
      let strict = try #require(HTTPField.Name("Strict-Transport-Security"))
      #expect(answer.headers[strict] != nil)
      // The plain name of localhost opens nothing here.
      let cookie = String(set.prefix { $0 != ";" })
      let plain = cookie.replacingOccurrences(of: "__Host-vernier", with: "vernier-local")
      for (value, status) in [(cookie, HTTPResponse.Status.ok), (plain, .unauthorized)] {
        let page = try await client.execute(
          uri: "/observe", method: .get, headers: [.cookie: value])
        #expect(page.status == status)
      }
      let http = try await client.execute(
        uri: "/i/\(token)", method: .post, headers: [.origin: "http://localhost"])
      #expect(http.status == .forbidden, "another scheme is another origin")
    }
    var bare = AnnotationServerSettings()
    bare.publicOrigin = "http://study.example.org"
    await #expect(throws: InputError.self) {
      try await AnnotationServer.run(lab.study, port: 0, settings: bare)
    }
    await #expect(throws: InputError.self) {
      try await AnnotationServer.run(lab.study, address: "0.0.0.0", port: 0)
    }
  }

  @Test func passwordsAreKeptAsScrypt() throws {
    let lab = try Laboratory()
    try lab.study.setOwnerPassword("correct horse battery")
    for name in ["study.sqlite", "study.sqlite-wal"] {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(lab.folder)/\(name)"))
      #expect(bytes.range(of: Data("correct horse".utf8)) == nil)
    }
    let row = try lab.study.pool.read { db in
      try Row.fetchOne(db, sql: "SELECT salt, hash, rounds FROM annotation_password")
    }
    let salt: Data? = row?["salt"]
    let hash: Data? = row?["hash"]
    #expect(salt?.count == 16 && hash?.count == 32)
    #expect((row?["rounds"] as Int?) == 32_768)
  }

  @Test func oneAddressCannotFloodTheServer() async throws {
    let lab = try Laboratory()
    var settings = Laboratory.generous
    settings.addressBurst = 15
    settings.trustsProxy = true
    try await lab.test(settings) { client in
      let forwarded = try #require(HTTPField.Name("X-Forwarded-For"))
      func ask(_ address: String) async throws -> HTTPResponse.Status {
        try await client.execute(uri: "/", method: .get, headers: [forwarded: address]).status
      }
      for _ in 0..<15 { #expect(try await ask("192.0.2.1") == .ok) }
      #expect(try await ask("192.0.2.1") == .tooManyRequests)
      // What the client itself claims stands before what the proxy adds, and changes nothing.
      #expect(try await ask("203.0.113.9, 192.0.2.1") == .tooManyRequests)
      #expect(try await ask("192.0.2.2") == .ok)
    }
  }

  @Test func nothingTellsAnObserverTheDevice() async throws {
    let lab = try Laboratory(photos: 4)
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      let answer = try await visitor.send(.post, "/api/v1/sessions/\(session)/leases", "{}")
      let text = String(buffer: answer.body)
      #expect(text.contains("/img/"))
      for secret in ["Phone", "Indoor_1", "P-Indoor", ".png"] {
        #expect(!text.contains(secret), "\(secret)")
      }
      let lease = try #require(try await visitor.leases(session).leases.first)
      let picture = try await visitor.send(.get, lease.left)
      #expect(picture.headers[.contentDisposition] == nil)
      #expect(picture.headers[.lastModified] == nil)
    }
  }
}

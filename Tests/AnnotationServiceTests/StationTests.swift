import AnnotationService
import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@Suite struct StationTests {
  /// The lab's clock stands at 2027-01-15.
  private let form =
    "name=Lab+1&pitch=0.185&width=3840&height=2160&luminance=120&white=d65&ambient=dim"
    + "&calibrated=2027-01-10&days=10"

  /// What a browser at a station sends: nothing is declared.
  private func report(width: Int = 3840) -> String {
    """
    {"action":"calibration","check":{"cardCSSPixels":0,"devicePixelRatio":1,"screenWidthCSS":\(width),
    "screenHeightCSS":2160,"isFullScreen":true,"distanceMillimetres":650,"darkSeen":4,"darkShown":4,
    "brightSeen":5,"brightShown":5,"gamut":"srgb","ambient":"bright","whitePoint":"unknown",
    "luminance":null,"calibrationDate":""}}
    """
  }

  private let formType: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]

  /// Registers a station and gives its token.
  private func register(_ chief: Visitor, _ fields: String) async throws -> String? {
    let answer = try await chief.send(
      .post, "/owner/stations", fields + "&csrf=\(chief.csrf)", headers: formType)
    let html = String(buffer: answer.body)
    return html.firstMatch(of: /\/station\/([A-Za-z0-9_-]{22})/).map { String($0.1) }
  }

  @Test func aRegisteredStationKnowsItsScreen() async throws {
    let lab = try Laboratory { $0.gate = .strict }
    let token = try lab.study.invite().token
    let owner = try lab.study.invite(isOwner: true).token
    try await lab.test { client in
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      let bad = form.replacingOccurrences(of: "0.185", with: "0")
      #expect(try await register(chief, bad) == nil)
      let station = try #require(try await register(chief, form))
      let link = "/station/\(station)"
      #expect(try await client.execute(uri: link, method: .get).headers[.setCookie] == nil)
      let opened = try await client.execute(
        uri: link, method: .post, headers: [.origin: "http://localhost"])
      let set = try #require(opened.headers[.setCookie])
      #expect(set.contains("HttpOnly") && set.contains("SameSite=Strict"))
      let known = String(set.prefix { $0 != ";" })
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      func check(_ body: String, cookie: String?) async throws -> [String]? {
        let cookies = visitor.cookie + (cookie.map { "; " + $0 } ?? "")
        let answer = try await visitor.send(
          .patch, "/api/v1/sessions/\(session)", body, headers: [.cookie: cookies])
        let view = try JSONSerialization.jsonObject(with: Data(answer.body.readableBytesView))
        return (view as? [String: Any])?["failures"] as? [String]
      }
      let alone = try #require(try await check(report(), cookie: nil))
      #expect(alone == ["density", "ambient", "whitepoint", "luminance", "calibration"])
      let forged = try await check(report(), cookie: "vernier-station-local=AAAAAAAAAAAAAAAAAAAAAA")
      #expect(forged == alone)
      #expect(try await check(report(), cookie: known) == [])
      #expect(try await visitor.leases(session).status == "trained", "past the check")
      // Another screen is not the station, whatever the cookie says.
      #expect(try await check(report(width: 5120), cookie: known) == ["station"])
      lab.clock.advance(8 * 86_400)
      #expect(try await check(report(), cookie: known) == ["calibration"])
    }
  }

  @Test func aRetiredStationIsAnOrdinaryScreenAgain() async throws {
    let lab = try Laboratory { $0.gate = .strict }
    let owner = try lab.study.invite(isOwner: true).token
    try await lab.test { client in
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      let station = try #require(try await register(chief, form))
      let page = String(buffer: try await chief.send(.get, "/owner/stations").body)
      #expect(page.contains("Lab 1") && page.contains("in use"))
      _ = try await chief.send(
        .post, "/owner/stations/retire", "station=1&csrf=\(chief.csrf)", headers: formType)
      let opened = try await client.execute(
        uri: "/station/\(station)", method: .post, headers: [.origin: "http://localhost"])
      #expect(opened.status == .notFound)
    }
    #expect(try lab.study.verify().isEmpty)
  }

  @Test func anotherBrowserIsCheckedAnew() async throws {
    let lab = try Laboratory { $0.gate = .strict }
    let first = try lab.study.invite(pseudonym: "Ada")
    let second = try lab.study.invite(pseudonym: "Ada").token
    let passing = report().replacingOccurrences(
      of: #""cardCSSPixels":0"#, with: #""cardCSSPixels":462.7"#
    ).replacingOccurrences(
      of: #""bright","whitePoint":"unknown""#, with: #""dim","whitePoint":"d65""#
    )
    .replacingOccurrences(
      of: #"null,"calibrationDate":"""#, with: #"120,"calibrationDate":"2027-01-01""#)
    try await lab.test { client in
      let laboratory = try await Visitor.enter(client, first.token)
      let session = try await laboratory.begin()
      let view = try await laboratory.json(.patch, "/api/v1/sessions/\(session)", passing)
      #expect(view["failures"] as? [String] == [])
      #expect(try await laboratory.leases(session).status == "trained", "past the check")
      let home = try await Visitor.enter(client, second)
      let other = try await home.json(.post, "/api/v1/sessions", "{}")
      #expect(other["session"] as? String == session, "the work goes on")
      #expect(other["step"] as? String == "check", "on another screen")
      #expect(try await home.leases(session).status == "check")
    }
  }

  @Test func namesStayOutOfTheStudy() async throws {
    let lab = try Laboratory()
    defer { try? FileManager.default.removeItem(atPath: lab.study.keys.path) }
    let owner = try lab.study.invite(isOwner: true).token
    try await lab.test { client in
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      let answer = try await chief.send(
        .post, "/owner/invitations", "pseudonym=O-7&name=Ada+Lovelace&csrf=\(chief.csrf)",
        headers: formType)
      let html = String(buffer: answer.body)
      let token = try #require(html.firstMatch(of: /\/i\/([A-Za-z0-9_-]{22})/)).1
      let path = lab.study.keys.path
      #expect(!path.hasPrefix(lab.folder + "/"), "a copy of the folder carries no name")
      let facts = try FileManager.default.attributesOfItem(atPath: path)
      #expect(facts[.posixPermissions] as? Int == 0o600)
      #expect(try String(contentsOfFile: path, encoding: .utf8).contains("O-7,Ada Lovelace"))
      for page in ["", "/observers", "/audit", "/exports", "/photos", "/stations"] {
        let html = String(buffer: try await chief.send(.get, "/owner\(page)").body)
        #expect(!html.contains("Lovelace"))
      }
      let visitor = try await Visitor.enter(client, String(token))
      _ = try await visitor.send(.post, "/api/v1/withdrawal")
      #expect(!(try String(contentsOfFile: path, encoding: .utf8).contains("Lovelace")))
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: lab.folder)
    where name.hasPrefix("study.sqlite") {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(lab.folder)/\(name)"))
      #expect(bytes.range(of: Data("Lovelace".utf8)) == nil, "\(name)")
    }
  }
}

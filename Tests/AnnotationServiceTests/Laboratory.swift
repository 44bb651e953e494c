import AnnotationService
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Synchronization

/// A clock that stands still until a test moves it.
final class TestClock: Sendable {
  private let time = Mutex(Date(timeIntervalSince1970: 1_800_000_000))

  var now: Date { time.withLock { $0 } }

  func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
}

/// A study in a temporary folder with tiny pictures.
final class Laboratory: Sendable {
  let folder: String
  let study: AnnotationStudy
  let clock = TestClock()

  init(
    photos: Int = 6, scenes: [String] = ["Indoor_1"],
    settings change: (inout AnnotationSettings) -> Void = { _ in }
  ) throws {
    folder = NSTemporaryDirectory() + "annotation-\(UUID().uuidString)"
    var settings = AnnotationSettings()
    settings.gate = .off
    settings.trainingPairs = 0
    (settings.repeatShare, settings.goldenShare) = (0, 0)
    change(&settings)
    study = try AnnotationStudy.open(
      folder, name: "Test", settings: settings, clock: { [clock] in clock.now })
    let regions = try scenes.flatMap { scene in
      try (0..<photos).map { try region(scene, $0) }
    }
    let report = try study.add(regions)
    guard report.added == regions.count else { throw TestFailure("\(report)") }
  }

  deinit {
    try? study.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// A region with its own file, of the person `P-scene-number`.
  func region(_ scene: String, _ number: Int, bytes: Int = 1000) throws -> AnnotationRegion {
    let path = "\(folder)/\(scene)_\(number).png"
    try Self.picture("\(scene) \(number)", bytes: bytes).write(to: URL(fileURLWithPath: path))
    return AnnotationRegion(
      scene: SceneID(scene), photo: PhotoID("\(number)_\(scene).png"), device: "Phone \(number)",
      person: "P-\(scene)-\(number)", attribute: .details, file: path)
  }

  /// A PNG header of 40 × 30 pixels followed by text: enough for everything but a browser.
  static func picture(_ text: String, bytes: Int) -> Data {
    var data = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13])
    data.append(contentsOf: Array("IHDR".utf8) + [0, 0, 0, 40, 0, 0, 0, 30])
    data.append(contentsOf: Array(text.utf8))
    while data.count < bytes { data.append(UInt8(truncatingIfNeeded: data.count &* 31)) }
    return data
  }

  func test(
    _ settings: AnnotationServerSettings = generous, plansAtOnce: Bool = false,
    _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
  ) async throws {
    try await AnnotationServer.application(study, settings: settings, plansAtOnce: plansAtOnce)
      .test(.router, body)
  }

  /// Limits that no test of something else meets.
  static var generous: AnnotationServerSettings {
    var settings = AnnotationServerSettings()
    (settings.addressBurst, settings.cookieBurst, settings.entryBurst) = (100_000, 100_000, 1000)
    return settings
  }
}

struct TestFailure: Error {
  let text: String
  init(_ text: String) { self.text = text }
}

/// A browser with its cookie and CSRF token.
struct Visitor: Sendable {
  let client: any TestClientProtocol
  let cookie: String
  let csrf: String
  var origin: String? = "http://localhost"

  static let csrfHeader = HTTPField.Name("X-CSRF-Token") ?? .cookie

  /// Enters with an invitation.
  static func enter(
    _ client: any TestClientProtocol, _ token: String, page: String = "/observe"
  ) async throws -> Visitor {
    let answer = try await client.execute(
      uri: "/i/\(token)", method: .post, headers: [.origin: "http://localhost"])
    guard answer.status == .seeOther, let set = answer.headers[.setCookie] else {
      throw TestFailure("invitation: \(answer.status)")
    }
    let cookie = String(set.prefix { $0 != ";" })
    let html = String(
      buffer: try await client.execute(uri: page, method: .get, headers: [.cookie: cookie]).body)
    guard let match = html.firstMatch(of: /name="csrf" content="([^"]+)"/) else {
      throw TestFailure("no CSRF token")
    }
    return Visitor(client: client, cookie: cookie, csrf: String(match.1))
  }

  func send(
    _ method: HTTPRequest.Method, _ uri: String, _ body: String? = nil,
    headers extra: HTTPFields = [:]
  ) async throws -> TestResponse {
    var headers: HTTPFields = [.cookie: cookie, .contentType: "application/json"]
    headers[.origin] = origin
    headers[Self.csrfHeader] = csrf
    for field in extra { headers[field.name] = field.value }
    return try await client.execute(
      uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
  }

  func json(
    _ method: HTTPRequest.Method, _ uri: String, _ body: String? = nil
  ) async throws -> [String: Any] {
    let answer = try await send(method, uri, body)
    let value = try JSONSerialization.jsonObject(with: Data(answer.body.readableBytesView))
    return value as? [String: Any] ?? [:]
  }

  /// Consents and opens a session.
  func begin() async throws -> String {
    let view = try await json(.post, "/api/v1/sessions", #"{"consent":"2026-11"}"#)
    guard let session = view["session"] as? String else { throw TestFailure("\(view)") }
    if view["trainingPairs"] as? Int == 0 {
      // As the page does after the guidelines when there is nothing to practice.
      _ = try await json(.patch, "/api/v1/sessions/\(session)", #"{"action":"trained"}"#)
    }
    return session
  }

  struct Lease: Sendable, Hashable {
    let id: String
    let left: String
    let right: String
    var pair: Set<String> { [left, right] }
  }

  /// The open pairs of a session.
  func leases(_ session: String) async throws -> (status: String, leases: [Lease]) {
    for _ in 0..<30_000 {
      let batch = try await json(.post, "/api/v1/sessions/\(session)/leases", "{}")
      let status = batch["status"] as? String ?? ""
      let leases = (batch["leases"] as? [[String: Any]] ?? []).map { lease in
        let left = lease["left"] as? [String: Any]
        let right = lease["right"] as? [String: Any]
        return Lease(
          id: lease["id"] as? String ?? "", left: left?["src"] as? String ?? "",
          right: right?["src"] as? String ?? "")
      }
      if status != "wait" { return (status, leases) }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw TestFailure("the planner did not answer")
  }

  func vote(
    _ lease: String, _ choice: String = "left", key: String = UUID().uuidString,
    guidelines: String = ""
  ) async throws -> TestResponse {
    try await send(
      .put, "/api/v1/leases/\(lease)/vote",
      #"{"clientKey":"\#(key)","choice":"\#(choice)","responseMilliseconds":812,"#
        + #""guidelines":"\#(guidelines)"}"#)
  }
}

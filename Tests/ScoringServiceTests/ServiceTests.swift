import Domain
import Files
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOConcurrencyHelpers
import NIOCore
import NIOFoundationEssentialsCompat
import Pixels
import Preparation
import Scoring
import ScoringService
import ScoringWorkflow
import Synchronization
import Testing

/// Scores a photo by the number of its bytes; waits while its gate is closed.
private struct SizeScorer: PhotoScorer {
  let gate: Gate
  var name: String { "size" }
  var attribute: Attribute { .details }
  var settings: [String: SettingValue] { [:] }
  var modelSHA256: String? { "abc" }
  var decoding: DecodingOptions { DecodingOptions() }
  var unit: ScoreUnit? { ScoreUnit(.jod(.unstated)) }

  func check(scene: String?, wantsMap: Bool) throws {}

  func score(
    _ request: PhotoRequest, region: RegionChoice, wantsMap: Bool
  ) throws -> (score: PhotoScore, map: MapSource?) {
    gate.wait()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: request.photo))
    guard bytes.first != UInt8(ascii: "!") else {
      throw InputError(request.photo, "there is no face", remedy: "give another photo")
    }
    let score = Double(bytes.count)
    return (
      PhotoScore(
        photo: request.photo, model: "size", attribute: .details, score: score, low: score - 3,
        high: score + 4, novelty: 1, isOutside: bytes.count > 100),
      wantsMap ? map : nil
    )
  }

  /// A region of 40 × 20 pixels that was cut at half the photo's size.
  private var map: MapSource {
    MapSource(
      region: RasterImage(widthPixels: 40, heightPixels: 20, red: 0, green: 0, blue: 0),
      parts: PatchScores(
        [
          PatchScore(area: PixelRectangle(x: 0, y: 0, width: 20, height: 20), score: 1),
          PatchScore(area: PixelRectangle(x: 20, y: 5, width: 20, height: 15), score: 2),
        ], meaning: "two parts"),
      place: RegionPlace(
        photoWidthPixels: 200, photoHeightPixels: 100,
        crop: PixelRectangle(x: 10, y: 30, width: 80, height: 40)))
  }

  func face(of photo: String) throws -> FaceBox? {
    FaceBox(x: 11.5, y: 31, width: 20, height: 25, score: 0.9)
  }
}

/// Holds scoring up until it is opened.
private final class Gate: Sendable {
  private struct State {
    var isOpen: Bool
    var waiting: [CheckedContinuation<Void, Never>] = []
    var hasEntered = false
  }

  private let condition = NSCondition()
  private let state: NIOLockedValueBox<State>

  init(isOpen: Bool = true) { state = NIOLockedValueBox(State(isOpen: isOpen)) }

  func open() {
    condition.lock()
    state.withLockedValue { $0.isOpen = true }
    condition.broadcast()
    condition.unlock()
  }

  /// Holds the model's thread up.
  func wait() {
    let waiting = state.withLockedValue { state in
      state.hasEntered = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for one in waiting { one.resume() }
    condition.lock()
    while !state.withLockedValue({ $0.isOpen }) { condition.wait() }
    condition.unlock()
  }

  /// Returns when a photo stands at the gate.
  func someoneWaits() async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLockedValue { state in
        if !state.hasEntered { state.waiting.append(continuation) }
        return state.hasEntered
      }
      if isThere { continuation.resume() }
    }
  }
}

/// A body of two files.
private func form(_ files: [(field: String, content: String)]) -> (HTTPFields, ByteBuffer) {
  let boundary = "x-boundary"
  var body = ""
  for file in files {
    body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(file.field)\"; "
    body += "filename=\"\(file.field).jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\(file.content)\r\n"
  }
  body += "--\(boundary)--\r\n"
  return (
    [.contentType: "multipart/form-data; boundary=\(boundary)"], ByteBuffer(string: body)
  )
}

private func object(_ response: TestResponse) throws -> [String: Any] {
  try #require(
    JSONSerialization.jsonObject(with: Data(buffer: response.body)) as? [String: Any])
}

private func kind(_ response: TestResponse) throws -> String? {
  (try object(response)["error"] as? [String: Any])?["kind"] as? String
}

struct ServiceTests {
  private func client<Value>(
    _ settings: ServiceSettings = ServiceSettings(), gate: Gate = Gate(),
    _ body: @Sendable (any TestClientProtocol) async throws -> Value
  ) async throws -> Value {
    try await ScoringServer.application(settings: settings, loading: { SizeScorer(gate: gate) })
      .test(.router, body)
  }

  @Test func aPhotoIsScoredFromItsBytes() async throws {
    try await client { client in
      let response = try await client.execute(
        uri: "/v1/score?region=full", method: .post, body: ByteBuffer(string: "12345"))
      #expect(response.status == .ok)
      let answer = try object(response)
      #expect(answer["score"] as? Double == 5)
      #expect(answer["low"] as? Double == 2)
      #expect(answer["unit"] as? String == ScoreUnit(.jod(.unstated)).text)
      #expect(answer["sha256"] as? String == "abc")
      #expect(answer["region"] as? String == "full")
      #expect(answer["outside"] as? Bool == false)
      #expect(response.headers[.contentType] == "application/json")
      let (headers, body) = form([("photo", "1234567")])
      let second = try await client.execute(
        uri: "/v1/score", method: .post, headers: headers, body: body)
      #expect(try object(second)["score"] as? Double == 7)
      #expect(try object(second)["name"] as? String == "photo.jpg")
    }
  }

  @Test func aMapIsInPixelsOfThePhoto() async throws {
    try await client { client in
      let models = try await client.execute(uri: "/v1/models", method: .get)
      #expect(String(buffer: models.body).contains("\"map\":true"))
      let response = try await client.execute(
        uri: "/v1/map", method: .post, body: ByteBuffer(string: "12345"))
      #expect(response.status == .ok)
      let answer = try object(response)
      #expect((answer["score"] as? [String: Any])?["score"] as? Double == 5)
      #expect(answer["width"] as? Int == 200 && answer["height"] as? Int == 100)
      #expect(answer["crop"] as? [Int] == [10, 30, 80, 40])
      #expect(answer["face"] as? [Double] == [11.5, 31, 20, 25])
      #expect(answer["meaning"] as? String == "two parts")
      let parts = try #require(answer["parts"] as? [[String: Any]])
      #expect(parts.map { $0["area"] as? [Int] } == [[10, 30, 40, 40], [50, 40, 40, 30]])
      #expect(parts.map { $0["score"] as? Double } == [1, 2])
    }
  }

  @Test func differencesHaveAnInterval() async throws {
    try await client { client in
      let (headers, body) = form([("a", "12345"), ("b", "1234567")])
      let response = try await client.execute(
        uri: "/v1/compare", method: .post, headers: headers, body: body)
      let answer = try object(response)
      #expect(answer["difference"] as? Double == 2)
      // b's lower error is 3, a's upper 4: 5 by Pythagoras, on both sides.
      #expect(answer["low"] as? Double == -3)
      #expect(answer["high"] as? Double == 7)
    }
  }

  @Test func aBatchAnswersEachFileAndLosesNone() async throws {
    try await client { client in
      let (headers, body) = form([("one", "1"), ("two", "!!"), ("three", "333")])
      let response = try await client.execute(
        uri: "/v1/score/batch", method: .post, headers: headers, body: body)
      let lines = String(buffer: response.body).split(separator: "\n")
      try #require(lines.count == 3)
      #expect(lines[0].contains("\"name\":\"one.jpg\"") && lines[0].contains("\"score\":1"))
      #expect(
        lines[1].contains("\"kind\":\"photo\"") && lines[1].contains("two.jpg: there is no face"))
      #expect(lines[2].contains("\"score\":3"))
    }
  }

  @Test(arguments: [
    ("/v1/score?reigon=full", "x", 400, "request"), ("/v1/score?region=nose", "x", 400, "request"),
    ("/v1/score?box=1,2,3", "x", 400, "request"), ("/v1/score", "", 422, "empty"),
    ("/v1/score", "!", 422, "photo"), ("/v1/compare", "x", 400, "request"),
    ("/v1/nothing", "x", 404, "request"),
  ])
  func faultsAreNamed(uri: String, body: String, status: Int, named: String) async throws {
    try await client { client in
      let response = try await client.execute(
        uri: uri, method: .post, body: ByteBuffer(string: body))
      #expect(response.status.code == status)
      #expect(try kind(response) == named)
      // The file in memory is none of the caller's business.
      #expect(!String(buffer: response.body).contains("/proc/"))
    }
  }

  @Test func largeBodiesAreRefused() async throws {
    var settings = ServiceSettings()
    settings.bodyLimit = 10
    try await client(settings) { client in
      let response = try await client.execute(
        uri: "/v1/score", method: .post, body: ByteBuffer(string: "01234567890"))
      #expect(response.status == .contentTooLarge)
    }
  }

  @Test func onlyKnownTokensAreServed() async throws {
    var settings = ServiceSettings()
    settings.tokens = [FileDigest.sha256(Array("secret".utf8)): "camera team"]
    let lines = Mutex<[String]>([])
    settings.audit = { line in lines.withLock { $0.append(line) } }
    try await client(settings) { client in
      let body = ByteBuffer(string: "12345")
      let without = try await client.execute(uri: "/v1/score", method: .post, body: body)
      #expect(without.status == .unauthorized)
      let wrong = try await client.execute(
        uri: "/v1/score", method: .post, headers: [.authorization: "Bearer guess"], body: body)
      #expect(wrong.status == .unauthorized)
      let right = try await client.execute(
        uri: "/v1/score", method: .post, headers: [.authorization: "Bearer secret"], body: body)
      #expect(right.status == .ok)
      // Probes need none.
      #expect(try await client.execute(uri: "/livez", method: .get).status == .ok)
    }
    let written = lines.withLock { $0 }
    #expect(written.count == 3)
    #expect(written[2].contains("camera team POST /v1/score 200"))
    #expect(!written.joined().contains("secret") && !written.joined().contains("12345"))
  }

  @Test func aFullLineIsRefusedAndALatePhotoIsNamed() async throws {
    var settings = ServiceSettings()
    settings.queueLimit = 2
    let gate = Gate(isOpen: false)
    try await client(settings, gate: gate) { client in
      let body = ByteBuffer(string: "x")
      async let first = client.execute(uri: "/v1/score", method: .post, body: body)
      await gate.someoneWaits()
      // The second waits behind the first, whatever its deadline.
      let deadline = try #require(HTTPField.Name("X-Deadline-Ms"))
      let late = try await client.execute(
        uri: "/v1/score", method: .post, headers: [deadline: "1"], body: body)
      #expect(late.status == .gatewayTimeout)
      // Its place is taken until its turn comes.
      let third = try await client.execute(uri: "/v1/score", method: .post, body: body)
      #expect(third.status == .tooManyRequests)
      #expect(third.headers[.retryAfter] == "1")
      gate.open()
      #expect(try await first.status == .ok)
    }
  }

  @Test func metricsCountWhatHappened() async throws {
    try await client { client in
      _ = try await client.execute(uri: "/v1/score", method: .post, body: ByteBuffer(string: "123"))
      _ = try await client.execute(
        uri: "/v1/score", method: .post,
        body: ByteBuffer(string: String(repeating: "x", count: 200)))
      _ = try await client.execute(uri: "/v1/secret-name", method: .get)
      let text = String(buffer: try await client.execute(uri: "/metrics", method: .get).body)
      #expect(text.contains("vernier_photos_total 2\n"))
      #expect(text.contains("vernier_outside_total 1\n"))
      #expect(text.contains("vernier_score_bucket{le=\"3.0\"} 1\n"))
      #expect(text.contains("vernier_score_bucket{le=\"+Inf\"} 2\n"))
      #expect(text.contains("vernier_request_seconds_count{path=\"/v1/score\"} 2\n"))
      #expect(text.contains("vernier_requests_total{path=\"/v1/score\",status=\"200\"} 2\n"))
      #expect(text.contains("vernier_queue 0"))
      #expect(!text.contains("secret-name"))
    }
  }

  @Test func hostileFormsAreAnswered() async throws {
    let (headers, body) = form([("photo", "12345")])
    let good = Array(buffer: body)
    try await client { client in
      // The line end after the last delimiter may be missing.
      for cut in stride(from: 0, to: good.count - 2, by: 3) {
        let response = try await client.execute(
          uri: "/v1/score", method: .post, headers: headers,
          body: ByteBuffer(bytes: good[..<cut]))
        #expect(response.status == .badRequest, "\(cut) bytes")
      }
      for type in [
        "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/mixed; boundary=x-boundary",
      ] {
        let response = try await client.execute(
          uri: "/v1/score", method: .post, headers: [.contentType: type], body: body)
        #expect(response.status == .badRequest)
      }
    }
  }

  @Test func othersNeedATokenToBeServed() async {
    await #expect(throws: InputError.self) {
      try await ScoringServer.run(
        ScoringPool.load { SizeScorer(gate: Gate()) }, address: "0.0.0.0", port: 0)
    }
  }

  @Test func tokensAreReadFromAFile() throws {
    let folder = FileManager.default.temporaryDirectory.path
    let file = "\(folder)/tokens-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: file) }
    let digest = FileDigest.sha256(Array("secret".utf8))
    try "# callers\n\(digest) camera team\n".write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try ServiceSettings.tokens(file: file) == [digest: "camera team"])
    try "secret camera team\n".write(toFile: file, atomically: true, encoding: .utf8)
    #expect(throws: InputError.self) { try ServiceSettings.tokens(file: file) }
  }
}

import Domain
import Files
import Foundation
import HTTPTypes
import Hummingbird
import Metrics
import NIOConcurrencyHelpers
import NIOCore
import Pixels
import Preparation

/// What a request carries through the router.
struct ScoringContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The caller's name, of a token that is known.
  var caller = "-"

  init(source: Source) { coreContext = .init(source: source) }
}

/// The service's requests.
struct ScoringRoutes: Sendable {
  let engine: ScoringEngine
  let settings: ServiceSettings
  let metrics: ServiceMetrics
  /// Whether new photos are taken.
  let readiness: Readiness

  /// Whether new photos are taken.
  final class Readiness: Sendable {
    private let value = NIOLockedValueBox(true)
    var isReady: Bool { value.withLockedValue { $0 } }
    func drain() { value.withLockedValue { $0 = false } }
  }

  func router() -> Router<ScoringContext> {
    let router = Router(context: ScoringContext.self)
    router.add(middleware: RequestWatch(settings: settings, metrics: metrics))
    router.get("/livez") { _, _ in text("alive\n") }
    router.get("/readyz") { _, _ in
      readiness.isReady ? text("ready\n") : text("draining\n", status: .serviceUnavailable)
    }
    router.get("/metrics") { _, _ in
      Meter(label: "vernier_queue", factory: metrics).set(Int64(engine.count))
      return text(metrics.text(), type: "text/plain; version=0.0.4; charset=utf-8")
    }
    router.get("/openapi.json") { _, _ in
      text(String(decoding: PackageResources.openapi_json, as: UTF8.self), type: "application/json")
    }
    router.get("/") { _, _ in
      text(
        String(decoding: PackageResources.page_html, as: UTF8.self),
        type: "text/html; charset=utf-8")
    }
    router.get("/page.js") { _, _ in
      text(
        String(decoding: PackageResources.page_js, as: UTF8.self),
        type: "text/javascript; charset=utf-8")
    }
    router.get("/icon.svg") { _, _ in
      text(String(decoding: PackageResources.icon_svg, as: UTF8.self), type: "image/svg+xml")
    }
    router.get("/page.css") { _, _ in
      text(
        String(decoding: PackageResources.page_css, as: UTF8.self), type: "text/css; charset=utf-8")
    }
    let service = router.group("/v1").add(middleware: TokenCheck(settings: settings))
    service.get("models") { _, _ in try json(models) }
    service.post("score") { request, _ in try await score(request) }
    service.post("map") { request, _ in try await map(request) }
    service.post("score/batch") { request, _ in try await batch(request) }
    service.post("compare") { request, _ in try await compare(request) }
    return router
  }

  private var models: ModelAnswer {
    ModelAnswer(models: [
      .init(
        model: engine.model.name, sha256: engine.model.sha256,
        attribute: engine.model.attribute.text, unit: engine.model.unit?.text,
        map: engine.model.hasMap)
    ])
  }

  private func score(_ request: Request) async throws -> Response {
    let asked = try Asked(request)
    return try json(try await score(try await onePhoto(request), asked))
  }

  /// Scores a photo and its parts, and says where its face is.
  private func map(_ request: Request) async throws -> Response {
    let asked = try Asked(request)
    let photo = try await onePhoto(request)
    guard engine.model.hasMap else {
      throw ServiceError(
        .unprocessableContent, "map", "\(engine.model.name) scores photos as a whole")
    }
    let result = try await result(photo, asked, wantsMap: true)
    guard let map = result.map else {
      throw ServiceError(.unprocessableContent, "map", "the model gives no map of this photo")
    }
    let score = ScoreAnswer(
      name: photo.name, score: result.score, model: engine.model, region: asked.text)
    return try json(MapAnswer(score: score, map: map, face: result.face))
  }

  private func onePhoto(_ request: Request) async throws -> Photo {
    let photos = try await photos(request)
    guard photos.count == 1 else {
      throw ServiceError(.badRequest, "request", "\(photos.count) photos; send one")
    }
    return photos[0]
  }

  private func compare(_ request: Request) async throws -> Response {
    let asked = try Asked(request)
    let photos = try await photos(request)
    guard photos.count == 2, let a = photos.first(where: { $0.field == "a" }),
      let b = photos.first(where: { $0.field == "b" })
    else {
      throw ServiceError(
        .badRequest, "request", "two photos are compared; send a form with the fields a and b")
    }
    let first = try await score(a, asked)
    return try json(CompareAnswer(a: first, b: try await score(b, asked)))
  }

  /// Scores the photos of a form; every line is sent as soon as it is there.
  private func batch(_ request: Request) async throws -> Response {
    let asked = try Asked(request)
    let photos = try await photos(request)
    let body = ResponseBody { writer in
      for photo in photos {
        var line: String
        do {
          line = try CanonicalJSON.line(try await score(photo, asked, waits: true))
        } catch {
          let error = ServiceError(error)
          line = try CanonicalJSON.line(
            FaultAnswer(
              name: photo.name, error: .init(kind: error.kind, message: error.message)))
        }
        line += "\n"
        try await writer.write(ByteBuffer(string: line))
      }
      try await writer.finish(nil)
    }
    return Response(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
  }

  // MARK: One photo

  private struct Photo {
    let field: String
    let name: String?
    let bytes: ArraySlice<UInt8>
  }

  /// What the address of a request asks for.
  private struct Asked {
    let scene: String?
    let region: RegionChoice
    let text: String
    let deadline: ContinuousClock.Instant?

    init(_ request: Request) throws {
      let query = request.uri.queryParameters
      let known = ["scene", "region", "box"]
      if let unknown = query.map({ String($0.key) }).first(where: { !known.contains($0) }) {
        throw ServiceError(
          .badRequest, "request", "«\(unknown)» is not known; there are scene, region and box")
      }
      func value(_ name: String) -> String? { query[name[...]].map(String.init) }
      scene = value("scene")
      let (region, box) = (value("region"), value("box"))
      guard region == nil || box == nil else {
        throw ServiceError(.badRequest, "request", "region and box are both given")
      }
      do {
        self.region =
          try box.map { try .box(parsing: $0) } ?? region.map { try RegionChoice(parsing: $0) }
          ?? .automatic
      } catch {
        throw ServiceError(.badRequest, "request", "\(error)")
      }
      text = box ?? region ?? "automatic"
      if let milliseconds = ServiceHeaders.value("X-Deadline-Ms", of: request) {
        guard let number = Int(milliseconds), (1...3_600_000).contains(number) else {
          throw ServiceError(
            .badRequest, "request", "X-Deadline-Ms is a whole number of milliseconds, at least 1")
        }
        deadline = .now + .milliseconds(number)
      } else {
        deadline = nil
      }
    }
  }

  private func score(
    _ photo: Photo, _ asked: Asked, waits: Bool = false
  ) async throws -> ScoreAnswer {
    ScoreAnswer(
      name: photo.name, score: try await result(photo, asked, waits: waits).score,
      model: engine.model, region: asked.text)
  }

  private func result(
    _ photo: Photo, _ asked: Asked, waits: Bool = false, wantsMap: Bool = false
  ) async throws -> ScoringResult {
    guard !photo.bytes.isEmpty else {
      throw ServiceError(
        .unprocessableContent, "empty", "\(photo.name ?? "photo"): it has no bytes")
    }
    let memory = try PhotoMemory(photo.bytes)
    let task = ScoringTask(
      photo: memory.path, scene: asked.scene, region: asked.region, deadline: asked.deadline,
      wantsMap: wantsMap)
    do {
      let result = try await withWaiting(waits) { try await engine.score(task) }
      withExtendedLifetime(memory) {}
      let score = result.score
      Metrics.Recorder(label: "vernier_score", factory: metrics).record(score.score)
      if let novelty = score.novelty {
        Metrics.Recorder(label: "vernier_novelty", factory: metrics).record(novelty)
      }
      if score.isOutside == true {
        Metrics.Counter(label: "vernier_outside_total", factory: metrics).increment()
      }
      Metrics.Counter(label: "vernier_photos_total", factory: metrics).increment()
      return result
    } catch {
      if (error as? PhotoError)?.kind == .crash {
        Metrics.Counter(label: "vernier_crashes_total", factory: metrics).increment()
      }
      throw ServiceError(error, file: memory.path, name: photo.name ?? "photo")
    }
  }

  /// A batch waits for a place in the line instead of being refused.
  private func withWaiting(
    _ waits: Bool, _ body: () async throws -> ScoringResult
  ) async throws -> ScoringResult {
    while true {
      do {
        return try await body()
      } catch ScoringRefusal.full where waits {
        try await Task.sleep(for: .milliseconds(20))
      }
    }
  }

  /// The photos of a body: the body itself, or the files of a form.
  private func photos(_ request: Request) async throws -> [Photo] {
    guard readiness.isReady else {
      throw ServiceError(.serviceUnavailable, "draining", "the service is about to end")
    }
    let bytes = try await body(request)
    let type = request.headers[.contentType] ?? ""
    guard type.lowercased().hasPrefix("multipart/") else {
      return [Photo(field: "photo", name: nil, bytes: bytes[...])]
    }
    guard let boundary = MultipartForm.boundary(of: type),
      let form = MultipartForm(bytes, boundary: boundary, limit: settings.batchLimit)
    else {
      throw ServiceError(
        .badRequest, "request",
        "the form can't be read; send multipart/form-data with at most \(settings.batchLimit) files"
      )
    }
    return form.parts.map { Photo(field: $0.name, name: $0.fileName ?? $0.name, bytes: $0.content) }
  }

  /// The whole body, if it comes in time.
  private func body(_ request: Request) async throws -> [UInt8] {
    let (limit, seconds) = (settings.bodyLimit, settings.bodySeconds)
    if let length = request.headers[.contentLength].flatMap(Int.init), length > limit {
      throw ServiceError.tooLarge(limit)
    }
    return try await withThrowingTaskGroup(of: [UInt8].self) { group in
      group.addTask {
        do {
          return Array(buffer: try await request.body.collect(upTo: limit))
        } catch is NIOTooManyBytesError {
          throw ServiceError.tooLarge(limit)
        } catch let error as HTTPError where error.status == .contentTooLarge {
          throw ServiceError.tooLarge(limit)
        }
      }
      group.addTask {
        try await Task.sleep(for: .seconds(seconds))
        throw ServiceError(.requestTimeout, "request", "the body took longer than \(seconds) s")
      }
      defer { group.cancelAll() }
      return try await group.next() ?? []
    }
  }
}

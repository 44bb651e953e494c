import Domain
import Foundation
import GRDB
import HTTPTypes
import Hummingbird
import NIOCore
import Studies

/// Every address of the application.
struct AnnotationRoutes: Sendable {
  let study: AnnotationStudy
  let settings: AnnotationServerSettings
  let planner: StudyPlanner
  let watcher: ListWatcher
  let inbox: PhotoInbox

  init(study: AnnotationStudy, settings: AnnotationServerSettings, planner: StudyPlanner) {
    self.study = study
    self.settings = settings
    self.planner = planner
    watcher = ListWatcher(study, planner: planner)
    inbox = PhotoInbox(study)
  }

  /// The router with its guard in front.
  func router() -> Router<AnnotationContext> {
    let router = Router(context: AnnotationContext.self)
    router.add(middleware: Guard(study, settings) { message($0, $1, status: $2) })
    addPages(router)
    addObserverCalls(router.group("/api/v1"))
    addOwnerCalls(router)
    addPhotos(router)
    addUploads(router)
    addPhotoList(router)
    addPeople(router)
    addStations(router)
    addGuidelines(router)
    addRemarks(router)
    let images = ImageRoute(study: study)
    router.get("/img/{sha256}") { try await images.respond($0, $1) }
    router.head("/img/{sha256}") { try await images.respond($0, $1) }
    router.get("/assets/{name}") { try asset($0, $1) }
    return router
  }

  private func asset(_ request: Request, _ context: AnnotationContext) throws -> Response {
    guard let asset = Asset.all[try context.parameters.require("name")] else {
      throw HTTPError(.notFound)
    }
    var headers: HTTPFields = [.eTag: asset.tag, .cacheControl: "no-cache"]
    if request.headers[.ifNoneMatch] == asset.tag {
      return Response(status: .notModified, headers: headers)
    }
    headers[.contentType] = asset.type
    return Response(
      status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
  }

  private func addObserverCalls(_ api: RouterGroup<AnnotationContext>) {
    api.post("sessions") { request, context in
      let identity = try context.observer()
      let wish = try await body(SessionWish.self, request, context)
      if let version = wish.consent {
        guard version == ConsentText.version else { throw RequestProblem.badBody("consent") }
        try await study.consent(identity, version: version)
      }
      var view = try await study.openSession(identity, language: texts(request).language)
      let station = try await self.station(request)
      (view.station, view.stationPitch) = (station?.name, station?.pitchMillimetres)
      view.study = try await study.progress()
      return try json(view)
    }
    api.patch("sessions/{id}") { request, context in
      let identity = try context.observer()
      let change = try await body(SessionChange.self, request, context)
      let id = try context.parameters.require("id")
      let station = try await self.station(request)
      let changed = try await study.change(
        id, identity, change, station: station, language: texts(request).language)
      guard var view = changed else { throw HTTPError(.notFound) }
      (view.station, view.stationPitch) = (station?.name, station?.pitchMillimetres)
      view.study = try await study.progress()
      return try json(view)
    }
    api.post("sessions/{id}/leases") { request, context in
      let identity = try context.observer()
      let id = try context.parameters.require("id")
      let answer = try await study.lease(id, identity, language: texts(request).language)
      guard let (batch, task) = answer else { throw HTTPError(.notFound) }
      await planner.nudge(task)
      return try json(batch)
    }
    api.put("leases/{id}/vote") { request, context in
      let identity = try context.observer()
      let vote = try await body(VoteRequest.self, request, context)
      let id = try context.parameters.require("id")
      switch try await study.vote(lease: id, identity, vote) {
      case .counted(let receipt, let task):
        await planner.nudge(task, votes: 1)
        return try json(receipt, status: .created)
      case .known(let receipt): return try json(receipt)
      case .conflict: throw HTTPError(.conflict, message: "this pair has another answer")
      case .gone: throw HTTPError(.gone, message: "this pair was given to somebody else")
      case .missing: throw HTTPError(.notFound)
      case .tooSmall:
        throw HTTPError(.unprocessableContent, message: "look at the pair at 1:1 first")
      }
    }
    api.post("leases/{id}/remark") { request, context in
      let identity = try context.observer()
      let remark = try await body(RemarkRequest.self, request, context)
      let id = try context.parameters.require("id")
      guard try await study.remark(lease: id, identity, remark) else { throw HTTPError(.notFound) }
      return try json(["clientKey": remark.clientKey], status: .created)
    }
    api.delete("votes/last") { request, context in
      let identity = try context.observer()
      let expected = request.uri.queryParameters["vote"].flatMap { Int64($0) }
      switch try await study.undo(identity, expected: expected) {
      case .voided(let vote): return try json(["voided": vote])
      case .nothing: throw HTTPError(.notFound, message: "there is no vote to undo")
      case .conflict: throw HTTPError(.conflict, message: "another vote is the last one")
      }
    }
    api.post("withdrawal") { request, context in
      let identity = try context.observer()
      try study.keys.forget(ObserverID(identity.pseudonym))
      try await study.commits.write { db in
        try study.withdraw(db, observer: identity.observer, pseudonym: identity.pseudonym)
      }
      Task(priority: .utility) { await planner.workOnEverything(isForced: true) }
      return farewell(request, .observer)
    }
    api.post("leave") { request, context in
      let caller = try context.caller()
      try await study.leave(caller)
      return farewell(request, caller.isStaff ? .owner : .observer)
    }
  }

  /// An answer that ends a role's cookie and what the browser kept; other studies' cookies on this
  /// host stay.
  private func farewell(_ request: Request, _ role: ObserverRole) -> Response {
    var headers: HTTPFields = [:]
    for name in [settings.cookieName(study.id, role), settings.oldCookieName]
    where request.cookies[name] != nil {
      headers.append(HTTPField(name: .setCookie, value: cookie("", name: name, seconds: 0)))
    }
    if let name = HTTPField.Name("Clear-Site-Data") { headers[name] = "\"cache\", \"storage\"" }
    return Response(status: .noContent, headers: headers)
  }

  struct SessionWish: Codable { var consent: String? }

  /// A JSON body of at most 16 KiB.
  func body<Body: Decodable>(
    _ type: Body.Type, _ request: Request, _ context: AnnotationContext
  ) async throws -> Body {
    guard request.headers[.contentType]?.hasPrefix("application/json") == true else {
      throw HTTPError(.unsupportedMediaType, message: "send application/json")
    }
    let buffer = try await request.body.collect(upTo: context.maxUploadSize)
    do {
      return try JSONDecoder().decode(Body.self, from: Data(buffer.readableBytesView))
    } catch {
      throw RequestProblem.badBody("body")
    }
  }

  /// A JSON answer.
  func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return text(try encoder.encode(value), "application/json", status: status)
  }

  /// An answer of bytes.
  func text(
    _ data: Data, _ type: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
  ) -> Response {
    var headers = headers
    headers[.contentType] = type
    return Response(
      status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
  }

  /// The cookie's attributes; `Secure` exactly where it has the `__Host-` name.
  func cookie(_ token: String, name: String, seconds: Int64) -> String {
    let secure = settings.isSecure ? "; Secure" : ""
    return "\(name)=\(token); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(seconds)\(secure)"
  }
}

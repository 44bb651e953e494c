import Domain
import Foundation
import GRDB
import HTTPTypes
import Hummingbird
import NIOCore
import Studies

extension AnnotationRoutes {
  func addOwnerCalls(_ router: Router<AnnotationContext>) {
    router.get("/owner") { request, context in
      try await coverage(request, try context.reader())
    }
    router.get("/owner/observers") { request, context in
      try await observers(request, try context.reader())
    }
    router.get("/owner/scale") { request, context in
      try await scale(request, try context.reader())
    }
    router.get("/owner/audit") { request, context in
      try await audit(request, try context.reader())
    }
    router.get("/owner/exports") { request, context in exports(request, try context.reader()) }
    router.post("/owner/withdrawals") { request, context in
      let owner = try context.owner()
      let fields = try await ownerForm(request, context, owner)
      let person = fields["person", default: ""]
      guard try study.store.people().contains(person) else {
        return message(request, "person.unknown", status: .notFound)
      }
      guard fields["typed", default: ""].trimmingCharacters(in: .whitespaces) == person else {
        return try await audit(request, owner, problem: .notTyped(person))
      }
      do {
        try study.withdraw(person: person, actor: owner.pseudonym)
      } catch let error as InputError {
        return try await audit(request, owner, problem: .failed(error))
      }
      Task(priority: .utility) { await planner.workOnEverything(isForced: true) }
      return redirect("/owner/audit")
    }
    router.post("/owner/password") { request, context in
      let owner = try context.owner()
      let fields = try await ownerForm(request, context, owner)
      do {
        try study.setOwnerPassword(fields["password", default: ""])
      } catch is InputError {
        return message(request, "password.weak", status: .badRequest)
      }
      return redirect("/owner/exports")
    }
    router.get("/api/v1/admin/coverage") { _, context in
      _ = try context.reader()
      return try json(try await study.coverage())
    }
    router.get("/api/v1/admin/events") { _, context in
      _ = try context.reader()
      return events()
    }
    addExports(router)
    addObservers(router)
    addControl(router)
  }

  private func addExports(_ router: Router<AnnotationContext>) {
    router.get("/api/v1/studies/{id}/export.csv") { request, context in
      try ownStudy(context)
      let isVotes = request.uri.queryParameters["table"] == "votes"
      let text = isVotes ? try study.votesCSV() : try study.scoresCSV()
      return download(text, "text/csv; charset=utf-8", isVotes ? "votes.csv" : "scores.csv")
    }
    router.get("/api/v1/studies/{id}/exports/{format}") { _, context in
      try ownStudy(context)
      let name = try context.parameters.require("format")
      if name == "codebook" {
        return download(study.codebook(), "text/csv; charset=utf-8", "codebook.csv")
      }
      guard let format = VoteExportFormat(rawValue: name) else { throw HTTPError(.notFound) }
      return download(try study.export(format), format.mediaType, format.fileName)
    }
    router.get("/api/v1/studies/{id}/export.jsonl") { _, context in
      try ownStudy(context)
      return download(try study.votesJSONLines(), "application/x-ndjson", "votes.jsonl")
    }
  }

  private func ownStudy(_ context: AnnotationContext) throws {
    _ = try context.reader()
    guard try context.parameters.require("id") == study.id else { throw HTTPError(.notFound) }
  }

  private func download(_ body: String, _ type: String, _ name: String) -> Response {
    text(
      Data(body.utf8), type,
      headers: [.contentDisposition: "attachment; filename=\"\(name)\""])
  }

  /// A form of the owner's pages, with the CSRF token that its page carried.
  func ownerForm(
    _ request: Request, _ context: AnnotationContext, _ owner: Identity
  ) async throws -> [String: String] {
    let fields = try await form(request, context, upTo: Guard.ownerBodyLimit)
    guard fields["csrf"] == owner.csrf else {
      throw HTTPError(.forbidden, message: "the CSRF token is missing; reload the page")
    }
    return fields
  }

  /// The address of the server as the caller's browser knows it.
  func origin(_ request: Request) -> String {
    settings.publicOrigin ?? "http://\(request.head.authority ?? "localhost")"
  }

  /// Server-sent events: coverage and scale whenever they changed, checked once a second.
  private func events() -> Response {
    let body = ResponseBody { writer in
      var last = ["coverage": "", "scale": ""]
      var quiet = 0
      while !Task.isCancelled {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let now = [
          "coverage": try encoder.encode(try await study.coverage()),
          "scale": try encoder.encode(try await study.scale()),
        ].mapValues { String(decoding: $0, as: UTF8.self) }
        quiet += 1
        for name in ["coverage", "scale"] where now[name] != last[name] {
          quiet = 0
          try await writer.write(
            ByteBuffer(string: "event: \(name)\ndata: \(now[name] ?? "")\n\n"))
        }
        last = now
        if quiet >= 15 {
          // A comment keeps proxies from closing the stream, and finds out that nobody listens.
          quiet = 0
          try await writer.write(ByteBuffer(string: ": still here\n\n"))
        }
        try await Task.sleep(for: .seconds(1))
      }
      try await writer.finish(nil)
    }
    var headers: HTTPFields = [.contentType: "text/event-stream"]
    if let name = HTTPField.Name("X-Accel-Buffering") { headers[name] = "no" }
    return Response(status: .ok, headers: headers, body: body)
  }
}

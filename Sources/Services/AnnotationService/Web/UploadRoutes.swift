import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Studies

/// The calls by which the owner's browser sends photos.
extension AnnotationRoutes {
  func addUploads(_ router: Router<AnnotationContext>) {
    router.post("\(PhotoInbox.address)/plan") { request, context in
      let owner = try context.owner()
      return try await plan(try await dropped(request), owner)
    }
    router.put("\(PhotoInbox.address)/{plan}/{place}") { request, context in
      let owner = try context.owner()
      let planned = try planned(context)
      guard request.headers[.contentType] == "application/octet-stream" else {
        throw HTTPError(.unsupportedMediaType, message: "send application/octet-stream")
      }
      return try await answer {
        try await inbox.receive(request.body, as: planned, actor: owner.pseudonym)
      }
    }
    router.post("\(PhotoInbox.address)/{plan}/{place}/known") { request, context in
      let owner = try context.owner()
      let planned = try planned(context)
      let known = try await body(KnownContent.self, request, context)
      return try await answer {
        try await inbox.describe(planned, sha256: known.sha256, actor: owner.pseudonym)
      }
    }
  }

  /// Another program changes the study; the browser tries again.
  private static var locked: HTTPResponse.Status { .init(code: 423, reasonPhrase: "Locked") }
  private static var noSpace: HTTPResponse.Status {
    .init(code: 507, reasonPhrase: "Insufficient Storage")
  }

  private struct KnownContent: Decodable { let sha256: String }

  /// What the browser says about a drop.
  private struct Drop: Decodable {
    struct File: Decodable {
      let path: String
      let bytes: Int
    }
    struct Manifest: Decodable {
      let path: String
      let text: String
    }
    let files: [File]
    var scene: String?
    var manifest: Manifest?
  }

  /// What the browser is to do.
  private struct Plan: Encodable {
    struct Item: Encodable {
      let file: Int
      let scene: String
      let photo: String
      /// The content under this name when its size is the same: then it need not be sent.
      let sha256: String?
      /// Whether a manifest says something about it.
      let isDescribed: Bool
    }
    let plan: String
    let items: [Item]
    let refused: [String]
    let notes: [String]
  }

  private struct Answer: Encodable {
    let outcome: String
    let line: String?
  }

  private func dropped(_ request: Request) async throws -> Drop {
    guard request.headers[.contentType]?.hasPrefix("application/json") == true else {
      throw HTTPError(.unsupportedMediaType, message: "send application/json")
    }
    let buffer = try await request.body.collect(upTo: PhotoInbox.planLimit)
    guard let drop = try? JSONDecoder().decode(Drop.self, from: Data(buffer.readableBytesView))
    else { throw RequestProblem.badBody("body") }
    guard drop.files.count <= PhotoInbox.countLimit else {
      throw HTTPError(
        .contentTooLarge,
        message: "\(drop.files.count) files: at most \(PhotoInbox.countLimit) are taken at once; "
          + "drop fewer scenes at a time")
    }
    guard drop.files.allSatisfy({ $0.bytes >= 0 }) else { throw RequestProblem.badBody("bytes") }
    return drop
  }

  private func plan(_ drop: Drop, _ owner: Identity) async throws -> Response {
    let files = drop.files.map { DroppedFile(path: $0.path, byteCount: $0.bytes) }
    var list: DroppedList
    do throws(InputError) {
      if let manifest = drop.manifest {
        list = try DroppedFiles.list(
          files, manifest: (manifest.path, Array(manifest.text.utf8)))
      } else {
        let scene = drop.scene.flatMap { $0.isEmpty ? nil : SceneID($0) }
        list = DroppedFiles.list(files, scene: scene)
      }
    } catch {
      throw HTTPError(.unprocessableContent, message: error.description)
    }
    let limit = PhotoInbox.fileLimit
    for item in list.items where files[item.file].byteCount > limit {
      list.refused.append(
        InputError(
          item.candidate.subject, "is larger than \(limit >> 20) MB",
          remedy: "add it with vernier study add"))
    }
    list.items.removeAll { files[$0.file].byteCount > limit }
    let known = try await study.contents()
    let items = list.items.map { file, candidate -> Plan.Item in
      let content = known[ScenePhoto(scene: candidate.scene, photo: candidate.photo)]
      return Plan.Item(
        file: file, scene: candidate.scene.text, photo: candidate.photo.text,
        sha256: content.flatMap { $0.bytes == files[file].byteCount ? $0.sha256 : nil },
        isDescribed: candidate.metadata != PhotoMetadata())
    }
    let id = inbox.keep(
      list.items.map {
        PhotoInbox.Planned(candidate: $0.candidate, byteCount: files[$0.file].byteCount)
      })
    try await study.recordPlan(
      files: files.count, photos: items.count, refused: list.refused.count, actor: owner.pseudonym)
    return try json(
      Plan(
        plan: id, items: items, refused: list.refused.map(\.description), notes: list.notes))
  }

  private func planned(_ context: AnnotationContext) throws -> PhotoInbox.Planned {
    guard let place = Int(try context.parameters.require("place")),
      let planned = inbox.planned(try context.parameters.require("plan"), place)
    else {
      throw HTTPError(.notFound, message: "this list is forgotten; choose the folder again")
    }
    return planned
  }

  /// The outcome of one file, or why none came about.
  private func answer(_ work: () async throws -> PhotoInbox.Outcome?) async throws -> Response {
    do {
      guard let outcome = try await work() else {
        throw HTTPError(.conflict, message: "the study has another content under this name")
      }
      var line: String?
      if case .refused(let text) = outcome { line = text }
      return try json(Answer(outcome: PhotoInbox.name(outcome), line: line))
    } catch let busy as PhotoInbox.Busy {
      throw HTTPError(Self.locked, message: busy.text)
    } catch let error as InputError {
      let status: HTTPResponse.Status =
        error.reason == .diskFull ? Self.noSpace : .internalServerError
      throw HTTPError(status, message: error.description)
    }
  }
}

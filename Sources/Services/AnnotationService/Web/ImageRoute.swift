import Foundation
import GRDB
import HTTPTypes
import Hummingbird
import Studies

/// A stored picture that a caller may see.
struct StoredImage: Sendable {
  let sha256: String
  let type: String
  let bytes: Int
}

extension AnnotationStudy {
  enum ImageAccess: Sendable {
    case image(StoredImage)
    case withdrawn
    case none
  }

  /// Observers see the pictures of their own pairs and the examples of their attributes, the owner
  /// sees all; nobody sees a withdrawn one.
  func access(_ sha256: String, _ identity: Identity) async throws -> ImageAccess {
    try await pool.read { db in
      // The pairs of a withdrawn picture are erased, so this says nothing about whose they were.
      let row = try db.row(
        sql: """
          SELECT r.type, r.bytes, max(i.state = 'active') AS active,
            max(?2 OR EXISTS (SELECT 1 FROM annotation_lease l JOIN annotation_task t
              ON t.id = l.task AND t.attribute = r.attribute
              WHERE l.observer = ?3 AND (l.low = r.image OR l.high = r.image))
            OR EXISTS (SELECT 1 FROM annotation_example e JOIN annotation_guidelines g
              ON g.id = e.guidelines AND g.attribute = r.attribute
              JOIN annotation_session s ON s.observer = ?3
              JOIN annotation_task t ON t.id = s.task AND t.attribute = r.attribute
              WHERE e.image = r.image)) AS allowed
          FROM annotation_roi r JOIN annotation_image i ON i.id = r.image WHERE r.sha256 = ?1
          """, arguments: [sha256, identity.isStaff, identity.observer])
      guard let row, let type = row["type"] as String? else { return .none }
      guard row["active"] == true else { return .withdrawn }
      guard row["allowed"] == true else { return .none }
      return .image(StoredImage(sha256: sha256, type: type, bytes: row["bytes"]))
    }
  }
}

/// `GET /img/{sha256}`: strong validators and byte ranges as RFC 9110 has them.
struct ImageRoute: Sendable {
  let study: AnnotationStudy
  let files = FileIO()

  func respond(_ request: Request, _ context: AnnotationContext) async throws -> Response {
    let identity = try context.caller()
    let name = try context.parameters.require("sha256")
    guard name.utf8.count == 64, name.utf8.allSatisfy(Self.isHexadecimal) else {
      throw HTTPError(.notFound)
    }
    switch try await study.access(name, identity) {
    case .none: throw HTTPError(.notFound)
    case .withdrawn: throw HTTPError(.gone, message: "this picture was withdrawn")
    case .image(let image): return try await respond(image, request, context)
    }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
  }

  private func respond(
    _ image: StoredImage, _ request: Request, _ context: AnnotationContext
  ) async throws -> Response {
    let tag = "\"\(image.sha256)\""
    var headers: HTTPFields = [
      .eTag: tag, .cacheControl: "private, max-age=7200, immutable", .acceptRanges: "bytes",
    ]
    if let known = request.headers[.ifNoneMatch], Self.matches(known, tag) {
      return Response(status: .notModified, headers: headers)
    }
    headers[.contentType] = image.type
    let whole = 0...(image.bytes - 1)
    var range = whole
    var status = HTTPResponse.Status.ok
    let condition = request.headers[.ifRange]
    if let text = request.headers[.range], condition == nil || condition == tag {
      switch ByteRange(text, size: image.bytes) {
      case .whole: break
      case .part(let part):
        range = part
        status = .partialContent
        headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound)/\(image.bytes)"
      case .unsatisfiable:
        headers[.contentRange] = "bytes */\(image.bytes)"
        return Response(status: .rangeNotSatisfiable, headers: headers)
      }
    }
    if request.method == .head {
      headers[.contentLength] = "\(range.count)"
      return Response(status: status, headers: headers)
    }
    let body = try await files.loadFile(
      path: study.filePath(image.sha256), range: range, context: context)
    return Response(status: status, headers: headers, body: body)
  }

  private static func matches(_ list: String, _ tag: String) -> Bool {
    list.split(separator: ",").contains { part in
      let known = part.trimmingCharacters(in: .whitespaces)
      return known == "*" || known == tag || known == "W/" + tag
    }
  }
}

/// What a Range header asks of a file.
enum ByteRange: Equatable {
  /// No range, several, or one that can't be read: the whole file is the answer.
  case whole
  case part(ClosedRange<Int>)
  case unsatisfiable

  init(_ text: String, size: Int) {
    guard text.lowercased().hasPrefix("bytes="), !text.contains(",") else {
      self = .whole
      return
    }
    let parts = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let isNumeric = parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    guard parts.count == 2, isNumeric, !(parts[0].isEmpty && parts[1].isEmpty) else {
      self = .whole
      return
    }
    if parts[0].isEmpty {
      let suffix = Int(parts[1]) ?? .max
      self = suffix == 0 ? .unsatisfiable : .part(max(0, size - suffix)...(size - 1))
      return
    }
    let first = Int(parts[0]) ?? .max
    let last = parts[1].isEmpty ? size - 1 : min(Int(parts[1]) ?? .max, size - 1)
    if let written = Int(parts[1]), written < first {
      self = .whole
    } else {
      self = first >= size ? .unsatisfiable : .part(first...last)
    }
  }
}

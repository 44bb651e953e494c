import Domain
import Files
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Pixels

/// Why a request has no result: a status, and one line.
struct ServiceError: Error, HTTPResponseError {
  let status: HTTPResponse.Status
  let kind: String
  let message: String

  init(_ status: HTTPResponse.Status, _ kind: String, _ message: String) {
    (self.status, self.kind, self.message) = (status, kind, message)
  }

  /// Names any error; the file that a photo was read by is shown by the photo's name.
  init(_ error: any Error, file: String = "", name: String = "photo") {
    func shown(_ text: String) -> String {
      file.isEmpty ? text : text.replacingOccurrences(of: file, with: name)
    }
    switch error {
    case let error as ServiceError: self = error
    case ScoringRefusal.full:
      self.init(.tooManyRequests, "busy", "as many photos wait as may; try again later")
    case ScoringRefusal.late:
      self.init(.gatewayTimeout, "late", "the deadline passed before the photo was scored")
    case let error as PhotoError where error.kind == .library || error.kind == .unwritable:
      self.init(.internalServerError, error.kind.rawValue, shown(error.description))
    case let error as PhotoError:
      self.init(.unprocessableContent, error.kind.rawValue, shown(error.description))
    case let error as InputError:
      self.init(
        .unprocessableContent, "photo", shown(Setting.spelled(error.markedText) { "«\($0)»" }))
    default: self.init(.internalServerError, "internal", shown("\(error)"))
    }
  }

  static func tooLarge(_ limit: Int) -> Self {
    Self(.contentTooLarge, "request", "the body is larger than \(limit) bytes")
  }

  func response(from request: Request, context: some RequestContext) throws -> Response {
    var response = try json(
      FaultAnswer(name: nil, error: .init(kind: kind, message: message)), status: status)
    if status == .tooManyRequests || status == .serviceUnavailable {
      ServiceHeaders.set("Retry-After", "1", of: &response)
    }
    if status == .unauthorized {
      ServiceHeaders.set("WWW-Authenticate", "Bearer", of: &response)
    }
    return response
  }
}

/// Headers that HTTPTypes has no name for.
enum ServiceHeaders {
  static func value(_ name: String, of request: Request) -> String? {
    HTTPField.Name(name).flatMap { request.headers[$0] }
  }

  static func set(_ name: String, _ value: String, of response: inout Response) {
    if let name = HTTPField.Name(name) { response.headers[name] = value }
  }
}

/// A response of text.
func text(
  _ text: String, type: String = "text/plain; charset=utf-8", status: HTTPResponse.Status = .ok
) -> Response {
  Response(
    status: status, headers: [.contentType: type],
    body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
}

/// A response of JSON.
func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
  text(try CanonicalJSON.line(value) + "\n", type: "application/json", status: status)
}

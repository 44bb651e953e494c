import Foundation
import HTTPTypes
import Hummingbird
import Metrics

/// Counts and records every request, and gives every answer the headers of a cautious server.
struct RequestWatch: RouterMiddleware {
  let settings: ServiceSettings
  let metrics: ServiceMetrics

  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    + "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"

  func handle(
    _ request: Request, context: ScoringContext,
    next: (Request, ScoringContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    var response: Response
    do {
      response = try await next(request, context)
    } catch let error as HTTPError {
      let status = error.status
      response = try json(
        FaultAnswer(
          name: nil, error: .init(kind: "request", message: error.body ?? status.reasonPhrase)),
        status: status)
    } catch {
      response = try ServiceError(error).response(from: request, context: context)
    }
    let duration = ContinuousClock.now - start
    let seconds =
      Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    // Only known paths are labels: strangers must not fill the memory with names.
    let path = Self.paths.contains(request.uri.path) ? request.uri.path : "other"
    let labels = [("path", path), ("status", "\(response.status.code)")]
    Metrics.Counter(label: "vernier_requests_total", dimensions: labels, factory: metrics)
      .increment()
    if path.hasPrefix("/v1/") {
      Metrics.Timer(
        label: "vernier_request_seconds", dimensions: [("path", path)], factory: metrics
      ).recordNanoseconds(Int64(seconds * 1e9))
    }
    record(request, path, response, seconds)
    ServiceHeaders.set("Content-Security-Policy", Self.policy, of: &response)
    ServiceHeaders.set("X-Content-Type-Options", "nosniff", of: &response)
    ServiceHeaders.set("Cache-Control", "no-store", of: &response)
    ServiceHeaders.set("Referrer-Policy", "no-referrer", of: &response)
    return response
  }

  private static let paths: Set<String> = [
    "/", "/livez", "/readyz", "/metrics", "/openapi.json", "/v1/models", "/v1/score",
    "/v1/score/batch", "/v1/map", "/v1/compare",
  ]

  /// A line of the audit: who asked for what, never a picture's content or name.
  private func record(_ request: Request, _ path: String, _ response: Response, _ seconds: Double) {
    guard let audit = settings.audit, path.hasPrefix("/v1/") else { return }
    let caller = TokenCheck.token(of: request).flatMap { settings.caller(token: $0) } ?? "-"
    let time = Date().ISO8601Format()
    let size = request.headers[.contentLength] ?? "-"
    audit(
      "\(time) \(caller) \(request.method.rawValue) \(path) \(response.status.code) "
        + "\(size) bytes \(String(format: "%.3f", seconds)) s")
  }
}

/// Lets only callers with a token in, where there are tokens.
struct TokenCheck: RouterMiddleware {
  let settings: ServiceSettings

  static func token(of request: Request) -> String? {
    guard let value = request.headers[.authorization], value.hasPrefix("Bearer ") else {
      return nil
    }
    return String(value.dropFirst("Bearer ".count))
  }

  func handle(
    _ request: Request, context: ScoringContext,
    next: (Request, ScoringContext) async throws -> Response
  ) async throws -> Response {
    if !settings.tokens.isEmpty {
      guard let token = Self.token(of: request), settings.caller(token: token) != nil else {
        throw ServiceError(
          .unauthorized, "token", "give a known token in the header Authorization: Bearer TOKEN")
      }
    }
    return try await next(request, context)
  }
}

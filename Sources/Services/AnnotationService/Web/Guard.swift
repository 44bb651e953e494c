import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// What a request carries through the router.
struct AnnotationContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The address of the peer.
  let peer: String?
  /// Who is calling, if known.
  var identity: Identity?

  init(source: Source) {
    coreContext = .init(source: source)
    peer = source.channel.remoteAddress?.ipAddress
  }

  /// Votes and settings are small.
  var maxUploadSize: Int { 16 << 10 }

  /// The caller.
  func caller() throws -> Identity {
    guard let identity else { throw HTTPError(.unauthorized, message: "open your invitation") }
    return identity
  }

  /// The caller, who must be an observer.
  func observer() throws -> Identity {
    let identity = try caller()
    guard !identity.isOwner else { throw HTTPError(.forbidden, message: "observers only") }
    return identity
  }

  /// The caller, who must be the study's owner.
  func owner() throws -> Identity {
    let identity = try caller()
    guard identity.isOwner else { throw HTTPError(.forbidden, message: "the owner's page") }
    return identity
  }
}

/// The door: headers, host, origin, rates, cookie and CSRF token, before any handler runs.
struct Guard: RouterMiddleware {
  let study: AnnotationStudy
  let settings: AnnotationServerSettings
  let addresses: RateLimit
  let cookies: RateLimit
  let entries: RateLimit

  init(_ study: AnnotationStudy, _ settings: AnnotationServerSettings) {
    self.study = study
    self.settings = settings
    addresses = RateLimit(
      burst: settings.addressBurst, perSecond: Double(settings.addressBurst) / 2)
    cookies = RateLimit(burst: settings.cookieBurst, perSecond: Double(settings.cookieBurst) / 4)
    entries = RateLimit(burst: settings.entryBurst, perSecond: Double(settings.entryBurst) / 600)
  }

  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    + "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

  func handle(
    _ request: Request, context: AnnotationContext,
    next: (Request, AnnotationContext) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      let context = try await admit(request, context)
      response = try await next(request, context)
    } catch let problem as RequestProblem {
      response = try HTTPError(.badRequest, message: problem.message).response(
        from: request, context: context)
    } catch let error as any HTTPResponseError {
      response = try error.response(from: request, context: context)
    } catch {
      context.logger.error("\(request.method) failed: \(error)")
      response = try HTTPError(.internalServerError, message: "the server failed").response(
        from: request, context: context)
    }
    for (name, value) in Self.headers where response.headers[name] == nil {
      response.headers[name] = value
    }
    if settings.isSecure, let name = HTTPField.Name("Strict-Transport-Security") {
      response.headers[name] = "max-age=31536000"
    }
    return response
  }

  private static let headers: [HTTPField.Name: String] = {
    let pairs = [
      "Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
      "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    ]
    return pairs.reduce(into: [:]) { result, pair in
      if let name = HTTPField.Name(pair.key) { result[name] = pair.value }
    }
  }()

  /// Lets a request in, with its caller, or throws the status that turns it away.
  private func admit(
    _ request: Request, _ context: AnnotationContext
  ) async throws -> AnnotationContext {
    let now = study.clock().timeIntervalSince1970
    let address = settings.address(of: request, peer: context.peer)
    let authority = request.head.authority ?? ""
    guard settings.accepts(host: authority) else {
      throw HTTPError(.misdirectedRequest, message: "this server does not answer for this host")
    }
    guard addresses.allows(Data(address.utf8), at: now) else { throw Self.tooMany }
    let isUnsafe = ![.get, .head, .options].contains(request.method)
    if isUnsafe, !settings.acceptsOrigin(of: request) {
      throw HTTPError(.forbidden, message: "the request comes from another page")
    }
    let path = request.uri.path
    if isUnsafe, path.hasPrefix("/i/") || path.hasPrefix("/station/") || path == "/login",
      !entries.allows(Data(address.utf8), at: now)
    {
      throw Self.tooMany
    }
    var context = context
    if let cookie = request.cookies[settings.cookieName]?.value {
      context.identity = try await study.identity(cookie: cookie)
    }
    guard let identity = context.identity else { return context }
    guard cookies.allows(identity.cookie, at: now) else { throw Self.tooMany }
    if isUnsafe, request.uri.path.hasPrefix("/api/"),
      request.headers[Self.csrfHeader] != identity.csrf
    {
      throw HTTPError(.forbidden, message: "the CSRF token is missing; reload the page")
    }
    return context
  }

  private static let tooMany = HTTPError(
    .tooManyRequests, headers: [.retryAfter: "5"], message: "too many requests; wait a moment")
  static let csrfHeader = HTTPField.Name("X-CSRF-Token") ?? .cookie
}

extension RequestProblem {
  /// One line for the caller.
  var message: String {
    switch self {
    case .badBody(let field): "the request's «\(field)» is missing or has no meaning"
    }
  }
}

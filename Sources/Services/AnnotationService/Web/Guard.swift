import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Studies

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
    guard !identity.isStaff else { throw HTTPError(.forbidden, message: "observers only") }
    return identity
  }

  /// The caller, who must be the study's owner.
  func owner() throws -> Identity { try staff([.owner]) }

  /// The caller, who may look at the owner's pages.
  func reader() throws -> Identity { try staff([.owner, .operator, .reader]) }

  /// The caller, who may invite and revoke.
  func `operator`() throws -> Identity { try staff([.owner, .operator]) }

  private func staff(_ roles: Set<ObserverRole>) throws -> Identity {
    let identity = try caller()
    guard roles.contains(identity.role) else {
      throw HTTPError(.forbidden, message: "this page or change is not open to your role")
    }
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
  /// A page of one paragraph, by the key of its text.
  let page: @Sendable (Request, String, HTTPResponse.Status) -> Response

  init(
    _ study: AnnotationStudy, _ settings: AnnotationServerSettings,
    page: @escaping @Sendable (Request, String, HTTPResponse.Status) -> Response
  ) {
    self.study = study
    self.settings = settings
    self.page = page
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
      // Only failed tries count; every try was counted first, so that many at once can't slip
      // through.
      if let key = entryKey(request, context), response.status.code < 400 { entries.giveBack(key) }
    } catch let refusal as Refusal {
      response = try refused(refusal, request, context)
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
    guard addresses.allows(Data(address.utf8), at: now) else { throw Refusal.requests }
    let isUnsafe = ![.get, .head, .options].contains(request.method)
    // No page reads a large body: one that announces itself is turned away before it is sent.
    if let length = request.headers[.contentLength].flatMap({ Int($0) }),
      length > Self.bodyLimit(request.uri.path)
    {
      guard let line = Self.bodyMessage(request.uri.path) else { throw HTTPError(.contentTooLarge) }
      throw HTTPError(.contentTooLarge, message: line)
    }
    if isUnsafe, !settings.acceptsOrigin(of: request) {
      throw HTTPError(.forbidden, message: "the request comes from another page")
    }
    if let key = entryKey(request, context), !entries.allows(key, at: now) { throw Refusal.tries }
    var context = context
    context.identity = try await identity(request)
    guard let identity = context.identity else { return context }
    guard cookies.allows(identity.cookie, at: now) else { throw Refusal.requests }
    if isUnsafe, request.uri.path.hasPrefix("/api/"),
      request.headers[Self.csrfHeader] != identity.csrf
    {
      throw HTTPError(.forbidden, message: "the CSRF token is missing; reload the page")
    }
    return context
  }

  /// The owner's forms carry lists and long texts, and his browser sends photos; everything else is
  /// small.
  static func bodyLimit(_ path: String) -> Int {
    if path == PhotoInbox.address + "/plan" { return PhotoInbox.planLimit }
    if path.hasPrefix(PhotoInbox.address + "/") { return PhotoInbox.fileLimit }
    return path.hasPrefix("/owner/") ? ownerBodyLimit : 16 << 10
  }

  /// One line about a body that is too large, where its sender can do something about it.
  private static func bodyMessage(_ path: String) -> String? {
    guard path.hasPrefix(PhotoInbox.address + "/") else { return nil }
    let limit = "\(bodyLimit(path) >> 20) MB"
    return path.hasSuffix("/plan")
      ? "the list of files is larger than \(limit); drop fewer scenes at a time"
      : "the photo is larger than \(limit); add it with vernier study add"
  }

  /// The largest form of an owner's page, in bytes.
  static let ownerBodyLimit = 1 << 20

  /// Who is counted when a request tries an invitation, a station's link or a password.
  private func entryKey(_ request: Request, _ context: AnnotationContext) -> Data? {
    let path = request.uri.path
    guard request.method == .post,
      path.hasPrefix("/i/") || path.hasPrefix("/station/") || path == "/login"
    else { return nil }
    return Data(settings.address(of: request, peer: context.peer).utf8)
  }

  /// The caller: a browser may hold the owner's cookie and an observer's at once, and each has its
  /// pages.
  private func identity(_ request: Request) async throws -> Identity? {
    let path = request.uri.path
    let isOwners =
      path == "/" || ["/owner", "/api/v1/admin", "/api/v1/studies"].contains { path.hasPrefix($0) }
    let roles: [ObserverRole] = isOwners ? [.owner, .observer] : [.observer, .owner]
    var found: [Identity] = []
    for name in roles.map({ settings.cookieName(study.id, $0) }) + [settings.oldCookieName] {
      guard let cookie = request.cookies[name]?.value else { continue }
      if let identity = try await study.identity(cookie: cookie) { found.append(identity) }
    }
    let token = request.headers[Self.csrfHeader]
    return found.first { $0.csrf == token } ?? found.first
  }

  /// A line for programs, a page for people.
  private func refused(
    _ refusal: Refusal, _ request: Request, _ context: AnnotationContext
  ) throws -> Response {
    // A try comes back when its share of the ten minutes is over.
    let seconds = refusal == .tries ? max(1, 600 / max(1, settings.entryBurst)) : 5
    let path = request.uri.path
    var response: Response
    if ["/api/", "/img/", "/assets/"].contains(where: { path.hasPrefix($0) }) {
      response = try HTTPError(.tooManyRequests, message: "too many requests; wait a moment")
        .response(from: request, context: context)
    } else {
      response = page(request, "limit.\(refusal.rawValue)", .tooManyRequests)
    }
    response.headers[.retryAfter] = "\(seconds)"
    return response
  }

  static let csrfHeader = HTTPField.Name("X-CSRF-Token") ?? .cookie
}

/// Why a caller has to wait; the raw value is the key of its text.
private enum Refusal: String, Error {
  /// Too many wrong invitations or passwords.
  case tries
  /// Too many requests at once.
  case requests
}

extension RequestProblem {
  /// One line for the caller.
  var message: String {
    switch self {
    case .badBody(let field): "the request's «\(field)» is missing or has no meaning"
    }
  }
}

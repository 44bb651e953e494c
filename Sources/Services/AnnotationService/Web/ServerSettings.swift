import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Studies

/// How a server stands in its network.
public struct AnnotationServerSettings: Sendable {
  /// The address that browsers use, such as `https://study.example.org`; `nil` for plain http on localhost.
  public var publicOrigin: String?
  /// Whether a reverse proxy on this machine stands in front, so that `X-Forwarded-For` names the client.
  public var trustsProxy = false
  /// How many requests one address may send at once; half as many a second.
  public var addressBurst = 600
  /// How many requests one cookie may send at once; a quarter as many a second.
  public var cookieBurst = 120
  /// How many wrong invitations and passwords one address may send in ten minutes; right ones are not counted.
  public var entryBurst = 10

  /// Makes the settings of a local server.
  public init() {}

  /// Makes the settings of a local server with a study's limits.
  public init(limitsOf settings: AnnotationSettings) {
    addressBurst = settings.addressRequests
    cookieBurst = settings.cookieRequests
    entryBurst = settings.entryTries
  }

  /// Whether cookies travel over TLS only; plain http is for localhost alone.
  var isSecure: Bool { publicOrigin?.hasPrefix("https://") ?? false }

  /// `__Host-` demands Secure; browsers differ on Secure cookies over http://localhost, hence the exception.
  private var cookiePrefix: String { isSecure ? "__Host-vernier" : "vernier-local" }

  /// The cookie of a role in a study: neither another study on this host nor an owner's own invitation replaces it.
  func cookieName(_ study: String, _ role: ObserverRole) -> String {
    "\(cookiePrefix)-\(study)-\(role.rawValue)"
  }

  /// The one cookie that 0.1.0 gave; it is still read.
  var oldCookieName: String { cookiePrefix }

  /// The cookie of a registered station.
  func stationCookieName(_ study: String) -> String { "\(oldStationCookieName)-\(study)" }

  /// The station's cookie of 0.1.0; it is still read.
  var oldStationCookieName: String {
    isSecure ? "__Host-vernier-station" : "vernier-station-local"
  }

  private static let local: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

  private var publicAuthority: String? {
    publicOrigin.flatMap { $0.range(of: "://").map { range in range.upperBound } }
      .flatMap { start in publicOrigin.map { String($0[start...]) } }
  }

  /// Whether a Host header is ours: anything else may be a rebound name.
  func accepts(host: String) -> Bool {
    if let publicAuthority { return host == publicAuthority }
    return Self.local.contains(Self.name(of: host))
  }

  private static func name(of host: String) -> String {
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return String(host[...end]) }
    return String(host.split(separator: ":", omittingEmptySubsequences: false).first ?? "")
  }

  /// Whether a changing request comes from our own pages.
  ///
  /// Forms of a page with `no-referrer` send `Origin: null`; `Sec-Fetch-Site`, which no page can forge, decides then.
  func acceptsOrigin(of request: Request) -> Bool {
    let origin = request.headers[.origin]
    if let origin, origin != "null" {
      return origin == (publicOrigin ?? "http://\(request.head.authority ?? "")")
    }
    guard let name = HTTPField.Name("Sec-Fetch-Site") else { return false }
    return request.headers[name] == "same-origin"
  }

  /// The address that limits count: the last one that the proxy added, else the peer.
  func address(of request: Request, peer: String?) -> String {
    if trustsProxy, let name = HTTPField.Name("X-Forwarded-For"),
      let last = request.headers[name]?.split(separator: ",").last
    {
      return last.trimmingCharacters(in: .whitespaces)
    }
    return peer ?? "unknown"
  }
}

extension AnnotationServerSettings {
  /// Refuses a server that would send cookies in the clear over a network.
  func validate(address: String) throws {
    if let publicOrigin {
      guard isSecure || publicOrigin.hasPrefix("http://localhost"), !publicOrigin.hasSuffix("/")
      else {
        throw InputError(
          publicOrigin, "the public address is not https://HOST",
          remedy: "put a reverse proxy with TLS in front, and give its address without a path")
      }
    } else if !["127.0.0.1", "::1", "localhost"].contains(address) {
      throw InputError(
        address, "without TLS the server answers on this machine only",
        remedy: "listen on 127.0.0.1 behind a reverse proxy, and give its public address")
    }
  }
}

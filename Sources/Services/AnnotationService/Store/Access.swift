import Crypto
import CryptoExtras
public import Domain
public import Foundation
import GRDB
import Studies

/// Who is calling.
struct Identity: Sendable {
  let observer: Int64
  let pseudonym: String
  let role: ObserverRole
  let csrf: String
  /// The hash of the cookie, the key of the rate limit.
  let cookie: Data
  let hasConsent: Bool

  /// Whether the owner's pages are open: to the owner, operators and readers.
  var isStaff: Bool { role != .observer }
}

/// What an exchange of an invitation gave.
enum Exchange {
  case cookie(token: String, isStaff: Bool)
  case used
  case unknown
}

/// The owner's password as it is kept.
private struct StoredPassword: Sendable {
  let observer: Int64
  let salt: Data
  let hash: Data
  let rounds: Int

  init(_ row: Row) {
    observer = row["observer"]
    salt = row["salt"]
    hash = row["hash"]
    rounds = row["rounds"]
  }
}

extension AnnotationStudy {
  /// How long a cookie lasts, in seconds.
  static let cookieSeconds: Int64 = 30 * 86_400

  /// Makes an invitation for a new or a known observer; the token is shown once and stored as a
  /// hash.
  ///
  /// - Parameters:
  ///   - pseudonym: the observer's pseudonym; a random one when `nil`.
  ///   - isOwner: whether the link opens the owner's pages.
  ///   - lifetime: how long the link can be used, in seconds.
  ///   - actor: who invites, for the audit trail.
  /// - Returns: the pseudonym and the token of `/i/TOKEN`.
  /// - Throws: `InputError` for a pseudonym that is too long, taken by another role, or withdrawn.
  public func invite(
    pseudonym: String? = nil, isOwner: Bool = false, lifetime: TimeInterval = 14 * 86_400,
    actor: String = "program"
  ) throws -> (observer: ObserverID, token: String) {
    let made = try pool.write { db in
      try invite(
        db, pseudonym: pseudonym, role: isOwner ? .owner : .observer, lifetime: lifetime,
        actor: actor)
    }
    return made
  }

  /// Makes an invitation in the running transaction.
  func invite(
    _ db: Database, pseudonym: String?, role: StudyRole, lifetime: TimeInterval, actor: String
  ) throws -> (observer: ObserverID, token: String) {
    let role = role.stored
    let name =
      pseudonym
      ?? (role == .owner ? "owner" : (role == .observer ? "O-" : "S-") + Self.readableCode())
    guard !name.isEmpty, name.count <= 64 else {
      throw InputError(
        name, "a pseudonym has 1 to 64 characters", remedy: "choose a shorter pseudonym")
    }
    let token = Token.random()
    let at = now
    try db.change(
      sql: "INSERT OR IGNORE INTO annotation_observer (pseudonym, role) VALUES (?, ?)",
      arguments: [name, role])
    let row = try db.row(
      sql: "SELECT * FROM annotation_observer WHERE pseudonym = ?", arguments: [name])
    guard let row, row["role"] == role else {
      throw InputError(
        name, "this pseudonym belongs to another role", remedy: "choose another pseudonym")
    }
    let withdrawn: Int64? = row["withdrawn_at"]
    guard withdrawn == nil else {
      throw InputError(name, "this observer withdrew", remedy: "choose another pseudonym")
    }
    try db.change(
      sql: """
        INSERT INTO annotation_invite (token_hash, observer, expires) VALUES (?, ?, ?)
        """,
      arguments: [Token.hash(token), row["id"] as Int64, at + Int64(lifetime * 1000)])
    try AuditTrail.append(
      db, at, actor: actor, .invite, ["observer": name, "role": role.rawValue])
    return (ObserverID(name), token)
  }

  private static func readableCode() -> String {
    var generator = SystemRandomNumberGenerator()
    let letters = Array("23456789ABCDEFGHJKMNPQRSTVWXYZ")
    return String((0..<5).map { _ in letters.randomElement(using: &generator) ?? "A" })
  }

  /// Spends an invitation and opens a cookie, in one transaction.
  func exchange(_ token: String) async throws -> Exchange {
    let hash = Token.hash(token)
    let at = now
    return try await commits.write { db in
      let row = try db.row(
        sql: """
          SELECT i.observer, i.expires, i.used_at, o.pseudonym, o.role, o.withdrawn_at
          FROM annotation_invite i JOIN annotation_observer o ON o.id = i.observer
          WHERE i.token_hash = ?
          """, arguments: [hash])
      guard let row else { return .unknown }
      try db.change(
        sql: """
          UPDATE annotation_invite SET used_at = ?
          WHERE token_hash = ? AND used_at IS NULL AND revoked_at IS NULL AND expires > ?
          """, arguments: [at, hash, at])
      let withdrawn: Int64? = row["withdrawn_at"]
      guard db.changesCount == 1, withdrawn == nil else { return .used }
      let cookie = try Self.openCookie(db, observer: row["observer"], at: at)
      try AuditTrail.append(db, at, actor: row["pseudonym"], .enter, ["by": "invitation"])
      return .cookie(token: cookie, isStaff: row["role"] != ObserverRole.observer)
    }
  }

  private static func openCookie(_ db: Database, observer: Int64, at: Int64) throws -> String {
    let token = Token.random(bytes: 32)
    try db.change(
      sql: "INSERT INTO annotation_cookie VALUES (?, ?, ?, ?, NULL)",
      arguments: [Token.hash(token), observer, Token.random(), at + cookieSeconds * 1000])
    return token
  }

  /// Who holds a cookie; `nil` when nobody does any more.
  func identity(cookie token: String) async throws -> Identity? {
    let hash = Token.hash(token)
    let at = now
    return try await pool.read { db in
      let row = try db.row(
        sql: """
          SELECT c.observer, c.csrf, o.pseudonym, o.role, o.consent_at
          FROM annotation_cookie c JOIN annotation_observer o ON o.id = c.observer
          WHERE c.token_hash = ? AND c.expires > ? AND c.revoked_at IS NULL
            AND o.withdrawn_at IS NULL
          """, arguments: [hash, at])
      return row.map { row in
        let consent: Int64? = row["consent_at"]
        return Identity(
          observer: row["observer"], pseudonym: row["pseudonym"],
          role: row["role"], csrf: row["csrf"], cookie: hash, hasConsent: consent != nil)
      }
    }
  }

  /// Closes a cookie.
  func leave(_ identity: Identity) async throws {
    let at = now
    try await commits.write { db in
      try db.change(
        sql: "UPDATE annotation_cookie SET revoked_at = ? WHERE token_hash = ?",
        arguments: [at, identity.cookie])
      try AuditTrail.append(db, at, actor: identity.pseudonym, .leave, [:])
    }
  }

  /// The scrypt cost: 2¹⁵ rounds of block size 8 take about 0.1 s and 32 MiB.
  private static let scryptRounds = 1 << 15

  /// Sets the owner's password.
  ///
  /// - Throws: `InputError` when it has fewer than 12 characters.
  public func setOwnerPassword(_ password: String) throws {
    guard (12...256).contains(password.count) else {
      throw InputError(
        "password", "it has fewer than 12 or more than 256 characters",
        remedy: "choose a phrase of several words")
    }
    var generator = SystemRandomNumberGenerator()
    let salt = Data((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
    let hash = try Self.scrypt(password, salt, Self.scryptRounds)
    try pool.write { db in
      try db.change(
        sql: """
          INSERT OR IGNORE INTO annotation_observer (pseudonym, role) VALUES ('owner', 'owner')
          """)
      try db.change(
        sql: """
          INSERT OR REPLACE INTO annotation_password
          SELECT id, ?, ?, ? FROM annotation_observer WHERE pseudonym = 'owner'
          """, arguments: [salt, hash, Self.scryptRounds])
      try AuditTrail.append(db, now, actor: "owner", .password, [:])
    }
  }

  private static func scrypt(_ password: String, _ salt: Data, _ rounds: Int) throws -> Data {
    let key = try KDF.Scrypt.deriveKey(
      from: Data(password.utf8), salt: salt, outputByteCount: 32, rounds: rounds, blockSize: 8,
      parallelism: 1, maxMemory: 128 << 20)
    return key.withUnsafeBytes { Data($0) }
  }

  /// A cookie for the right password of the owner; `nil` for a wrong one, after the same work.
  func login(_ password: String) async throws -> String? {
    let stored = try await pool.read { db in
      try db.row(
        sql: "SELECT observer, salt, hash, rounds FROM annotation_password LIMIT 1"
      ).map(StoredPassword.init)
    }
    let expected = stored?.hash ?? Data(count: 32)
    let found = try Self.scrypt(
      password, stored?.salt ?? Data(count: 16), stored?.rounds ?? Self.scryptRounds)
    var difference: UInt8 = 0
    for (left, right) in zip(found, expected) { difference |= left ^ right }
    let observer = stored?.observer
    let at = now
    let isRight = difference == 0
    return try await commits.write { db in
      guard let observer, isRight else {
        try AuditTrail.append(db, at, actor: "unknown", .loginFailed, [:])
        return nil
      }
      try AuditTrail.append(db, at, actor: "owner", .enter, ["by": "password"])
      return try Self.openCookie(db, observer: observer, at: at)
    }
  }
}

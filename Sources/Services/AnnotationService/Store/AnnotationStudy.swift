import Crypto
import Domain
import Files
public import Foundation
package import GRDB
import NIOConcurrencyHelpers
public import Studies

/// A study that is annotated in a browser.
///
/// The study itself opens the database; here is what observers and owners do with it. Every change
/// is one SQLite transaction with `synchronous = FULL`: what a function returned is on the disk.
public final class AnnotationStudy: Sendable {
  /// The study: its folder, its files, its withdrawals.
  public let store: StudyStore
  /// The identifier in addresses.
  public let id: String
  /// The study's name.
  public let name: String
  /// How the study is annotated.
  public var settings: AnnotationSettings { current.withLockedValue { $0 } }
  /// Who the pseudonyms are, in a file of its own beside the folder.
  public let keys: KeyTable
  /// Where the changes of requests go.
  package let commits: GroupCommit
  package let clock: @Sendable () -> Date
  private let current: NIOLockedValueBox<AnnotationSettings>
  let lastProgress = NIOLockedValueBox<(at: Int64, value: StudyProgress)?>(nil)

  /// The folder.
  public var folder: String { store.folder }
  package var pool: DatabasePool { store.pool }

  private init(
    _ store: StudyStore, clock: @escaping @Sendable () -> Date,
    row: (id: String, name: String, settings: AnnotationSettings)
  ) {
    self.store = store
    commits = GroupCommit(store.pool)
    keys = KeyTable(besideStudy: store.folder)
    self.clock = clock
    id = row.id
    name = row.name
    current = NIOLockedValueBox(row.settings)
  }

  /// Opens the annotation of a study folder, making what is missing.
  ///
  /// - Parameters:
  ///   - folder: the study folder; made when missing.
  ///   - name: the name of a study that has no annotation yet; the folder's name when `nil`.
  ///   - settings: new settings; `nil` keeps those of the study, or the protocol's for a new one.
  ///   - clock: the time; tests give their own.
  /// - Returns: the opened study.
  /// - Throws: `InputError` when the folder can't be used.
  public static func open(
    _ folder: String, name: String? = nil, settings: AnnotationSettings? = nil,
    clock: @escaping @Sendable () -> Date = { Date() }
  ) throws -> AnnotationStudy {
    let store = try StudyStore.openOrCreate(folder, name: name)
    let now = clock().milliseconds
    let title = name ?? URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
    let row = try store.pool.write { db in try studyRow(db, title, settings, now) }
    return AnnotationStudy(store, clock: clock, row: row)
  }

  private static func studyRow(
    _ db: Database, _ name: String, _ settings: AnnotationSettings?, _ now: Int64
  ) throws -> (id: String, name: String, settings: AnnotationSettings) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    if let row = try Row.fetchOne(db, sql: "SELECT * FROM annotation_study") {
      let text: String = row["settings"]
      let stored = try AnnotationSettings.stored(text)
      let id: String = row["id"]
      if let settings, settings != stored {
        let written = String(decoding: try encoder.encode(settings), as: UTF8.self)
        try db.execute(
          sql: "UPDATE annotation_study SET settings = ? WHERE id = ?", arguments: [written, id])
        try AuditTrail.append(db, now, actor: "program", .settings, ["settings": written])
      }
      return (id, row["name"], settings ?? stored)
    }
    let fresh = settings ?? AnnotationSettings()
    let id = Token.random(bytes: 8)
    let written = String(decoding: try encoder.encode(fresh), as: UTF8.self)
    try db.execute(
      sql: "INSERT INTO annotation_study VALUES (?, ?, ?, ?)", arguments: [id, name, written, now])
    try AuditTrail.append(
      db, now, actor: "program", .study, ["name": name, "settings": written])
    return (id, name, fresh)
  }

  /// Changes settings while the study is open; what is asked next follows them.
  ///
  /// - Throws: `InputError` for an unknown name or a value that does not fit.
  public func change(_ values: [String: String], actor: String) throws {
    let changed = try settings.changing(values)
    guard changed != settings else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let written = String(decoding: try encoder.encode(changed), as: UTF8.self)
    try pool.write { db in
      try db.execute(
        sql: "UPDATE annotation_study SET settings = ? WHERE id = ?", arguments: [written, id])
      try AuditTrail.append(db, now, actor: actor, .settings, ["settings": written])
    }
    current.withLockedValue { $0 = changed }
  }

  /// Closes the database; the last write-ahead log is merged.
  public func close() throws { try store.close() }

  /// The time in milliseconds since 1970.
  var now: Int64 { clock().milliseconds }

  /// The path of a stored file; `sha256` is always one of ours, never text of a request.
  func filePath(_ sha256: String) -> String { store.files.path(sha256) }

  /// Withdraws a person; see ``StudyStore/withdraw(person:actor:at:)``.
  ///
  /// - Throws: `InputError` while a command changes the study, and when the study knows no such
  ///   person.
  @discardableResult
  public func withdraw(person: String, actor: String = "program") throws -> WithdrawalReport {
    let lock = try StudyLock(store)
    return try withExtendedLifetime(lock) {
      try store.withdraw(person: person, actor: actor, at: clock())
    }
  }

  /// What is broken in the study, one line each; see ``StudyStore/verify(progress:)``.
  public func verify() throws -> [String] { try store.verify().damage }
}

/// Random names and their hashes.
enum Token {
  /// Random bytes of the system's generator in URL-safe base 64.
  static func random(bytes count: Int = 16) -> String {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    return Data(bytes).base64EncodedString()
      .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
      .replacingOccurrences(of: "=", with: "")
  }

  /// The SHA-256 of a token, the only form that is stored.
  static func hash(_ token: String) -> Data { Data(SHA256.hash(data: Data(token.utf8))) }
}

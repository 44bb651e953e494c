import Crypto
import Domain
import Files
public import Foundation
package import GRDB

/// A study that is annotated in a browser: `study.sqlite` and `files/` in one folder.
///
/// Every change is one SQLite transaction with `synchronous = FULL`: what a function returned is on the disk.
public final class AnnotationStudy: Sendable {
  /// The folder.
  public let folder: String
  /// The identifier in addresses.
  public let id: String
  /// The study's name.
  public let name: String
  /// How the study is annotated.
  public let settings: AnnotationSettings
  package let pool: DatabasePool
  /// Who the pseudonyms are, in a file of its own beside the folder.
  public let keys: KeyTable
  /// Where the changes of requests go.
  package let commits: GroupCommit
  package let clock: @Sendable () -> Date

  private init(
    folder: String, pool: DatabasePool, clock: @escaping @Sendable () -> Date,
    row: (id: String, name: String, settings: AnnotationSettings)
  ) {
    self.folder = folder
    self.pool = pool
    commits = GroupCommit(pool)
    keys = KeyTable(besideStudy: folder)
    self.clock = clock
    id = row.id
    name = row.name
    settings = row.settings
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
    try AtomicFile.makeFolder(folder + "/files")
    let path = folder + "/study.sqlite"
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(10)
      configuration.foreignKeysEnabled = true
      let pool = try DatabasePool(path: path, configuration: configuration)
      try pool.makeDurable()
      try Schema.migrator.migrate(pool)
      let now = clock().milliseconds
      let title = name ?? URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
      let row = try pool.write { db in try Self.studyRow(db, title, settings, now) }
      let study = AnnotationStudy(folder: folder, pool: pool, clock: clock, row: row)
      try study.finishRemovals()
      return study
    } catch let error as DatabaseError {
      throw InputError(
        path, "the database can't be opened: \(error.message ?? "SQLite \(error.resultCode)")",
        remedy: "check the folder's permissions and free space, or restore a backup")
    }
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
        try AuditTrail.append(db, now, actor: "program", "settings", ["settings": written])
      }
      return (id, row["name"], settings ?? stored)
    }
    let fresh = settings ?? AnnotationSettings()
    let id = Token.random(bytes: 8)
    let written = String(decoding: try encoder.encode(fresh), as: UTF8.self)
    try db.execute(
      sql: "INSERT INTO annotation_study VALUES (?, ?, ?, ?)", arguments: [id, name, written, now])
    try AuditTrail.append(
      db, now, actor: "program", "study", ["name": name, "settings": written])
    return (id, name, fresh)
  }

  /// Closes the database; the last write-ahead log is merged.
  public func close() throws { try pool.close() }

  /// The time in milliseconds since 1970.
  var now: Int64 { clock().milliseconds }

  /// The path of a stored file; `sha256` is always one of ours, never text of a request.
  func filePath(_ sha256: String) -> String { "\(folder)/files/\(sha256)" }
}

extension DatabasePool {
  /// Sets `synchronous = FULL` on the writing connection and proves it.
  ///
  /// GRDB sets NORMAL itself when it turns the write-ahead log on, after every hook of a configuration, so this must
  /// come after opening.
  func makeDurable() throws {
    try writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = FULL")
    }
    let (level, journal) = try durability()
    guard level == 2, journal == "wal" else {
      throw InputError(
        path, "SQLite refused synchronous = FULL with a write-ahead log",
        remedy: "put the study on a local disk")
    }
  }

  /// The writing connection's `synchronous` (2 is FULL) and journal mode.
  package func durability() throws -> (synchronous: Int, journal: String) {
    try writeWithoutTransaction { db in
      (
        try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1,
        try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? ""
      )
    }
  }
}

extension Date {
  /// Milliseconds since 1970.
  var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }
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

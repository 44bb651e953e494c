internal import Domain
internal import Files
internal import Foundation
package import GRDB

/// The only way to a study's database: one set of pragmas for every door.
extension StudyStore {
  /// Opens `study.sqlite` in a folder, making the file if it isn't there.
  ///
  /// - A write-ahead log, so that readers never wait, and `synchronous = FULL`: what was committed is on the disk.
  /// - `secure_delete`: rows of a withdrawn person must not stay readable in the file's free pages.
  /// - Foreign keys are enforced; a writer waits ten seconds for another one.
  static func connect(_ folder: String) throws -> DatabasePool {
    let path = databasePath(folder)
    return try translated(path) {
      var configuration = Configuration()
      configuration.busyMode = .timeout(10)
      configuration.foreignKeysEnabled = true
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA secure_delete = ON") }
      let pool = try DatabasePool(path: path, configuration: configuration)
      // GRDB sets NORMAL itself when it turns the write-ahead log on, so this must come after opening.
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      let (level, journal) = try pool.durability()
      guard level == 2, journal == "wal" else {
        throw InputError(
          path, "SQLite refused synchronous = FULL with a write-ahead log",
          remedy: "put the study on a local disk")
      }
      return pool
    }
  }

  /// Where a folder's database lies.
  static func databasePath(_ folder: String) -> String { "\(folder)/study.sqlite" }

  /// Runs a transaction; the database's own errors become errors that say what to do.
  func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try Self.translated(Self.databasePath(folder)) { try pool.write(body) }
  }

  /// Reads one snapshot.
  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try Self.translated(Self.databasePath(folder)) { try pool.read(body) }
  }

  /// Writes the database without free pages and empties the write-ahead log, which held the deleted rows.
  func compact() throws {
    try Self.translated(Self.databasePath(folder)) {
      try pool.vacuum()
      _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    }
  }

  /// Turns errors of SQLite into errors that say what to do.
  static func translated<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as DatabaseError {
      switch error.resultCode {
      case .SQLITE_FULL: throw FileFault.writing(path, code: ENOSPC)
      case .SQLITE_BUSY, .SQLITE_LOCKED:
        throw InputError(path, "another program is writing to it", remedy: "wait and run it again")
      case .SQLITE_READONLY, .SQLITE_PERM: throw FileFault.writing(path, code: EACCES)
      case .SQLITE_CANTOPEN:
        throw InputError(path, "can't be opened", remedy: "check the path and its permissions")
      case .SQLITE_CORRUPT, .SQLITE_NOTADB:
        throw InputError(
          path, "is damaged (\(error.message ?? "no reason given"))", remedy: "restore a backup")
      default:
        throw InputError(
          path, "SQLite: \(error.message ?? "error \(error.resultCode.rawValue)")",
          remedy: "check the disk's space and health, then run it again")
      }
    }
  }
}

extension DatabasePool {
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

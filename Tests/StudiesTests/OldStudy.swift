import Foundation
import GRDB
import TestSupport

/// A study that version 0.1.0 wrote, as a copy in a folder of its own.
enum OldStudy {
  /// What that version wrote: the files, and the database as SQL text.
  static let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures/study-0.1.0").path

  /// Copies the study.
  ///
  /// - Parameter change: What else is done to its tables.
  /// - Returns: The folder that goes with the value, and the study's folder in it.
  /// - Throws: An error when the files can't be copied or the SQL is wrong.
  static func copy(
    _ change: (Database) throws -> Void = { _ in }
  ) throws -> (Scratch, String) {
    let scratch = try Scratch()
    let folder = scratch.file("study")
    try FileManager.default.copyItem(atPath: fixture, toPath: folder)
    let sql = try String(contentsOfFile: folder + "/study.sql", encoding: .utf8)
    try FileManager.default.removeItem(atPath: folder + "/study.sql")
    let queue = try DatabaseQueue(path: folder + "/study.sqlite")
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA foreign_keys = OFF")
      try db.execute(sql: sql)
      try change(db)
    }
    try queue.close()
    return (scratch, folder)
  }
}

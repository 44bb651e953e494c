internal import Domain
internal import Files
internal import Foundation
package import GRDB

/// A study on disk: a folder with `study.sqlite` and content-addressed `files`.
///
/// This is the only owner of both: commands and the annotation application open a study here. Every change is one
/// SQLite transaction that is on the disk when it returns; a file is whole in its place before a row names it. So a
/// process that is killed leaves a sound study, and running it again resumes where it was.
public final class StudyStore: Sendable {
  /// The folder.
  public let folder: String
  /// The photos and regions, by the SHA-256 of their content.
  public let files: ContentStore
  /// The study's name.
  public let name: String
  /// The database, for what is read and written beside this type: the annotation application.
  package let pool: DatabasePool

  private init(folder: String, name: String, pool: DatabasePool) {
    self.folder = folder
    self.name = name
    self.pool = pool
    files = ContentStore("\(folder)/files")
  }

  /// Makes a study in a folder that holds none.
  ///
  /// - Throws: `InputError` when the folder holds a study or can't be written.
  @discardableResult
  public static func create(_ folder: String, name: String? = nil) throws -> StudyStore {
    let folder = trimmed(folder)
    try AtomicFile.makeFolder("\(folder)/files")
    let pool = try connect(folder)
    return try translated(databasePath(folder)) {
      try StudySchema.migrator.migrate(pool)
      let title = name ?? ownName(folder)
      guard try insertName(pool, title) else {
        throw InputError(
          folder, "a study is here already", remedy: "use it, or choose another folder")
      }
      return StudyStore(folder: folder, name: title, pool: pool)
    }
  }

  /// Opens a study, brings its tables up to date and finishes what a killed withdrawal began.
  ///
  /// - Throws: `InputError` when the folder holds no study.
  public static func open(_ folder: String) throws -> StudyStore {
    let folder = trimmed(folder)
    guard exists(in: folder) else { throw absent(folder) }
    let pool = try connect(folder)
    return try translated(databasePath(folder)) {
      // 0.1.0 could annotate a folder that was no study otherwise.
      let isStudy = try pool.read { db in
        try db.tableExists("study_info") || db.tableExists("annotation_study")
      }
      guard isStudy else { throw absent(folder) }
      return try prepared(folder, pool)
    }
  }

  /// Opens the study of a folder, or makes one there.
  ///
  /// - Throws: `InputError` when the folder can't be used.
  public static func openOrCreate(_ folder: String, name: String? = nil) throws -> StudyStore {
    let folder = trimmed(folder)
    try AtomicFile.makeFolder("\(folder)/files")
    let pool = try connect(folder)
    return try translated(databasePath(folder)) {
      try StudySchema.migrator.migrate(pool)
      _ = try insertName(pool, name ?? ownName(folder))
      return try prepared(folder, pool)
    }
  }

  /// Whether a folder holds a study's database.
  public static func exists(in folder: String) -> Bool { access(databasePath(folder), F_OK) == 0 }

  private static func prepared(_ folder: String, _ pool: DatabasePool) throws -> StudyStore {
    try StudySchema.migrator.migrate(pool)
    let name = try pool.read { try String.fetchOne($0, sql: "SELECT name FROM study_info") }
    guard let name else { throw absent(folder) }
    let study = StudyStore(folder: folder, name: name, pool: pool)
    try AtomicFile.makeFolder(study.files.folder)
    try study.finishRemovals()
    try study.resumeWithdrawals()
    return study
  }

  /// Closes the database; the write-ahead log is merged.
  public func close() throws { try pool.close() }

  /// Writes the name of a new study; false when the folder has one.
  private static func insertName(_ pool: DatabasePool, _ name: String) throws -> Bool {
    try pool.write { db in
      try db.execute(
        sql: "INSERT OR IGNORE INTO study_info VALUES (1, ?, ?)",
        arguments: [name, Int64(Date().timeIntervalSince1970)])
      return db.changesCount == 1
    }
  }

  private static func ownName(_ folder: String) -> String {
    URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
  }

  private static func absent(_ folder: String) -> InputError {
    InputError(folder, "is not a study", remedy: "make one with vernier study new")
  }

  private static func trimmed(_ folder: String) -> String {
    var folder = folder
    while folder.utf8.count > 1, folder.utf8.last == UInt8(ascii: "/") { folder.removeLast() }
    return folder
  }
}

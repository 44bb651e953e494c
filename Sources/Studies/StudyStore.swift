public import Domain
internal import Files
internal import Foundation
internal import GRDB

/// A study on disk: a folder with `study.sqlite` and content-addressed `files`.
///
/// Every change is one SQLite transaction with a write-ahead log and `synchronous = FULL`; a file
/// is whole in its place before a row names it. So a process that is killed leaves a sound study,
/// and running it again resumes where it was.
public final class StudyStore: Sendable {
  /// The folder.
  public let folder: String
  /// The photos and regions, by the SHA-256 of their content.
  public let files: ContentStore
  /// The study's name.
  public let name: String
  let pool: DatabasePool

  private init(folder: String, name: String, pool: DatabasePool) {
    self.folder = folder
    self.name = name
    self.pool = pool
    files = ContentStore("\(folder)/files")
  }

  /// Makes a study in a folder that holds none; annotation tables that are there already stay.
  ///
  /// - Throws: `InputError` when the folder holds a study or can't be written.
  @discardableResult
  public static func create(_ folder: String, name: String? = nil) throws -> StudyStore {
    let folder = trimmed(folder)
    try AtomicFile.makeFolder("\(folder)/files")
    let pool = try connect(folder)
    return try translated("\(folder)/study.sqlite") {
      try StudySchema.migrator.migrate(pool)
      let own = URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
      let title = name ?? own
      let now = Int64(Date().timeIntervalSince1970)
      try pool.write { db in
        try db.execute(
          sql: "INSERT OR IGNORE INTO study_info VALUES (1, ?, ?)", arguments: [title, now])
        guard db.changesCount == 1 else {
          throw InputError(
            folder, "a study is here already", remedy: "use it, or choose another folder")
        }
      }
      return StudyStore(folder: folder, name: title, pool: pool)
    }
  }

  /// Opens a study and finishes what a killed withdrawal began.
  ///
  /// - Throws: `InputError` when the folder holds no study.
  public static func open(_ folder: String) throws -> StudyStore {
    let folder = trimmed(folder)
    let path = "\(folder)/study.sqlite"
    guard access(path, F_OK) == 0 else { throw absent(folder) }
    let pool = try connect(folder)
    return try translated(path) {
      let isStudy = try pool.read { try $0.tableExists("study_info") }
      guard isStudy else { throw absent(folder) }
      try StudySchema.migrator.migrate(pool)
      let name = try pool.read { try String.fetchOne($0, sql: "SELECT name FROM study_info") }
      guard let name else { throw absent(folder) }
      let study = StudyStore(folder: folder, name: name, pool: pool)
      try AtomicFile.makeFolder(study.files.folder)
      try study.finishRemovals()
      return study
    }
  }

  /// Closes the database; the write-ahead log is merged.
  public func close() throws { try pool.close() }

  /// Runs a transaction; the database's own errors become errors that say what to do.
  func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try Self.translated("\(folder)/study.sqlite") { try pool.write(body) }
  }

  /// Reads one snapshot.
  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try Self.translated("\(folder)/study.sqlite") { try pool.read(body) }
  }

  private static func connect(_ folder: String) throws -> DatabasePool {
    let path = "\(folder)/study.sqlite"
    return try translated(path) {
      var configuration = Configuration()
      configuration.busyMode = .timeout(10)
      configuration.foreignKeysEnabled = true
      // Rows of a withdrawn person must not stay readable in the file's free pages.
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA secure_delete = ON") }
      let pool = try DatabasePool(path: path, configuration: configuration)
      // GRDB sets NORMAL itself when it turns the write-ahead log on, so this must come after opening.
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      return pool
    }
  }

  private static func absent(_ folder: String) -> InputError {
    InputError(folder, "is not a study", remedy: "make one with vernier study new")
  }

  private static func trimmed(_ folder: String) -> String {
    var folder = folder
    while folder.utf8.count > 1, folder.utf8.last == UInt8(ascii: "/") { folder.removeLast() }
    return folder
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

/// The right to change a study; held by one process at a time and given back when the process ends, however it ends.
public final class StudyLock {
  private let descriptor: Int32

  /// Takes the lock.
  ///
  /// - Throws: `InputError` when another process holds it.
  public init(_ study: StudyStore) throws(InputError) {
    let path = "\(study.folder)/.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileFault.writing(path, code: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      Foundation.close(descriptor)
      throw InputError(
        study.folder, "another vernier is changing this study", remedy: "wait until it has ended")
    }
    try study.files.removeAbandoned()
    // The study's own tables lie in its folder; what else is written there has other names, and may be under way.
    try ContentStore(study.folder).removeAbandoned()
  }

  deinit { Foundation.close(descriptor) }
}

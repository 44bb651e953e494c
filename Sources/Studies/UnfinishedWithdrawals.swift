internal import Domain
internal import Files
internal import Foundation
internal import GRDB

/// What a withdrawal does outside of the database's rows; every step can be made again.
extension StudyStore {
  /// Finishes, when a study is opened, what a crash or an earlier version left of withdrawals.
  ///
  /// Another process that holds the lock may be the one that withdraws: then nothing is done. A
  /// list that can't be read keeps the withdrawal unfinished, which ``verify(progress:)`` says; it
  /// must not keep anybody from the study.
  func resumeWithdrawals() throws {
    let people = try unfinishedWithdrawals()
    guard !people.isEmpty, let lock = try? StudyLock(self) else { return }
    try withExtendedLifetime(lock) {
      for row in try read({ try Row.fetchAll($0, sql: "SELECT * FROM study_withdrawal") }) {
        try write { db in
          _ = try PersonRemoval(
            db: db, person: row["person"], actor: row["actor"], at: row["at"]
          ).run()
        }
      }
      do { try finishWithdrawals() } catch is InputError {}
    }
  }

  /// The people whose withdrawal has begun and is not finished.
  func unfinishedWithdrawals() throws -> [String] {
    try read { try String.fetchAll($0, sql: "SELECT person FROM study_withdrawal ORDER BY 1") }
  }

  /// Removes files, contact sheets and rows of lists, then every trace of deleted rows in the
  /// database's files.
  func finishWithdrawals() throws {
    let people = try unfinishedWithdrawals()
    guard !people.isEmpty else { return }
    try finishRemovals()
    try removeStrays()
    try removeSheets()
    try WithdrawnRows(self).remove(people: people)
    // The names go before the free pages do; the pseudonym, which stays in the tombstone, marks the
    // end.
    try write { try $0.execute(sql: "DELETE FROM study_withdrawn_photo") }
    do {
      try compact()
    } catch let error as InputError where error.reason == .diskFull {
      throw InputError(
        Self.databasePath(folder),
        "the rows are gone, but the disk is too full to write the file anew",
        remedy: "free as much space as the file has and withdraw the person again")
    }
    try write { try $0.execute(sql: "DELETE FROM study_withdrawal") }
  }

  /// Removes the files that no row needs any more; the list of them is durable.
  func finishRemovals() throws {
    let contents = try read { try String.fetchAll($0, sql: "SELECT sha256 FROM study_removal") }
    guard !contents.isEmpty else { return }
    for sha256 in contents {
      let isNeeded = try read { try Self.isNeeded($0, sha256) }
      if !isNeeded { try files.remove(sha256) }
    }
    try files.syncFolder()
    try write { db in
      for sha256 in contents {
        try db.execute(sql: "DELETE FROM study_removal WHERE sha256 = ?", arguments: [sha256])
      }
    }
  }

  /// Removes what killed imports left: it may show anybody.
  ///
  /// An import renames a file and writes its row in one transaction, so while this one is open no
  /// file is on its way to a row. An import that had only copied its file finds it gone and says
  /// so; run again, it takes the file.
  private func removeStrays() throws {
    _ = try clean()
    for name in try files.names() where name.hasPrefix(".") && name.hasSuffix(".tmp") {
      unlink("\(files.folder)/\(name)")
    }
    try files.syncFolder()
  }

  /// Removes the contact sheets: they show everybody.
  private func removeSheets() throws {
    let sheets = try read { try String.fetchAll($0, sql: "SELECT path FROM study_sheet") }
    for sheet in sheets {
      let path = sheet.hasPrefix("/") ? sheet : "\(folder)/\(sheet)"
      guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else {
        throw FileFault.writing(path, code: errno)
      }
    }
    try write { try $0.execute(sql: "DELETE FROM study_sheet") }
  }
}

public import Domain
internal import Files
internal import Foundation
internal import GRDB

/// What a withdrawal removed.
public struct WithdrawalReport: Hashable, Sendable {
  /// The photos that are gone.
  public var photos: [ScenePhoto] = []
  /// The number of regions.
  public var regions = 0
  /// The number of scores.
  public var scores = 0
  /// The number of files.
  public var files = 0
  /// Whether the person had withdrawn before.
  public var isRepeated = false
}

extension StudyStore {
  /// The photos that show a person.
  public func photos(of person: String) throws -> [ScenePhoto] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT scene, name FROM study_photo WHERE person = ? ORDER BY id",
        arguments: [person]
      ).map { ScenePhoto(scene: SceneID($0["scene"]), photo: PhotoID($0["name"])) }
    }
  }

  /// Withdraws a person: photos, regions, scores, found faces, rows of the data set's lists and contact sheets go.
  ///
  /// What stays is a tombstone: the pseudonym and the hashes of the removed contents, so that they are never taken again.
  /// The annotation's rows are its own matter and come first. Calling it again finishes what a crash interrupted.
  ///
  /// - Throws: `InputError` when the study knows no such person.
  public func withdraw(person: String) throws -> WithdrawalReport {
    var report = WithdrawalReport()
    report.photos = try photos(of: person)
    try write { db in
      let known = try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM study_tombstone WHERE person = ?)",
        arguments: [person])
      report.isRepeated = known == true
      guard report.isRepeated || !report.photos.isEmpty else {
        throw InputError(
          "person \(person)", "no photo of the study shows this person",
          remedy: "give a pseudonym that vernier study list --of persons shows")
      }
      let own = "photo IN (SELECT id FROM study_photo WHERE person = ?)"
      report.regions =
        try Int.fetchOne(
          db, sql: "SELECT count(*) FROM study_region WHERE \(own)", arguments: [person]) ?? 0
      report.scores =
        try Int.fetchOne(
          db, sql: "SELECT count(*) FROM study_score WHERE \(own)", arguments: [person]) ?? 0
      report.files = try Self.remove(db, person, at: Int64(Date().timeIntervalSince1970))
    }
    try finishRemovals()
    try removeSheets()
    if access("\(folder)/regions.csv", F_OK) == 0 || report.regions > 0 {
      try writeRegionsTable()
    }
    // The write-ahead log holds the old rows until it is merged and cut.
    try Self.translated("\(folder)/study.sqlite") {
      _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    }
    return report
  }

  /// Turns a person's rows into tombstones; returns the number of contents that are no longer needed.
  private static func remove(_ db: Database, _ person: String, at: Int64) throws -> Int {
    let contents = try String.fetchAll(
      db,
      sql: """
        SELECT sha256 FROM study_photo WHERE person = ?1 AND sha256 IS NOT NULL
        UNION SELECT r.sha256 FROM study_region r JOIN study_photo p ON p.id = r.photo
        WHERE p.person = ?1
        """, arguments: [person])
    try db.execute(
      sql: """
        DELETE FROM study_list_row WHERE list IN ('Device Split.csv', 'Image Metadata.csv')
        AND name IN (SELECT name FROM study_photo WHERE person = ?1)
        AND name NOT IN (SELECT name FROM study_photo WHERE person IS NOT ?1)
        """, arguments: [person])
    try db.execute(
      sql: """
        DELETE FROM study_faces WHERE sha256 IN
          (SELECT sha256 FROM study_photo WHERE person = ?)
        """, arguments: [person])
    try db.execute(sql: "DELETE FROM study_photo WHERE person = ?", arguments: [person])
    var count = 0
    try db.execute(
      sql: "INSERT OR IGNORE INTO study_tombstone VALUES (?, '', ?)", arguments: [person, at])
    for sha256 in contents {
      // A content that somebody else's photo has too stays: it can't be this person's alone.
      if try isNeeded(db, sha256) { continue }
      try db.execute(
        sql: "INSERT OR IGNORE INTO study_tombstone VALUES (?, ?, ?)",
        arguments: [person, sha256, at])
      try db.execute(sql: "INSERT OR IGNORE INTO study_removal VALUES (?)", arguments: [sha256])
      count += 1
    }
    return count
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

public import Domain
internal import Files
public import Foundation
internal import GRDB

/// What a withdrawal removed.
public struct WithdrawalReport: Hashable, Sendable {
  /// The photos that are gone.
  public var photos: [ScenePhoto] = []
  /// The number of regions.
  public var regions = 0
  /// The number of scores.
  public var scores = 0
  /// The number of votes on pairs that showed the person.
  public var votes = 0
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

  /// The people whom photos of the study show, ascending, and those whose withdrawal is not
  /// finished.
  public func people() throws -> [String] {
    try read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT person FROM study_photo WHERE person IS NOT NULL
          UNION SELECT person FROM annotation_image WHERE person IS NOT NULL AND state = 'active'
          UNION SELECT person FROM study_withdrawal ORDER BY 1
          """)
    }
  }

  /// The number of people who withdrew.
  package func withdrawnCount() throws -> Int {
    try read { db in
      try Int.fetchOne(db, sql: "SELECT count(*) FROM study_tombstone WHERE sha256 = ''") ?? 0
    }
  }

  /// Whether a content was a withdrawn person's.
  public func isWithdrawn(sha256: String) throws -> Bool {
    try read { db in
      try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM study_tombstone WHERE sha256 = ?)",
        arguments: [sha256]) ?? false
    }
  }

  /// Withdraws a person: photos, regions, scores, found faces, votes, rows of every list and
  /// contact sheets go.
  ///
  /// This is the only withdrawal, whichever door it is asked through. What stays is a tombstone:
  /// the pseudonym and the hashes of the removed contents, so that they are never taken again, and
  /// rows of the audit trail that hold numbers and the pseudonym. All rows go in one transaction,
  /// which also notes what is still to be removed outside of the database; calling it again, or
  /// opening the study, finishes what a crash interrupted.
  ///
  /// The caller holds the study's lock, so that no other process makes regions of the photos
  /// meanwhile.
  ///
  /// - Parameters:
  ///   - person: the person's pseudonym.
  ///   - actor: who withdraws, for the audit trail.
  ///   - time: when; tests give their own.
  /// - Returns: what was removed.
  /// - Throws: `InputError` when the study knows no such person, or a file can't be removed.
  @discardableResult
  public func withdraw(
    person: String, actor: String = "program", at time: Date = Date()
  ) throws -> WithdrawalReport {
    let at = time.milliseconds
    let report = try write { db in
      try PersonRemoval(db: db, person: person, actor: actor, at: at).run()
    }
    try finishWithdrawals()
    return report
  }
}

/// The rows of one withdrawal, in the running transaction.
struct PersonRemoval {
  let db: Database
  let person: String
  let actor: String
  /// Milliseconds since 1970.
  let at: Int64

  /// Removes the rows and notes what is to be done outside of the database.
  func run() throws -> WithdrawalReport {
    var report = WithdrawalReport()
    report.isRepeated = try any("SELECT 1 FROM study_tombstone WHERE person = ?")
    try claimDerived()
    try claimImages()
    guard
      try report.isRepeated || any("SELECT 1 FROM study_photo WHERE person = ?")
        || any("SELECT 1 FROM annotation_image WHERE person = ?")
        || any("SELECT 1 FROM study_withdrawal WHERE person = ?")
    else {
      throw InputError(
        "person \(person)", "no photo of the study shows this person",
        remedy: "give the pseudonym of a person in this study")
    }
    try count(&report)
    try noteUnfinished()
    let contents = try contents()
    try removePhotos()
    report.votes = try removeJudgements()
    report.files = try bury(contents)
    return report
  }

  private func any(_ query: String) throws -> Bool {
    try Bool.fetchOne(db, sql: "SELECT EXISTS (\(query))", arguments: [person]) ?? false
  }

  /// Pictures that were made from the person's photos.
  private func claimDerived() throws {
    try db.execute(
      sql: """
        UPDATE study_photo SET person = ?1 WHERE person IS NOT ?1 AND id IN (
          SELECT l.photo FROM study_lineage l JOIN study_photo s ON s.id = l.source
          WHERE s.person = ?1)
        """, arguments: [person])
  }

  /// Images of the annotation that are the person's photos by name, or by a content that is this
  /// person's alone.
  private func claimImages() throws {
    try db.execute(
      sql: """
        UPDATE annotation_image SET person = ?1 WHERE person IS NOT ?1 AND EXISTS (
          SELECT 1 FROM study_photo p WHERE p.person = ?1
            AND p.scene = annotation_image.scene AND p.name = annotation_image.photo)
        """, arguments: [person])
    try db.execute(
      sql: """
        WITH shown AS (
          SELECT sha256, person FROM study_photo WHERE sha256 IS NOT NULL
          UNION SELECT r.sha256, p.person FROM study_region r JOIN study_photo p ON p.id = r.photo)
        UPDATE annotation_image SET person = ?1 WHERE person IS NULL AND EXISTS (
          SELECT 1 FROM annotation_roi o JOIN shown s ON s.sha256 = o.sha256
          WHERE o.image = annotation_image.id AND s.person = ?1
            AND NOT EXISTS (SELECT 1 FROM shown t WHERE t.sha256 = o.sha256 AND t.person IS NOT ?1))
        """, arguments: [person])
  }

  private func count(_ report: inout WithdrawalReport) throws {
    report.photos = try Row.fetchAll(
      db, sql: "SELECT scene, name FROM study_photo WHERE person = ? ORDER BY id",
      arguments: [person]
    ).map { ScenePhoto(scene: SceneID($0["scene"]), photo: PhotoID($0["name"])) }
    let own = "photo IN (SELECT id FROM study_photo WHERE person = ?)"
    report.regions =
      try Int.fetchOne(
        db, sql: "SELECT count(*) FROM study_region WHERE \(own)", arguments: [person]) ?? 0
    report.scores =
      try Int.fetchOne(
        db, sql: "SELECT count(*) FROM study_score WHERE \(own)", arguments: [person]) ?? 0
  }

  /// Notes the withdrawal as unfinished, with the names that lists of the folder may still hold.
  private func noteUnfinished() throws {
    try db.execute(
      sql: "INSERT OR IGNORE INTO study_withdrawal VALUES (?, ?, ?)",
      arguments: [person, actor, at])
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO study_withdrawn_photo
          SELECT scene, name FROM study_photo WHERE person = ?1
          UNION SELECT scene, photo FROM annotation_image
          WHERE person = ?1 AND photo <> 'withdrawn-' || id
        """, arguments: [person])
  }

  /// The hashes of everything that shows the person.
  private func contents() throws -> [String] {
    try String.fetchAll(
      db,
      sql: """
        SELECT sha256 FROM study_photo WHERE person = ?1 AND sha256 IS NOT NULL
        UNION SELECT r.sha256 FROM study_region r JOIN study_photo p ON p.id = r.photo
          WHERE p.person = ?1
        UNION SELECT o.sha256 FROM annotation_roi o JOIN annotation_image i ON i.id = o.image
          WHERE i.person = ?1
        """, arguments: [person])
  }

  /// Removes the photos with their regions and scores, the faces that were found, and the data
  /// set's lists' rows.
  private func removePhotos() throws {
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
  }

  /// Writes the tombstones; returns the number of contents that are no longer needed.
  private func bury(_ contents: [String]) throws -> Int {
    let seconds = at / 1000
    try db.execute(
      sql: "INSERT OR IGNORE INTO study_tombstone VALUES (?, '', ?)", arguments: [person, seconds])
    var count = 0
    for sha256 in contents {
      // A content that somebody else's photo has too stays: it can't be this person's alone.
      if try StudyStore.isNeeded(db, sha256) { continue }
      try db.execute(
        sql: "INSERT OR IGNORE INTO study_tombstone VALUES (?, ?, ?)",
        arguments: [person, sha256, seconds])
      count += db.changesCount
      try db.execute(sql: "INSERT OR IGNORE INTO study_removal VALUES (?)", arguments: [sha256])
    }
    return count
  }
}

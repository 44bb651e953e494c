public import Domain
import Files
import Foundation
import GRDB

extension AnnotationStudy {
  /// Withdraws a person and erases every vote on the photos that show that person.
  ///
  /// Regions imported from a study's table carry no person, so the study names the photos. What stays is the tombstone:
  /// numbers without names, hashes of the removed pictures, and rows of the audit trail that hold numbers only. The
  /// audit trail says which votes were erased, so that it still proves that no other vote is missing.
  ///
  /// - Parameters:
  ///   - person: the person's pseudonym.
  ///   - photos: the photos that show the person, besides those that the annotation knows itself.
  ///   - actor: who withdraws, for the audit trail.
  /// - Returns: the number of votes erased by this call.
  /// - Throws: the database's error; a call that failed can be made again.
  @discardableResult
  public func erase(
    person: String, photos: [ScenePhoto], actor: String = "program"
  ) throws -> Int {
    try pool.write { db in
      try db.execute(
        sql: "INSERT OR IGNORE INTO annotation_person (id) VALUES (?)", arguments: [person])
      for photo in photos {
        try db.execute(
          sql: "UPDATE annotation_image SET person = ? WHERE scene = ? AND photo = ?",
          arguments: [person, photo.scene.text, photo.photo.text])
      }
    }
    try withdraw(person: person, actor: actor)
    let erased = try pool.write { db in try eraseVotes(db, person: person, actor: actor) }
    _ = try pool.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
    return erased
  }

  private func eraseVotes(_ db: Database, person: String, actor: String) throws -> Int {
    try db.execute(sql: "PRAGMA secure_delete = ON")
    let leases = """
      SELECT l.id FROM annotation_lease l WHERE EXISTS (SELECT 1 FROM annotation_image i
      WHERE i.person = ? AND i.state = 'withdrawn' AND i.id IN (l.low, l.high))
      """
    let votes = try Int64.fetchAll(
      db, sql: "SELECT id FROM annotation_vote WHERE lease IN (\(leases)) ORDER BY id",
      arguments: [person])
    let guards = try Row.fetchAll(
      db,
      sql: """
        SELECT name, sql FROM sqlite_master WHERE type = 'trigger'
        AND name IN ('annotation_vote_no_delete', 'annotation_vote_void_no_delete')
        """)
    // Votes are append-only but for this one reason; both steps are one transaction.
    for row in guards { try db.execute(sql: "DROP TRIGGER \(row["name"] as String)") }
    for table in ["annotation_vote_void", "annotation_vote"] {
      let key = table == "annotation_vote" ? "id" : "vote"
      for vote in votes {
        try db.execute(sql: "DELETE FROM \(table) WHERE \(key) = ?", arguments: [vote])
      }
    }
    for row in guards { try db.execute(sql: row["sql"]) }
    try db.execute(sql: "DELETE FROM annotation_lease WHERE id IN (\(leases))", arguments: [person])
    let own = "SELECT id FROM annotation_image WHERE person = ? AND state = 'withdrawn'"
    try db.execute(
      sql: "DELETE FROM annotation_task_image WHERE image IN (\(own))", arguments: [person])
    try db.execute(
      sql: """
        UPDATE annotation_image SET photo = 'withdrawn-' || id, condition = NULL
        WHERE id IN (\(own)) AND photo <> 'withdrawn-' || id
        """, arguments: [person])
    if !votes.isEmpty {
      try AuditTrail.append(
        db, now, actor: actor, "erase-votes",
        ["person": person, "votes": votes.map { "\($0)" }.joined(separator: " ")])
    }
    return votes.count
  }
}

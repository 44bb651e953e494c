public import Domain
import Foundation
import GRDB

extension AnnotationStudy {
  /// Withdraws a person: every region's file goes, votes on them no longer count, a tombstone stays in the audit trail.
  ///
  /// Calling it again is harmless and finishes what a crash interrupted.
  ///
  /// - Returns: the number of photos withdrawn by this call.
  @discardableResult
  public func withdraw(person: String, actor: String = "program") throws -> Int {
    let count = try pool.write { db -> Int in
      let at = now
      let images = try Int64.fetchAll(
        db, sql: "SELECT id FROM annotation_image WHERE person = ? AND state = 'active'",
        arguments: [person])
      try db.execute(
        sql: """
          INSERT INTO annotation_person VALUES (?, ?)
          ON CONFLICT (id) DO UPDATE SET withdrawn_at = coalesce(withdrawn_at, excluded.withdrawn_at)
          """, arguments: [person, at])
      try tombstone(db, images, actor: actor, of: person)
      return images.count
    }
    try finishRemovals()
    return count
  }

  /// Withdraws photos: their files go, votes on them no longer count, a tombstone stays in the audit trail.
  ///
  /// Calling it again is harmless and finishes what a crash interrupted; photos that the annotation does not have are passed
  /// over.
  ///
  /// - Returns: the number of photos withdrawn by this call.
  @discardableResult
  public func withdraw(
    photos: [(scene: SceneID, photo: PhotoID)], actor: String = "program"
  ) throws -> Int {
    let count = try pool.write { db -> Int in
      let images = try photos.compactMap { scene, photo in
        try Int64.fetchOne(
          db,
          sql: """
            SELECT id FROM annotation_image WHERE scene = ? AND photo = ? AND state = 'active'
            """, arguments: [scene.text, photo.text])
      }
      try tombstone(db, images, actor: actor, of: nil)
      return images.count
    }
    try finishRemovals()
    return count
  }

  private func tombstone(
    _ db: Database, _ images: [Int64], actor: String, of person: String?
  ) throws {
    guard !images.isEmpty else { return }
    for image in images { try remove(db, image) }
    var detail = ["photos": images.map { "\($0)" }.joined(separator: " ")]
    detail["person"] = person
    try AuditTrail.append(
      db, now, actor: actor, person == nil ? "withdraw-photos" : "withdraw-person", detail)
  }

  private func remove(_ db: Database, _ image: Int64) throws {
    try db.execute(
      sql: "UPDATE annotation_image SET state = 'withdrawn', device = NULL WHERE id = ?",
      arguments: [image])
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO annotation_removal SELECT r.sha256 FROM annotation_roi r
        WHERE r.image = ? AND NOT EXISTS (
          SELECT 1 FROM annotation_roi o JOIN annotation_image i ON i.id = o.image
          WHERE o.sha256 = r.sha256 AND i.state = 'active')
        """, arguments: [image])
    for table in ["annotation_pair_queue", "annotation_golden"] {
      try db.execute(
        sql: "DELETE FROM \(table) WHERE low = ? OR high = ?", arguments: [image, image])
    }
    try db.execute(sql: "DELETE FROM annotation_score WHERE image = ?", arguments: [image])
    try db.execute(
      sql: """
        UPDATE annotation_lease SET state = 'expired'
        WHERE state IN ('open', 'released') AND (low = ? OR high = ?)
        """, arguments: [image, image])
  }

  /// Removes the files of withdrawn photos; the list of them is durable.
  func finishRemovals() throws {
    let files = try pool.read { db in
      try String.fetchAll(db, sql: "SELECT sha256 FROM annotation_removal")
    }
    guard !files.isEmpty else { return }
    for sha256 in files { unlink(filePath(sha256)) }
    try pool.write { db in try db.execute(sql: "DELETE FROM annotation_removal") }
  }

  /// Ends an observer's participation: his votes no longer count, his cookies no longer open anything.
  func withdraw(_ db: Database, observer: Int64, pseudonym: String) throws {
    let at = now
    try db.execute(
      sql: """
        UPDATE annotation_observer SET withdrawn_at = coalesce(withdrawn_at, ?) WHERE id = ?
        """, arguments: [at, observer])
    try db.execute(
      sql: "UPDATE annotation_cookie SET revoked_at = ? WHERE observer = ? AND revoked_at IS NULL",
      arguments: [at, observer])
    try db.execute(
      sql: """
        UPDATE annotation_lease SET state = 'expired'
        WHERE observer = ? AND state IN ('open', 'released')
        """, arguments: [observer])
    try db.execute(
      sql: """
        UPDATE annotation_session SET state = 'ended', ended = ?
        WHERE observer = ? AND state <> 'ended'
        """, arguments: [at, observer])
    try AuditTrail.append(db, at, actor: pseudonym, "withdraw-observer", ["observer": pseudonym])
  }
}

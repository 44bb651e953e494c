import GRDB
import Studies

extension AnnotationStudy {
  /// Ends an observer's participation: his votes no longer count, his cookies no longer open
  /// anything.
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
    try db.execute(
      sql: "UPDATE annotation_observer SET exclusion = NULL WHERE id = ?", arguments: [observer])
    // What he wrote may tell who he is; what was decided about his pairs stays.
    try db.execute(
      sql: "UPDATE annotation_remark SET text = '' WHERE observer = ?", arguments: [observer])
    try AuditTrail.append(db, at, actor: pseudonym, .withdrawObserver, ["observer": pseudonym])
  }
}

internal import GRDB

/// The annotation's part of a withdrawal.
extension PersonRemoval {
  private static let own = "SELECT id FROM annotation_image WHERE person = ?"

  /// Removes everything that was judged on the person's photos; returns the number of erased votes.
  ///
  /// Numbers without names stay: a removed image's row with the hashes of its regions, so that it
  /// is never taken again. The audit trail says which votes were erased, so that it still proves
  /// that no other vote is missing.
  func removeJudgements() throws -> Int {
    let images = try Int64.fetchAll(
      db, sql: Self.own + " AND state = 'active' ORDER BY id", arguments: [person])
    try db.execute(
      sql: """
        UPDATE annotation_image SET state = 'withdrawn', device = NULL, condition = NULL,
          photo = 'withdrawn-' || id WHERE id IN (\(Self.own))
        """, arguments: [person])
    if !images.isEmpty {
      try AuditTrail.append(
        db, at, actor: actor, .withdrawPerson,
        ["person": person, "photos": images.map { "\($0)" }.joined(separator: " ")])
    }
    try removeScales()
    for table in [
      "annotation_pair_queue", "annotation_golden", "annotation_remark", "annotation_pair_aside",
    ] {
      try db.execute(
        sql: "DELETE FROM \(table) WHERE low IN (\(Self.own)) OR high IN (\(Self.own))",
        arguments: [person, person])
    }
    let erased = try eraseVotes()
    try db.execute(
      sql: "DELETE FROM annotation_example WHERE image IN (\(Self.own))", arguments: [person])
    try db.execute(
      sql: "DELETE FROM annotation_task_image WHERE image IN (\(Self.own))", arguments: [person])
    return erased
  }

  /// A scale that counted the erased votes is no longer true of anybody: it is estimated anew.
  private func removeScales() throws {
    for table in ["annotation_score", "annotation_progress"] {
      try db.execute(
        sql: """
          DELETE FROM \(table) WHERE task IN
            (SELECT task FROM annotation_task_image WHERE image IN (\(Self.own)))
          """, arguments: [person])
    }
  }

  private func eraseVotes() throws -> Int {
    let leases = """
      SELECT l.id FROM annotation_lease l WHERE l.low IN (\(Self.own)) OR l.high IN (\(Self.own))
      """
    let votes = try Int64.fetchAll(
      db, sql: "SELECT id FROM annotation_vote WHERE lease IN (\(leases)) ORDER BY id",
      arguments: [person, person])
    let guards = try Row.fetchAll(
      db,
      sql: """
        SELECT name, sql FROM sqlite_master WHERE type = 'trigger'
        AND name IN ('annotation_vote_no_delete', 'annotation_vote_void_no_delete')
        """)
    // Votes are append-only but for this one reason; all steps are one transaction.
    for row in guards { try db.execute(sql: "DROP TRIGGER \(row["name"] as String)") }
    for (table, key) in [("annotation_vote_void", "vote"), ("annotation_vote", "id")] {
      for vote in votes {
        try db.execute(sql: "DELETE FROM \(table) WHERE \(key) = ?", arguments: [vote])
      }
    }
    for row in guards { try db.execute(sql: row["sql"]) }
    try db.execute(
      sql: "DELETE FROM annotation_lease WHERE id IN (\(leases))", arguments: [person, person])
    if !votes.isEmpty {
      try AuditTrail.append(
        db, at, actor: actor, .eraseVotes,
        ["person": person, "votes": votes.map { "\($0)" }.joined(separator: " ")])
    }
    return votes.count
  }
}

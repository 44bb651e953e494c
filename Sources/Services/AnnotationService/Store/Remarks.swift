import Foundation
import GRDB
import Studies

/// What an observer reports about a pair in hand.
struct RemarkRequest: Codable, Sendable {
  var clientKey: String
  var kind: String
  var text: String
}

/// A report as the owner sees it.
struct RemarkRow: Sendable {
  let id: Int64
  let at: Int64
  let observer: String
  let task: String
  let attribute: String
  let photos: (low: String, high: String)
  let kind: RemarkKind
  let text: String
  let decision: RemarkDecision?
}

extension AnnotationStudy {
  /// Keeps an observer's report about one of his pairs, once however often it is sent; false when
  /// the pair isn't his.
  func remark(lease id: String, _ identity: Identity, _ remark: RemarkRequest) async throws -> Bool
  {
    guard let kind = RemarkKind(rawValue: remark.kind) else { throw RequestProblem.badBody("kind") }
    guard (16...64).contains(remark.clientKey.utf8.count) else {
      throw RequestProblem.badBody("clientKey")
    }
    let text = remark.text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard text.count <= 1000 else { throw RequestProblem.badBody("text") }
    return try await commits.write { [self] db in
      let at = now
      try db.change(
        sql: """
          INSERT INTO annotation_remark (client_key, task, low, high, observer, kind, text, at)
          SELECT ?, task, low, high, observer, ?, ?, ? FROM annotation_lease
          WHERE id = ? AND observer = ? ON CONFLICT (client_key) DO NOTHING
          """,
        arguments: [remark.clientKey, kind, text, at, id, identity.observer])
      if db.changesCount == 1 {
        // The text stays out of the trail, which nothing can be taken out of.
        try AuditTrail.append(
          db, at, actor: identity.pseudonym, .remark,
          ["remark": "\(db.lastInsertedRowID)", "kind": kind.rawValue])
      }
      return try db.value(
        Bool.self,
        sql: """
          SELECT EXISTS (SELECT 1 FROM annotation_remark WHERE client_key = ? AND observer = ?)
          """, arguments: [remark.clientKey, identity.observer]) ?? false
    }
  }

  /// All reports, those without a decision first, the newest first.
  func remarks() async throws -> [RemarkRow] {
    try await pool.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT r.*, o.pseudonym, t.name, t.attribute, a.photo AS low_photo, b.photo AS high_photo
          FROM annotation_remark r JOIN annotation_observer o ON o.id = r.observer
          JOIN annotation_task t ON t.id = r.task JOIN annotation_image a ON a.id = r.low
          JOIN annotation_image b ON b.id = r.high
          ORDER BY r.decision IS NOT NULL, r.id DESC LIMIT 500
          """
      ).map {
        RemarkRow(
          id: $0["id"], at: $0["at"], observer: $0["pseudonym"], task: $0["name"],
          attribute: $0["attribute"], photos: ($0["low_photo"], $0["high_photo"]),
          kind: $0["kind"], text: $0["text"], decision: $0["decision"])
      }
    }
  }

  /// Applies the owner's decision; gives the task whose scale may change.
  func decide(
    remark id: Int64, _ decision: RemarkDecision, actor: String
  ) async throws -> Int64? {
    try await commits.write { [self] db in
      let row = try db.row(
        sql: "SELECT task, low, high FROM annotation_remark WHERE id = ?", arguments: [id])
      guard let row else { return nil }
      let pair: StatementArguments = [
        row["task"] as Int64, row["low"] as Int64, row["high"] as Int64,
      ]
      try db.change(
        sql: """
          UPDATE annotation_remark SET decision = ?, decided_by = ?, decided_at = ? WHERE id = ?
          """, arguments: [decision, actor, now, id])
      switch decision {
      case .aside:
        try db.change(
          sql: "INSERT OR IGNORE INTO annotation_pair_aside VALUES (?, ?, ?)", arguments: pair)
        try db.change(
          sql: "DELETE FROM annotation_pair_queue WHERE task = ? AND low = ? AND high = ?",
          arguments: pair)
      case .kept:
        try db.change(
          sql: "DELETE FROM annotation_pair_aside WHERE task = ? AND low = ? AND high = ?",
          arguments: pair)
      }
      try AuditTrail.append(
        db, now, actor: actor, .decision, ["remark": "\(id)", "decision": decision.rawValue])
      return row["task"]
    }
  }
}

internal import Crypto
package import Foundation
package import GRDB

/// What happened, who did it and when: rows chained by SHA-256, never changed.
package enum AuditTrail {
  /// One row, as the owner's page shows it.
  package struct Line: Sendable {
    package let id: Int64
    package let at: Int64
    package let actor: String
    package let action: String
    package let detail: String
    package let hash: Data

    package init(_ row: Row) {
      id = row["id"]
      at = row["at"]
      actor = row["actor"]
      action = row["action"]
      detail = row["detail"]
      hash = row["hash"]
    }
  }

  /// Adds a row to the running transaction.
  package static func append(
    _ db: Database, _ at: Int64, actor: String, _ action: AuditAction, _ detail: [String: String]
  ) throws {
    let last = try db.row(sql: "SELECT id, hash FROM annotation_audit ORDER BY id DESC LIMIT 1")
    let id: Int64 = (last?["id"] ?? 0) + 1
    let previous: Data = last?["hash"] ?? Data(count: 32)
    let text = try canonical(detail)
    let hash = digest(previous, id, at, actor, action.rawValue, text)
    try db.change(
      sql: "INSERT INTO annotation_audit VALUES (?, ?, ?, ?, ?, ?, ?)",
      arguments: [id, at, actor, action.rawValue, text, previous, hash])
  }

  /// The detail as JSON with sorted keys.
  private static func canonical(_ detail: [String: String]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(detail), as: UTF8.self)
  }

  /// The hash of one row: lengths first, so that no two rows share their bytes.
  private static func digest(
    _ previous: Data, _ id: Int64, _ at: Int64, _ actor: String, _ action: String,
    _ detail: String
  ) -> Data {
    var hasher = SHA256()
    hasher.update(data: previous)
    for part in ["\(id)", "\(at)", actor, action, detail] {
      hasher.update(data: Data("\(part.utf8.count):".utf8))
      hasher.update(data: Data(part.utf8))
    }
    return Data(hasher.finalize())
  }

  /// Recomputes the chain and checks that every vote and void stands in it as it was cast.
  package static func problems(_ db: Database) throws -> [String] {
    var problems: [String] = []
    var previous = Data(count: 32)
    var expected: Int64 = 1
    var votes: [String: String] = [:]
    var voids: Set<String> = []
    let rows = try Row.fetchCursor(db, sql: "SELECT * FROM annotation_audit ORDER BY id")
    while let row = try rows.next() {
      let id: Int64 = row["id"]
      let hash: Data = row["hash"]
      let detail: String = row["detail"]
      let action: String = row["action"]
      if id != expected {
        problems.append("audit row \(expected) is missing")
        expected = id
      }
      if row["hash_prev"] != previous {
        problems.append("audit row \(id) does not follow the row before it")
      }
      if digest(row["hash_prev"], id, row["at"], row["actor"], action, detail) != hash {
        problems.append("audit row \(id) was changed")
      }
      previous = hash
      expected += 1
      if action == AuditAction.eraseVotes.rawValue {
        let known = try JSONDecoder().decode([String: String].self, from: Data(detail.utf8))
        for vote in known["votes", default: ""].split(separator: " ").map(String.init) {
          votes[vote] = nil
          voids.remove(vote)
        }
      }
      let isVoid = action == AuditAction.void.rawValue
      if isVoid || action == AuditAction.vote.rawValue {
        let known = try JSONDecoder().decode([String: String].self, from: Data(detail.utf8))
        let vote = known["vote", default: ""]
        if isVoid { voids.insert(vote) } else { votes[vote] = known["seal", default: ""] }
      }
    }
    problems += try voteProblems(db, votes: votes, voids: voids)
    return problems
  }

  private static func voteProblems(
    _ db: Database, votes: [String: String], voids: Set<String>
  ) throws -> [String] {
    var problems: [String] = []
    var seen = 0
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT v.*, l.low, l.high, l.left_is_low, l.kind, l.observer, l.task
        FROM annotation_vote v JOIN annotation_lease l ON l.id = v.lease
        """)
    while let row = try rows.next() {
      let id: Int64 = row["id"]
      seen += 1
      if let sealed = votes["\(id)"] {
        if sealed != seal(row) { problems.append("vote \(id) differs from the audit trail") }
      } else {
        problems.append("vote \(id) is not in the audit trail")
      }
    }
    if seen < votes.count { problems.append("\(votes.count - seen) votes were removed") }
    let stored = Set(try Int64.fetchAll(db, sql: "SELECT vote FROM annotation_vote_void"))
    if Set(stored.map { "\($0)" }) != voids {
      problems.append("the voided votes differ from the audit trail")
    }
    return problems
  }

  /// A vote in one line, as it enters the audit trail; what a version did not know of yet is left
  /// out, so that its seals stay true.
  package static func seal(_ row: Row) -> String {
    let left: Int = row["left_is_low"]
    let parts: [String] = [
      "\(row["lease"] as String)", "\(row["observer"] as Int64)", "\(row["task"] as Int64)",
      "\(row["low"] as Int64)", "\(row["high"] as Int64)", "\(left)", "\(row["kind"] as String)",
      "\(row["choice"] as String)", "\(row["at"] as Int64)",
    ]
    let later = [
      "guidelines", "scale", "pixels_per_degree", "pixel_ratio", "station", "below_scale",
    ]
    let known = later.compactMap { name -> String? in
      guard row.hasColumn(name), let value: DatabaseValue = row[name], !value.isNull else {
        return nil
      }
      return "\(name)=\(value)"
    }
    return (parts + known).joined(separator: " ")
  }
}

import Crypto
import Foundation
package import GRDB

/// What happened, who did it and when: rows chained by SHA-256, never changed.
enum AuditTrail {
  /// One row, as the owner's page shows it.
  struct Line: Sendable {
    let id: Int64
    let at: Int64
    let actor: String
    let action: String
    let detail: String
    let hash: Data

    init(_ row: Row) {
      id = row["id"]
      at = row["at"]
      actor = row["actor"]
      action = row["action"]
      detail = row["detail"]
      hash = row["hash"]
    }
  }

  /// Adds a row to the running transaction.
  static func append(
    _ db: Database, _ at: Int64, actor: String, _ action: String, _ detail: [String: String]
  ) throws {
    let last = try db.row(sql: "SELECT id, hash FROM annotation_audit ORDER BY id DESC LIMIT 1")
    let id: Int64 = (last?["id"] ?? 0) + 1
    let previous: Data = last?["hash"] ?? Data(count: 32)
    let text = try canonical(detail)
    let hash = digest(previous, id, at, actor, action, text)
    try db.change(
      sql: "INSERT INTO annotation_audit VALUES (?, ?, ?, ?, ?, ?, ?)",
      arguments: [id, at, actor, action, text, previous, hash])
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
  static func problems(_ db: Database) throws -> [String] {
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
      if action == "erase-votes" {
        let known = try JSONDecoder().decode([String: String].self, from: Data(detail.utf8))
        for vote in known["votes", default: ""].split(separator: " ").map(String.init) {
          votes[vote] = nil
          voids.remove(vote)
        }
      }
      if action == "vote" || action == "void" {
        let known = try JSONDecoder().decode([String: String].self, from: Data(detail.utf8))
        let vote = known["vote", default: ""]
        if action == "void" { voids.insert(vote) } else { votes[vote] = known["seal", default: ""] }
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

  /// A vote in one line, as it enters the audit trail.
  static func seal(_ row: Row) -> String {
    let left: Int = row["left_is_low"]
    let parts: [String] = [
      "\(row["lease"] as String)", "\(row["observer"] as Int64)", "\(row["task"] as Int64)",
      "\(row["low"] as Int64)", "\(row["high"] as Int64)", "\(left)", "\(row["kind"] as String)",
      "\(row["choice"] as String)", "\(row["at"] as Int64)",
    ]
    return parts.joined(separator: " ")
  }
}

extension AnnotationStudy {
  /// What is wrong with the audit trail and the votes; for tests of tampering.
  package static func auditProblems(_ db: Database) throws -> [String] {
    try AuditTrail.problems(db)
  }

  /// Verifies the audit trail, the votes against it, and the files against their hashes.
  ///
  /// - Returns: one line per problem; empty when all is well.
  public func verify() throws -> [String] {
    var problems = try pool.read { db in
      var found = try AuditTrail.problems(db)
      for line in try String.fetchAll(db, sql: "PRAGMA integrity_check") where line != "ok" {
        found.append("SQLite: \(line)")
      }
      return found
    }
    let files = try pool.read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT DISTINCT r.sha256 FROM annotation_roi r JOIN annotation_image i ON i.id = r.image
          WHERE i.state = 'active' ORDER BY r.sha256
          """)
    }
    for sha256 in files {
      guard let data = FileManager.default.contents(atPath: filePath(sha256)) else {
        problems.append("files/\(sha256) is missing")
        continue
      }
      if SHA256.hash(data: data).hexadecimal != sha256 {
        problems.append("files/\(sha256) was changed")
      }
    }
    return problems
  }
}

extension SHA256Digest {
  /// The digest in lower-case hexadecimal.
  var hexadecimal: String {
    let digits = Array("0123456789abcdef")
    return String(flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}

internal import Domain
internal import Files
internal import Foundation
internal import GRDB

/// What an examination of a study found.
public struct StudyVerification: Hashable, Sendable {
  /// What is broken, one line each.
  public var damage: [String] = []
  /// What is untidy but harms nothing, one line each.
  public var notes: [String] = []
  /// The number of files whose content was read and hashed.
  public var files = 0
}

extension StudyStore {
  /// Examines the database, the audit trail, every file's hash, dangling rows, and whether
  /// withdrawals are respected.
  ///
  /// - Parameter progress: called with the number of files that were read, and of all.
  /// - Returns: what is broken and what is untidy.
  /// - Throws: `InputError` when the database can't be read at all.
  public func verify(progress: (Int, Int) -> Void = { _, _ in }) throws -> StudyVerification {
    var result = StudyVerification()
    let (contents, buried) = try read { db in
      result.damage += try Self.databaseDamage(db) + Self.tombstoneDamage(db)
      result.damage += try Self.lineageDamage(db)
      let consent = try Self.consentFindings(db)
      result.damage += consent.damage
      result.notes += consent.notes
      result.damage += try AuditTrail.problems(db).map { "annotation: \($0)" }
      return (
        try Self.contents(db),
        Set(try String.fetchAll(db, sql: "SELECT sha256 FROM study_tombstone WHERE sha256 <> ''"))
      )
    }
    for (done, content) in contents.sorted(by: { $0.key < $1.key }).enumerated() {
      if let fault = check(content.key, bytes: content.value) { result.damage.append(fault) }
      progress(done + 1, contents.count)
    }
    result.files = contents.count
    let lying = try files.content()
    for name in lying where contents[name] == nil {
      if buried.contains(name) {
        result.damage.append("files/\(name) belongs to a person who withdrew")
      } else {
        result.notes.append("files/\(name) belongs to nothing")
      }
    }
    result.damage += try tableDamage()
    result.damage += try unfinishedWithdrawals().map {
      "the withdrawal of \($0) is not finished; run vernier study withdraw again"
    }
    return result
  }

  /// Removes files that belong to nothing, such as those of an import that was never finished.
  ///
  /// An import renames a file and writes its row in one transaction: while this one is open, no
  /// file is on its way.
  ///
  /// - Returns: their number.
  public func clean() throws -> Int {
    try write { db in
      let contents = try Self.contents(db)
      var count = 0
      for name in try files.content() where contents[name] == nil {
        try files.remove(name)
        count += 1
      }
      return count
    }
  }

  /// Every content that a row names, with its number of bytes.
  static func contents(_ db: Database) throws -> [String: Int] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT sha256, bytes FROM study_photo WHERE sha256 IS NOT NULL
        UNION SELECT sha256, bytes FROM study_region
        UNION SELECT r.sha256, r.bytes FROM annotation_roi r
        JOIN annotation_image i ON i.id = r.image WHERE i.state = 'active'
        """)
    return Dictionary(rows.map { ($0["sha256"], $0["bytes"]) }, uniquingKeysWith: { one, _ in one })
  }

  private func check(_ sha256: String, bytes: Int) -> String? {
    guard let size = files.byteCount(sha256) else { return "files/\(sha256) is missing" }
    guard size == bytes else { return "files/\(sha256) has \(size) bytes instead of \(bytes)" }
    do throws(InputError) {
      let found = try FileDigest.sha256(files.path(sha256))
      return found == sha256 ? nil : "files/\(sha256) was changed: its content has another hash"
    } catch {
      return error.description
    }
  }

  private static func databaseDamage(_ db: Database) throws -> [String] {
    var damage: [String] = []
    for line in try String.fetchAll(db, sql: "PRAGMA integrity_check") where line != "ok" {
      damage.append("study.sqlite: \(line)")
    }
    for row in try Row.fetchAll(db, sql: "PRAGMA foreign_key_check") {
      let table: String = row["table"]
      let parent: String = row["parent"]
      let number: Int64? = row["rowid"]
      damage.append("study.sqlite: row \(number ?? 0) of \(table) names no row of \(parent)")
    }
    return damage
  }

  private static func tombstoneDamage(_ db: Database) throws -> [String] {
    var damage: [String] = []
    let shown = try Row.fetchAll(
      db,
      sql: """
        SELECT DISTINCT p.scene, p.name FROM study_photo p
        LEFT JOIN study_region r ON r.photo = p.id
        JOIN study_tombstone t ON (t.sha256 = '' AND t.person = p.person)
          OR (t.sha256 <> '' AND t.sha256 IN (p.sha256, r.sha256))
        """)
    for row in shown {
      damage.append("\(row["scene"] as String)/\(row["name"] as String) shows a withdrawn person")
    }
    let served = try Row.fetchAll(
      db,
      sql: """
        SELECT DISTINCT i.scene, i.photo FROM annotation_image i
        JOIN annotation_roi r ON r.image = i.id
        JOIN study_tombstone t ON (t.sha256 <> '' AND t.sha256 = r.sha256)
          OR (t.sha256 = '' AND t.person = i.person)
        WHERE i.state = 'active'
        """)
    for row in served {
      damage.append(
        "the annotation still shows \(row["scene"] as String)/\(row["photo"] as String) "
          + "of a withdrawn person")
    }
    return damage
  }

  /// What is wrong with `regions.csv`, if it is there.
  private func tableDamage() throws -> [String] {
    let path = "\(folder)/regions.csv"
    guard access(path, F_OK) == 0 else { return [] }
    var damage: [String] = []
    do throws(InputError) {
      let table = try CSVTable(path: path)
      let columns = try table.columns(["SCENE", "IMAGE", "ATTRIBUTE", "REGION"])
      for row in table.rows {
        let region = row.rawText(columns[3])
        if access("\(folder)/\(region)", F_OK) != 0 {
          damage.append("regions.csv, row \(row.number): \(region) is not there")
        }
      }
    } catch {
      damage.append(error.description)
    }
    return damage
  }
}

public import Domain
import Files
import Foundation
import GRDB
import Studies

/// A pair that somebody wants to be asked next, such as those that would decide a verdict.
public struct AskedPair: Hashable, Sendable {
  /// The scene, or the name of a cross-scene set.
  public let scene: SceneID
  /// What is judged.
  public let attribute: Attribute
  /// One photo.
  public let first: PhotoID
  /// The other photo.
  public let second: PhotoID
  /// How the pair was chosen; nil where the choice does not depend on the answers.
  public let chosen: PairOrigin?
  /// Where it was listed, for errors.
  let origin: String
}

/// What became of a list of pairs.
public struct AskedPairsReport: Sendable {
  /// The number of pairs that are asked next.
  public var queued = 0
  /// Whether the study took this very list before, so that nothing was done.
  public var isKnown = false
  /// One error for every row that can't be used.
  public var refused: [InputError] = []
}

extension StudyLists {
  /// Reads pairs to be asked, as `vernier verdict --next-pairs` and `vernier next-pairs` write
  /// them; columns `scene`, `attribute`, `image_a`, `image_b`, and if there, `criterion` and
  /// `batch`.
  ///
  /// - Throws: `InputError` when the file is not a table or lacks a column.
  public static func askedPairs(_ path: String) throws(InputError) -> ReadRows<AskedPair> {
    let table = try CSVTable(path: path)
    let names = try table.columns(["scene", "attribute", "image_a", "image_b"])
    let criterion = table.column(ifPresent: "criterion")
    let batch = table.column(ifPresent: "batch")
    var result = ReadRows<AskedPair>()
    for row in table.rows {
      do throws(InputError) {
        var chosen: PairOrigin?
        if let criterion, !row.rawText(criterion).isEmpty {
          let text = row.rawText(criterion)
          guard let known = PairCriterion(rawValue: text) else {
            throw row.error(
              criterion, "\(CSVTable.quoted(text)) is not a criterion",
              remedy: "leave it empty, or keep what vernier next-pairs wrote")
          }
          chosen = PairOrigin(
            criterion: known, batch: try row.optionalInteger(batch, in: 0...(1 << 31)) ?? 0)
        }
        result.rows.append(
          AskedPair(
            scene: SceneID(try row.text(names[0])), attribute: Attribute(try row.text(names[1])),
            first: PhotoID(try row.text(names[2])), second: PhotoID(try row.text(names[3])),
            chosen: chosen, origin: "\(path), row \(row.number)"))
      } catch {
        result.refused.append(error)
      }
    }
    return result
  }
}

extension AnnotationStudy {
  /// Puts the pairs of a list before all others in the queue; each is asked once.
  ///
  /// A list is taken once: the same content again changes nothing, so that a server that is started
  /// again does not ask twice.
  ///
  /// - Throws: `InputError` when the file is not a table or lacks a column.
  public func ask(_ path: String) throws -> AskedPairsReport {
    let digest = try FileDigest.sha256(path)
    let read = try StudyLists.askedPairs(path)
    var report = AskedPairsReport()
    report.refused = read.refused
    try pool.write { db in
      report.isKnown = try AuditTrail.holdsPairs(db, sha256: digest)
      guard !report.isKnown else { return }
      for (place, pair) in read.rows.enumerated() {
        do throws(InputError) {
          try queue(db, pair, rank: place - read.rows.count - 1)
          report.queued += 1
        } catch {
          report.refused.append(error.named(pair.origin))
        }
      }
      guard report.queued > 0 else { return }
      try AuditTrail.append(
        db, now, actor: "program", .pairs, ["sha256": digest, "pairs": "\(report.queued)"])
    }
    return report
  }

  /// Puts one pair into the queue; the planner never removes a negative rank.
  private func queue(_ db: Database, _ pair: AskedPair, rank: Int) throws(InputError) {
    do {
      let task = try Row.fetchOne(
        db, sql: "SELECT id, scene, state FROM annotation_task WHERE name = ? AND attribute = ?",
        arguments: [pair.scene.text, pair.attribute.text])
      guard let task else {
        throw InputError(
          "pair", "the study has no scene \(pair.scene) with regions for \(pair.attribute)",
          remedy: "add them, or correct the name")
      }
      let id: Int64 = task["id"]
      let (first, second) = (
        try member(db, id, pair.first, scene: task["scene"]),
        try member(db, id, pair.second, scene: task["scene"])
      )
      guard first != second else {
        throw InputError("pair", "both photos are \(pair.first)", remedy: "name two photos")
      }
      try reopen(db, id, state: task["state"], pair)
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO annotation_pair_queue (task, low, high, batch, rank, criterion)
          VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          id, min(first, second), max(first, second), pair.chosen?.batch ?? 0, rank,
          pair.chosen?.criterion.rawValue,
        ])
    } catch let error as InputError {
      throw error
    } catch {
      throw InputError("pair", "SQLite: \(error)", remedy: "check the disk, then run it again")
    }
  }

  /// A photo of a task.
  private func member(
    _ db: Database, _ task: Int64, _ photo: PhotoID, scene: String?
  ) throws -> Int64 {
    // Photos of a cross-scene set carry their scene.
    let parts = photo.text.split(separator: "/", maxSplits: 1).map(String.init)
    let (owner, name) =
      scene.map { ($0, photo.text) } ?? (parts.first ?? "", parts.count > 1 ? parts[1] : "")
    let found = try Int64.fetchOne(
      db,
      sql: """
        SELECT i.id FROM annotation_image i JOIN annotation_task_image t ON t.image = i.id
        WHERE t.task = ? AND i.scene = ? AND i.photo = ? AND i.state = 'active'
        """, arguments: [task, owner, name])
    guard let found else {
      throw InputError(
        "pair", "the study has no photo \(photo) there", remedy: "write names as regions.csv does")
    }
    return found
  }

  /// Opens a complete task again, unless it has as many comparisons as it may have; one that the
  /// owner paused or closed stays so.
  private func reopen(
    _ db: Database, _ task: Int64, state: TaskState, _ pair: AskedPair
  ) throws {
    guard state == .done else { return }
    let votes =
      try Int.fetchOne(
        db, sql: "SELECT count(*) \(Self.countedVotes) AND l.task = ?", arguments: [task]) ?? 0
    let target = settings.target(photos: try memberIDs(db, task: task).count)
    guard votes < target else {
      throw InputError(
        "pair",
        "\(pair.scene), \(pair.attribute) is complete with \(votes) comparisons",
        remedy: "raise its limit, such as --set targetComparisons=\(votes + 500)")
    }
    try db.execute(
      sql: "UPDATE annotation_task SET state = 'open' WHERE id = ?", arguments: [task])
  }
}

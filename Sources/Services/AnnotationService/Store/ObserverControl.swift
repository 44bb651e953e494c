import Domain
import Foundation
import GRDB
import Scaling
import Statistics
import Studies

/// What leaving one observer out does to the live scale of a task.
struct ExclusionEffect: Sendable {
  let task: Int64
  let name: String
  let attribute: String
  /// The observer's votes on the task.
  let votes: Int
  /// The largest and the mean change of a photo, in JOD.
  let largest: Double
  let mean: Double
  /// The photo that moves most.
  let photo: String
}

extension AnnotationStudy {
  /// The number of an observer, by pseudonym.
  private func number(_ db: Database, _ pseudonym: String) throws -> Int64 {
    let found = try db.value(
      Int64.self,
      sql: "SELECT id FROM annotation_observer WHERE pseudonym = ? AND withdrawn_at IS NULL",
      arguments: [pseudonym])
    guard let found else {
      throw InputError(
        pseudonym, "nobody in the study has this pseudonym", remedy: "choose one of the list")
    }
    return found
  }

  /// Makes somebody's unused invitations and open cookies worthless; votes stay.
  ///
  /// - Returns: how many invitations and cookies there were.
  /// - Throws: `InputError` for an unknown pseudonym.
  @discardableResult
  public func revoke(_ pseudonym: String, actor: String = "program") throws -> Int {
    try pool.write { db in
      let id = try number(db, pseudonym)
      try db.change(
        sql: """
          UPDATE annotation_invite SET revoked_at = ?
          WHERE observer = ? AND used_at IS NULL AND revoked_at IS NULL
          """, arguments: [now, id])
      var count = db.changesCount
      try db.change(
        sql: """
          UPDATE annotation_cookie SET revoked_at = ? WHERE observer = ? AND revoked_at IS NULL
          """, arguments: [now, id])
      count += db.changesCount
      if let row = try current(db, id) { try releaseLeases(db, session: row.id) }
      try AuditTrail.append(
        db, now, actor: actor, .revoke, ["observer": pseudonym, "count": "\(count)"])
      return count
    }
  }

  /// Takes an observer's votes out of the scale, or, without a reason, back in; nothing is deleted.
  ///
  /// - Throws: `InputError` for an unknown pseudonym.
  public func exclude(_ pseudonym: String, reason: String?, actor: String = "program") throws {
    try pool.write { db in
      let id = try number(db, pseudonym)
      let text = reason.map { String($0.prefix(500)) }
      try db.change(
        sql: "UPDATE annotation_observer SET excluded_at = ?, exclusion = ? WHERE id = ?",
        arguments: [reason == nil ? nil : now, text, id])
      try AuditTrail.append(
        db, now, actor: actor, .exclusion,
        ["observer": pseudonym, "state": reason == nil ? "included" : "excluded"])
    }
  }

  /// How the live scale of every task moves when an observer's votes are left out.
  ///
  /// Both scales count every other vote that counts; the larger corrections of the live scale,
  /// which need seconds, are left out of both.
  func effect(of pseudonym: String) async throws -> [ExclusionEffect] {
    let tasks = try await pool.read { db in
      try Row.fetchAll(db, sql: "SELECT id, name, attribute FROM annotation_task ORDER BY name")
        .map { ($0["id"] as Int64, $0["name"] as String, $0["attribute"] as String) }
    }
    var effects: [ExclusionEffect] = []
    for (task, name, attribute) in tasks {
      let photos = try await pool.read { [self] db in try memberIDs(db, task: task) }
      let with = try await judgements(of: task, photos, including: pseudonym)
      let mine = with.observers.firstIndex(of: ObserverID(pseudonym))
      guard photos.count >= 2, let mine else { continue }
      let kept = with.votes.filter { $0.observer != mine }
      let count = with.votes.count - kept.count
      guard count > 0, !kept.isEmpty else { continue }
      let without = SceneJudgements(
        scene: with.scene, attribute: with.attribute, photos: with.photos,
        observers: with.observers, votes: kept)
      let estimator = ThurstoneEstimator(replays: 0)
      let moves = zip(try estimator.scores(with), try estimator.scores(without)).map {
        abs($0.mean - $1.mean)
      }
      let place = moves.indices.max { moves[$0] < moves[$1] } ?? 0
      let photo = try await pool.read { db in
        try db.value(
          String.self, sql: "SELECT photo FROM annotation_image WHERE id = ?",
          arguments: [photos[place]])
      }
      effects.append(
        ExclusionEffect(
          task: task, name: name, attribute: attribute, votes: count, largest: moves[place],
          mean: Descriptive.mean(moves), photo: photo ?? ""))
    }
    return effects
  }
}

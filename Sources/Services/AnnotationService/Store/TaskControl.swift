import Domain
import Foundation
import GRDB
import Studies

/// An attribute as the owner orders it.
struct AttributeControl: Sendable {
  let name: String
  let isOn: Bool
  let position: Int
}

/// What a task can give with the people and photos that it has.
struct TaskFeasibility: Sendable {
  /// The pairs of its photos.
  let pairs: Int
  /// The most votes while everybody judges a pair once.
  let possible: Int
  /// The votes that the settings want.
  let target: Int
  /// What would do instead: the papers' 39 comparisons a photo, as far as they can be had.
  let proposed: Int

  /// Whether the target can be reached.
  var isPossible: Bool { target <= possible }

  init(photos: Int, observers: Int, target: Int) {
    pairs = photos * max(0, photos - 1) / 2
    possible = pairs * observers
    self.target = target
    proposed = max(1, min(possible, 39 * photos))
  }
}

extension AnnotationSettings {
  /// The votes after which a task of so many photos is complete.
  func target(photos: Int) -> Int {
    targetPerPhoto > 0
      ? max(1, Int((targetPerPhoto * Double(photos)).rounded())) : targetComparisons
  }
}

extension AnnotationStudy {
  /// Sets a task's state on the owner's word; gives whether it changed.
  @discardableResult
  func set(task: Int64, to state: TaskState, actor: String) async throws -> Bool {
    try await commits.write { [self] db in
      try db.change(
        sql: "UPDATE annotation_task SET state = ?1 WHERE id = ?2 AND state <> ?1",
        arguments: [state, task])
      guard db.changesCount == 1 else { return false }
      try AuditTrail.append(
        db, now, actor: actor, .control, ["task": "\(task)", "state": state.rawValue])
      return true
    }
  }

  /// The study's attributes, in the owner's order.
  func attributes() async throws -> [AttributeControl] {
    try await pool.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT DISTINCT t.attribute, coalesce(a.is_on, 1) AS is_on,
            coalesce(a.position, 0) AS position
          FROM annotation_task t LEFT JOIN annotation_attribute a ON a.name = t.attribute
          ORDER BY 3, 1
          """
      ).map {
        AttributeControl(name: $0["attribute"], isOn: $0["is_on"], position: $0["position"])
      }
    }
  }

  /// Switches attributes on and off and orders them; those of the same place share the votes.
  func set(_ attributes: [AttributeControl], actor: String) async throws {
    try await commits.write { [self] db in
      for attribute in attributes {
        try db.change(
          sql: """
            INSERT INTO annotation_attribute VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE
            SET position = excluded.position, is_on = excluded.is_on
            """, arguments: [attribute.name, attribute.position, attribute.isOn])
      }
      let words = attributes.map { "\($0.position) \($0.name) \($0.isOn ? "on" : "off")" }
      try AuditTrail.append(
        db, now, actor: actor, .control, ["attributes": words.joined(separator: ", ")])
    }
  }

  /// The observers who can still judge.
  func observerCount() async throws -> Int {
    try await pool.read { db in
      try db.value(
        Int.self,
        sql: """
          SELECT count(*) FROM annotation_observer
          WHERE role = 'observer' AND withdrawn_at IS NULL AND excluded_at IS NULL
          """) ?? 0
    }
  }
}

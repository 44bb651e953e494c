public import Domain
package import GRDB

/// A gap of a scale that was found once; whether it is closed depends on the scale of today.
public struct RecordedGap: Hashable, Sendable {
  /// The kind of scale.
  public enum Scale: String, Hashable, Sendable, CaseIterable {
    /// The scale of the scene.
    case scene
    /// The scale over all scenes.
    case unified
  }

  /// The scene whose references bridge it.
  public var scene: SceneID
  /// The attribute.
  public var attribute: Attribute
  /// The scale that it was found on.
  public var scale: Scale
  /// The row of the photo below it.
  public var lower: Int64
  /// The row of the photo above it.
  public var upper: Int64
  /// Its width when it was found, in the unit of the scale.
  public var width: Double

  /// Makes a record.
  public init(
    scene: SceneID, attribute: Attribute, scale: Scale, lower: Int64, upper: Int64, width: Double
  ) {
    (self.scene, self.attribute, self.scale) = (scene, attribute, scale)
    (self.lower, self.upper, self.width) = (lower, upper, width)
  }
}

/// A pair of photos of a scene, whichever is named first.
public struct NamePair: Hashable, Sendable {
  /// The photo that comes first by name.
  public let first: PhotoID
  /// The other photo.
  public let second: PhotoID

  /// Makes a pair.
  public init(_ one: PhotoID, _ other: PhotoID) {
    (first, second) = one < other ? (one, other) : (other, one)
  }
}

extension StudyStore {
  /// Records gaps; those that are known keep their first width.
  public func keep(_ gaps: [RecordedGap]) throws {
    guard !gaps.isEmpty else { return }
    try write { db in
      for gap in gaps {
        try db.execute(
          sql: "INSERT OR IGNORE INTO study_gap VALUES (?, ?, ?, ?, ?, ?)",
          arguments: [
            gap.scene.text, gap.attribute.text, gap.scale.rawValue, gap.lower, gap.upper, gap.width,
          ])
      }
    }
  }

  /// The recorded gaps of a scene, attribute and kind of scale.
  public func gaps(
    scene: SceneID, attribute: Attribute, scale: RecordedGap.Scale
  ) throws -> [RecordedGap] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM study_gap WHERE scene = ? AND attribute = ? AND scale = ?
          ORDER BY lower, upper
          """, arguments: [scene.text, attribute.text, scale.rawValue]
      ).map {
        RecordedGap(
          scene: scene, attribute: attribute, scale: scale, lower: $0["lower"], upper: $0["upper"],
          width: $0["width"])
      }
    }
  }

  /// The pairs of a scene that observers were asked to compare, or that wait before all others.
  public func askedPairs(scene: SceneID, attribute: Attribute) throws -> Set<NamePair> {
    try read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT a.photo AS one, b.photo AS other FROM (
            SELECT task, low, high FROM annotation_lease WHERE kind = 'active'
            UNION SELECT task, low, high FROM annotation_pair_queue WHERE rank < 0) q
          JOIN annotation_task t ON t.id = q.task AND t.scene = ? AND t.attribute = ?
          JOIN annotation_image a ON a.id = q.low JOIN annotation_image b ON b.id = q.high
          """, arguments: [scene.text, attribute.text])
      return Set(rows.map { NamePair(PhotoID($0["one"]), PhotoID($0["other"])) })
    }
  }

  /// Whether the annotation took a list of pairs with this content.
  public func tookPairs(sha256: String) throws -> Bool {
    try read { try AuditTrail.holdsPairs($0, sha256: sha256) }
  }
}

extension AuditTrail {
  /// Whether a list of pairs with this content was taken.
  package static func holdsPairs(_ db: Database, sha256: String) throws -> Bool {
    try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM annotation_audit WHERE action = ?
          AND json_extract(detail, '$.sha256') = ?)
        """, arguments: [AuditAction.pairs.rawValue, sha256]) ?? false
  }
}

public import Domain
internal import Files
internal import Foundation
internal import GRDB

/// A named baseline of a study: a group of photos that later builds are compared with, and a
/// model's scores of them.
public struct StudyBaseline: Hashable, Sendable {
  /// The model that scored the photos.
  public struct Model: Hashable, Sendable, Codable {
    /// The model's name.
    public var name: String
    /// The SHA-256 of its weights; nil where the scores do not say.
    public var sha256: String?

    /// Names a model.
    public init(name: String, sha256: String?) { (self.name, self.sha256) = (name, sha256) }
  }

  /// One photo's score.
  public struct Score: Hashable, Sendable {
    /// The scene.
    public var scene: SceneID
    /// The photo.
    public var photo: PhotoID
    /// What the model found; its photo and model are those of the baseline.
    public var score: PhotoScore

    /// Makes a score.
    public init(scene: SceneID, photo: PhotoID, score: PhotoScore) {
      (self.scene, self.photo, self.score) = (scene, photo, score)
    }
  }

  /// The name.
  public var name: String
  /// The fact that groups photos, such as `build`.
  public var field: String
  /// The value of that fact.
  public var group: String
  /// The model of the scores; nil without scores.
  public var model: Model?
  /// The scores, by scene and photo.
  public var scores: [Score]

  /// Makes a baseline without scores.
  public init(name: String, field: String, group: String) {
    (self.name, self.field, self.group) = (name, field, group)
    (model, scores) = (nil, [])
  }
}

extension StudyStore {
  /// All baselines with their scores, ascending by name.
  public func baselines() throws -> [StudyBaseline] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM study_baseline ORDER BY name").map { row in
        var baseline = StudyBaseline(name: row["name"], field: row["field"], group: row["value"])
        let model: String? = row["model"]
        baseline.model = model.flatMap {
          try? JSONDecoder().decode(StudyBaseline.Model.self, from: Data($0.utf8))
        }
        let scores = try Row.fetchAll(
          db,
          sql: """
            SELECT p.scene, p.name, s.score FROM study_baseline_score s
            JOIN study_photo p ON p.id = s.photo WHERE s.baseline = ?
            ORDER BY p.scene, p.name, s.attribute
            """, arguments: [baseline.name])
        baseline.scores = try scores.map { score in
          let text: String = score["score"]
          return StudyBaseline.Score(
            scene: SceneID(score["scene"]), photo: PhotoID(score["name"]),
            score: try JSONDecoder().decode(PhotoScore.self, from: Data(text.utf8)))
        }
        return baseline
      }
    }
  }

  /// Keeps a baseline, in place of one of the same name.
  ///
  /// - Throws: `InputError` for a score of a photo that the study lacks.
  public func keep(_ baseline: StudyBaseline) throws {
    let model = try baseline.model.map { try CanonicalJSON.line($0) }
    try write { db in
      try db.execute(sql: "DELETE FROM study_baseline WHERE name = ?", arguments: [baseline.name])
      try db.execute(
        sql: "INSERT INTO study_baseline VALUES (?, ?, ?, ?)",
        arguments: [baseline.name, baseline.field, baseline.group, model])
      for score in baseline.scores {
        let photo = try Int64.fetchOne(
          db, sql: "SELECT id FROM study_photo WHERE scene = ? AND name = ?",
          arguments: [score.scene.text, score.photo.text])
        guard let photo else {
          throw InputError(
            folder, "the study has no photo \(score.scene)/\(score.photo)",
            remedy: "score photos of the study")
        }
        try db.execute(
          sql: "INSERT OR REPLACE INTO study_baseline_score VALUES (?, ?, ?, ?)",
          arguments: [
            baseline.name, photo, score.score.attribute.text, try CanonicalJSON.line(score.score),
          ])
      }
    }
  }

  /// Removes a baseline; the photos stay.
  ///
  /// - Returns: whether there was one of this name.
  @discardableResult
  public func removeBaseline(_ name: String) throws -> Bool {
    try write { db in
      try db.execute(sql: "DELETE FROM study_baseline WHERE name = ?", arguments: [name])
      return db.changesCount > 0
    }
  }
}

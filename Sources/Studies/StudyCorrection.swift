public import Domain
public import Foundation
package import GRDB

/// Why a photo's scene can't change any more.
package enum SceneBinding: String, Sendable {
  /// Observers judge it in its scene.
  case judged
  /// Regions, scores or gaps of its scene rest on it.
  case used
}

extension StudyStore {
  /// What holds a photo to its scene; nil while the scene may change.
  package static func binding(_ db: Database, photo: Int64) throws -> SceneBinding? {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM annotation_image i
            WHERE i.scene = p.scene AND i.photo = p.name) AS judged,
          EXISTS (SELECT 1 FROM study_region WHERE photo = p.id)
          OR EXISTS (SELECT 1 FROM study_score WHERE photo = p.id)
          OR EXISTS (SELECT 1 FROM study_baseline_score WHERE photo = p.id)
          OR EXISTS (SELECT 1 FROM study_lineage WHERE photo = p.id OR source = p.id)
          OR EXISTS (SELECT 1 FROM study_gap WHERE lower = p.id OR upper = p.id) AS used
        FROM study_photo p WHERE p.id = ?
        """, arguments: [photo])
    guard let row else { return nil }
    if row["judged"] == true { return .judged }
    return row["used"] == true ? .used : nil
  }

  /// Corrects a photo's scene and device, and writes who did.
  ///
  /// - Parameters:
  ///   - id: the number of the photo's row.
  ///   - scene: its scene.
  ///   - device: its device; nil for an unknown one.
  ///   - actor: who changes it, for the audit trail.
  ///   - date: when.
  /// - Returns: whether anything changed.
  /// - Throws: `InputError` when the study has no such photo, when the scene is fixed, and when the
  ///   scene has another photo of this name.
  @discardableResult
  public func correct(
    photo id: Int64, scene: SceneID, device: String?, actor: String, at date: Date
  ) throws -> Bool {
    try write { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT * FROM study_photo WHERE id = ?", arguments: [id])
      guard let row else {
        throw InputError(
          "photo \(id)", "the study doesn't have it any more", remedy: "reload the page")
      }
      let old = try StudyPhoto(row)
      guard old.scene != scene || old.metadata.device != device else { return false }
      let name = "\(old.scene)/\(old.photo)"
      if old.scene != scene {
        if let fault = CandidateList.fault(scene: scene.text, photo: old.photo.text, subject: name)
          ?? DroppedFiles.nameFault(scene.text, subject: name)
        {
          throw fault
        }
        if let binding = try Self.binding(db, photo: id) {
          throw InputError(
            name,
            binding == .judged
              ? "observers judge it in its scene" : "regions or scores of its scene rest on it",
            remedy: "leave its scene as it is")
        }
        let isTaken = try Bool.fetchOne(
          db, sql: "SELECT EXISTS (SELECT 1 FROM study_photo WHERE scene = ? AND name = ?)",
          arguments: [scene.text, old.photo.text])
        if isTaken == true {
          throw InputError(
            name, "the scene \(scene) has another photo of this name",
            remedy: "choose another scene")
        }
      }
      if let device,
        device.utf8.count > 200 || device.unicodeScalars.contains(where: \.isControl)
      {
        throw InputError(
          name, "the device is longer than 200 bytes or holds a control character",
          remedy: "write it shorter")
      }
      try db.execute(
        sql: "UPDATE study_photo SET scene = ?, device = ? WHERE id = ?",
        arguments: [scene.text, device, id])
      var changed: [String] = []
      if old.scene != scene { changed.append("scene") }
      if old.metadata.device != device { changed.append("device") }
      try AuditTrail.append(
        db, date.milliseconds, actor: actor, .photoChange,
        ["photo": "\(id)", "changed": changed.joined(separator: " ")])
      return true
    }
  }
}

public import Domain
internal import Files
internal import Foundation
internal import GRDB

/// Where a photo comes from that was made out of another photo of the study.
public struct PhotoLineage: Hashable, Sendable {
  /// The number of the photo's row.
  public let photo: Int64
  /// The number of the row of the photo that it was made from.
  public let source: Int64
  /// What was done to the source's regions.
  public let recipe: DegradationRecipe
  /// The version of the program that made it.
  public let program: String
}

/// What a derived region's record says about its making.
public struct DerivationRecord: Hashable, Sendable, Codable {
  /// The scene and name of the source.
  public let source: ScenePhoto
  /// The SHA-256 of the source's region.
  public let regionSHA256: String
  /// What was done to it.
  public let recipe: DegradationRecipe
  /// The version of the program.
  public let program: String
}

/// A region that was made from a region of another photo, with its file in place.
public struct DerivedRegion: Hashable, Sendable {
  /// The name of the photo that it belongs to.
  public var photo: PhotoID
  /// The photo that it was made from.
  public var source: StudyPhoto
  /// The region that it was made from.
  public var sourceRegion: StudyRegion
  /// What was done to it.
  public var recipe: DegradationRecipe
  /// The SHA-256 of the region's file.
  public var sha256: String
  /// The number of bytes.
  public var byteCount: Int

  /// Makes a derived region of the size of its source.
  public init(
    photo: PhotoID, source: StudyPhoto, sourceRegion: StudyRegion, recipe: DegradationRecipe,
    sha256: String, byteCount: Int
  ) {
    (self.photo, self.source, self.sourceRegion) = (photo, source, sourceRegion)
    (self.recipe, self.sha256, self.byteCount) = (recipe, sha256, byteCount)
  }
}

extension StudyStore {
  /// Takes a derived region; its photo is made with the first of its regions.
  ///
  /// Such a photo has regions and no file of its own. It shows the same person under the same
  /// consent as its source, now and after every change (triggers of the database see to that), and
  /// is withdrawn with it. It counts as no camera's photo.
  ///
  /// - Returns: false when the study had the region.
  /// - Throws: `InputError` when the source is gone, and for another photo of that name.
  @discardableResult
  public func derive(_ region: DerivedRegion) throws -> Bool {
    let (source, attribute) = (region.source, region.sourceRegion.attribute)
    let place = ScenePhoto(scene: source.scene, photo: region.photo)
    let record = try CanonicalJSON.line(
      DerivationRecord(
        source: ScenePhoto(scene: source.scene, photo: source.photo),
        regionSHA256: region.sourceRegion.sha256, recipe: region.recipe,
        program: VernierVersion.text))
    return try write { db in
      let photo = try Self.derivedPhoto(db, place, region)
      let known = try String.fetchOne(
        db, sql: "SELECT sha256 FROM study_region WHERE photo = ? AND attribute = ?",
        arguments: [photo, attribute.text])
      if known == region.sha256 { return false }
      try db.execute(
        sql: "INSERT OR REPLACE INTO study_region VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          photo, attribute.text, region.sha256, region.byteCount, region.sourceRegion.widthPixels,
          region.sourceRegion.heightPixels, RegionOrigin.given.rawValue,
          "made from the region of \(source.photo)", record,
        ])
      return true
    }
  }

  /// The row of a derived photo, made where it is missing.
  private static func derivedPhoto(
    _ db: Database, _ place: ScenePhoto, _ region: DerivedRegion
  ) throws -> Int64 {
    let row = try Row.fetchOne(
      db, sql: "SELECT * FROM study_photo WHERE id = ?", arguments: [region.source.id])
    guard let row else {
      throw InputError(
        ScenePhoto(scene: place.scene, photo: region.source.photo).crossName.text,
        "was withdrawn meanwhile", remedy: "run the command again")
    }
    let recipe = try CanonicalJSON.line(region.recipe)
    let known = try Row.fetchOne(
      db,
      sql: """
        SELECT p.id, l.source, l.recipe FROM study_photo p
        LEFT JOIN study_lineage l ON l.photo = p.id WHERE p.scene = ? AND p.name = ?
        """, arguments: [place.scene.text, place.photo.text])
    if let known {
      let (from, made): (Int64?, String?) = (known["source"], known["recipe"])
      guard from == region.source.id, made == recipe else {
        throw InputError(
          place.crossName.text, "the study has another photo of this name",
          remedy: "use the seed of the earlier pictures, or rename that photo")
      }
      return known["id"]
    }
    let candidate = StudyCandidate(
      path: place.crossName.text, scene: place.scene, photo: place.photo)
    try insert(db, candidate, nil, StudyPhoto(row).metadata.derived)
    let id = db.lastInsertedRowID
    try db.execute(
      sql: "INSERT INTO study_lineage VALUES (?, ?, ?, ?)",
      arguments: [id, region.source.id, recipe, VernierVersion.text])
    return id
  }

  /// The lineage of every derived photo, by the number of its row.
  public func lineages() throws -> [Int64: PhotoLineage] {
    try read { db in
      var found: [Int64: PhotoLineage] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT * FROM study_lineage") {
        let text: String = row["recipe"]
        let recipe = try JSONDecoder().decode(DegradationRecipe.self, from: Data(text.utf8))
        let photo: Int64 = row["photo"]
        found[photo] = PhotoLineage(
          photo: photo, source: row["source"], recipe: recipe, program: row["program"])
      }
      return found
    }
  }

  /// Derived photos that don't follow their source.
  static func lineageDamage(_ db: Database) throws -> [String] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT p.scene, p.name, s.name AS source FROM study_lineage l
        JOIN study_photo p ON p.id = l.photo JOIN study_photo s ON s.id = l.source
        WHERE p.scene <> s.scene OR p.person IS NOT s.person OR p.consent IS NOT s.consent
          OR p.purposes IS NOT s.purposes ORDER BY 1, 2
        """
    ).map { row in
      "\(row["scene"] as String)/\(row["name"] as String) does not show the person of "
        + "\(row["source"] as String), from which it was made, under the same consent"
    }
  }
}

extension PhotoMetadata {
  /// What holds for a picture made from the photo: what it shows, but not the camera.
  var derived: Self {
    var data = self
    (data.device, data.brand, data.lens, data.mode) = (nil, nil, nil, nil)
    (data.iso, data.exposureSeconds) = (nil, nil)
    data.isReference = false
    data.notes = [:]
    return data
  }
}

public import Domain
import Files
import Foundation
import GRDB
import Studies

/// A prepared region that joins a study.
public struct AnnotationRegion: Hashable, Sendable {
  /// The scene that the photo shows.
  public var scene: SceneID
  /// The photo.
  public var photo: PhotoID
  /// The device; never shown to observers.
  public var device: String?
  /// The pseudonym of the person portrayed.
  public var person: String?
  /// The lighting condition, for the data set's column.
  public var condition: LightingCondition?
  /// The attribute that the region serves.
  public var attribute: Attribute
  /// The path of the region's JPEG, PNG or WebP file.
  public var file: String
  /// Where the region was listed, for errors, such as `regions.csv, row 7`.
  public var origin: String?

  /// Makes a region.
  public init(
    scene: SceneID, photo: PhotoID, device: String? = nil, person: String? = nil,
    condition: LightingCondition? = nil, attribute: Attribute, file: String, origin: String? = nil
  ) {
    self.scene = scene
    self.photo = photo
    self.device = device
    self.person = person
    self.condition = condition
    self.attribute = attribute
    self.file = file
    self.origin = origin
  }
}

/// What an import did.
public struct AnnotationImportReport: Hashable, Sendable {
  /// The number of regions that are new.
  public var added = 0
  /// The number of regions that were there already.
  public var known = 0
  /// The number of regions that were left out, because their photos' consent doesn't cover
  /// annotation.
  public var unconfirmed = 0
  /// One error per region that could not be taken.
  public var refused: [InputError] = []
}

/// A photo may not be shown to observers: no agreement for it is on record.
private struct UnconfirmedConsent: Error {}

extension AnnotationStudy {
  /// The largest file that is taken, in bytes.
  static let fileLimit = 64 << 20

  /// Brings regions into the study and makes the tasks of their scenes.
  ///
  /// The file goes to a temporary name, is flushed and renamed; the row comes last. So a killed
  /// import leaves no row without its file, and running it again finishes it.
  ///
  /// - Returns: what was taken, and one error for every region that was not.
  public func add(_ regions: [AnnotationRegion]) throws -> AnnotationImportReport {
    removePartialFiles()
    var report = AnnotationImportReport()
    for region in regions { try add(region, to: &report) }
    if report.added > 0 || !report.refused.isEmpty { try record(report) }
    return report
  }

  /// Does the same beside the requests of a running server: between two regions others get their
  /// turn.
  func addInBackground(_ regions: [AnnotationRegion]) async throws -> AnnotationImportReport {
    var report = AnnotationImportReport()
    for region in regions {
      try add(region, to: &report)
      await Task.yield()
    }
    if report.added > 0 { try record(report) }
    return report
  }

  /// Takes one region and counts what became of it.
  private func add(_ region: AnnotationRegion, to report: inout AnnotationImportReport) throws {
    do {
      if try add(region) { report.added += 1 } else { report.known += 1 }
    } catch is UnconfirmedConsent {
      report.unconfirmed += 1
    } catch let error as InputError {
      report.refused.append(error.named(region.origin))
    }
  }

  private func record(_ report: AnnotationImportReport) throws {
    let (added, known, refused) = (report.added, report.known, report.refused.count)
    try pool.write { db in
      try AuditTrail.append(
        db, now, actor: "program", .regionImport,
        ["added": "\(added)", "known": "\(known)", "refused": "\(refused)"])
    }
  }

  /// Stores one region; false when the study has it.
  private func add(_ region: AnnotationRegion) throws -> Bool {
    for (what, name) in [("scene", region.scene.text), ("photo", region.photo.text)]
    where name.isEmpty || name.utf8.count > 255 {
      throw InputError(
        region.file, "the \(what)'s name is empty or longer than 255 bytes", remedy: "rename it")
    }
    let data = try InputFile.read(region.file, maximumBytes: Self.fileLimit)
    guard let header = ImageHeader(Data(data)) else {
      throw InputError(
        region.file, "this is not a JPEG, PNG or WebP image",
        remedy: "prepare the region with vernier prepare")
    }
    let sha256 = FileDigest.sha256(data)
    let isKnown = try pool.read { db in
      try refuse(db, region, sha256)
      return store.files.contains(sha256)
    }
    let staged = isKnown ? nil : try store.files.stage(data, prefix: ".vernier-")
    defer { if let staged { store.files.discard(staged) } }
    return try pool.write { db in
      try refuse(db, region, sha256)
      // In the transaction, so that a withdrawal meanwhile finds either no file or its row.
      if let staged {
        try store.files.commit(staged)
      } else if !store.files.contains(sha256) {
        throw InputError(
          region.file, "the picture was removed meanwhile", remedy: "import it again")
      }
      return try insert(db, region, sha256, header, data.count)
    }
  }

  /// Refuses the photos of withdrawn people, changed regions and doubles.
  private func refuse(_ db: Database, _ region: AnnotationRegion, _ sha256: String) throws {
    if try StudyStore.annotationProblem(db, scene: region.scene, photo: region.photo) != nil {
      throw UnconfirmedConsent()
    }
    let isWithdrawn = try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM study_tombstone
          WHERE (person = ?1 AND sha256 = '') OR (sha256 = ?2 AND sha256 <> ''))
        OR EXISTS (SELECT 1 FROM annotation_roi r JOIN annotation_image i ON i.id = r.image
          WHERE i.state = 'withdrawn' AND r.sha256 = ?2)
        """, arguments: [region.person, sha256])
    if isWithdrawn == true {
      throw InputError(
        region.file, "the person on this photo withdrew", remedy: "leave the photo out")
    }
    let same = try Row.fetchOne(
      db,
      sql: """
        SELECT i.scene, i.photo, r.sha256 FROM annotation_roi r
        JOIN annotation_image i ON i.id = r.image
        WHERE r.attribute = ? AND ((r.sha256 = ? AND i.scene = ? AND i.photo <> ?)
          OR (i.scene = ? AND i.photo = ? AND r.sha256 <> ?))
        """,
      arguments: [
        region.attribute.text, sha256, region.scene.text, region.photo.text, region.scene.text,
        region.photo.text, sha256,
      ])
    guard let same else { return }
    let photo: String = same["photo"]
    if photo == region.photo.text {
      throw InputError(
        region.file, "the study has another picture for \(region.scene) \(photo)",
        remedy: "give the new picture its own name")
    }
    throw InputError(
      region.file, "the picture is the same as \(photo)", remedy: "leave one of them out")
  }

  private func insert(
    _ db: Database, _ region: AnnotationRegion, _ sha256: String, _ header: ImageHeader,
    _ bytes: Int
  ) throws -> Bool {
    try db.execute(
      sql: """
        INSERT INTO annotation_image (scene, photo, device, person, condition)
        VALUES (?, ?, ?, ?, ?) ON CONFLICT (scene, photo) DO NOTHING
        """,
      arguments: [
        region.scene.text, region.photo.text, region.device, region.person,
        region.condition?.rawValue,
      ])
    let image = try Int64.fetchOne(
      db, sql: "SELECT id FROM annotation_image WHERE scene = ? AND photo = ?",
      arguments: [region.scene.text, region.photo.text])
    try db.execute(
      sql: "INSERT OR IGNORE INTO annotation_roi VALUES (?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        image, region.attribute.text, sha256, header.width, header.height, bytes, header.type,
      ])
    let isNew = db.changesCount > 0
    let scene = region.scene.text
    let task = try taskID(db, scene: scene, name: scene, attribute: region.attribute)
    try db.execute(
      sql: "INSERT OR IGNORE INTO annotation_task_image (task, image) VALUES (?, ?)",
      arguments: [task, image])
    if db.changesCount > 0 {
      try db.execute(
        sql: "UPDATE annotation_task SET state = 'open' WHERE id = ? AND state = 'done'",
        arguments: [task])
    }
    return isNew
  }

  private func taskID(
    _ db: Database, scene: String?, name: String, attribute: Attribute
  ) throws -> Int64 {
    try db.execute(
      sql: """
        INSERT INTO annotation_task (study, scene, name, attribute) VALUES (?, ?, ?, ?)
        ON CONFLICT (name, attribute) DO NOTHING
        """, arguments: [id, scene, name, attribute.text])
    let row = try Row.fetchOne(
      db, sql: "SELECT id, scene FROM annotation_task WHERE name = ? AND attribute = ?",
      arguments: [name, attribute.text])
    let known: String? = row?["scene"]
    guard let row, known == scene else {
      throw InputError(
        name, "a scene and a cross-scene task can't share a name", remedy: "choose another name")
    }
    return row["id"]
  }

  /// Makes or extends the task of a cross-scene set (paper 2): photos of several scenes on one
  /// scale.
  ///
  /// - Parameters:
  ///   - name: the set's name, which must differ from every scene's.
  ///   - attribute: what is judged.
  ///   - photos: the members; all must have a region for the attribute.
  /// - Throws: `InputError` for a photo that the study lacks.
  public func addCrossSceneTask(
    _ name: String, attribute: Attribute, photos: [(scene: SceneID, photo: PhotoID)]
  ) throws {
    try pool.write { db in
      let task = try taskID(db, scene: nil, name: name, attribute: attribute)
      var added = 0
      for (scene, photo) in photos {
        let image = try image(db, scene.text, photo.text, attribute)
        try db.execute(
          sql: "INSERT OR IGNORE INTO annotation_task_image (task, image) VALUES (?, ?)",
          arguments: [task, image])
        added += db.changesCount
      }
      guard added > 0 else { return }
      try db.execute(
        sql: "UPDATE annotation_task SET state = 'open' WHERE id = ? AND state = 'done'",
        arguments: [task])
      try AuditTrail.append(
        db, now, actor: "program", .task,
        ["name": name, "attribute": attribute.text, "photos": "\(added)"])
    }
  }

  /// Adds a pair whose better photo is known: it serves as practice, or, shown rarely, measures the
  /// observers; it never enters the scale.
  ///
  /// Where `isPractice` is nil, a task's pairs serve in turn, a check first, until there are as
  /// many for practice as are practised.
  public func addGoldenPair(
    scene: SceneID, attribute: Attribute, better: PhotoID, worse: PhotoID,
    isPractice: Bool? = nil
  ) throws {
    try pool.write { db in
      let task = try taskID(db, scene: scene.text, name: scene.text, attribute: attribute)
      let good = try image(db, scene.text, better.text, attribute)
      let bad = try image(db, scene.text, worse.text, attribute)
      guard good != bad else {
        throw InputError(better.text, "a photo can't be its own pair", remedy: "name two photos")
      }
      let purpose: GoldenPurpose? = isPractice.map { $0 ? .training : .check }
      try db.execute(
        sql: """
          INSERT INTO annotation_golden (task, low, high, better, purpose)
          VALUES (?1, ?2, ?3, ?4, coalesce(?5, (SELECT CASE
            WHEN sum(purpose = 'training') < ?6 AND 2 * sum(purpose = 'training') < count(*)
            THEN 'training' ELSE 'check' END FROM annotation_golden WHERE task = ?1)))
          ON CONFLICT (task, low, high) DO UPDATE
          SET better = excluded.better, purpose = coalesce(?5, purpose)
          """,
        arguments: [
          task, min(good, bad), max(good, bad), good, purpose, settings.trainingPairs,
        ])
    }
  }

  private func image(
    _ db: Database, _ scene: String, _ photo: String, _ attribute: Attribute
  ) throws -> Int64 {
    let found = try Int64.fetchOne(
      db,
      sql: """
        SELECT i.id FROM annotation_image i JOIN annotation_roi r ON r.image = i.id
        WHERE i.scene = ? AND i.photo = ? AND r.attribute = ? AND i.state = 'active'
        """, arguments: [scene, photo, attribute.text])
    guard let found else {
      throw InputError(
        "\(scene) \(photo)", "the study has no \(attribute) region of this photo",
        remedy: "import it first")
    }
    return found
  }

  /// Removes what a killed import left behind.
  private func removePartialFiles() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/files")) ?? []
    // Another import may be at work: its temporary files are young.
    let old = clock().addingTimeInterval(-600)
    for name in names where name.hasPrefix(".vernier-") && name.hasSuffix(".tmp") {
      let path = "\(folder)/files/\(name)"
      let facts = try? FileManager.default.attributesOfItem(atPath: path)
      if let made = facts?[.modificationDate] as? Date, made < old { unlink(path) }
    }
  }
}

extension InputError {
  /// The same error under the name of the row that it comes from.
  func named(_ origin: String?) -> InputError {
    guard let origin else { return self }
    return InputError(origin, "\(subject): \(problem)", remedy: remedy)
  }
}

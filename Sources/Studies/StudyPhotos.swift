public import Domain
internal import Files
internal import Foundation
internal import GRDB

/// The facts of a photo's file.
public struct PhotoFacts: Hashable, Sendable {
  /// The SHA-256 of the content, 64 hexadecimal digits.
  public var sha256: String
  /// The number of bytes.
  public var byteCount: Int
  /// The format, such as `jpeg`.
  public var format: String
  /// The upright photo's width in pixels.
  public var widthPixels: Int
  /// The upright photo's height in pixels.
  public var heightPixels: Int

  /// Makes the facts of a file.
  public init(sha256: String, byteCount: Int, format: String, widthPixels: Int, heightPixels: Int) {
    self.sha256 = sha256
    self.byteCount = byteCount
    self.format = format
    self.widthPixels = widthPixels
    self.heightPixels = heightPixels
  }
}

/// A photo of a study.
public struct StudyPhoto: Hashable, Sendable {
  /// The number of the row.
  public let id: Int64
  /// The scene.
  public let scene: SceneID
  /// The name within the scene.
  public let photo: PhotoID
  /// The file; nil for data sets that hold only regions.
  public let facts: PhotoFacts?
  /// What is known about it.
  public let metadata: PhotoMetadata
}

/// What taking a photo came to.
public enum StudyInsertion: Hashable, Sendable {
  /// The photo is new.
  case added
  /// The study had it.
  case known
  /// The study had it, and now knows more or other things about it.
  case updated
}

extension StudyStore {
  /// Takes a photo, or refuses it.
  ///
  /// - Parameters:
  ///   - candidate: the photo's names and what was said about it.
  ///   - facts: the file; nil for data sets that hold only regions.
  ///   - staged: the copy that gets its name when the photo is new; left alone otherwise.
  ///   - exif: what the file itself says, used where nothing was said.
  /// - Returns: whether the photo is new.
  /// - Throws: `InputError` for a content that the study has under another name, for another
  ///   content under the same name, for withdrawn persons and contents, and for people who refused.
  public func take(
    _ candidate: StudyCandidate, _ facts: PhotoFacts?, staged: ContentStore.Staged? = nil,
    exif: PhotoMetadata = PhotoMetadata()
  ) throws -> StudyInsertion {
    try write { db in
      try Self.refuse(db, candidate, facts)
      let known = try Row.fetchOne(
        db, sql: "SELECT * FROM study_photo WHERE scene = ? AND name = ?",
        arguments: [candidate.scene.text, candidate.photo.text])
      guard let known else {
        // The file comes first: a row never names what isn't there.
        if let staged { try files.commit(staged) }
        try Self.insert(db, candidate, facts, candidate.metadata.filled(from: exif))
        return .added
      }
      return try Self.update(db, StudyPhoto(known), candidate.metadata) ? .updated : .known
    }
  }

  /// Says more about a photo that the study has, by scene and name.
  ///
  /// - Throws: `InputError` when the study lacks it, and for a withdrawn person.
  public func describe(_ candidate: StudyCandidate, subject: String) throws -> StudyInsertion {
    try write { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT * FROM study_photo WHERE scene = ? AND name = ?",
        arguments: [candidate.scene.text, candidate.photo.text])
      guard let row else {
        throw InputError(
          subject, "the study has no photo \(candidate.scene)/\(candidate.photo)",
          remedy: "write scene and name as vernier study list shows them")
      }
      let isWithdrawn = try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM study_tombstone WHERE person = ? AND sha256 = '')",
        arguments: [candidate.metadata.person])
      if isWithdrawn == true || candidate.metadata.consent == .refused {
        throw InputError(
          subject, isWithdrawn == true ? "this person withdrew" : "the person said no",
          remedy: "name the person of the photo, then use vernier study withdraw")
      }
      return try Self.update(db, StudyPhoto(row), candidate.metadata) ? .updated : .known
    }
  }

  /// Writes what is new about a photo; false when nothing is.
  @discardableResult
  static func update(
    _ db: Database, _ old: StudyPhoto, _ said: PhotoMetadata
  ) throws -> Bool {
    let new = said.filled(from: old.metadata)
    guard new != old.metadata else { return false }
    let columns = PhotoColumns.names.map { "\($0) = ?" }.joined(separator: ", ")
    try db.execute(
      sql: "UPDATE study_photo SET \(columns) WHERE id = ?",
      arguments: StatementArguments(try PhotoColumns.values(new) + [old.id.databaseValue]))
    return true
  }

  /// Whether the study holds just this content under this name, so that it need not be read again.
  public func holds(_ candidate: StudyCandidate, sha256: String) throws -> Bool {
    try read { db in
      try Bool.fetchOne(
        db,
        sql:
          "SELECT EXISTS (SELECT 1 FROM study_photo WHERE scene = ? AND name = ? AND sha256 = ?)",
        arguments: [candidate.scene.text, candidate.photo.text, sha256]) ?? false
    }
  }

  /// The facts of the file that the study holds under a candidate's name.
  public func facts(of candidate: StudyCandidate) throws -> PhotoFacts? {
    try read { db in
      try Row.fetchOne(
        db, sql: "SELECT * FROM study_photo WHERE scene = ? AND name = ?",
        arguments: [candidate.scene.text, candidate.photo.text]
      ).map { try StudyPhoto($0) }?.facts
    }
  }

  /// Throws when a photo must not be taken.
  private static func refuse(
    _ db: Database, _ candidate: StudyCandidate, _ facts: PhotoFacts?
  ) throws {
    let path = candidate.subject
    if candidate.metadata.consent == .refused {
      throw InputError(path, "the person on it said no", remedy: "leave the photo out")
    }
    let isWithdrawn = try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM study_tombstone
        WHERE (person = ? AND sha256 = '') OR (sha256 = ? AND sha256 <> ''))
        """, arguments: [candidate.metadata.person, facts?.sha256])
    if isWithdrawn == true {
      throw InputError(path, "the person on it withdrew", remedy: "leave the photo out")
    }
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT scene, name, sha256 FROM study_photo
        WHERE sha256 = ? OR (scene = ? AND name = ?)
        """, arguments: [facts?.sha256, candidate.scene.text, candidate.photo.text])
    for row in rows {
      let place = ScenePhoto(scene: SceneID(row["scene"]), photo: PhotoID(row["name"]))
      let sha256: String? = row["sha256"]
      let isSamePlace = place.scene == candidate.scene && place.photo == candidate.photo
      if isSamePlace, sha256 != facts?.sha256 {
        throw InputError(
          path, "the study has another photo named \(place.crossName)",
          remedy: "give this one its own name")
      }
      if !isSamePlace {
        throw InputError(
          path, "is the same picture as \(place.crossName)", remedy: "leave one of them out")
      }
    }
  }

  static func insert(
    _ db: Database, _ candidate: StudyCandidate, _ facts: PhotoFacts?, _ metadata: PhotoMetadata
  ) throws {
    let own: [(any DatabaseValueConvertible)?] = [
      candidate.scene.text, candidate.photo.text, facts?.sha256, facts?.byteCount, facts?.format,
      facts?.widthPixels, facts?.heightPixels,
    ]
    let values = own.map { $0?.databaseValue ?? .null } + (try PhotoColumns.values(metadata))
    let marks = Array(repeating: "?", count: values.count).joined(separator: ", ")
    try db.execute(
      sql: """
        INSERT INTO study_photo (scene, name, sha256, bytes, format, width, height,
          \(PhotoColumns.names.joined(separator: ", "))) VALUES (\(marks))
        """, arguments: StatementArguments(values))
  }

  /// The photos that are references.
  public func references() throws -> Set<ScenePhoto> {
    Set(
      try photos().filter { $0.metadata.isReference == true }.map {
        ScenePhoto(scene: $0.scene, photo: $0.photo)
      })
  }

  /// The photos, ascending by scene and name; those of one scene, or all.
  public func photos(scene: SceneID? = nil) throws -> [StudyPhoto] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM study_photo WHERE ? IS NULL OR scene = ?",
        arguments: [scene?.text, scene?.text]
      ).map(StudyPhoto.init)
    }.sorted { ($0.scene, $0.photo) < ($1.scene, $1.photo) }
  }
}

extension StudyPhoto {
  /// Reads a row.
  init(_ row: Row) throws {
    id = row["id"]
    scene = SceneID(row["scene"])
    photo = PhotoID(row["name"])
    let sha256: String? = row["sha256"]
    facts = sha256.map {
      PhotoFacts(
        sha256: $0, byteCount: row["bytes"] ?? 0, format: row["format"] ?? "",
        widthPixels: row["width"] ?? 0, heightPixels: row["height"] ?? 0)
    }
    metadata = try PhotoColumns.read(row)
  }
}

/// The columns of a photo's metadata.
enum PhotoColumns {
  static let names = [
    "device", "brand", "lens", "mode", "iso", "exposure_seconds", "condition", "skin_type",
    "lighting", "distance_metres", "person", "consent", "part", "is_reference", "notes", "purposes",
  ]

  /// The values, in the order of ``names``.
  static func values(_ data: PhotoMetadata) throws -> [DatabaseValue] {
    let values: [(any DatabaseValueConvertible)?] = [
      data.device, data.brand, data.lens, data.mode, data.iso, data.exposureSeconds,
      data.condition?.rawValue, data.skinType, data.lighting, data.distanceMetres, data.person,
      data.consent?.rawValue, data.part?.rawValue, data.isReference ?? false,
      try CanonicalJSON.line(data.notes),
      data.purposes.map { $0.sorted().map(\.rawValue).joined(separator: " ") },
    ]
    return values.map { $0?.databaseValue ?? .null }
  }

  static func read(_ row: Row) throws -> PhotoMetadata {
    var data = PhotoMetadata()
    data.device = row["device"]
    data.brand = row["brand"]
    data.lens = row["lens"]
    data.mode = row["mode"]
    data.iso = row["iso"]
    data.exposureSeconds = row["exposure_seconds"]
    data.condition = (row["condition"] as String?).flatMap(LightingCondition.init)
    data.skinType = row["skin_type"]
    data.lighting = row["lighting"]
    data.distanceMetres = row["distance_metres"]
    data.person = row["person"]
    data.consent = (row["consent"] as String?).flatMap(ConsentStatus.init)
    data.purposes = (row["purposes"] as String?).map { text in
      Set(text.split(separator: " ").compactMap { ConsentPurpose(rawValue: String($0)) })
    }
    data.part = (row["part"] as String?).flatMap(SplitPart.init)
    data.isReference = row["is_reference"]
    let notes: String = row["notes"]
    data.notes = (try? JSONDecoder().decode([String: String].self, from: Data(notes.utf8))) ?? [:]
    return data
  }
}

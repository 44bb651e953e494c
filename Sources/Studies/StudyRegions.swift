public import Domain
internal import Files
internal import Foundation
internal import GRDB

/// An attribute of a study, with its region rule and the guidelines that observers read.
public struct StudyAttribute: Hashable, Sendable {
  /// What part of a photo serves the attribute.
  public var rule: RegionRule
  /// What observers are asked to look at.
  public var guidelines: String

  /// Makes an attribute.
  public init(_ rule: RegionRule, guidelines: String = "") {
    self.rule = rule
    self.guidelines = guidelines
  }

  /// The attribute.
  public var attribute: Attribute { rule.attribute }
}

/// Why a region is what it is.
public enum RegionOrigin: String, Hashable, Sendable, CaseIterable {
  /// The attribute's rule cut it.
  case rule
  /// The part of the photo was chosen by hand.
  case choice
  /// It came with a data set, or was made from the region of another photo.
  case given
}

/// A region of a photo for an attribute.
public struct StudyRegion: Hashable, Sendable {
  /// The number of the photo's row.
  public var photo: Int64
  /// The attribute.
  public var attribute: Attribute
  /// The SHA-256 of the region's file.
  public var sha256: String
  /// The number of bytes.
  public var byteCount: Int
  /// The width in pixels.
  public var widthPixels: Int
  /// The height in pixels.
  public var heightPixels: Int
  /// Why it is what it is.
  public var origin: RegionOrigin
  /// Everything that the region depends on besides the photo, as one line.
  public var settings: String
  /// How it was made, as JSON.
  public var record: String

  /// Makes a region.
  public init(
    photo: Int64, attribute: Attribute, sha256: String, byteCount: Int, widthPixels: Int,
    heightPixels: Int, origin: RegionOrigin, settings: String, record: String = "{}"
  ) {
    self.photo = photo
    self.attribute = attribute
    self.sha256 = sha256
    self.byteCount = byteCount
    self.widthPixels = widthPixels
    self.heightPixels = heightPixels
    self.origin = origin
    self.settings = settings
    self.record = record
  }
}

extension StudyStore {
  /// The attributes, ascending by name.
  public func attributes() throws -> [StudyAttribute] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM study_attribute ORDER BY name").map { row in
        let rule = RegionRule(
          attribute: Attribute(row["name"]), isCutAroundFace: row["cut_around_face"],
          targetPixels: row["target_pixels"])
        return StudyAttribute(rule, guidelines: row["guidelines"])
      }
    }
  }

  /// Adds an attribute or changes one.
  public func set(_ attribute: StudyAttribute) throws {
    guard (1...100_000_000).contains(attribute.rule.targetPixels),
      (1...64).contains(attribute.attribute.text.utf8.count)
    else {
      throw InputError(
        "attribute \(attribute.attribute)", "its name or its number of pixels can't be used",
        remedy: "give a name of at most 64 bytes and 1 to 100,000,000 pixels")
    }
    try write { db in
      try db.execute(
        sql: """
          INSERT INTO study_attribute VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE
          SET cut_around_face = excluded.cut_around_face, target_pixels = excluded.target_pixels,
            guidelines = excluded.guidelines
          """,
        arguments: [
          attribute.attribute.text, attribute.rule.isCutAroundFace, attribute.rule.targetPixels,
          attribute.guidelines,
        ])
    }
  }

  /// The regions by photo and attribute.
  public func regions() throws -> [Int64: [Attribute: StudyRegion]] {
    var regions: [Int64: [Attribute: StudyRegion]] = [:]
    let rows = try read { try Row.fetchAll($0, sql: "SELECT * FROM study_region") }
    for row in rows {
      let region = StudyRegion(
        photo: row["photo"], attribute: Attribute(row["attribute"]), sha256: row["sha256"],
        byteCount: row["bytes"], widthPixels: row["width"], heightPixels: row["height"],
        origin: RegionOrigin(rawValue: row["origin"]) ?? .rule, settings: row["settings"],
        record: row["record"])
      regions[region.photo, default: [:]][region.attribute] = region
    }
    return regions
  }

  /// Keeps regions whose files are in place; a region that another one replaces loses its file if
  /// nothing needs it.
  public func keep(_ regions: [StudyRegion]) throws {
    try write { db in
      for region in regions {
        let old = try String.fetchOne(
          db, sql: "SELECT sha256 FROM study_region WHERE photo = ? AND attribute = ?",
          arguments: [region.photo, region.attribute.text])
        try db.execute(
          sql: "INSERT OR REPLACE INTO study_region VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            region.photo, region.attribute.text, region.sha256, region.byteCount,
            region.widthPixels, region.heightPixels, region.origin.rawValue, region.settings,
            region.record,
          ])
        if let old, old != region.sha256, try !Self.isNeeded(db, old) {
          try db.execute(sql: "INSERT OR IGNORE INTO study_removal VALUES (?)", arguments: [old])
        }
      }
    }
    try finishRemovals()
  }

  /// The faces that a detector found in a content, if it was searched.
  public func faces(sha256: String, detector: String) throws -> FoundFaces? {
    let row = try read { db in
      try Row.fetchOne(
        db, sql: "SELECT pass, faces FROM study_faces WHERE sha256 = ? AND detector = ?",
        arguments: [sha256, detector])
    }
    guard let row else { return nil }
    let text: String = row["faces"]
    guard let faces = try? JSONDecoder().decode([FaceBox].self, from: Data(text.utf8)) else {
      return nil
    }
    return FoundFaces(faces: faces, pass: row["pass"])
  }

  /// The faces that any detector found in a content; nil where none looked.
  public func faces(sha256: String) throws -> FoundFaces? {
    let detector = try read { db in
      try String.fetchOne(
        db, sql: "SELECT detector FROM study_faces WHERE sha256 = ?", arguments: [sha256])
    }
    return try detector.flatMap { try faces(sha256: sha256, detector: $0) }
  }

  /// Keeps the faces that a detector found in a content.
  public func keep(_ faces: FoundFaces, sha256: String, detector: String) throws {
    let text = try CanonicalJSON.line(faces.faces)
    try write { db in
      try db.execute(
        sql: "INSERT OR REPLACE INTO study_faces VALUES (?, ?, ?, ?)",
        arguments: [sha256, detector, faces.pass, text])
    }
  }

  /// Writes `regions.csv`: `SCENE,IMAGE,ATTRIBUTE,REGION,DEVICE,CONDITION,PERSON`, the region's
  /// path relative to the file.
  ///
  /// - Returns: the number of regions.
  @discardableResult
  public func writeRegionsTable() throws -> Int {
    let known = try regions()
    var table = CSVWriter(columns: [
      "SCENE", "IMAGE", "ATTRIBUTE", "REGION", "DEVICE", "CONDITION", "PERSON",
    ])
    var count = 0
    for photo in try photos() {
      let own = known[photo.id] ?? [:]
      for (attribute, region) in own.sorted(by: { $0.key < $1.key }) {
        table.append([
          photo.scene.text, photo.photo.text, attribute.text, "files/\(region.sha256)",
          photo.metadata.device ?? "", photo.metadata.condition?.rawValue ?? "",
          photo.metadata.person ?? "",
        ])
        count += 1
      }
    }
    try AtomicFile.write(
      table.bytes, to: "\(folder)/regions.csv", temporaryPrefix: ContentStore.prefix)
    return count
  }

  /// Writes `regions.csv` anew if it is there, after the photos' metadata changed.
  public func refreshRegionsTable() throws {
    guard access("\(folder)/regions.csv", F_OK) == 0 else { return }
    try writeRegionsTable()
  }

  /// Notes a contact sheet, so that a withdrawal can remove it.
  public func keepSheet(_ path: String) throws {
    let full = URL(fileURLWithPath: path).standardizedFileURL.path
    let root = URL(fileURLWithPath: folder).standardizedFileURL.path
    let place = full.hasPrefix(root + "/") ? String(full.dropFirst(root.count + 1)) : full
    try write {
      try $0.execute(sql: "INSERT OR IGNORE INTO study_sheet VALUES (?)", arguments: [place])
    }
  }

  /// Whether any row still needs a content.
  static func isNeeded(_ db: Database, _ sha256: String) throws -> Bool {
    try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM study_photo WHERE sha256 = ?1)
          OR EXISTS (SELECT 1 FROM study_region WHERE sha256 = ?1)
          OR EXISTS (SELECT 1 FROM annotation_roi r JOIN annotation_image i ON i.id = r.image
            WHERE r.sha256 = ?1 AND i.state = 'active')
        """, arguments: [sha256]) ?? false
  }
}

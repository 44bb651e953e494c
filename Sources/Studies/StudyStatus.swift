internal import Domain
internal import Files
internal import Foundation
internal import GRDB

/// What a study holds, in numbers.
public struct StudyStatus: Hashable, Sendable, Encodable {
  /// What is there for one attribute.
  public struct AttributeState: Hashable, Sendable, Encodable {
    /// The attribute's name.
    public var attribute: String
    /// The number of regions.
    public var regions: Int
    /// The number of photos without a region.
    public var missingRegions: Int
    /// The number of scores.
    public var scores: Int
  }

  /// The study's name.
  public var name: String
  /// The number of photos.
  public var photos: Int
  /// How many of them have their own file, not only regions.
  public var originals: Int
  /// The number of scenes.
  public var scenes: Int
  /// The number of devices.
  public var devices: Int
  /// The number of photos that are references.
  public var references: Int
  /// The number of photos that were made from others.
  public var derived: Int
  /// The bytes of all photos and regions.
  public var bytes: Int
  /// The number of photos by lighting condition; `unknown` where it isn't known.
  public var conditions: [String: Int]
  /// The number of people.
  public var persons: Int
  /// The number of groups of faces that wait for somebody to look at them.
  public var faceGroups: Int
  /// The number of photos by consent; `unknown` where nothing is on record.
  public var consent: [String: Int]
  /// The number of people who withdrew.
  public var withdrawn: Int
  /// Regions and scores by attribute.
  public var attributes: [AttributeState]
  /// The number of votes of the annotation application that count.
  public var votes: Int
  /// How often each condition, lighting, skin type, lens, mode and device occurs, those that no
  /// photo has among them.
  public var coverage: [FactorCoverage]
}

extension StudyStore {
  /// The published scores, in JOD, by the photo's row; the mean over attributes where there are
  /// several.
  public func publishedScores() throws -> [Int64: Double] {
    try read { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT photo, avg(jod) AS jod FROM study_score GROUP BY photo")
      return Dictionary(uniqueKeysWithValues: rows.map { ($0["photo"], $0["jod"]) })
    }
  }

  /// Counts what the study holds.
  public func status() throws -> StudyStatus {
    let coverage = FactorCoverage.table(of: try photos())
    return try read { db in
      func count(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: sql) ?? 0 }
      func groups(_ column: String) throws -> [String: Int] {
        let rows = try Row.fetchAll(
          db,
          sql: """
            SELECT coalesce(\(column), 'unknown') AS name, count(*) AS number FROM study_photo
            GROUP BY 1
            """)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0["name"], $0["number"]) })
      }
      let photos = try count("SELECT count(*) FROM study_photo")
      let attributes = try String.fetchAll(db, sql: "SELECT name FROM study_attribute ORDER BY 1")
        .map { name in
          func own(_ table: String) throws -> Int {
            try Int.fetchOne(
              db, sql: "SELECT count(*) FROM \(table) WHERE attribute = ?", arguments: [name]) ?? 0
          }
          let regions = try own("study_region")
          return StudyStatus.AttributeState(
            attribute: name, regions: regions, missingRegions: photos - regions,
            scores: try own("study_score"))
        }
      return StudyStatus(
        name: name, photos: photos,
        originals: try count("SELECT count(sha256) FROM study_photo"),
        scenes: try count("SELECT count(DISTINCT scene) FROM study_photo"),
        devices: try count("SELECT count(DISTINCT device) FROM study_photo"),
        references: try count("SELECT count(*) FROM study_photo WHERE is_reference"),
        derived: try count("SELECT count(*) FROM study_lineage"),
        bytes: try count(
          """
          SELECT coalesce(sum(bytes), 0) FROM (SELECT sha256, bytes FROM study_photo
          WHERE sha256 IS NOT NULL UNION SELECT sha256, bytes FROM study_region)
          """),
        conditions: try groups("condition"),
        persons: try count(
          """
          SELECT count(*) FROM (SELECT person FROM study_photo WHERE person IS NOT NULL
          UNION SELECT person FROM annotation_image WHERE person IS NOT NULL AND state = 'active')
          """),
        faceGroups: try count("SELECT count(DISTINCT person_group) FROM study_face"),
        consent: try groups("consent"),
        withdrawn: try count("SELECT count(*) FROM study_tombstone WHERE sha256 = ''"),
        attributes: attributes,
        votes: try count(
          """
          SELECT count(*) FROM annotation_vote v
          WHERE NOT EXISTS (SELECT 1 FROM annotation_vote_void o WHERE o.vote = v.id)
          """), coverage: coverage)
    }
  }
}

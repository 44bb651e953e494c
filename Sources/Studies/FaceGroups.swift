public import Domain
internal import Files
internal import GRDB

/// A face that a proposal puts into a group.
public struct GroupedFace: Hashable, Sendable {
  /// The number of the photo's row.
  public var photo: Int64
  /// Where the face is, in pixels of the upright photo.
  public var x, y, width, height: Double
  /// The mean distance to the other faces of its group when it was proposed; 0 alone.
  public var distance: Double

  /// Makes a face of a photo.
  public init(photo: Int64, box: FaceBox, distance: Double) {
    self.photo = photo
    (x, y, width, height) = (box.x, box.y, box.width, box.height)
    self.distance = distance
  }
}

/// Photos that may show one person; nothing counts before somebody has confirmed it.
public struct FaceGroup: Hashable, Sendable {
  /// One photo of the group.
  public struct Member: Hashable, Sendable {
    /// The face.
    public let face: GroupedFace
    /// The photo's place.
    public let place: ScenePhoto
    /// The pseudonym that is on record for the photo.
    public let person: String?
    /// The SHA-256 of the photo's file.
    public let sha256: String?
  }

  /// A group whose faces look much like this one's.
  public struct Likeness: Hashable, Sendable {
    /// The other group's number.
    public let group: Int
    /// The mean distance of the two groups' faces.
    public let distance: Double
  }

  /// The number.
  public let id: Int
  /// The photos: those that look most like the group first.
  public let members: [Member]
  /// The other group that is nearest, if one is near.
  public let likeness: Likeness?
  /// The pseudonyms on record that other groups have too, with those groups' numbers.
  public let elsewhere: [String: [Int]]

  /// The pseudonyms on record for the photos, ascending.
  public var recorded: [String] { Set(members.compactMap(\.person)).sorted() }

  /// Whether what is on record says something else than the group: two people in it, or one person
  /// also in another group.
  public var hasConflict: Bool { recorded.count > 1 || !elsewhere.isEmpty }

  /// Whether every photo has the same pseudonym already, and no other group's.
  public var isOnRecord: Bool {
    !hasConflict && recorded.count == 1 && members.allSatisfy { $0.person != nil }
  }

  /// A name for just these members: who confirms a group confirms what was seen.
  public var state: String {
    let photos = members.map { "\($0.face.photo)" }.sorted().joined(separator: " ")
    return String(FileDigest.sha256(Array(photos.utf8)).prefix(16))
  }
}

/// What to write down as a proposal.
public struct FaceGroupProposal: Sendable {
  /// The faces of each group.
  public var groups: [[GroupedFace]]
  /// Groups that are near each other, by their place in the list.
  public var likenesses: [(one: Int, other: Int, distance: Double)]
  /// What the proposal depends on, for the audit trail.
  public var settings: [String: String]

  /// Makes a proposal.
  public init(
    groups: [[GroupedFace]], likenesses: [(one: Int, other: Int, distance: Double)] = [],
    settings: [String: String] = [:]
  ) {
    (self.groups, self.likenesses, self.settings) = (groups, likenesses, settings)
  }
}

extension StudyStore {
  /// The groups that wait for somebody to look at them, ascending by number.
  public func faceGroups() throws -> [FaceGroup] { try read { try Self.faceGroups($0) } }

  static func faceGroups(_ db: Database) throws -> [FaceGroup] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT f.*, p.scene, p.name, p.person, p.sha256 FROM study_face f
        JOIN study_photo p ON p.id = f.photo
        ORDER BY f.person_group, f.distance, p.scene, p.name
        """)
    let members = Dictionary(grouping: rows) { $0["person_group"] as Int }
      .mapValues { $0.map(FaceGroup.Member.init) }
    var places: [String: Set<Int>] = [:]
    for (group, own) in members {
      for member in own {
        if let person = member.person { places[person, default: []].insert(group) }
      }
    }
    var near: [Int: FaceGroup.Likeness] = [:]
    for row in try Row.fetchAll(db, sql: "SELECT * FROM study_face_likeness ORDER BY distance") {
      let (one, other): (Int, Int) = (row["one"], row["other"])
      guard members[one] != nil, members[other] != nil else { continue }
      for (own, its) in [(one, other), (other, one)] where near[own] == nil {
        near[own] = FaceGroup.Likeness(group: its, distance: row["distance"])
      }
    }
    return members.sorted { $0.key < $1.key }.map { group, own in
      var elsewhere: [String: [Int]] = [:]
      for person in Set(own.compactMap(\.person)) {
        let others = places[person, default: []].subtracting([group])
        if !others.isEmpty { elsewhere[person] = others.sorted() }
      }
      return FaceGroup(id: group, members: own, likeness: near[group], elsewhere: elsewhere)
    }
  }

  /// A pseudonym for each group that nobody has: the one on record, else `person-` and a number.
  ///
  /// A group with several on record has none.
  public func proposedPseudonyms() throws -> [Int: String] {
    try read { db in
      let groups = try Self.faceGroups(db)
      var taken = try String.fetchSet(
        db,
        sql: """
          SELECT person FROM study_photo WHERE person IS NOT NULL
          UNION SELECT person FROM annotation_image WHERE person IS NOT NULL
          UNION SELECT person FROM study_tombstone UNION SELECT person FROM study_withdrawal
          """)
      var names: [Int: String] = [:]
      for group in groups where group.recorded.count < 2 {
        if let own = group.recorded.first {
          names[group.id] = own
          continue
        }
        var (name, number) = ("person-\(group.id)", 1)
        while taken.contains(name) {
          number += 1
          name = "person-\(group.id)-\(number)"
        }
        taken.insert(name)
        names[group.id] = name
      }
      return names
    }
  }
}

extension FaceGroup.Member {
  init(_ row: Row) {
    let box = FaceBox(
      x: row["x"], y: row["y"], width: row["width"], height: row["height"], score: 1)
    face = GroupedFace(photo: row["photo"], box: box, distance: row["distance"])
    place = ScenePhoto(scene: SceneID(row["scene"]), photo: PhotoID(row["name"]))
    person = row["person"]
    sha256 = row["sha256"]
  }
}

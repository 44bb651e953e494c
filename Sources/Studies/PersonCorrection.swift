import Domain
internal import GRDB

/// What somebody confirms about a group of faces.
public struct PersonConfirmation: Hashable, Sendable {
  /// The group.
  public var group: Int
  /// The pseudonym of the person that its photos show.
  public var person: String
  /// Whether another pseudonym that is on record for a photo is replaced.
  public var replaces: Bool
  /// The group's ``FaceGroup/state`` as it was seen; nil where nobody else changes it meanwhile.
  public var seen: String?

  /// Makes a confirmation.
  public init(group: Int, person: String, replaces: Bool = false, seen: String? = nil) {
    (self.group, self.person, self.replaces, self.seen) = (group, person, replaces, seen)
  }
}

extension StudyStore {
  /// Writes down that a group's photos show one person, and forgets the group.
  ///
  /// This is the only way from a proposal to the photos' pseudonyms. Pictures that were made from
  /// the photos follow them.
  ///
  /// - Returns: the number of photos whose pseudonym changed.
  /// - Throws: `InputError` for a pseudonym that can't be used, for a withdrawn person, when another
  ///   pseudonym is on record and may not be replaced, and when the group is not what was seen.
  @discardableResult
  public func confirm(_ confirmation: PersonConfirmation, by reviewer: PeopleReviewer) throws -> Int
  {
    try write { try Self.confirm($0, confirmation, reviewer) }
  }

  /// Confirms several groups at once, or none.
  ///
  /// - Returns: the number of photos whose pseudonym changed.
  @discardableResult
  public func confirm(
    all confirmations: [PersonConfirmation], by reviewer: PeopleReviewer
  ) throws -> Int {
    try write { db in
      try confirmations.reduce(0) { try $0 + Self.confirm(db, $1, reviewer) }
    }
  }

  /// Writes down the persons of single photos that are in groups, and takes them out; all or none.
  ///
  /// - Returns: the number of photos whose pseudonym changed.
  @discardableResult
  public func confirm(
    photos: [Int64: String], replaces: Bool, by reviewer: PeopleReviewer
  ) throws -> Int {
    try write { db in
      let known = try Dictionary(
        grouping: Self.faceGroups(db).flatMap(\.members), by: \.face.photo)
      var changed = 0
      for (person, own) in Dictionary(grouping: photos, by: \.value).sorted(by: { $0.key < $1.key })
      {
        let members = try own.map(\.key).sorted().map { photo in
          guard let member = known[photo]?.first else {
            throw InputError(
              "photo \(photo)", "is in no group", remedy: "list the groups again")
          }
          return member
        }
        changed += try Self.assign(
          db, person, to: members, replaces: replaces, reviewer, ["origin": "table"])
      }
      return changed
    }
  }

  private static func confirm(
    _ db: Database, _ wish: PersonConfirmation, _ reviewer: PeopleReviewer
  ) throws -> Int {
    try check(db, group: wish.group)
    guard let group = try faceGroups(db).first(where: { $0.id == wish.group }) else { return 0 }
    if let seen = wish.seen, seen != group.state {
      throw InputError(
        "group \(wish.group)", "was changed since it was shown", remedy: "look at it again")
    }
    return try assign(
      db, wish.person, to: group.members, replaces: wish.replaces, reviewer,
      ["group": "\(wish.group)"])
  }

  private static func assign(
    _ db: Database, _ person: String, to members: [FaceGroup.Member], replaces: Bool,
    _ reviewer: PeopleReviewer, _ origin: [String: String]
  ) throws -> Int {
    try check(db, pseudonym: person)
    let others = members.filter { $0.person != nil && $0.person != person }
    if !replaces, let other = others.first, let known = other.person {
      throw InputError(
        other.place.crossName.text, "its person is \(known) on record, not \(person)",
        remedy: "split it off, or confirm with \(Setting("replace"))")
    }
    let changed = members.filter { $0.person != person }
    for member in changed { try assign(db, person, to: member.face.photo) }
    for member in members {
      try db.execute(
        sql: "DELETE FROM study_face WHERE photo = ?", arguments: [member.face.photo])
    }
    let left = try Int.fetchOne(db, sql: "SELECT count(*) FROM study_face") ?? 0
    if left == 0 { try forgetFaceGroups(db) }
    var detail = origin
    detail["person"] = person
    detail["photos"] = members.map { "\($0.face.photo)" }.sorted().joined(separator: " ")
    detail["changed"] = "\(changed.count)"
    detail["replaced"] = others.isEmpty ? nil : "\(others.count)"
    try AuditTrail.append(
      db, reviewer.date.milliseconds, actor: reviewer.name, .peopleConfirm, detail)
    return changed.count
  }

  /// Sets a photo's person, also for what was made from it and where observers see it.
  private static func assign(_ db: Database, _ person: String, to photo: Int64) throws {
    try db.execute(
      sql: "UPDATE study_photo SET person = ? WHERE id = ?", arguments: [person, photo])
    try db.execute(
      sql: """
        UPDATE annotation_image SET person = ?1 WHERE state = 'active' AND EXISTS (
          SELECT 1 FROM study_photo p WHERE p.scene = annotation_image.scene
            AND p.name = annotation_image.photo
            AND (p.id = ?2 OR p.id IN (SELECT photo FROM study_lineage WHERE source = ?2)))
        """, arguments: [person, photo])
  }

  private static func check(_ db: Database, pseudonym: String) throws {
    let isOdd =
      pseudonym.utf8.count > 100 || pseudonym.unicodeScalars.contains(where: \.isControl)
      || pseudonym.first?.isWhitespace ?? true || pseudonym.last?.isWhitespace ?? true
    if isOdd {
      throw InputError(
        "the pseudonym", "is empty, longer than 100 bytes, or has spaces at its ends",
        remedy: "write a short one, such as P7")
    }
    let isWithdrawn = try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM study_tombstone WHERE person = ? AND sha256 = '')",
      arguments: [pseudonym])
    if isWithdrawn == true {
      throw InputError(
        "person \(pseudonym)", "this person withdrew",
        remedy: "give another pseudonym and withdraw it with vernier study withdraw")
    }
  }
}

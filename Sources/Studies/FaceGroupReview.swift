import Domain
public import Foundation
internal import GRDB

/// Where faces go that somebody takes out of a group.
public enum FaceDestination: Hashable, Sendable {
  /// A group of their own.
  case newGroup
  /// Another group.
  case group(Int)
  /// Nowhere: they stay without a group, and their photos as they are.
  case none
}

/// Who changes groups, and when; for the audit trail.
public struct PeopleReviewer: Hashable, Sendable {
  /// The pseudonym, or `program` for a command.
  public var name: String
  /// The time.
  public var date: Date

  /// Makes a reviewer.
  public init(_ name: String = "program", at date: Date = Date()) {
    (self.name, self.date) = (name, date)
  }
}

extension StudyStore {
  /// Writes down a proposal instead of the one before.
  ///
  /// - Throws: `InputError` when a photo was withdrawn meanwhile.
  public func propose(_ proposal: FaceGroupProposal, by reviewer: PeopleReviewer) throws {
    try write { db in
      try Self.forgetFaceGroups(db)
      for (index, faces) in proposal.groups.enumerated() {
        for face in faces {
          let isThere = try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM study_photo WHERE id = ?)",
            arguments: [face.photo])
          guard isThere == true else {
            throw InputError(
              "photo \(face.photo)", "was removed meanwhile", remedy: "run the command again")
          }
          try db.execute(
            sql: "INSERT INTO study_face VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [
              face.photo, index + 1, face.x, face.y, face.width, face.height, face.distance,
            ])
        }
      }
      for (one, other, distance) in proposal.likenesses {
        try db.execute(
          sql: "INSERT INTO study_face_likeness VALUES (?, ?, ?)",
          arguments: [min(one, other) + 1, max(one, other) + 1, distance])
      }
      var detail = proposal.settings
      detail["faces"] = "\(proposal.groups.reduce(0) { $0 + $1.count })"
      detail["groups"] = "\(proposal.groups.count)"
      try AuditTrail.append(
        db, reviewer.date.milliseconds, actor: reviewer.name, .peopleProposal, detail)
    }
  }

  /// Makes one group of several, under the smallest number.
  ///
  /// - Returns: that number.
  /// - Throws: `InputError` for fewer than two groups, or a group that isn't there.
  @discardableResult
  public func merge(groups: [Int], by reviewer: PeopleReviewer) throws -> Int {
    try write { db in
      let numbers = Set(groups).sorted()
      guard numbers.count > 1, let kept = numbers.first else {
        throw InputError(
          "groups \(groups.map(String.init).joined(separator: ", "))",
          "there are not two groups to merge", remedy: "name two or more")
      }
      for number in numbers { try Self.check(db, group: number) }
      for number in numbers.dropFirst() {
        try db.execute(
          sql: "UPDATE study_face SET person_group = ? WHERE person_group = ?",
          arguments: [kept, number])
      }
      try Self.record(
        db, reviewer, ["merged": numbers.map(String.init).joined(separator: " ")])
      return kept
    }
  }

  /// Takes faces out of their groups.
  ///
  /// - Returns: the number of the group where they are now; nil for none.
  /// - Throws: `InputError` for a photo that is in no group, or a group that isn't there.
  @discardableResult
  public func move(
    faces photos: Set<Int64>, to destination: FaceDestination, by reviewer: PeopleReviewer
  ) throws -> Int? {
    try write { db in
      guard !photos.isEmpty else {
        throw InputError("faces", "no face is chosen", remedy: "choose one or more")
      }
      for photo in photos {
        let isThere = try Bool.fetchOne(
          db, sql: "SELECT EXISTS (SELECT 1 FROM study_face WHERE photo = ?)", arguments: [photo])
        guard isThere == true else {
          throw InputError("photo \(photo)", "is in no group", remedy: "look at the groups again")
        }
      }
      var target: Int?
      switch destination {
      case .none: break
      case .group(let number):
        try Self.check(db, group: number)
        target = number
      case .newGroup:
        // Likenesses keep the numbers of groups that are gone.
        let last = try Int.fetchOne(
          db,
          sql: """
            SELECT max((SELECT coalesce(max(person_group), 0) FROM study_face),
              (SELECT coalesce(max(other), 0) FROM study_face_likeness))
            """)
        target = (last ?? 0) + 1
      }
      for photo in photos.sorted() {
        if let target {
          try db.execute(
            sql: "UPDATE study_face SET person_group = ? WHERE photo = ?",
            arguments: [target, photo])
        } else {
          try db.execute(sql: "DELETE FROM study_face WHERE photo = ?", arguments: [photo])
        }
      }
      try Self.record(
        db, reviewer,
        [
          "moved": photos.sorted().map(String.init).joined(separator: " "),
          "to": target.map(String.init) ?? "nowhere",
        ])
      return target
    }
  }

  /// Forgets every group; what was confirmed stays.
  ///
  /// - Returns: how many faces were in groups.
  @discardableResult
  public func discardFaceGroups(by reviewer: PeopleReviewer) throws -> Int {
    try write { db in
      let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM study_face") ?? 0
      guard count > 0 else { return 0 }
      try Self.forgetFaceGroups(db)
      try Self.record(db, reviewer, ["discarded": "\(count)"])
      return count
    }
  }

  static func record(
    _ db: Database, _ reviewer: PeopleReviewer, _ detail: [String: String]
  ) throws {
    try AuditTrail.append(
      db, reviewer.date.milliseconds, actor: reviewer.name, .peopleReview, detail)
  }

  static func forgetFaceGroups(_ db: Database) throws {
    try db.execute(sql: "DELETE FROM study_face; DELETE FROM study_face_likeness")
  }

  static func check(_ db: Database, group: Int) throws {
    let isThere = try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM study_face WHERE person_group = ?)",
      arguments: [group])
    guard isThere == true else {
      throw InputError(
        "group \(group)", "there is no such group", remedy: "look at the groups again")
    }
  }
}

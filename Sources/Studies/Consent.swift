public import Domain
internal import Foundation
package import GRDB

/// What the portrayed person agreed to; each is asked for separately.
public enum ConsentPurpose: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
  /// Observers see the photo and compare it.
  case annotation
  /// Models learn from it.
  case training
  /// Others get it.
  case publication
  /// The face is compared with other faces to tell who is shown. That is biometric data: an
  /// agreement covers it only where it names it.
  case identification

  /// The order of the declaration.
  public static func < (left: Self, right: Self) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}

/// A photo that may not be used for a purpose.
public struct UnconfirmedPhoto: Hashable, Sendable {
  /// The photo's place.
  public let place: ScenePhoto
  /// Why, such as `the consent is unknown`.
  public let reason: String
}

/// Somebody's decision to use photos without a confirmed agreement.
public struct ConsentException: Hashable, Sendable {
  /// What for.
  public let purpose: ConsentPurpose
  /// Why, in the words of who decided.
  public let reason: String
  /// When, in seconds since 1970.
  public let at: Int64
  /// How many photos it was needed for.
  public let photos: Int
}

extension PhotoMetadata {
  /// Why a photo may not be used for a purpose; nil where the agreement is on record.
  public func consentProblem(_ purpose: ConsentPurpose) -> String? {
    switch consent {
    case nil: return "the consent is unknown"
    case .pending: return "the consent is pending"
    case .refused: return "the consent was refused"
    case .given:
      if purposes?.contains(purpose) ?? (purpose != .identification) { return nil }
      return "the consent does not cover \(purpose.rawValue)"
    }
  }
}

extension StudyStore {
  /// The photos that may not be used for a purpose, ascending by scene and name.
  public func unconfirmed(for purpose: ConsentPurpose) throws -> [UnconfirmedPhoto] {
    try photos().compactMap { photo in
      photo.metadata.consentProblem(purpose).map {
        UnconfirmedPhoto(
          place: ScenePhoto(scene: photo.scene, photo: photo.photo), reason: $0)
      }
    }
  }

  /// Records that photos are used for a purpose although nobody's agreement is on record.
  ///
  /// - Parameters:
  ///   - purpose: what for.
  ///   - reason: why; not empty.
  ///   - photos: how many it is needed for.
  /// - Throws: `InputError` for an empty reason.
  public func recordException(
    for purpose: ConsentPurpose, reason: String, photos: Int
  ) throws {
    guard reason.contains(where: { !$0.isWhitespace }) else {
      throw InputError(
        Setting("allowUnconfirmedConsent"), "there is no reason",
        remedy: "write why, such as \"public data set, CC0\"")
    }
    try write { db in
      try db.execute(
        sql:
          "INSERT INTO study_consent_exception (at, purpose, reason, photos) VALUES (?, ?, ?, ?)",
        arguments: [Int64(Date().timeIntervalSince1970), purpose.rawValue, reason, photos])
    }
  }

  /// The recorded exceptions, oldest first.
  public func consentExceptions() throws -> [ConsentException] {
    try read { try Self.consentExceptions($0) }
  }

  static func consentExceptions(_ db: Database) throws -> [ConsentException] {
    try Row.fetchAll(db, sql: "SELECT * FROM study_consent_exception ORDER BY id").compactMap {
      guard let purpose = ConsentPurpose(rawValue: $0["purpose"]) else { return nil }
      return ConsentException(
        purpose: purpose, reason: $0["reason"], at: $0["at"], photos: $0["photos"])
    }
  }

  /// Why a photo may not be shown to observers; nil for one whose agreement is on record, for one
  /// that the study's photos don't name, and where an exception for annotation is recorded.
  package static func annotationProblem(
    _ db: Database, scene: SceneID, photo: PhotoID
  ) throws -> String? {
    let row = try Row.fetchOne(
      db, sql: "SELECT * FROM study_photo WHERE scene = ? AND name = ?",
      arguments: [scene.text, photo.text])
    guard let row, let problem = try StudyPhoto(row).metadata.consentProblem(.annotation) else {
      return nil
    }
    return try hasException(db, for: .annotation) ? nil : problem
  }

  static func hasException(_ db: Database, for purpose: ConsentPurpose) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM study_consent_exception WHERE purpose = ?)",
      arguments: [purpose.rawValue]) ?? false
  }

  /// The photos that observers are shown without an agreement on record.
  package static func shownUnconfirmed(_ db: Database) throws -> [UnconfirmedPhoto] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT p.* FROM study_photo p
        JOIN annotation_image i ON i.scene = p.scene AND i.photo = p.name
        WHERE i.state = 'active' ORDER BY p.scene, p.name
        """
    ).compactMap { row in
      let photo = try StudyPhoto(row)
      return photo.metadata.consentProblem(.annotation).map {
        UnconfirmedPhoto(place: ScenePhoto(scene: photo.scene, photo: photo.photo), reason: $0)
      }
    }
  }

  /// The photos that observers are shown without an agreement on record.
  public func shownUnconfirmed() throws -> [UnconfirmedPhoto] {
    try read { try Self.shownUnconfirmed($0) }
  }

  /// What `verify` finds about agreements: faults, and what is so by a recorded exception.
  static func consentFindings(_ db: Database) throws -> (damage: [String], notes: [String]) {
    let shown = try shownUnconfirmed(db)
    guard let exception = try consentExceptions(db).last(where: { $0.purpose == .annotation })
    else {
      return (
        shown.map { "observers are shown \($0.place.crossName), although \($0.reason)" }, []
      )
    }
    guard !shown.isEmpty else { return ([], []) }
    let note =
      "observers are shown \(shown.count) photos without confirmed consent, by an exception: "
      + exception.reason
    return ([], [note])
  }
}

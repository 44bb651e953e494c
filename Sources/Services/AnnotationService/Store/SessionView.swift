import Foundation
import GRDB
import Studies

/// The step of an observer's way.
enum Step: String, Codable {
  case consent
  case check
  case training
  case compare
  case paused
  case rest
  case done
}

/// A session as pages see it.
struct SessionView: Codable {
  var session: String?
  var step: Step
  var attribute: String?
  var isCrossScene: Bool?
  var gate: AnnotationSettings.Gate
  var allowsTies: Bool
  var secondsLeft: Int
  var votes: Int
  var failures: [String]?
  var observer: String
  var trainingPairs: Int
  /// The registered station that this browser is.
  var station: String?
  /// Its pixel pitch in millimeters.
  var stationPitch: Double?
  /// What is judged, and how it is told.
  var guide: Guide?
  /// Whether the pair opens at 1:1: the attribute is judged on a face.
  var opensAtOne: Bool
  /// The scale that the pair must be looked at before its answer counts fully; 0 for any.
  var wantedScale: Double
  /// What the viewing check asks of the observer's eyes: plates, acuity, experience.
  var plates: Int
  var leastAcuity: Double
  var asksExperience: Bool
  /// The length of a block in seconds.
  var blockSeconds: Int
  /// The observer's answers in the whole study.
  var allVotes: Int
  /// The study's votes that count, and how many it wants.
  var study: StudyProgress?
}

/// How far a study is.
struct StudyProgress: Codable, Sendable {
  /// The votes that count.
  var votes: Int
  /// The votes that all tasks want together.
  var target: Int
}

extension AnnotationStudy {
  /// What a page needs to know; `row` is the open session, if there is one.
  func view(
    _ db: Database, _ row: SessionRow?, _ identity: Identity, _ language: String,
    step: Step? = nil, secondsLeft: Int? = nil
  ) throws -> SessionView {
    let votes = try row.map { try voteCount(db, session: $0.id) } ?? 0
    let left = row.map { Int($0.left(at: now) / 1000) } ?? 0
    let isFace = try row.map { try Self.isJudgedOnFace(db, $0.attribute) } ?? false
    return SessionView(
      session: row?.id, step: try step ?? self.step(db, row), attribute: row?.attribute,
      isCrossScene: row?.isCrossScene, gate: settings.gate, allowsTies: settings.allowsTies,
      secondsLeft: secondsLeft ?? left, votes: votes,
      failures: row?.calibration.flatMap { ViewingCheck.stored($0)?.failures },
      observer: identity.pseudonym, trainingPairs: settings.trainingPairs,
      guide: try row.map { try Self.guide(db, $0.attribute, language) }, opensAtOne: isFace,
      wantedScale: isFace ? settings.wantedScale : 0, plates: settings.colorPlates,
      leastAcuity: settings.leastAcuity, asksExperience: settings.asksExperience,
      blockSeconds: settings.blockSeconds,
      allVotes: try voteCount(db, observer: identity.observer))
  }

  func step(_ db: Database, _ row: SessionRow?) throws -> Step {
    guard let row else { return .done }
    guard try hasConsent(db, row.observer) else { return .consent }
    if settings.gate != .off {
      guard let check = row.calibration.flatMap(ViewingCheck.stored) else { return .check }
      if settings.gate == .strict, !check.failures.isEmpty { return .check }
    }
    if row.trainedAt == nil { return .training }
    if row.state == .paused { return .paused }
    if row.left(at: now) == 0 { return .rest }
    return row.taskState == .open ? .compare : .done
  }

  func voteCount(_ db: Database, session: String) throws -> Int {
    try db.value(
      Int.self,
      sql: """
        SELECT count(*) FROM annotation_lease l JOIN annotation_vote v ON v.lease = l.id
        WHERE l.session = ? AND l.kind <> 'training'
          AND v.id NOT IN (SELECT vote FROM annotation_vote_void)
        """, arguments: [session]) ?? 0
  }

  /// The answers of an observer that stand, practice left out.
  private func voteCount(_ db: Database, observer: Int64) throws -> Int {
    try db.value(
      Int.self,
      sql: """
        SELECT count(*) FROM annotation_lease l JOIN annotation_vote v ON v.lease = l.id
        WHERE l.observer = ? AND l.kind <> 'training'
          AND v.id NOT IN (SELECT vote FROM annotation_vote_void)
        """, arguments: [observer]) ?? 0
  }

  /// Whether an attribute's regions are cut around the face: its fine detail shows at 1:1 only.
  static func isJudgedOnFace(_ db: Database, _ attribute: String) throws -> Bool {
    try db.value(
      Bool.self, sql: "SELECT cut_around_face FROM study_attribute WHERE name = ?",
      arguments: [attribute]) ?? false
  }
}

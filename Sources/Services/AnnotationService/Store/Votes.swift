import Foundation
import GRDB
import Statistics
import Studies

/// A vote as a page sends it.
struct VoteRequest: Codable, Sendable {
  var clientKey: String
  var choice: String
  var responseMilliseconds: Int?
  var view: ViewingStatistics?
  /// The version of the guidelines that the page showed.
  var guidelines: String?
}

/// How a pair was viewed: stored with the vote.
struct ViewingStatistics: Codable, Sendable {
  var toggles: Int
  var zooms: Int
  var pans: Int
  /// The scale when the answer was given: screen pixels for each pixel of the picture.
  var scale: Double
  /// The largest scale at which this pair was looked at; pages of earlier versions send none.
  var largestScale: Double?
  /// The screen's pixels for each CSS pixel.
  var pixelRatio: Double?
}

/// The receipt of a vote; the same for every repetition of the request.
struct VoteReceipt: Codable, Sendable, Equatable {
  var vote: Int64
  var lease: String
  var choice: String
  var at: Int64
  /// In training on a golden pair: whether the better photo was chosen.
  var isRight: Bool?
}

/// What became of a vote.
enum VoteOutcome: Sendable {
  case counted(VoteReceipt, task: Int64)
  case known(VoteReceipt)
  case conflict
  case gone
  case missing
  /// The pair was never looked at as large as the study wants; it stays open.
  case tooSmall
}

/// What became of an undo.
enum UndoOutcome: Sendable {
  case voided(Int64)
  case nothing
  case conflict
}

extension AnnotationStudy {
  /// Counts a vote once, whatever is repeated, raced or killed.
  func vote(
    lease id: String, _ identity: Identity, _ request: VoteRequest
  ) async throws -> VoteOutcome {
    guard let choice = VoteChoice(rawValue: request.choice),
      choice != .tie || settings.allowsTies
    else { throw RequestProblem.badBody("choice") }
    guard (16...64).contains(request.clientKey.utf8.count) else {
      throw RequestProblem.badBody("clientKey")
    }
    return try await commits.write { [self] db in
      let lease = try db.row(
        sql: "SELECT * FROM annotation_lease WHERE id = ? AND observer = ?",
        arguments: [id, identity.observer])
      guard let lease else { return .missing }
      let known = try db.row(
        sql: "SELECT * FROM annotation_vote WHERE client_key = ? OR lease = ?",
        arguments: [request.clientKey, id])
      if let known {
        let same = known["lease"] == id && known["choice"] == request.choice
        return same ? .known(try receipt(db, known, lease)) : .conflict
      }
      let circumstances = try self.circumstances(db, lease, request)
      if circumstances.isBelowScale == true, settings.gate == .strict { return .tooSmall }
      guard try take(db, lease) else { return .gone }
      let receipt = try record(db, lease, identity, request, choice, circumstances)
      return .counted(receipt, task: lease["task"])
    }
  }

  /// Turns an open lease into a voted one; a released one only while its pair was not given away.
  private func take(_ db: Database, _ lease: Row) throws -> Bool {
    let id: String = lease["id"]
    let session = try db.value(
      String.self, sql: "SELECT state FROM annotation_session WHERE id = ?",
      arguments: [lease["session"] as String])
    guard session != nil else { return false }
    try db.change(
      sql: """
        UPDATE annotation_lease SET state = 'voted' WHERE id = ?1 AND (state = 'open'
          OR (state = 'released' AND kind <> 'training' AND NOT EXISTS (
            SELECT 1 FROM annotation_lease n WHERE n.task = annotation_lease.task
              AND n.low = annotation_lease.low AND n.high = annotation_lease.high
              AND n.kind = 'active' AND n.number > annotation_lease.number)))
        """, arguments: [id])
    return db.changesCount == 1
  }

  private func record(
    _ db: Database, _ lease: Row, _ identity: Identity, _ request: VoteRequest,
    _ choice: VoteChoice, _ circumstances: VoteCircumstances
  ) throws -> VoteReceipt {
    let at = now
    let id: String = lease["id"]
    let view = try request.view.map {
      String(decoding: try JSONEncoder().encode($0), as: UTF8.self)
    }
    try db.change(
      sql: """
        INSERT INTO annotation_vote (lease, client_key, choice, response_ms, view, at, guidelines,
          scale, pixels_per_degree, pixel_ratio, station, below_scale)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        id, request.clientKey, choice, request.responseMilliseconds.map { max(0, $0) },
        view, at, circumstances.guidelines, circumstances.scale, circumstances.pixelsPerDegree,
        circumstances.pixelRatio, circumstances.station, circumstances.isBelowScale,
      ])
    let vote = db.lastInsertedRowID
    if lease["kind"] == LeaseKind.active {
      try db.change(
        sql: "DELETE FROM annotation_pair_queue WHERE task = ? AND low = ? AND high = ?",
        arguments: [lease["task"] as Int64, lease["low"] as Int64, lease["high"] as Int64])
    }
    let sealed = try db.row(
      sql: """
        SELECT v.*, l.low, l.high, l.left_is_low, l.kind, l.observer, l.task
        FROM annotation_vote v JOIN annotation_lease l ON l.id = v.lease WHERE v.id = ?
        """, arguments: [vote])
    try AuditTrail.append(
      db, at, actor: identity.pseudonym, .vote,
      ["vote": "\(vote)", "seal": sealed.map(AuditTrail.seal) ?? ""])
    return VoteReceipt(
      vote: vote, lease: id, choice: choice.rawValue, at: at,
      isRight: try isRight(db, lease, choice: choice))
  }

  private func receipt(_ db: Database, _ vote: Row, _ lease: Row) throws -> VoteReceipt {
    VoteReceipt(
      vote: vote["id"], lease: vote["lease"], choice: vote["choice"], at: vote["at"],
      isRight: try isRight(db, lease, choice: vote["choice"]))
  }

  /// Feedback, only in training and only where the better photo is known.
  private func isRight(_ db: Database, _ lease: Row, choice: VoteChoice) throws -> Bool? {
    guard lease["kind"] == LeaseKind.training, choice != .tie else { return nil }
    let low: Int64 = lease["low"]
    let high: Int64 = lease["high"]
    let better = try db.value(
      Int64.self,
      sql: "SELECT better FROM annotation_golden WHERE task = ? AND low = ? AND high = ?",
      arguments: [lease["task"] as Int64, low, high])
    let leftIsLow: Bool = lease["left_is_low"]
    let chosen = (choice == .left) == leftIsLow ? low : high
    return better.map { $0 == chosen }
  }

  /// The session's last vote that stands.
  func lastVote(
    _ db: Database, _ row: SessionRow
  ) throws -> (vote: Int64, lease: String)? {
    try db.row(
      sql: """
        SELECT v.id, v.lease FROM annotation_vote v JOIN annotation_lease l ON l.id = v.lease
        WHERE l.session = ? AND l.kind <> 'training'
          AND v.id NOT IN (SELECT vote FROM annotation_vote_void)
        ORDER BY v.id DESC LIMIT 1
        """, arguments: [row.id]
    ).map { ($0["id"], $0["lease"]) }
  }

  /// Voids the caller's last vote and brings its pair back first; the vote itself stays on record.
  ///
  /// `expected` is the vote that the page shows as the last: a repeated request voids nothing more.
  func undo(_ identity: Identity, expected: Int64?) async throws -> UndoOutcome {
    try await commits.write { [self] db in
      guard let row = try current(db, identity.observer) else { return .nothing }
      if let expected {
        let done = try db.value(
          Bool.self,
          sql: """
            SELECT EXISTS (SELECT 1 FROM annotation_vote_void x
              JOIN annotation_vote v ON v.id = x.vote JOIN annotation_lease l ON l.id = v.lease
              WHERE x.vote = ? AND l.observer = ?)
            """, arguments: [expected, identity.observer])
        if done == true { return .voided(expected) }
      }
      guard let last = try lastVote(db, row) else { return .nothing }
      if let expected, expected != last.vote { return .conflict }
      try void(db, last.vote, reason: "undo", actor: identity.pseudonym)
      try bringBack(db, row, lease: last.lease)
      return .voided(last.vote)
    }
  }

  func void(_ db: Database, _ vote: Int64, reason: String, actor: String) throws {
    let at = now
    try db.change(
      sql: "INSERT INTO annotation_vote_void VALUES (?, ?, ?)", arguments: [vote, reason, at])
    try AuditTrail.append(db, at, actor: actor, .void, ["vote": "\(vote)", "reason": reason])
  }

  /// Leases the pair of a voided vote again, before the session's other pairs, unless somebody
  /// holds it.
  private func bringBack(_ db: Database, _ row: SessionRow, lease id: String) throws {
    let lease = try db.row(sql: "SELECT * FROM annotation_lease WHERE id = ?", arguments: [id])
    guard let lease else { return }
    let pair = LeasePair(low: lease["low"], high: lease["high"])
    let kind: LeaseKind = lease["kind"]
    let held = try db.value(
      Bool.self,
      sql: """
        SELECT EXISTS (SELECT 1 FROM annotation_lease WHERE task = ? AND low = ? AND high = ?
          AND state = 'open' AND kind = 'active' AND expires > ?)
        """, arguments: [row.task, pair.low, pair.high, now])
    let active = try db.value(
      Int.self,
      sql: "SELECT count(*) FROM annotation_image WHERE id IN (?, ?) AND state = 'active'",
      arguments: [pair.low, pair.high])
    guard active == 2, kind != .active || held == false else { return }
    let first = try db.value(
      Int64.self,
      sql: "SELECT min(position) FROM annotation_lease WHERE session = ? AND state = 'open'",
      arguments: [row.id])
    let number =
      (try db.value(Int64.self, sql: "SELECT max(number) FROM annotation_lease") ?? 0) + 1
    var random = SeededGenerator(seed: settings.seed).stream(UInt64(number))
    try insert(
      db, row, pair, kind: kind, origin: Self.origin(of: lease), number,
      now + Int64(settings.leaseSeconds) * 1000, leftIsLow: lease["left_is_low"],
      position: first.map { $0 - 1 } ?? number, &random)
  }
}

/// A request that can't be parsed.
enum RequestProblem: Error {
  case badBody(String)
}

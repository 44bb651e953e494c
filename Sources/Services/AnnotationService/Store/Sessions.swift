import Foundation
import GRDB
import Studies

/// One block of work of one observer on one task.
struct SessionRow: Sendable {
  let id: String
  let observer: Int64
  let task: Int64
  let taskName: String
  let isCrossScene: Bool
  let attribute: String
  let taskState: TaskState
  let state: SessionState
  let calibration: String?
  /// The browser's cookie: a check of one screen says nothing about another.
  let cookie: Data?
  let trainedAt: Int64?
  var deadline: Int64?
  let remaining: Int64
  let ended: Int64?

  init(_ row: Row) {
    id = row["id"]
    observer = row["observer"]
    task = row["task"]
    taskName = row["name"]
    let scene: String? = row["scene"]
    isCrossScene = scene == nil
    attribute = row["attribute"]
    taskState = row["task_state"]
    state = row["state"]
    calibration = row["calibration"]
    cookie = row["cookie"]
    trainedAt = row["trained_at"]
    deadline = row["deadline"]
    remaining = row["remaining"]
    ended = row["ended"]
  }

  /// What is left of the block at a time, in milliseconds.
  func left(at now: Int64) -> Int64 { deadline.map { max(0, $0 - now) } ?? remaining }

  static let select = """
    SELECT s.*, t.name, t.scene, t.attribute, t.state AS task_state FROM annotation_session s
    JOIN annotation_task t ON t.id = s.task
    """

  static func fetch(_ db: Database, id: String, observer: Int64) throws -> SessionRow? {
    try db.row(
      sql: select + " WHERE s.id = ? AND s.observer = ?", arguments: [id, observer]
    ).map(SessionRow.init)
  }
}

extension AnnotationStudy {
  /// The observer's open session, or a new one where a task has need of votes; consent comes before
  /// everything.
  func openSession(_ identity: Identity, language: String) async throws -> SessionView {
    try await commits.write { [self] db in
      if let row = try current(db, identity.observer) {
        let isOver = row.left(at: now) == 0
        if row.taskState == .open, !isOver {
          return try view(db, try moved(db, row, to: identity), identity, language)
        }
        try end(
          db, row, reason: isOver ? "block over" : "task complete", actor: identity.pseudonym)
      }
      guard try hasConsent(db, identity.observer) else {
        return try view(db, nil, identity, language, step: .consent)
      }
      if let rest = try restSeconds(db, identity.observer) {
        return try view(db, nil, identity, language, step: .rest, secondsLeft: rest)
      }
      let block = try openBlock(db, identity.observer)
      guard let task = try nextTask(db, identity.observer, after: block?.attribute) else {
        return try view(db, nil, identity, language, step: .done)
      }
      let fresh = try startSession(db, identity, task: task, block: block)
      return try view(db, fresh, identity, language)
    }
  }

  /// A session that continues in another browser has another screen, which is checked again.
  private func moved(
    _ db: Database, _ row: SessionRow, to identity: Identity
  ) throws -> SessionRow {
    guard row.cookie != identity.cookie else { return row }
    try db.change(
      sql: """
        UPDATE annotation_session SET calibration = NULL, calibrated_at = NULL, cookie = ?
        WHERE id = ?
        """, arguments: [identity.cookie, row.id])
    return try SessionRow.fetch(db, id: row.id, observer: row.observer) ?? row
  }

  /// What is left of the block of a session that ended early: a task without pairs is no break, so
  /// the next one continues the block, with the same attribute where it can.
  private func openBlock(
    _ db: Database, _ observer: Int64
  ) throws -> (attribute: String, remaining: Int64)? {
    let last = try db.row(
      sql: """
        SELECT s.remaining, s.ended, t.attribute FROM annotation_session s
        JOIN annotation_task t ON t.id = s.task WHERE s.observer = ? AND s.state = 'ended'
        ORDER BY s.ended DESC, s.rowid DESC LIMIT 1
        """, arguments: [observer])
    guard let last, let ended = last["ended"] as Int64? else { return nil }
    let remaining: Int64 = last["remaining"]
    guard remaining > 0, now - ended < Int64(settings.breakSeconds) * 1000 else { return nil }
    return (last["attribute"], min(remaining, Int64(settings.blockSeconds) * 1000))
  }

  private func startSession(
    _ db: Database, _ identity: Identity, task: Int64,
    block: (attribute: String, remaining: Int64)?
  ) throws -> SessionRow? {
    let at = now
    let id = Token.random()
    // A check holds for half a day on the same browser; training holds for the attribute.
    let calibration = try db.row(
      sql: """
        SELECT calibration, calibrated_at FROM annotation_session
        WHERE observer = ? AND cookie = ? AND calibrated_at > ?
        ORDER BY calibrated_at DESC LIMIT 1
        """, arguments: [identity.observer, identity.cookie, at - 12 * 3_600_000])
    let trained = try db.value(
      Int64.self,
      sql: """
        SELECT max(s.trained_at) FROM annotation_session s JOIN annotation_task t ON t.id = s.task
        WHERE s.observer = ?
          AND t.attribute = (SELECT attribute FROM annotation_task WHERE id = ?)
        """, arguments: [identity.observer, task])
    try db.change(
      sql: """
        INSERT INTO annotation_session (id, observer, task, state, calibration, calibrated_at,
          trained_at, started, remaining, cookie) VALUES (?, ?, ?, 'open', ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        id, identity.observer, task, calibration?["calibration"] as String?,
        calibration?["calibrated_at"] as Int64?, trained, at,
        block?.remaining ?? Int64(settings.blockSeconds) * 1000, identity.cookie,
      ])
    try AuditTrail.append(
      db, at, actor: identity.pseudonym, .session, ["session": id, "task": "\(task)"])
    return try SessionRow.fetch(db, id: id, observer: identity.observer)
  }

  /// The session that is not ended.
  func current(_ db: Database, _ observer: Int64) throws -> SessionRow? {
    try db.row(
      sql: SessionRow.select + """
         WHERE s.observer = ? AND s.state <> 'ended' ORDER BY s.started DESC LIMIT 1
        """, arguments: [observer]
    ).map(SessionRow.init)
  }

  func hasConsent(_ db: Database, _ observer: Int64) throws -> Bool {
    try db.value(
      Int64.self,
      sql: """
        SELECT consent_at FROM annotation_observer WHERE id = ? AND consent_version = ?
        """, arguments: [observer, ConsentText.version]) != nil
  }

  /// The seconds of a break that is not over.
  private func restSeconds(_ db: Database, _ observer: Int64) throws -> Int? {
    let ended = try db.value(
      Int64.self,
      sql: """
        SELECT max(ended) FROM annotation_session
        WHERE observer = ? AND state = 'ended' AND deadline IS NOT NULL AND deadline <= ended
        """, arguments: [observer])
    guard let ended else { return nil }
    let left = ended + Int64(settings.breakSeconds) * 1000 - now
    return left > 0 ? Int((left + 999) / 1000) : nil
  }

  /// The open task of the block's attribute, else of the first attribute in the owner's order, with
  /// the smallest number of votes, and pairs that this observer has not judged.
  private func nextTask(
    _ db: Database, _ observer: Int64, after attribute: String?
  ) throws -> Int64? {
    try db.value(
      Int64.self,
      sql: """
        WITH members AS (
          SELECT m.task, count(*) AS n FROM annotation_task_image m
          JOIN annotation_image i ON i.id = m.image WHERE i.state = 'active' GROUP BY m.task),
        judged AS (
          SELECT l.task, count(DISTINCT l.low * 4294967296 + l.high) AS mine
          FROM annotation_lease l WHERE l.observer = ?1 AND l.kind = 'active' AND l.state = 'voted'
            AND EXISTS (SELECT 1 FROM annotation_vote v WHERE v.lease = l.id
              AND v.id NOT IN (SELECT vote FROM annotation_vote_void))
          GROUP BY l.task),
        total AS (
          SELECT task, count(*) AS votes FROM annotation_lease
          WHERE kind = 'active' AND state = 'voted' GROUP BY task),
        aside AS (SELECT task, count(*) AS n FROM annotation_pair_aside GROUP BY task)
        SELECT t.id FROM annotation_task t JOIN members m ON m.task = t.id
        LEFT JOIN judged j ON j.task = t.id LEFT JOIN total v ON v.task = t.id
        LEFT JOIN aside x ON x.task = t.id LEFT JOIN annotation_attribute o ON o.name = t.attribute
        WHERE t.state = 'open' AND m.n >= 2 AND coalesce(o.is_on, 1)
          AND coalesce(j.mine, 0) < m.n * (m.n - 1) / 2 - coalesce(x.n, 0)
        ORDER BY t.attribute IS NOT ?2, coalesce(o.position, 0), coalesce(v.votes, 0), t.id LIMIT 1
        """, arguments: [observer, attribute])
  }

  /// Ends a session; its open pairs go back to the queue.
  func end(_ db: Database, _ row: SessionRow, reason: String, actor: String) throws {
    let at = now
    // A block that ran out while nobody was there ended at its deadline, and so did the work before
    // the break.
    let ended = min(at, row.deadline ?? at)
    try releaseLeases(db, session: row.id)
    try db.change(
      sql: "UPDATE annotation_session SET state = 'ended', ended = ?, remaining = ? WHERE id = ?",
      arguments: [ended, row.left(at: at), row.id])
    try AuditTrail.append(
      db, at, actor: actor, .sessionEnd, ["session": row.id, "reason": reason])
  }
}

/// What a page asks of its session.
enum SessionAction: String, Codable, Sendable {
  /// The screen was checked.
  case calibration
  /// The guidelines were read and the practice is over.
  case trained
  /// The clock stands still.
  case pause
  /// The clock runs again.
  case resume
  /// The page is left, or loaded again.
  case leave
  /// The block is over before its time.
  case finish
}

/// A change that a page asks of its session.
struct SessionChange: Codable, Sendable {
  var action: SessionAction
  var version: String?
  var check: ViewingReport?
}

extension AnnotationStudy {
  /// Records consent; nothing can be judged before.
  func consent(_ identity: Identity, version: String) async throws {
    try await commits.write { [self] db in
      let at = now
      try db.change(
        sql: """
          UPDATE annotation_observer SET consent_at = ?1, consent_version = ?2
          WHERE id = ?3 AND (consent_at IS NULL OR consent_version <> ?2)
          """, arguments: [at, version, identity.observer])
      if db.changesCount == 1 {
        try AuditTrail.append(
          db, at, actor: identity.pseudonym, .consent, ["version": version])
      }
    }
  }

  /// Applies a change to the caller's session; `nil` when it isn't the caller's.
  func change(
    _ id: String, _ identity: Identity, _ change: SessionChange, station: Station? = nil,
    language: String
  ) async throws -> SessionView? {
    try await commits.write { [self] db in
      guard let row = try SessionRow.fetch(db, id: id, observer: identity.observer) else {
        return nil
      }
      guard row.state != .ended else {
        return try view(db, nil, identity, language, step: .done)
      }
      try apply(db, row, identity, change, station)
      return try view(
        db, try SessionRow.fetch(db, id: id, observer: identity.observer), identity, language)
    }
  }

  private func apply(
    _ db: Database, _ row: SessionRow, _ identity: Identity, _ change: SessionChange,
    _ station: Station?
  ) throws {
    let at = now
    switch change.action {
    case .calibration:
      guard let report = change.check else { throw RequestProblem.badBody("check") }
      let judged = ViewingCheck(
        report, station: station, validDays: settings.calibrationDays,
        vision: VisionRule(settings), at: clock())
      let text = try judged.encoded()
      try db.change(
        sql: "UPDATE annotation_session SET calibration = ?, calibrated_at = ? WHERE id = ?",
        arguments: [text, at, row.id])
      try AuditTrail.append(
        db, at, actor: identity.pseudonym, .calibration, ["session": row.id, "check": text])
    case .trained:
      guard try step(db, row) == .training else { return }
      // A page asks for this when no pair is left to practise; another client may not skip them.
      guard try hasPractised(db, row) else { throw RequestProblem.badBody("action") }
      try db.change(
        sql: "UPDATE annotation_session SET trained_at = ?, deadline = ? WHERE id = ?",
        arguments: [at, at + row.remaining, row.id])
      try db.change(
        sql: """
          UPDATE annotation_lease SET state = 'released'
          WHERE session = ? AND kind = 'training' AND state = 'open'
          """, arguments: [row.id])
    case .pause:
      try releaseLeases(db, session: row.id)
      try db.change(
        sql: """
          UPDATE annotation_session SET state = 'paused', remaining = ?, deadline = NULL
          WHERE id = ? AND state = 'open'
          """, arguments: [row.left(at: at), row.id])
    case .resume:
      try db.change(
        sql: "UPDATE annotation_session SET state = 'open', deadline = ? WHERE id = ?",
        arguments: [at + row.left(at: at), row.id])
    case .leave:
      // A reload leaves too: the pair stays reserved for a moment and is found again.
      try db.change(
        sql: """
          UPDATE annotation_lease SET expires = min(expires, ?) WHERE session = ?
            AND state = 'open'
          """, arguments: [at + Int64(settings.graceSeconds) * 1000, row.id])
    case .finish:
      try end(db, row, reason: "finished", actor: identity.pseudonym)
    }
  }

  /// Gives a session's open pairs back to the queue.
  func releaseLeases(_ db: Database, session: String) throws {
    try db.change(
      sql: """
        INSERT OR IGNORE INTO annotation_pair_queue (task, low, high, batch, rank, criterion)
        SELECT task, low, high, coalesce(batch, 0), -1, criterion FROM annotation_lease
        WHERE session = ? AND state = 'open' AND kind = 'active'
        """, arguments: [session])
    try db.change(
      sql: """
        UPDATE annotation_lease SET state = 'released' WHERE session = ? AND state = 'open'
        """, arguments: [session])
  }
}

import Domain
import Foundation
import GRDB
import Statistics
import Studies

/// A pair in an observer's hands, as his page sees it.
struct LeaseView: Codable, Sendable {
  struct Picture: Codable, Sendable {
    var src: String
    var width: Int
    var height: Int
  }
  var id: String
  var isTraining: Bool
  var left: Picture
  var right: Picture
}

/// The answer to a request for pairs.
struct LeaseBatch: Codable, Sendable {
  /// `ok`, `wait` (ask again), `rest`, `paused`, `done`, or an earlier step of the way.
  var status: String
  var leases: [LeaseView]
  var secondsLeft: Int
  var votes: Int
  /// The vote that an undo would void.
  var lastVote: Int64?
  /// The version of the guidelines that holds now.
  var guidelines: String?
}

/// A pair of a task's images, `low < high`.
struct LeasePair: Hashable, Sendable {
  let low: Int64
  let high: Int64
}

extension AnnotationStudy {
  /// The caller's open pairs, topped up to the current and the next; `nil` when the session isn't
  /// the caller's.
  ///
  /// Two observers never hold one open pair: a partial unique index forbids it, whatever this code
  /// does.
  func lease(
    _ session: String, _ identity: Identity, language: String
  ) async throws -> (LeaseBatch, Int64)? {
    try await commits.write { [self] db in
      guard var row = try SessionRow.fetch(db, id: session, observer: identity.observer) else {
        return nil
      }
      if row.deadline == nil, row.state == .open, try self.step(db, row) == .compare {
        row.deadline = now + row.remaining
        try db.change(
          sql: "UPDATE annotation_session SET deadline = ? WHERE id = ?",
          arguments: [row.deadline, row.id])
      }
      let step = row.state == .ended ? Step.done : try self.step(db, row)
      var batch = LeaseBatch(
        status: step.rawValue, leases: [], secondsLeft: Int(row.left(at: now) / 1000),
        votes: try voteCount(db, session: row.id), lastVote: try lastVote(db, row)?.vote,
        guidelines: try Self.guidelinesVersion(db, row.attribute, language))
      guard step == .compare || step == .training else {
        if step == .rest { try end(db, row, reason: "block over", actor: identity.pseudonym) }
        return (batch, row.task)
      }
      let expires = now + Int64(settings.leaseSeconds) * 1000
      try db.change(
        sql: "UPDATE annotation_lease SET expires = ? WHERE session = ? AND state = 'open'",
        arguments: [expires, row.id])
      let open = try openLeases(db, row)
      var missing = 2 - open.count
      while missing > 0, try addLease(db, row, step: step, expires: expires) { missing -= 1 }
      batch.leases = try openLeases(db, row)
      batch.status = batch.leases.isEmpty ? try emptyStatus(db, row, step) : "ok"
      return (batch, row.task)
    }
  }

  /// Why there is no pair: the planner is at work, or this observer has judged them all.
  private func emptyStatus(_ db: Database, _ row: SessionRow, _ step: Step) throws -> String {
    if step == .training { return "trained" }
    let members = try memberIDs(db, task: row.task)
    let judged = try judgedPairs(db, row).union(try pairsAside(db, row.task))
    if judged.count >= members.count * (members.count - 1) / 2 {
      try end(db, row, reason: "no pair left", actor: "program")
      return "done"
    }
    return "wait"
  }

  func openLeases(_ db: Database, _ row: SessionRow) throws -> [LeaseView] {
    try db.rows(
      sql: """
        SELECT l.id, l.kind, l.left_is_low, a.sha256 AS low_sha, a.width AS low_w,
          a.height AS low_h, b.sha256 AS high_sha, b.width AS high_w, b.height AS high_h
        FROM annotation_lease l
        JOIN annotation_roi a ON a.image = l.low AND a.attribute = ?
        JOIN annotation_roi b ON b.image = l.high AND b.attribute = ?
        WHERE l.session = ? AND l.state = 'open' ORDER BY l.position
        """, arguments: [row.attribute, row.attribute, row.id]
    ).map { lease in
      let low = LeaseView.Picture(
        src: "/img/\(lease["low_sha"] as String)", width: lease["low_w"], height: lease["low_h"])
      let high = LeaseView.Picture(
        src: "/img/\(lease["high_sha"] as String)", width: lease["high_w"],
        height: lease["high_h"])
      let leftIsLow: Bool = lease["left_is_low"]
      return LeaseView(
        id: lease["id"], isTraining: lease["kind"] == LeaseKind.training,
        left: leftIsLow ? low : high,
        right: leftIsLow ? high : low)
    }
  }

  /// Takes one more pair for the session; false when there is none now.
  private func addLease(
    _ db: Database, _ row: SessionRow, step: Step, expires: Int64
  ) throws -> Bool {
    let number =
      (try db.value(Int64.self, sql: "SELECT max(number) FROM annotation_lease") ?? 0) + 1
    var random = SeededGenerator(seed: settings.seed).stream(UInt64(number))
    if step == .training {
      let shown =
        try db.value(
          Int.self,
          sql: """
            SELECT count(*) FROM annotation_lease
            WHERE session = ? AND kind = 'training' AND state IN ('open', 'voted')
            """, arguments: [row.id]) ?? 0
      guard shown < settings.trainingPairs, let pair = try trainingPair(db, row, &random) else {
        return false
      }
      try insert(db, row, pair, kind: .training, number, expires, leftIsLow: nil, &random)
      return true
    }
    let draw = random.uniform()
    if draw < settings.goldenShare, let pair = try goldenPair(db, row) {
      try insert(db, row, pair, kind: .golden, number, expires, leftIsLow: nil, &random)
      return true
    }
    if draw >= settings.goldenShare, draw < settings.goldenShare + settings.repeatShare,
      let (pair, leftIsLow) = try repeatPair(db, row)
    {
      try insert(db, row, pair, kind: .repeat, number, expires, leftIsLow: leftIsLow, &random)
      return true
    }
    guard let (pair, origin) = try activePair(db, row, &random) else { return false }
    try insert(
      db, row, pair, kind: .active, origin: origin, number, expires, leftIsLow: nil, &random)
    return true
  }

  /// Whether the session's practice pairs are answered, or no pair is left to practise.
  func hasPractised(_ db: Database, _ row: SessionRow) throws -> Bool {
    let answered =
      try db.value(
        Int.self,
        sql: """
          SELECT count(*) FROM annotation_lease
          WHERE session = ? AND kind = 'training' AND state = 'voted'
          """, arguments: [row.id]) ?? 0
    if answered >= settings.trainingPairs { return true }
    var random = SeededGenerator(seed: settings.seed)
    return try openLeases(db, row).isEmpty && trainingPair(db, row, &random) == nil
  }

  /// Writes a lease; sides are balanced per image unless given.
  func insert(
    _ db: Database, _ row: SessionRow, _ pair: LeasePair, kind: LeaseKind,
    origin: PairOrigin? = nil, _ number: Int64, _ expires: Int64, leftIsLow: Bool?,
    position: Int64? = nil, _ random: inout SeededGenerator
  ) throws {
    if kind == .active {
      // Only an expired lease can stand here: the pair is given away now, a late vote on it gets
      // 410.
      try db.change(
        sql: """
          UPDATE annotation_lease SET state = 'expired' WHERE task = ? AND low = ? AND high = ?
            AND kind = 'active' AND (state = 'released' OR (state = 'open' AND expires <= ?))
          """, arguments: [row.task, pair.low, pair.high, now])
    }
    let side = try leftIsLow ?? balancedSide(db, row.task, pair, &random)
    try db.change(
      sql: """
        INSERT INTO annotation_lease (id, number, task, low, high, left_is_low, kind, session,
          observer, position, expires, state, criterion, batch)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)
        """,
      arguments: [
        Token.random(), number, row.task, pair.low, pair.high, side, kind, row.id, row.observer,
        position ?? number, expires, origin?.criterion.rawValue, origin?.batch,
      ])
    try db.change(
      sql: "DELETE FROM annotation_pair_queue WHERE task = ? AND low = ? AND high = ?",
      arguments: [row.task, pair.low, pair.high])
    let images = side ? (pair.low, pair.high) : (pair.high, pair.low)
    try db.change(
      sql: """
        UPDATE annotation_task_image SET shown_left = shown_left + (image = ?1),
          shown_right = shown_right + (image = ?2) WHERE task = ?3 AND image IN (?1, ?2)
        """, arguments: [images.0, images.1, row.task])
  }

  private func balancedSide(
    _ db: Database, _ task: Int64, _ pair: LeasePair, _ random: inout SeededGenerator
  ) throws -> Bool {
    let excess = try db.value(
      Int.self,
      sql: """
        SELECT sum(CASE image WHEN ?1 THEN shown_left - shown_right
          ELSE shown_right - shown_left END)
        FROM annotation_task_image WHERE task = ?2 AND image IN (?1, ?3)
        """, arguments: [pair.low, task, pair.high])
    guard let excess, excess != 0 else { return random.uniform() < 0.5 }
    return excess < 0
  }

  /// A pair that this observer has in hand, or has judged from the lease `?4` on and not taken
  /// back, for the row `q` of a query.
  private static let isMine = """
    EXISTS (SELECT 1 FROM annotation_lease m WHERE m.observer = ?3 AND m.task = q.task
      AND m.low = q.low AND m.high = q.high AND m.kind = 'active' AND (m.state = 'open'
        OR (m.state = 'voted' AND m.number >= ?4 AND NOT EXISTS (SELECT 1 FROM annotation_vote v
          JOIN annotation_vote_void x ON x.vote = v.id WHERE v.lease = m.id))))
    """

  /// The number of this observer's lease before which a pair that was judged may return; nil while
  /// none may: ten observers bring enough answers of their own.
  private func returnLimit(_ db: Database, _ row: SessionRow) throws -> Int64? {
    guard settings.returnAfter > 0 else { return nil }
    let others = try db.value(
      Int.self,
      sql: """
        SELECT count(*) FROM annotation_observer o WHERE o.withdrawn_at IS NULL AND EXISTS (
          SELECT 1 FROM annotation_lease l WHERE l.observer = o.id AND l.task = ?
            AND l.kind = 'active' AND l.state = 'voted')
        """, arguments: [row.task])
    guard others ?? 0 < 10 else { return nil }
    return try db.value(
      Int64.self,
      sql: """
        SELECT number FROM annotation_lease WHERE observer = ? AND task = ? AND kind <> 'training'
        ORDER BY number DESC LIMIT 1 OFFSET ?
        """, arguments: [row.observer, row.task, settings.returnAfter - 1])
  }

  /// A pair that was abandoned, or the next of the queue, that this observer has neither judged nor
  /// just given back.
  private func activePair(
    _ db: Database, _ row: SessionRow, _ random: inout SeededGenerator
  ) throws -> (LeasePair, PairOrigin?)? {
    let recent = try pairs(
      db,
      """
      SELECT low, high FROM annotation_lease WHERE session = ? ORDER BY number DESC LIMIT 4
      """, [row.id])
    let arguments: StatementArguments = [row.task, now, row.observer, 0]
    // Four recent pairs at most, so five candidates hold one that will do.
    let abandoned = try plannedPairs(
      db,
      """
      SELECT q.low, q.high, q.criterion, q.batch FROM annotation_lease q WHERE q.task = ?1 AND q.state = 'open'
        AND q.kind = 'active' AND q.expires <= ?2 AND NOT \(Self.isMine)
      ORDER BY q.number LIMIT 5
      """, arguments)
    if let found = abandoned.first(where: { !recent.contains($0.pair) }) { return found }
    if let found = try queuedPair(db, row, recent, judgedFrom: 0) { return found }
    // Where few take part, what the plan asks was soon judged by all of them: then an old pair of
    // the plan is worth more than a spare one.
    if let limit = try returnLimit(db, row),
      let found = try queuedPair(db, row, recent, judgedFrom: limit)
    {
      return found
    }
    // A spare pair follows how often pairs were judged, not the answers.
    return try sparePair(db, row, recent: recent, &random).map {
      ($0, PairOrigin(criterion: .random, batch: 0))
    }
  }

  /// The least judged pair, when the queue holds nothing for this observer.
  private func sparePair(
    _ db: Database, _ row: SessionRow, recent: Set<LeasePair>, _ random: inout SeededGenerator
  ) throws -> LeasePair? {
    let held = try pairs(
      db,
      """
      SELECT low, high FROM annotation_lease
      WHERE task = ? AND state = 'open' AND kind = 'active' AND expires > ?
      """, [row.task, now])
    let blocked = try judgedPairs(db, row).union(held).union(try pairsAside(db, row.task))
    return try fallbackPair(db, row, blocked: blocked.union(recent), &random)
      ?? fallbackPair(db, row, blocked: blocked, &random)
  }

  /// The next of the queue that this observer has not judged from a lease on.
  private func queuedPair(
    _ db: Database, _ row: SessionRow, _ recent: Set<LeasePair>, judgedFrom limit: Int64
  ) throws -> (pair: LeasePair, origin: PairOrigin?)? {
    try plannedPairs(
      db,
      """
      SELECT q.low, q.high, q.criterion, q.batch FROM annotation_pair_queue q WHERE q.task = ?1
        AND NOT EXISTS (SELECT 1 FROM annotation_lease h WHERE h.task = q.task AND h.low = q.low
          AND h.high = q.high AND h.state = 'open' AND h.kind = 'active' AND h.expires > ?2)
        AND NOT \(Self.isMine)
      ORDER BY q.rank >= 0, q.batch, q.rank LIMIT 5
      """, [row.task, now, row.observer, limit]
    ).first { !recent.contains($0.pair) }
  }

  /// The least judged pair outside `blocked`, when the queue holds nothing for this observer.
  private func fallbackPair(
    _ db: Database, _ row: SessionRow, blocked: Set<LeasePair>, _ random: inout SeededGenerator
  ) throws -> LeasePair? {
    // While the planner has not planned anything yet, wait for it.
    let leased = try db.value(
      Bool.self,
      sql: """
        SELECT EXISTS (SELECT 1 FROM annotation_pair_queue WHERE task = ?1)
          OR EXISTS (SELECT 1 FROM annotation_lease WHERE task = ?1 AND kind = 'active')
        """, arguments: [row.task])
    guard leased == true else { return nil }
    let members = random.shuffled(try memberIDs(db, task: row.task))
    var counts: [LeasePair: Int] = [:]
    let votes = try Row.fetchCursor(
      db,
      sql: """
        SELECT low, high, count(*) AS n FROM annotation_lease
        WHERE task = ? AND kind = 'active' AND state = 'voted' GROUP BY low, high
        """, arguments: [row.task])
    while let vote = try votes.next() {
      counts[LeasePair(low: vote["low"], high: vote["high"])] = vote["n"]
    }
    var best: (pair: LeasePair, count: Int)?
    for (index, one) in members.enumerated() {
      for other in members[(index + 1)...] {
        let pair = LeasePair(low: min(one, other), high: max(one, other))
        let count = counts[pair, default: 0]
        if !blocked.contains(pair), count < best?.count ?? .max { best = (pair, count) }
      }
    }
    return best?.pair
  }

  private func trainingPair(
    _ db: Database, _ row: SessionRow, _ random: inout SeededGenerator
  ) throws -> LeasePair? {
    let golden = try pairList(
      db, "SELECT low, high FROM annotation_golden WHERE task = ? AND purpose = 'training'",
      [row.task])
    // What checks the observer's attention later must not be practised.
    let shown = try pairs(
      db,
      """
      SELECT low, high FROM annotation_lease WHERE session = ?1
      UNION SELECT low, high FROM annotation_golden WHERE task = ?2 AND purpose = 'check'
      UNION SELECT low, high FROM annotation_pair_aside WHERE task = ?2
      """, [row.id, row.task])
    if let pair = random.shuffled(golden).first(where: { !shown.contains($0) }) { return pair }
    let members = random.shuffled(try memberIDs(db, task: row.task))
    for (index, one) in members.enumerated() {
      for other in members[(index + 1)...] {
        let pair = LeasePair(low: min(one, other), high: max(one, other))
        if !shown.contains(pair) { return pair }
      }
    }
    return nil
  }

  /// A pair with a known answer that the session has not had and this observer never practised; the
  /// one that he had least often.
  private func goldenPair(_ db: Database, _ row: SessionRow) throws -> LeasePair? {
    try pairList(
      db,
      """
      SELECT g.low, g.high FROM annotation_golden g WHERE g.task = ?1 AND g.purpose = 'check'
        AND NOT EXISTS (SELECT 1 FROM annotation_lease l WHERE l.observer = ?3 AND l.low = g.low
          AND l.high = g.high AND (l.session = ?2 OR (l.task = ?1 AND l.kind = 'training')))
        AND NOT EXISTS (SELECT 1 FROM annotation_pair_aside x
          WHERE x.task = g.task AND x.low = g.low AND x.high = g.high)
      ORDER BY (SELECT count(*) FROM annotation_lease h WHERE h.observer = ?3 AND h.task = ?1
        AND h.low = g.low AND h.high = g.high AND h.kind = 'golden'), g.low, g.high LIMIT 1
      """, [row.task, row.id, row.observer]
    ).first
  }

  /// The pairs that the owner set aside.
  func pairsAside(_ db: Database, _ task: Int64) throws -> Set<LeasePair> {
    try pairs(db, "SELECT low, high FROM annotation_pair_aside WHERE task = ?", [task])
  }

  /// An earlier pair of this observer, at least five pairs ago and not repeated yet, with its sides
  /// exchanged.
  private func repeatPair(_ db: Database, _ row: SessionRow) throws -> (LeasePair, Bool)? {
    let found = try db.row(
      sql: """
        SELECT l.low, l.high, l.left_is_low FROM annotation_lease l
        JOIN annotation_vote v ON v.lease = l.id
        JOIN annotation_image a ON a.id = l.low AND a.state = 'active'
        JOIN annotation_image b ON b.id = l.high AND b.state = 'active'
        WHERE l.observer = ?1 AND l.task = ?2 AND l.kind = 'active'
          AND v.id NOT IN (SELECT vote FROM annotation_vote_void)
          AND NOT EXISTS (SELECT 1 FROM annotation_lease r WHERE r.observer = ?1 AND r.task = ?2
            AND r.kind = 'repeat' AND r.low = l.low AND r.high = l.high)
          AND (SELECT count(*) FROM annotation_lease n
            WHERE n.observer = ?1 AND n.number > l.number) >= 5
        ORDER BY l.number LIMIT 1
        """, arguments: [row.observer, row.task])
    return found.map { (LeasePair(low: $0["low"], high: $0["high"]), !($0["left_is_low"] as Bool)) }
  }

  /// The pairs that this observer has judged and not taken back.
  private func judgedPairs(_ db: Database, _ row: SessionRow) throws -> Set<LeasePair> {
    try pairs(
      db,
      """
      SELECT l.low, l.high FROM annotation_lease l
      JOIN annotation_image a ON a.id = l.low AND a.state = 'active'
      JOIN annotation_image b ON b.id = l.high AND b.state = 'active'
      WHERE l.observer = ? AND l.task = ? AND l.kind = 'active' AND (l.state = 'open' OR
        (l.state = 'voted' AND NOT EXISTS (SELECT 1 FROM annotation_vote v
          JOIN annotation_vote_void x ON x.vote = v.id WHERE v.lease = l.id)))
      """, [row.observer, row.task])
  }

  /// The active photos of a task, ascending.
  func memberIDs(_ db: Database, task: Int64) throws -> [Int64] {
    try Int64.fetchAll(
      db,
      sql: """
        SELECT m.image FROM annotation_task_image m JOIN annotation_image i ON i.id = m.image
        WHERE m.task = ? AND i.state = 'active' ORDER BY m.image
        """, arguments: [task])
  }

  private func pairs(
    _ db: Database, _ sql: String, _ arguments: StatementArguments
  ) throws -> Set<LeasePair> {
    Set(try pairList(db, sql, arguments))
  }

  /// Pairs of a query with `low`, `high`, `criterion` and `batch`.
  private func plannedPairs(
    _ db: Database, _ sql: String, _ arguments: StatementArguments
  ) throws -> [(pair: LeasePair, origin: PairOrigin?)] {
    try db.rows(sql: sql, arguments: arguments).map {
      (LeasePair(low: $0["low"], high: $0["high"]), Self.origin(of: $0))
    }
  }

  private func pairList(
    _ db: Database, _ sql: String, _ arguments: StatementArguments
  ) throws -> [LeasePair] {
    try db.rows(sql: sql, arguments: arguments).map {
      LeasePair(low: $0["low"], high: $0["high"])
    }
  }
}

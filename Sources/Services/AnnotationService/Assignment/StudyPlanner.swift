import Domain
import Foundation
import GRDB
import Statistics
import Studies

/// Fills the pair queue and estimates the scale, off the path of every request.
actor StudyPlanner {
  private let study: AnnotationStudy
  private let pairs: any PairPlanner
  private let scale: any ScaleEstimator
  private var waiting: Set<Int64> = []
  private var ledgers: [Int64: Ledger] = [:]
  private var isRunning = false
  /// The last thing that went wrong, for the owner's page.
  private(set) var problem: String?

  /// What is known of a task without looking into the database.
  private struct Ledger {
    /// The votes at the last look, and those that came since.
    var votes: Int?
    var fresh = 0
    /// No scale is estimated before: estimating takes a fifth of the time at most.
    var rest = ContinuousClock.now
  }

  init(_ study: AnnotationStudy, pairs: any PairPlanner, scale: any ScaleEstimator) {
    self.study = study
    self.pairs = pairs
    self.scale = scale
  }

  /// Asks for work on a task; returns at once.
  ///
  /// - Parameters:
  ///   - task: the task.
  ///   - votes: how many votes came in, or were voided, since the last call.
  func nudge(_ task: Int64, votes: Int = 0) {
    ledgers[task, default: Ledger()].fresh += votes
    waiting.insert(task)
    guard !isRunning else { return }
    isRunning = true
    Task(priority: .utility) { await self.run() }
  }

  private func run() async {
    while let task = waiting.popFirst() {
      if await hasWork(task) { await work(task) }
    }
    isRunning = false
  }

  /// A cheap look before the votes of a task are counted.
  private func hasWork(_ task: Int64) async -> Bool {
    guard let ledger = ledgers[task], let votes = ledger.votes else { return true }
    if isDue(fresh: ledger.fresh, votes: votes), ledger.rest <= .now { return true }
    return await study.needsPairs(task)
  }

  /// Whether enough votes came to estimate the scale again.
  private func isDue(fresh: Int, votes: Int) -> Bool { fresh >= max(5, votes / 50) }

  /// Plans and estimates every open task once: at the start of a server, and after photos came or went.
  ///
  /// - Parameter isForced: whether scales are estimated anew however few votes changed: after a withdrawal nothing may remain.
  func workOnEverything(isForced: Bool = false) async {
    let tasks =
      (try? await study.pool.read { db in
        try Int64.fetchAll(
          db, sql: "SELECT id FROM annotation_task WHERE state = 'open' OR ?", arguments: [isForced]
        )
      }) ?? []
    for task in tasks { await work(task, isForced: isForced) }
  }

  /// Plans and estimates one task.
  func work(_ task: Int64, isForced: Bool = false) async {
    do {
      let state = try await study.planningState(task)
      ledgers[task, default: Ledger()].votes = state.votes
      ledgers[task, default: Ledger()].fresh = max(0, state.votes - state.scaledVotes)
      guard state.photos.count >= 2 else { return }
      if state.isOpen, state.queued <= study.settings.batchSize / 2 {
        try await plan(task, state)
      }
      let fresh = abs(state.votes - state.scaledVotes)
      let isLast = !state.isOpen && fresh > 0
      if state.votes > 0,
        isForced || isLast || state.scaledVotes == 0 || isDue(fresh: fresh, votes: state.votes)
      {
        let start = ContinuousClock.now
        let scores = try scale.scores(state.comparisons)
        try await study.store(task, scores, state)
        ledgers[task, default: Ledger()].fresh = 0
        ledgers[task, default: Ledger()].rest = .now + (.now - start) * 4
      }
      problem = nil
    } catch {
      problem = "\(error)"
    }
  }

  /// Fills the queue: a batch, or more where many observers are at work.
  private func plan(_ task: Int64, _ state: PlanningState) async throws {
    var random = SeededGenerator(seed: study.settings.seed).stream(
      UInt64(bitPattern: task) << 32 | UInt64(state.batch))
    let chosen = try pairs.next(
      state.comparisons, count: max(study.settings.batchSize, 2 * state.open), random: &random)
    try await study.enqueue(
      task, batch: state.batch + 1,
      chosen.map { LeasePair(photos: state.photos, $0.first, $0.second) })
  }
}

extension LeasePair {
  /// A pair by index into a task's photos.
  init(photos: [Int64], _ first: Int, _ second: Int) {
    self.init(
      low: min(photos[first], photos[second]), high: max(photos[first], photos[second]))
  }
}

/// What planning a task starts from.
struct PlanningState: Sendable {
  let photos: [Int64]
  let comparisons: ComparisonMatrix
  let votes: Int
  let lastVote: Int64
  let queued: Int
  /// The pairs in observers' hands.
  let open: Int
  let batch: Int
  let scaledVotes: Int
  let isOpen: Bool
}

extension AnnotationStudy {
  /// The votes that enter the scale: active pairs, not voided, of people and observers who did not withdraw.
  static let countedVotes = """
    FROM annotation_vote v JOIN annotation_lease l ON l.id = v.lease AND l.kind = 'active'
    JOIN annotation_observer o ON o.id = l.observer AND o.withdrawn_at IS NULL
    JOIN annotation_image a ON a.id = l.low AND a.state = 'active'
    JOIN annotation_image b ON b.id = l.high AND b.state = 'active'
    WHERE v.id NOT IN (SELECT vote FROM annotation_vote_void)
    """

  /// Whether half a batch or less is left in a task's queue.
  func needsPairs(_ task: Int64) async -> Bool {
    let queued = try? await pool.read { db in
      try db.value(
        Int.self, sql: "SELECT count(*) FROM annotation_pair_queue WHERE task = ?",
        arguments: [task])
    }
    return (queued ?? 0) <= settings.batchSize / 2
  }

  func planningState(_ task: Int64) async throws -> PlanningState {
    try await pool.read { [self] db in
      let photos = try memberIDs(db, task: task)
      let index = Dictionary(uniqueKeysWithValues: zip(photos, photos.indices))
      var counts: [ComparisonMatrix.Pair] = []
      var votes = 0
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT l.low, l.high, sum(v.choice <> 'tie' AND (v.choice = 'left') = l.left_is_low) AS w,
            sum(v.choice = 'tie') AS t, count(*) AS n
          \(Self.countedVotes) AND l.task = ? GROUP BY l.low, l.high
          """, arguments: [task])
      while let row = try rows.next() {
        guard let low = index[row["low"]], let high = index[row["high"]] else { continue }
        let total: Int = row["n"]
        let wins: Int = row["w"]
        let ties: Int = row["t"]
        votes += total
        counts.append(
          ComparisonMatrix.Pair(
            first: low, second: high, firstWins: Double(wins),
            secondWins: Double(total - wins - ties), ties: Double(ties)))
      }
      let queue = try db.row(
        sql: "SELECT count(*) AS n, max(batch) AS b FROM annotation_pair_queue WHERE task = ?",
        arguments: [task])
      let held = try db.value(
        Int.self,
        sql: """
          SELECT count(*) FROM annotation_lease
          WHERE task = ? AND state = 'open' AND kind = 'active'
          """, arguments: [task])
      let policy = try db.value(
        String.self, sql: "SELECT policy FROM annotation_task WHERE id = ?", arguments: [task])
      let state = try db.value(
        String.self, sql: "SELECT state FROM annotation_task WHERE id = ?", arguments: [task])
      let scaled = try db.value(
        Int.self, sql: "SELECT max(votes) FROM annotation_progress WHERE task = ?",
        arguments: [task])
      return PlanningState(
        photos: photos, comparisons: ComparisonMatrix(count: photos.count, pairs: counts),
        votes: votes,
        lastVote: try db.value(Int64.self, sql: "SELECT max(id) FROM annotation_vote") ?? 0,
        queued: queue?["n"] ?? 0, open: held ?? 0, batch: policy.flatMap(TaskPolicy.batch) ?? 0,
        scaledVotes: scaled ?? 0, isOpen: state == "open")
    }
  }

  /// Replaces what is left of the last batch; pairs in somebody's hands are left out.
  func enqueue(_ task: Int64, batch: Int, _ pairs: [LeasePair]) async throws {
    try await pool.write { db in
      try db.change(
        sql: "DELETE FROM annotation_pair_queue WHERE task = ? AND rank >= 0", arguments: [task])
      for (rank, pair) in pairs.enumerated() {
        try db.change(
          sql: """
            INSERT OR IGNORE INTO annotation_pair_queue SELECT ?1, ?2, ?3, ?4, ?5
            WHERE NOT EXISTS (SELECT 1 FROM annotation_lease WHERE task = ?1 AND low = ?2
              AND high = ?3 AND state = 'open' AND kind = 'active')
              AND NOT EXISTS (SELECT 1 FROM annotation_image WHERE id IN (?2, ?3)
              AND state <> 'active')
            """, arguments: [task, pair.low, pair.high, batch, rank])
      }
      try db.change(
        sql: "UPDATE annotation_task SET policy = json_set(policy, '$.batch', ?) WHERE id = ?",
        arguments: [batch, task])
    }
  }

  /// Keeps the scale and applies the stop rule.
  func store(_ task: Int64, _ scores: [EstimatedScore], _ state: PlanningState) async throws {
    let widths = scores.map { $0.high - $0.low }
    let width = Descriptive.quantile(widths, 0.5)
    let totals = state.comparisons.comparisonsPerPhoto
    try await pool.write { [self] db in
      try db.change(sql: "DELETE FROM annotation_score WHERE task = ?", arguments: [task])
      for (place, score) in scores.enumerated() {
        try db.change(
          sql: """
            INSERT INTO annotation_score SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
            WHERE EXISTS (SELECT 1 FROM annotation_image WHERE id = ?2 AND state = 'active')
            """,
          arguments: [
            task, state.photos[place], score.mean, score.deviation, score.low, score.high,
            Int(totals[place]), state.lastVote,
          ])
      }
      try db.change(
        sql: "DELETE FROM annotation_progress WHERE task = ? AND votes > ?",
        arguments: [task, state.votes])
      try db.change(
        sql: "INSERT OR REPLACE INTO annotation_progress VALUES (?, ?, ?)",
        arguments: [task, state.votes, width])
      if state.isOpen, let reason = try stopReason(db, task, votes: state.votes, width: width) {
        try db.change(
          sql: "UPDATE annotation_task SET state = 'done' WHERE id = ?", arguments: [task])
        try AuditTrail.append(
          db, now, actor: "program", "task-done",
          ["task": "\(task)", "reason": reason, "votes": "\(state.votes)"])
      }
    }
  }

  /// Why a task is complete, or nothing.
  private func stopReason(
    _ db: Database, _ task: Int64, votes: Int, width: Double
  ) throws -> String? {
    if votes >= settings.targetComparisons { return "comparisons" }
    if settings.targetMedianWidth > 0, width <= settings.targetMedianWidth { return "width" }
    guard settings.leastShrinkage > 0 else { return nil }
    let before = try db.row(
      sql: """
        SELECT votes, median_width FROM annotation_progress WHERE task = ? AND votes <= ?
        ORDER BY votes DESC LIMIT 1
        """, arguments: [task, votes - 100])
    guard let before else { return nil }
    let then: Int = before["votes"]
    let shrinkage = ((before["median_width"] as Double) - width) * 100 / Double(votes - then)
    return shrinkage < settings.leastShrinkage ? "shrinkage" : nil
  }
}

/// What a task remembers beside its columns.
enum TaskPolicy {
  private struct Fields: Decodable { var batch: Int? }

  /// The number of the last planned batch.
  static func batch(_ json: String) -> Int? {
    (try? JSONDecoder().decode(Fields.self, from: Data(json.utf8)))?.batch
  }
}

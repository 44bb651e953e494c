import Domain
import Foundation
import GRDB
import Statistics
import Studies

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
  /// The indices of the photos that are references.
  let references: Set<Int>
  /// The scores of the last estimate, 0 for photos without one.
  let scores: [Double]
}

extension AnnotationStudy {
  /// The votes that enter the scale: active pairs that nobody set aside, not voided, of people who
  /// did not withdraw and observers who neither withdrew nor are excluded.
  static let countedVotes = """
    FROM annotation_vote v JOIN annotation_lease l ON l.id = v.lease AND l.kind = 'active'
    JOIN annotation_observer o ON o.id = l.observer AND o.withdrawn_at IS NULL
      AND o.excluded_at IS NULL
    JOIN annotation_image a ON a.id = l.low AND a.state = 'active'
    JOIN annotation_image b ON b.id = l.high AND b.state = 'active'
    LEFT JOIN annotation_pair_aside set_aside ON set_aside.task = l.task AND set_aside.low = l.low
      AND set_aside.high = l.high
    WHERE set_aside.task IS NULL AND v.id NOT IN (SELECT vote FROM annotation_vote_void)
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
        TaskState.self, sql: "SELECT state FROM annotation_task WHERE id = ?", arguments: [task])
      let scaled = try db.value(
        Int.self, sql: "SELECT max(votes) FROM annotation_progress WHERE task = ?",
        arguments: [task])
      let references = try Int64.fetchAll(
        db,
        sql: """
          SELECT t.image FROM annotation_task_image t JOIN annotation_image i ON i.id = t.image
          JOIN study_photo p ON p.scene = i.scene AND p.name = i.photo AND p.is_reference
          WHERE t.task = ?
          """, arguments: [task])
      var scores = [Double](repeating: 0, count: photos.count)
      for row in try Row.fetchAll(
        db, sql: "SELECT image, mu FROM annotation_score WHERE task = ?", arguments: [task])
      {
        if let place = index[row["image"]] { scores[place] = row["mu"] }
      }
      return PlanningState(
        photos: photos, comparisons: ComparisonMatrix(count: photos.count, pairs: counts),
        votes: votes,
        lastVote: try db.value(Int64.self, sql: "SELECT max(id) FROM annotation_vote") ?? 0,
        queued: queue?["n"] ?? 0, open: held ?? 0, batch: policy.flatMap(TaskPolicy.batch) ?? 0,
        scaledVotes: scaled ?? 0, isOpen: state == .open,
        references: Set(references.compactMap { index[$0] }), scores: scores)
    }
  }

  /// The votes of a task that count, in their order, over its active photos; those of `guest` also
  /// when he is excluded.
  func judgements(
    of task: Int64, _ photos: [Int64], including guest: String? = nil
  ) async throws -> SceneJudgements {
    try await pool.read { db in
      let index = Dictionary(uniqueKeysWithValues: zip(photos, photos.indices))
      var places: [Int64: Int] = [:]
      var observers: [ObserverID] = []
      var votes: [SceneJudgements.Vote] = []
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT o.id, o.pseudonym, l.low, l.high, l.left_is_low, l.criterion, l.batch, v.choice
          \(Self.countedVotes.replacingOccurrences(
            of: "o.excluded_at IS NULL", with: "(o.excluded_at IS NULL OR o.pseudonym = ?2)"))
            AND l.task = ?1 ORDER BY v.id
          """, arguments: [task, guest])
      while let row = try rows.next() {
        guard let low = index[row["low"]], let high = index[row["high"]] else { continue }
        let observer: Int64 = row["id"]
        if places[observer] == nil {
          places[observer] = observers.count
          observers.append(ObserverID(row["pseudonym"]))
        }
        let leftIsLow: Bool = row["left_is_low"]
        let choice: VoteChoice = row["choice"]
        votes.append(
          SceneJudgements.Vote(
            observer: places[observer] ?? 0, a: leftIsLow ? low : high, b: leftIsLow ? high : low,
            choice: choice.choice, origin: Self.origin(of: row)))
      }
      return SceneJudgements(
        scene: SceneID("task \(task)"), attribute: "live",
        photos: photos.map { PhotoID("\($0)") }, observers: observers, votes: votes)
    }
  }

  /// How the pair of a lease or of the queue was chosen, from `criterion` and `batch`; nil where
  /// nobody wrote it.
  static func origin(of row: Row) -> PairOrigin? {
    let name: String? = row["criterion"]
    guard let criterion = name.flatMap(PairCriterion.init(rawValue:)) else { return nil }
    return PairOrigin(criterion: criterion, batch: row["batch"] ?? 0)
  }

  /// Replaces what is left of the last batch; pairs in somebody's hands are left out.
  func enqueue(
    _ task: Int64, batch: Int, _ pairs: [(pair: LeasePair, criterion: PairCriterion?)]
  ) async throws {
    try await pool.write { db in
      try db.change(
        sql: "DELETE FROM annotation_pair_queue WHERE task = ? AND rank >= 0", arguments: [task])
      for (rank, (pair, criterion)) in pairs.enumerated() {
        try db.change(
          sql: """
            INSERT OR IGNORE INTO annotation_pair_queue
              (task, low, high, batch, rank, criterion)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6
            WHERE NOT EXISTS (SELECT 1 FROM annotation_lease WHERE task = ?1 AND low = ?2
              AND high = ?3 AND state = 'open' AND kind = 'active')
              AND NOT EXISTS (SELECT 1 FROM annotation_pair_aside WHERE task = ?1 AND low = ?2
              AND high = ?3)
              AND NOT EXISTS (SELECT 1 FROM annotation_image WHERE id IN (?2, ?3)
              AND state <> 'active')
            """, arguments: [task, pair.low, pair.high, batch, rank, criterion?.rawValue])
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
      let isOpen = try db.value(
        Bool.self, sql: "SELECT state = 'open' FROM annotation_task WHERE id = ?", arguments: [task]
      )
      if isOpen == true, let reason = try stopReason(db, task, state, width: width) {
        try db.change(
          sql: "UPDATE annotation_task SET state = 'done' WHERE id = ?", arguments: [task])
        try AuditTrail.append(
          db, now, actor: "program", .taskDone,
          ["task": "\(task)", "reason": reason, "votes": "\(state.votes)"])
      }
    }
  }

  /// The number of votes of all tasks that count.
  func countedVoteCount() async throws -> Int {
    try await pool.read { db in
      try db.value(Int.self, sql: "SELECT count(*) \(Self.countedVotes)") ?? 0
    }
  }

  /// Completes every open task.
  func complete(_ reason: String) async throws {
    try await pool.write { [self] db in
      let open = try Int64.fetchAll(
        db, sql: "SELECT id FROM annotation_task WHERE state = 'open' ORDER BY id")
      for task in open {
        try db.change(
          sql: "UPDATE annotation_task SET state = 'done' WHERE id = ?", arguments: [task])
        try AuditTrail.append(
          db, now, actor: "program", .taskDone, ["task": "\(task)", "reason": reason])
      }
    }
  }

  /// Why a task is complete, or nothing.
  private func stopReason(
    _ db: Database, _ task: Int64, _ state: PlanningState, width: Double
  ) throws -> String? {
    let votes = state.votes
    if votes >= settings.target(photos: state.photos.count) { return "comparisons" }
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

extension VoteChoice {
  /// The answer as the scale takes it: A was shown on the left.
  var choice: Choice {
    switch self {
    case .left: .a
    case .right: .b
    case .tie: .tie
    }
  }
}

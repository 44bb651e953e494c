import Foundation
import GRDB
import Statistics
import Studies

/// How far one task is.
struct TaskCoverage: Codable, Sendable {
  var task: Int64
  var name: String
  var isCrossScene: Bool
  var attribute: String
  var photos: Int
  var votes: Int
  var target: Int
  var open: Int
  var queued: Int
  var medianWidth: Double?
  /// The pairs with a known answer that check observers, and those for practice.
  var checks: Int
  var practice: Int
  /// The votes that were given below the wanted scale.
  var below: Int
  var state: TaskState
}

/// How one observer works; a flag is advice to the owner, nothing is deleted.
struct ObserverSummary: Codable, Sendable {
  var pseudonym: String
  var votes: Int
  /// The share of repeated pairs answered alike, and their number.
  var repeatAgreement: Double?
  var repeats: Int
  /// The share of golden pairs answered right, and their number.
  var goldenAccuracy: Double?
  var golden: Int
  /// The share of answers «left».
  var leftShare: Double?
  var medianMilliseconds: Double?
  var hasConsent: Bool
  var hasWithdrawn: Bool
  /// Why the votes are left out of the scale; nil while they are not.
  var exclusion: String?
  /// Invitations that can still be used, and browsers that are signed in.
  var invitations: Int
  var browsers: Int
  /// The votes below the wanted scale.
  var below: Int
  /// The votes on pairs that count.
  var active: Int
  var flags: [String]
}

/// A photo on the live scale.
struct ScaleEntry: Codable, Sendable {
  var task: Int64
  var photo: String
  var scene: String
  var mean: Double
  var low: Double
  var high: Double
  var comparisons: Int
}

extension AnnotationStudy {
  func coverage() async throws -> [TaskCoverage] {
    try await pool.read { [self] db in
      let at = now
      return try Row.fetchAll(
        db,
        sql: """
          SELECT t.*, (SELECT count(*) FROM annotation_task_image m JOIN annotation_image i
              ON i.id = m.image WHERE m.task = t.id AND i.state = 'active') AS photos,
            (SELECT count(*) \(Self.countedVotes) AND l.task = t.id) AS votes,
            (SELECT count(*) FROM annotation_lease l WHERE l.task = t.id AND l.state = 'open'
              AND l.kind = 'active' AND l.expires > ?) AS open,
            (SELECT count(*) FROM annotation_pair_queue q WHERE q.task = t.id) AS queued,
            (SELECT count(*) FROM annotation_golden g WHERE g.task = t.id
              AND g.purpose = 'check') AS checks,
            (SELECT count(*) FROM annotation_golden g WHERE g.task = t.id
              AND g.purpose = 'training') AS practice,
            (SELECT count(*) \(Self.countedVotes) AND l.task = t.id AND v.below_scale) AS below,
            (SELECT median_width FROM annotation_progress p WHERE p.task = t.id
              ORDER BY votes DESC LIMIT 1) AS width
          FROM annotation_task t ORDER BY t.name, t.attribute
          """, arguments: [at]
      ).map { row in
        let scene: String? = row["scene"]
        return TaskCoverage(
          task: row["id"], name: row["name"], isCrossScene: scene == nil,
          attribute: row["attribute"], photos: row["photos"], votes: row["votes"],
          target: settings.target(photos: row["photos"]), open: row["open"], queued: row["queued"],
          medianWidth: row["width"], checks: row["checks"], practice: row["practice"],
          below: row["below"], state: row["state"])
      }
    }
  }

  func scale(task: Int64? = nil) async throws -> [ScaleEntry] {
    try await pool.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT s.*, i.photo, i.scene FROM annotation_score s
          JOIN annotation_image i ON i.id = s.image
          WHERE i.state = 'active' AND (?1 IS NULL OR s.task = ?1) ORDER BY s.task, s.mu
          """, arguments: [task]
      ).map {
        ScaleEntry(
          task: $0["task"], photo: $0["photo"], scene: $0["scene"], mean: $0["mu"],
          low: $0["low"], high: $0["high"], comparisons: $0["comparisons"])
      }
    }
  }

  func observers() async throws -> [ObserverSummary] {
    try await pool.read { db in
      let people = try Row.fetchAll(
        db, sql: "SELECT * FROM annotation_observer WHERE role = 'observer' ORDER BY pseudonym")
      return try people.map { try Self.summary(db, $0) }
    }
  }

  private struct Answer {
    let kind: LeaseKind
    let pair: LeasePair
    let task: Int64
    let choice: VoteChoice
    let better: Int64?
    let chosen: Int64?
    let milliseconds: Double?
    let isBelow: Bool
  }

  private static func summary(_ db: Database, _ person: Row) throws -> ObserverSummary {
    let answers = try Row.fetchAll(
      db,
      sql: """
        SELECT l.kind, l.low, l.high, l.left_is_low, l.task, v.choice, v.response_ms, g.better,
          v.below_scale
        FROM annotation_vote v JOIN annotation_lease l ON l.id = v.lease
        LEFT JOIN annotation_golden g ON g.task = l.task AND g.low = l.low AND g.high = l.high
        WHERE l.observer = ? AND l.kind <> 'training'
          AND v.id NOT IN (SELECT vote FROM annotation_vote_void) ORDER BY v.id
        """, arguments: [person["id"] as Int64]
    ).map { row in
      let choice: VoteChoice = row["choice"]
      let leftIsLow: Bool = row["left_is_low"]
      let pair = LeasePair(low: row["low"], high: row["high"])
      let chosen = choice == .tie ? nil : (choice == .left) == leftIsLow ? pair.low : pair.high
      return Answer(
        kind: row["kind"], pair: pair, task: row["task"], choice: choice, better: row["better"],
        chosen: chosen, milliseconds: row["response_ms"],
        isBelow: (row["below_scale"] as Bool?) == true)
    }
    struct Key: Hashable {
      let task: Int64
      let pair: LeasePair
    }
    let first = Dictionary(
      answers.filter { $0.kind == .active }.map { (Key(task: $0.task, pair: $0.pair), $0.chosen) }
    ) { old, _ in old }
    let repeats = answers.filter { $0.kind == .repeat }
      .compactMap { answer in
        first[Key(task: answer.task, pair: answer.pair)].map { $0 == answer.chosen }
      }
    let golden = answers.filter { $0.kind == .golden }
      .compactMap { answer in answer.better.map { $0 == answer.chosen } }
    let sided = answers.filter { $0.choice != .tie }
    let left = sided.filter { $0.choice == .left }.count
    let times = answers.compactMap(\.milliseconds)
    func share(_ values: [Bool]) -> Double? {
      values.isEmpty ? nil : Double(values.filter { $0 }.count) / Double(values.count)
    }
    let median = times.isEmpty ? nil : Descriptive.quantile(times, 0.5)
    let consent: Int64? = person["consent_at"]
    let withdrawn: Int64? = person["withdrawn_at"]
    let excluded: Int64? = person["excluded_at"]
    var summary = ObserverSummary(
      pseudonym: person["pseudonym"], votes: answers.count, repeatAgreement: share(repeats),
      repeats: repeats.count, goldenAccuracy: share(golden), golden: golden.count,
      leftShare: sided.isEmpty ? nil : Double(left) / Double(sided.count),
      medianMilliseconds: median, hasConsent: consent != nil, hasWithdrawn: withdrawn != nil,
      exclusion: excluded == nil ? nil : (person["exclusion"] as String?) ?? "",
      invitations: try count(
        db, "annotation_invite WHERE used_at IS NULL AND revoked_at IS NULL", person),
      browsers: try count(db, "annotation_cookie WHERE revoked_at IS NULL", person),
      below: answers.filter(\.isBelow).count,
      active: answers.filter { $0.kind == .active }.count, flags: [])
    summary.flags = summary.warnings(sided: sided.count, left: left)
    return summary
  }

  private static func count(_ db: Database, _ rows: String, _ person: Row) throws -> Int {
    try db.value(
      Int.self, sql: "SELECT count(*) FROM \(rows) AND observer = ?",
      arguments: [person["id"] as Int64]) ?? 0
  }
}

extension ObserverSummary {
  /// What an owner should look at: each rule needs enough answers to mean something.
  func warnings(sided: Int, left: Int) -> [String] {
    var flags: [String] = []
    if let repeatAgreement, repeats >= 10, repeatAgreement < 0.6 { flags.append("repeats") }
    if let goldenAccuracy, golden >= 5, goldenAccuracy < 0.8 { flags.append("golden") }
    // Four standard errors of a fair coin: one honest observer in 16,000 is flagged.
    if sided >= 30, abs(Double(left) - Double(sided) / 2) > 2 * Double(sided).squareRoot() {
      flags.append("side")
    }
    if let medianMilliseconds, votes >= 20, medianMilliseconds < 500 { flags.append("fast") }
    return flags
  }
}

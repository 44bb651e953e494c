import GRDB
import Studies

/// What limits how far the intervals of a task's live scale can be trusted.
struct ScaleTrust: Sendable {
  /// The observers whose votes count.
  let observers: Int
  /// The share of the votes that one observer gave.
  let largestShare: Double
  /// The photos with fewer than ten comparisons.
  let thinPhotos: Int
  /// The share of the votes on a pair that its observer had judged before.
  let returnedShare: Double
  /// The share of the votes below the wanted scale.
  let belowShare: Double

  /// The limits that apply: the key of a text, and its number.
  ///
  /// - Fewer than ten observers: the scale takes their votes as independent, as they can't show how
  ///   people differ, so that its intervals are too narrow (docs/psychometrics.md).
  /// - One observer with more than half of the votes: the scale is mostly that observer's.
  /// - Photos with fewer than ten comparisons stand mostly where the prior puts them.
  /// - Pairs judged again by the same observer bring less than new ones.
  var notes: [(key: String, value: String)] {
    func percent(_ share: Double) -> String { "\(Int((share * 100).rounded()))" }
    var notes: [(key: String, value: String)] = []
    if observers < 10 { notes.append(("observers", "\(observers)")) }
    if observers > 1, largestShare > 0.5 { notes.append(("largest", percent(largestShare))) }
    if thinPhotos > 0 { notes.append(("thin", "\(thinPhotos)")) }
    if returnedShare > 0.1 { notes.append(("returned", percent(returnedShare))) }
    if belowShare > 0 { notes.append(("below", percent(belowShare))) }
    return notes
  }
}

extension AnnotationStudy {
  /// What limits each task's live scale, for tasks with votes.
  func trust() async throws -> [Int64: ScaleTrust] {
    try await pool.read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          WITH counted AS (SELECT l.task, l.observer, l.low, l.high, v.below_scale
            \(Self.countedVotes)),
          people AS (SELECT task, observer, count(*) AS n,
            count(DISTINCT low * 4294967296 + high) AS pairs FROM counted GROUP BY task, observer)
          SELECT p.task, count(*) AS observers, max(p.n) AS largest, sum(p.n) AS votes,
            sum(p.pairs) AS pairs,
            (SELECT count(*) FROM counted c WHERE c.task = p.task AND c.below_scale) AS below,
            (SELECT count(*) FROM annotation_score s WHERE s.task = p.task AND s.comparisons < 10)
              AS thin
          FROM people p GROUP BY p.task
          """)
      return Dictionary(
        uniqueKeysWithValues: rows.map { row -> (Int64, ScaleTrust) in
          let votes = Double(row["votes"] as Int)
          let largest: Int = row["largest"]
          let pairs: Int = row["pairs"]
          let below: Int = row["below"]
          return (
            row["task"] as Int64,
            ScaleTrust(
              observers: row["observers"], largestShare: Double(largest) / votes,
              thinPhotos: row["thin"], returnedShare: 1 - Double(pairs) / votes,
              belowShare: Double(below) / votes)
          )
        })
    }
  }
}

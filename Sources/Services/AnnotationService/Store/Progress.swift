import GRDB
import Studies

extension AnnotationStudy {
  /// How far the study is; counted every few seconds at most, whatever many observers ask.
  func progress() async throws -> StudyProgress {
    let at = now
    let known = lastProgress.withLock { $0 }
    if let known, abs(at - known.at) < 5000 { return known.value }
    let wanted = settings.targetComparisons
    let value = try await pool.read { db in
      let votes = try db.value(Int.self, sql: "SELECT count(*) \(Self.countedVotes)") ?? 0
      let tasks =
        try db.value(
          Int.self, sql: "SELECT count(*) FROM annotation_task WHERE state IN ('open', 'done')")
        ?? 0
      return StudyProgress(votes: votes, target: tasks * wanted)
    }
    lastProgress.withLock { $0 = (at, value) }
    return value
  }
}

import GRDB
import NIOConcurrencyHelpers
import Studies
import Synchronization

extension AnnotationStudy {
  /// How far the study is; counted every few seconds at most, whatever many observers ask.
  func progress() async throws -> StudyProgress {
    let at = now
    let known = lastProgress.withLockedValue { $0 }
    if let known, abs(at - known.at) < 5000 { return known.value }
    let settings = self.settings
    let value = try await pool.read { db in
      let votes = try db.value(Int.self, sql: "SELECT count(*) \(Self.countedVotes)") ?? 0
      let photos = try Int.fetchAll(
        db,
        sql: """
          SELECT (SELECT count(*) FROM annotation_task_image m JOIN annotation_image i
            ON i.id = m.image WHERE m.task = t.id AND i.state = 'active')
          FROM annotation_task t LEFT JOIN annotation_attribute a ON a.name = t.attribute
          WHERE t.state IN ('open', 'done') AND coalesce(a.is_on, 1)
          """)
      let target = photos.reduce(0) { $0 + settings.target(photos: $1) }
      return StudyProgress(votes: votes, target: target)
    }
    lastProgress.withLockedValue { $0 = (at, value) }
    return value
  }
}

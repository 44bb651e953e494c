package import GRDB
import NIOConcurrencyHelpers

/// Commits the changes of many requests with one flush of the disk.
///
/// A flush takes milliseconds, a change microseconds: what arrives while one flush is under way
/// shares the next. Every change runs in its own savepoint, so a failing one takes nobody else's
/// with it, and its caller hears of it only after the common commit is on the disk.
package final class GroupCommit: Sendable {
  /// What one caller wants.
  private struct Job: Sendable {
    /// Runs the change in the open transaction; the result reports to the caller once the commit is
    /// done.
    let run: @Sendable (Database) -> @Sendable () -> Void
    /// Tells the caller that the common commit failed.
    let fail: @Sendable (any Error) -> Void
  }

  private struct State {
    var waiting: [Job] = []
    var isScheduled = false
  }

  private let pool: DatabasePool
  private let state = NIOLockedValueBox(State())

  init(_ pool: DatabasePool) { self.pool = pool }

  /// The most changes that share one commit: a bound on how long the first of them waits.
  private static let limit = 128

  /// Runs a change; returns when it is on the disk.
  package func write<Value: Sendable>(
    _ change: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      let job = Job(
        run: { db in
          let result = Self.attempt(change, on: db)
          return { continuation.resume(with: result) }
        }, fail: { continuation.resume(throwing: $0) })
      let mustSchedule = state.withLockedValue { state in
        state.waiting.append(job)
        defer { state.isScheduled = true }
        return !state.isScheduled
      }
      if mustSchedule { schedule() }
    }
  }

  /// Takes a turn of the database's writing queue; others, such as the planner, get theirs between
  /// two turns.
  private func schedule() {
    pool.asyncWriteWithoutTransaction { db in
      let jobs = self.state.withLockedValue { state in
        let count = min(Self.limit, state.waiting.count)
        let jobs = Array(state.waiting.prefix(count))
        state.waiting.removeFirst(count)
        return jobs
      }
      Self.commit(jobs, on: db)
      let isMore = self.state.withLockedValue { state in
        state.isScheduled = !state.waiting.isEmpty
        return state.isScheduled
      }
      if isMore { self.schedule() }
    }
  }

  private static func commit(_ jobs: [Job], on db: Database) {
    do {
      var tell: [@Sendable () -> Void] = []
      try db.inTransaction(.immediate) {
        for job in jobs {
          tell.append(job.run(db))
          // A full disk rolls everything back at once, whatever savepoints there are.
          guard db.isInsideTransaction else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
        }
        return .commit
      }
      for caller in tell { caller() }
    } catch {
      for job in jobs { job.fail(error) }
    }
  }

  /// Runs one change in a savepoint.
  private static func attempt<Value>(
    _ change: (Database) throws -> Value, on db: Database
  ) -> Result<Value, any Error> {
    Result {
      var value: Result<Value, any Error>?
      try db.inSavepoint {
        let done = Result { try change(db) }
        value = done
        _ = try done.get()
        return .commit
      }
      guard let value else { throw CancellationError() }
      return try value.get()
    }
  }
}

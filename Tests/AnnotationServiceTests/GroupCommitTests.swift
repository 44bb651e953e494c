import AnnotationService
import Foundation
import GRDB
import Studies
import Synchronization
import Testing

@Suite struct GroupCommitTests {
  @Test func aFailingChangeTakesNobodyElsesWithIt() async throws {
    let lab = try Laboratory(photos: 2)
    let commits = lab.study.commits
    try await commits.write { db in
      try db.execute(sql: "CREATE TABLE trial (n INTEGER PRIMARY KEY)")
    }
    let done = await withTaskGroup(of: Int?.self) { group in
      for number in 0..<300 {
        group.addTask {
          try? await commits.write { db -> Int in
            try db.execute(sql: "INSERT INTO trial VALUES (?)", arguments: [number])
            // Every third fails after it has written, every seventh breaks a constraint.
            if number % 3 == 0 { throw TestFailure("\(number)") }
            if number % 7 == 0 {
              try db.execute(sql: "INSERT INTO trial VALUES (?)", arguments: [number])
            }
            return number
          }
        }
      }
      return await group.reduce(into: Set<Int>()) { if let number = $1 { $0.insert(number) } }
    }
    let expected = Set((0..<300).filter { $0 % 3 != 0 && $0 % 7 != 0 })
    #expect(done == expected)
    let stored = try await lab.study.pool.read { db in
      try Set(Int.fetchAll(db, sql: "SELECT n FROM trial"))
    }
    #expect(stored == expected)
  }

  /// Counts the commits of a connection.
  private final class Commits: TransactionObserver, Sendable {
    let count = Mutex(0)
    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseDidCommit(_ db: Database) { count.withLock { $0 += 1 } }
    func databaseDidRollback(_ db: Database) {}
  }

  /// Holds a writer back, and counts those who wait behind it.
  private final class Door: Sendable {
    let gate = DispatchSemaphore(value: 0)
    let asked = Mutex(0)
  }

  @Test func manyChangesShareOneFlush() async throws {
    let lab = try Laboratory(photos: 2)
    let commits = lab.study.commits
    try await commits.write { db in
      try db.execute(sql: "CREATE TABLE trial (n INTEGER)")
    }
    let counter = Commits()
    lab.study.pool.add(transactionObserver: counter)
    // In memory a flush is as quick as a change: the writer is held until all have asked.
    let door = Door()
    lab.study.pool.asyncWriteWithoutTransaction { _ in door.gate.wait() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { door.gate.signal() }
        while door.asked.withLock({ $0 }) < 400 { try await Task.sleep(for: .milliseconds(1)) }
      }
      for number in 0..<400 {
        group.addTask {
          door.asked.withLock { $0 += 1 }
          try await commits.write { db in
            try db.execute(sql: "INSERT INTO trial VALUES (?)", arguments: [number])
          }
        }
      }
      try await group.waitForAll()
    }
    let stored = try await lab.study.pool.read { db in
      try Int.fetchOne(db, sql: "SELECT count(*) FROM trial")
    }
    #expect(stored == 400)
    // Hundreds that wait at once need a few commits only.
    #expect(counter.count.withLock { $0 } < 200)
    #expect(try lab.study.pool.durability().synchronous == 2)
  }
}

import AnnotationService
import Domain
import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import Studies
import Testing

@Suite struct StoreTests {
  @Test func theWriterFlushesEveryCommit() throws {
    let lab = try Laboratory()
    let (synchronous, journal) = try lab.study.pool.durability()
    #expect(synchronous == 2, "FULL")
    #expect(journal == "wal")
    // The lesson of the prototype: a migration or a checkpoint must not have lowered it since.
    try lab.study.pool.writeWithoutTransaction { db in
      _ = try db.checkpoint(.full)
    }
    #expect(try lab.study.pool.durability().synchronous == 2)
  }

  @Test func importIsResumableAndNamesWhatItRefuses() throws {
    let lab = try Laboratory(photos: 3)
    var regions = try (0..<4).map { try lab.region("Indoor_1", $0) }
    // What a killed import left an hour ago, and what another import writes at this moment.
    let stale = "\(lab.folder)/files/.vernier-1.tmp"
    let young = "\(lab.folder)/files/.vernier-2.tmp"
    for (path, age) in [(stale, 3600.0), (young, 0)] {
      try Data("half".utf8).write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes(
        [.modificationDate: lab.clock.now.addingTimeInterval(-age)], ofItemAtPath: path)
    }
    var report = try lab.study.add(regions)
    #expect(report.added == 1 && report.known == 3 && report.refused.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: stale))
    #expect(FileManager.default.fileExists(atPath: young))
    // The same picture under another name, another picture under a known name, no picture, no file.
    regions[0].photo = "copy.png"
    regions[1].file = regions[2].file
    let text = lab.folder + "/text.jpg"
    try Data("hello".utf8).write(to: URL(fileURLWithPath: text))
    regions[2].file = text
    regions[3].file = lab.folder + "/missing.png"
    report = try lab.study.add(regions)
    #expect(report.added == 0)
    #expect(report.refused.count == 4)
    #expect(report.refused.first?.problem.contains("0_Indoor_1.png") == true)
    #expect(try lab.study.verify().isEmpty)
  }

  @Test func aStudyIsOpenedAgainAsItWas() throws {
    let lab = try Laboratory(photos: 2)
    let id = lab.study.id
    let again = try AnnotationStudy.open(lab.folder)
    #expect(again.id == id)
    #expect(again.settings == lab.study.settings)
    try again.close()
  }

  @Test func aStudysCommandsReachItsAnnotation() async throws {
    let lab = try Laboratory(photos: 4)
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      while let lease = try await visitor.leases(session).leases.first {
        _ = try await visitor.vote(lease.id)
      }
    }
    // A folder that was only ever annotated is a study like any other.
    let store = try StudyStore.open(lab.folder)
    #expect(store.name == "Test")
    #expect(try store.people() == (0..<4).map { "P-Indoor_1-\($0)" })
    #expect(try store.status().votes == 6)
    let report = try store.withdraw(person: "P-Indoor_1-0")
    // Four photos have six pairs; three are left with the fourth photo gone.
    #expect(report.votes == 3 && report.files == 1 && !report.isRepeated)
    #expect(try store.withdraw(person: "P-Indoor_1-0").isRepeated)
    #expect(throws: InputError.self) { try store.withdraw(person: "nobody") }
    #expect(try lab.study.judgements().count == 3)
    let files = try FileManager.default.contentsOfDirectory(atPath: lab.folder + "/files")
    #expect(files.count == 3)
    #expect(try store.verify().damage.isEmpty)
    try FileManager.default.removeItem(atPath: "\(lab.folder)/files/\(files[0])")
    #expect(try store.verify().damage == ["files/\(files[0]) is missing"])
    try store.close()
  }

  @Test func everyTamperingIsFound() async throws {
    let lab = try Laboratory(photos: 5)
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      for _ in 0..<4 {
        guard let lease = try await visitor.leases(session).leases.first else { break }
        _ = try await visitor.vote(lease.id)
      }
      _ = try await visitor.send(.delete, "/api/v1/votes/last")
    }
    #expect(try lab.study.verify().isEmpty)
    // The triggers stop a careless hand …
    for table in ["audit", "vote", "vote_void"] {
      #expect(throws: DatabaseError.self) {
        try lab.study.pool.write { try $0.execute(sql: "DELETE FROM annotation_\(table)") }
      }
    }
    // … and the chain finds one that drops them.
    let changes = [
      "UPDATE annotation_vote SET choice = 'right' WHERE id = 1",
      "UPDATE annotation_lease SET left_is_low = 1 - left_is_low WHERE id = (SELECT lease FROM "
        + "annotation_vote WHERE id = 2)",
      "UPDATE annotation_audit SET actor = 'somebody' WHERE id = 3",
      "DELETE FROM annotation_audit WHERE id = 4",
      "DELETE FROM annotation_vote_void",
    ]
    for change in changes {
      let problems = try await lab.study.pool.write { db in
        var found: [String] = []
        try db.inSavepoint {
          for table in ["audit", "vote", "vote_void"] {
            for action in ["update", "delete"] {
              try db.execute(sql: "DROP TRIGGER annotation_\(table)_no_\(action)")
            }
          }
          try db.execute(sql: change)
          found = try AuditTrail.problems(db)
          return .rollback
        }
        return found
      }
      #expect(!problems.isEmpty, "\(change)")
    }
    #expect(try lab.study.verify().isEmpty)
    let name = try #require(
      FileManager.default.contentsOfDirectory(atPath: lab.folder + "/files").first)
    try Data("other".utf8).write(to: URL(fileURLWithPath: "\(lab.folder)/files/\(name)"))
    #expect(try lab.study.verify() == ["files/\(name) has 5 bytes instead of 1000"])
  }

  @Test func theLanguagesHaveTheSameTexts() throws {
    let keys = AnnotationServer.textKeys
    #expect(keys.count == 2)
    #expect(keys["en"] == keys["fr"])
    #expect(keys["en"]?.count ?? 0 > 150)
  }
}

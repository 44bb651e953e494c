import Domain
import Files
import Foundation
import GRDB
import Studies
import TestSupport
import Testing

/// Studies that 0.1.0 wrote are opened by one owner; `Fixtures/study-0.1.0` was written by that
/// program.
///
/// It has four portraits, ten votes of which one was taken back, and a person who withdrew in the
/// browser: 0.1.0 left the original, its row, and its name.
@Suite struct OneOwnerMigrationTests {
  private func drop(_ family: String, _ db: Database) throws {
    let tables = try String.fetchAll(
      db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE ?",
      arguments: [family + "_%"])
    for table in tables { try db.execute(sql: "DROP TABLE \(table)") }
    try db.execute(
      sql: "DELETE FROM grdb_migrations WHERE identifier LIKE ?", arguments: [family + "-%"])
  }

  @Test func aWithdrawalOfTheBrowserIsFinished() throws {
    let (scratch, folder) = try OldStudy.copy()
    defer { withExtendedLifetime(scratch) {} }
    let original = try #require(
      try InputFile.read("\(OldStudy.fixture)/study.sql").withUnsafeBytes { bytes in
        String(decoding: bytes, as: UTF8.self).firstMatch(
          of: /'portrait-0.png','([0-9a-f]{64})'/
        ).map { String($0.1) }
      })
    #expect(FileManager.default.fileExists(atPath: "\(folder)/files/\(original)"))
    let opened = try StudyStore.open(folder)
    #expect(opened.name == "Garden study")
    let status = try opened.status()
    #expect(status.withdrawn == 1 && status.persons == 3 && status.photos == 3)
    // Of nine votes that stand, four show the person.
    #expect(status.votes == 5)
    #expect(try opened.verify().damage == [])
    #expect(try opened.verify().files == 6)
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/files/\(original)"))
    #expect(try FolderBytes.traces(of: ["portrait-0.png"], in: folder) == [])
    try opened.close()
    #expect(try FolderBytes.traces(of: ["portrait-0.png"], in: folder) == [])
    #expect(
      try String(contentsOfFile: folder + "/golden.csv", encoding: .utf8)
        == "scene,attribute,better,worse\nGarden,details,portrait-1.png,portrait-2.png\n")
    // Once more: nothing is left to do.
    let again = try StudyStore.open(folder)
    #expect(try again.status() == status)
    #expect(try again.withdraw(person: "P0").isRepeated)
  }

  @Test func aStudyThatWasNeverAnnotatedIsOpened() throws {
    let (scratch, folder) = try OldStudy.copy { try drop("annotation", $0) }
    defer { withExtendedLifetime(scratch) {} }
    let opened = try StudyStore.open(folder)
    #expect(try opened.photos().count == 4)
    #expect(try opened.status().votes == 0)
    // The browser's withdrawal went with its tables; this one is the command's.
    #expect(try opened.withdraw(person: "P0").photos.count == 1)
    #expect(try opened.verify().damage == [])
  }

  @Test func anAnnotatedFolderBecomesAStudy() throws {
    let (scratch, folder) = try OldStudy.copy { try drop("study", $0) }
    defer { withExtendedLifetime(scratch) {} }
    let opened = try StudyStore.open(folder)
    #expect(opened.name == "S")
    #expect(try opened.status().votes == 5)
    #expect(try opened.people() == ["P1", "P2", "P3"])
    #expect(try opened.verify().damage == [])
    #expect(try opened.withdraw(person: "P1").votes > 0)
    #expect(try opened.verify().damage == [])
  }

  @Test func everyVoteKeepsItsSeal() throws {
    let (scratch, folder) = try OldStudy.copy { db in
      try db.execute(sql: "UPDATE annotation_person SET withdrawn_at = NULL")
      try db.execute(sql: "UPDATE annotation_image SET state = 'active'")
    }
    defer { withExtendedLifetime(scratch) {} }
    let opened = try StudyStore.open(folder)
    #expect(try opened.status().votes == 9)
    let damage = try opened.verify().damage.filter { $0.hasPrefix("annotation:") }
    #expect(damage == [])
    // The guards of votes and of the audit trail survived the move.
    for table in ["audit", "vote", "vote_void"] {
      #expect(throws: DatabaseError.self) {
        try opened.pool.write { try $0.execute(sql: "DELETE FROM annotation_\(table)") }
      }
    }
  }

  @Test func rolesAndStatesAreChecked() throws {
    let (scratch, folder) = try OldStudy.copy()
    defer { withExtendedLifetime(scratch) {} }
    let opened = try StudyStore.open(folder)
    for (table, column) in [
      ("annotation_observer", "role"), ("annotation_image", "state"), ("annotation_task", "state"),
      ("annotation_session", "state"), ("annotation_lease", "state"), ("annotation_lease", "kind"),
    ] {
      #expect(throws: DatabaseError.self, "\(table).\(column)") {
        try opened.pool.write { db in
          try db.execute(sql: "UPDATE \(table) SET \(column) = 'unheard-of'")
        }
      }
    }
  }

  @Test func aListThatIsNoTableKeepsTheWithdrawalUnfinished() throws {
    let scratch = try Scratch()
    let study = try StudyStore.create(scratch.file("study"))
    var metadata = PhotoMetadata()
    metadata.person = "P1"
    let photo = StudyCandidate(path: "x", scene: "S", photo: "face.jpg", metadata: metadata)
    _ = try study.take(photo, nil)
    let golden = study.folder + "/golden.csv"
    try AtomicFile.write("scene,attribute,better,worse\nS,details\n", to: golden)
    #expect(message { try study.withdraw(person: "P1") }?.contains("golden.csv") == true)
    #expect(try study.photos().isEmpty, "the rows are gone")
    #expect(try study.verify().damage.last?.contains("withdrawal of P1 is not finished") == true)
    try study.close()
    try AtomicFile.write("scene,attribute,better,worse\nS,details,face.jpg,b.jpg\n", to: golden)
    let again = try StudyStore.open(study.folder)
    #expect(try again.verify().damage == [])
    #expect(try FolderBytes.traces(of: ["face.jpg"], in: study.folder) == [])
  }
}

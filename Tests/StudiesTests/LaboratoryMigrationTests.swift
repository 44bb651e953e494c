import Domain
import Files
import Foundation
import GRDB
import Studies
import TestSupport
import Testing

/// Studies of 0.1.0 get guidelines of their own, roles, control, reports and the view of votes.
@Suite struct LaboratoryMigrationTests {
  @Test func ownGuidelinesBecomeTheFirstVersion() throws {
    let (scratch, folder) = try OldStudy.copy { db in
      try db.execute(
        sql: "INSERT INTO study_attribute VALUES ('bokeh', 1, 4500000, 'Look at the lights.')")
    }
    defer { withExtendedLifetime(scratch) {} }
    let opened = try StudyStore.open(folder)
    let kept = try #require(try opened.guidelines(of: "bokeh", language: "en"))
    #expect(kept.text == "Look at the lights." && kept.label == "en-1")
    // The texts that every study of 0.1.0 was made with were never shown to anybody.
    #expect(try opened.guidelines(of: .details, language: "en") == nil)
    #expect(try opened.verify().damage == [])
    try opened.close()
  }

  @Test func knownPairsArePartedAndVotesKeepTheirSeals() throws {
    let (scratch, folder) = try OldStudy.copy { db in
      try db.execute(sql: "DELETE FROM annotation_golden")
      for high in 12...15 {
        try db.execute(
          sql: "INSERT INTO annotation_golden VALUES (1, 11, ?, 11)", arguments: [high])
      }
    }
    defer { withExtendedLifetime(scratch) {} }
    let opened = try StudyStore.open(folder)
    let purposes = try opened.pool.read {
      try String.fetchAll($0, sql: "SELECT purpose FROM annotation_golden ORDER BY low, high")
    }
    #expect(purposes == ["check", "training", "check", "training"])
    #expect(try opened.verify().damage == [])
    #expect(throws: DatabaseError.self) {
      try opened.pool.write {
        try $0.execute(
          sql: "INSERT INTO annotation_observer (pseudonym, role) VALUES ('X', 'stranger')")
      }
    }
    try opened.close()
  }
}

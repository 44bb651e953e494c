import AnnotationService
import Domain
import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import Studies
import Testing

/// Withdrawing a person erases the votes on that person's photos, and nothing else.
@Suite struct ErasureTests {
  @Test func votesOnAWithdrawnPersonAreErased() async throws {
    let lab = try Laboratory(photos: 4)
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      for _ in 0..<6 {
        let open = try await visitor.leases(session).leases
        guard let lease = open.first else { break }
        #expect(try await visitor.vote(lease.id).status == .created)
      }
      _ = try await visitor.send(.delete, "/api/v1/votes/last")
    }
    let before = try counts(lab)
    let shown = try votes(of: "0_Indoor_1.png", lab)
    #expect(before.votes == 6 && shown > 0 && shown < before.votes)
    #expect(try lab.study.withdraw(person: "P-Indoor_1-0").votes == shown)
    let after = try counts(lab)
    #expect(after.votes == before.votes - shown)
    #expect(after.images == ["1_Indoor_1.png", "2_Indoor_1.png", "3_Indoor_1.png"])
    #expect(try lab.study.verify().isEmpty, "the audit trail knows which votes were erased")
    #expect(try lab.study.withdraw(person: "P-Indoor_1-0").votes == 0)
    // The votes that are left are as safe as before, and a vote that is missing without reason still shows.
    await #expect(throws: (any Error).self) {
      try await lab.study.pool.write { try $0.execute(sql: "DELETE FROM annotation_vote") }
    }
    try await lab.study.pool.write { db in
      try db.execute(sql: "DROP TRIGGER annotation_vote_no_delete")
      try db.execute(sql: "DROP TRIGGER annotation_vote_void_no_delete")
      try db.execute(sql: "DELETE FROM annotation_vote_void")
      try db.execute(
        sql: "DELETE FROM annotation_vote WHERE id = (SELECT min(id) FROM annotation_vote)")
    }
    #expect(try !lab.study.verify().isEmpty)
  }

  /// Regions from a study's table may carry no person: then the study names the photos.
  @Test func photosNamedByTheStudyAreErased() throws {
    let lab = try Laboratory(photos: 2)
    try lab.study.pool.write { try $0.execute(sql: "UPDATE annotation_image SET person = NULL") }
    var metadata = PhotoMetadata()
    metadata.person = "P7"
    let photo = StudyCandidate(
      path: "1.png", scene: "Indoor_1", photo: "1_Indoor_1.png", metadata: metadata)
    #expect(try lab.study.store.take(photo, nil) == .added)
    #expect(try lab.study.withdraw(person: "P7").photos.count == 1)
    #expect(try counts(lab).images == ["0_Indoor_1.png"])
    var region = try lab.region("Indoor_1", 1)
    (region.photo, region.person) = ("renamed.png", nil)
    let report = try lab.study.add([region])
    #expect(report.refused.first?.problem == "the person on this photo withdrew")
  }

  private func counts(_ lab: Laboratory) throws -> (votes: Int, images: [String]) {
    try lab.study.pool.read { db in
      (
        try Int.fetchOne(db, sql: "SELECT count(*) FROM annotation_vote") ?? 0,
        try String.fetchAll(
          db, sql: "SELECT photo FROM annotation_image WHERE state = 'active' ORDER BY photo")
      )
    }
  }

  private func votes(of photo: String, _ lab: Laboratory) throws -> Int {
    try lab.study.pool.read { db in
      try Int.fetchOne(
        db,
        sql: """
          SELECT count(*) FROM annotation_vote v JOIN annotation_lease l ON l.id = v.lease
          JOIN annotation_image i ON i.id IN (l.low, l.high) WHERE i.photo = ?
          """, arguments: [photo]) ?? 0
    }
  }
}

import AnnotationService
import Domain
import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Pixels
import Studies
import TestSupport
import Testing

/// The owner looks at groups of faces; nothing counts before.
@Suite struct PeoplePageTests {
  /// A study of five photos in three groups; `a.png` is P1's on record, `e.png` is P2's.
  private func laboratory() throws -> Laboratory {
    let lab = try Laboratory(photos: 0)
    let store = lab.study.store
    let scratch = try Scratch()
    for (index, name) in ["a.png", "b.png", "c.png", "d.png", "e & f.png"].enumerated() {
      var image = RasterImage(widthPixels: 320, heightPixels: 240, red: 90, green: 90, blue: 90)
      image.samples[index] = 200
      try image.write(to: scratch.file("photo.png"), as: .png())
      let staged = try store.files.stage(scratch.file("photo.png"))
      defer { store.files.discard(staged) }
      var metadata = PhotoMetadata()
      metadata.consent = .given
      metadata.person = index == 0 ? "P1" : index == 4 ? "P2" : nil
      _ = try store.take(
        StudyCandidate(path: name, scene: "S", photo: PhotoID(name), metadata: metadata),
        PhotoFacts(
          sha256: staged.sha256, byteCount: staged.byteCount, format: "png", widthPixels: 320,
          heightPixels: 240), staged: staged)
    }
    let faces = try store.photos().map {
      GroupedFace(
        photo: $0.id, box: FaceBox(x: 100, y: 60, width: 50, height: 64, score: 1), distance: 0.3)
    }
    try store.propose(
      FaceGroupProposal(
        groups: [[faces[0], faces[1], faces[4]], [faces[2]], [faces[3]]],
        likenesses: [(one: 1, other: 2, distance: 0.66)]), by: PeopleReviewer())
    return lab
  }

  private struct Owner: Sendable {
    let visitor: Visitor

    func page(_ place: String = "") async throws -> String {
      String(buffer: try await visitor.send(.get, "/owner/people" + place).body)
    }

    func post(_ place: String, _ fields: String) async throws -> TestResponse {
      try await visitor.client.execute(
        uri: "/owner/people/\(place)", method: .post,
        headers: [
          .cookie: visitor.cookie, .origin: "http://localhost",
          .contentType: "application/x-www-form-urlencoded",
        ], body: ByteBuffer(string: "csrf=\(visitor.csrf)&from=0&" + fields))
    }
  }

  private func enter(
    _ client: any TestClientProtocol, _ lab: Laboratory
  ) async throws -> Owner {
    let token = try lab.study.invite(isOwner: true).token
    return Owner(visitor: try await Visitor.enter(client, token, page: "/owner"))
  }

  private func persons(_ lab: Laboratory) throws -> [String?] {
    try lab.study.store.photos().map(\.metadata.person)
  }

  @Test func groupsAreShownWithWhatContradicts() async throws {
    let lab = try laboratory()
    try await lab.test { client in
      let owner = try await enter(client, lab)
      let page = try await owner.page()
      #expect(page.contains("Groups left to look at: 3."))
      #expect(page.contains("several people: <strong>P1, P2</strong>"))
      #expect(page.contains("Looks much like group 3 (distance 0.66)."))
      #expect(page.contains("S/e &amp; f.png"))
      #expect(page.contains("value=\"person-2\"") && page.contains("value=\"person-3\""))
      #expect(page.components(separatedBy: "type=\"checkbox\" name=\"face-").count == 6)
      let picture = try await owner.visitor.send(.get, "/owner/people/faces/1")
      #expect(picture.status == .ok && picture.headers[.cacheControl] == "no-store")
      let header = try RasterImage.probe(
        bytes: Array(picture.body.readableBytesView), name: "face")
      #expect((header.widthPixels, header.heightPixels) == (102, 102))
      #expect(try await owner.visitor.send(.get, "/owner/people/faces/99").status == .notFound)
      #expect(try await owner.visitor.send(.get, "/owner/people/faces/x").status == .notFound)
    }
  }

  @Test func theOwnerMergesSplitsAndConfirms() async throws {
    let lab = try laboratory()
    try await lab.test { client in
      let owner = try await enter(client, lab)
      let merged = try await owner.post("3", "action=merge&with=2")
      #expect(merged.headers[.location] == "/owner/people?from=0#group-2")
      let mixed = try await owner.post(
        "1", "action=confirm&person=P1&seen=\(lab.study.store.faceGroups()[0].state)")
      #expect(mixed.status == .conflict)
      #expect(String(buffer: mixed.body).contains("its person is P2 on record, not P1"))
      #expect(try persons(lab) == ["P1", nil, nil, nil, "P2"])
      #expect(try await owner.post("1", "action=move&to=new&face-5=1").status == .seeOther)
      // What was shown before is not what is there now.
      let old = try await owner.post("1", "action=confirm&person=P1&seen=0123")
      #expect(old.status == .conflict && String(buffer: old.body).contains("was changed since"))
      for group in try lab.study.store.faceGroups() {
        let name = group.id == 2 ? "P+9" : group.recorded[0]
        let answer = try await owner.post(
          "\(group.id)", "action=confirm&person=\(name)&seen=\(group.state)")
        #expect(answer.status == .seeOther)
      }
      #expect(try persons(lab) == ["P1", "P1", "P 9", "P 9", "P2"])
      #expect(try await owner.page().contains("No proposal waits for you."))
      let lines = try await lab.study.pool.read { db in
        try String.fetchAll(
          db,
          sql: """
            SELECT actor || ' ' || detail FROM annotation_audit
            WHERE action = 'people-confirm' ORDER BY id
            """)
      }
      #expect(
        lines.first
          == #"owner {"changed":"1","group":"1","person":"P1","photos":"1 2"}"#, "\(lines)")
    }
    #expect(try lab.study.verify() == [])
  }

  @Test func nobodyElseGetsThere() async throws {
    let lab = try laboratory()
    let observer = try lab.study.invite().token
    try await lab.test { client in
      let paths = ["/owner/people", "/owner/people/faces/1"]
      for path in paths {
        #expect(try await client.execute(uri: path, method: .get).status == .unauthorized)
      }
      let other = try await Visitor.enter(client, observer)
      for path in paths { #expect(try await other.send(.get, path).status == .forbidden) }
      let invitation = try lab.study.invite(
        [InvitedPerson(pseudonym: "helper")], letter: "", origin: "https://x.example",
        role: .operator)[0]
      let helper = Owner(
        visitor: try await Visitor.enter(
          client, invitation.link.split(separator: "/").last.map(String.init) ?? "", page: "/owner")
      )
      for path in paths {
        #expect(try await helper.visitor.send(.get, path).status == .forbidden)
      }
      #expect(try await helper.post("1", "action=move&to=none&face-1=1").status == .forbidden)
      let coverage = String(buffer: try await helper.visitor.send(.get, "/owner").body)
      #expect(!coverage.contains("/owner/people"))
      let owner = try await enter(client, lab)
      let forged = try await owner.post("1", "csrf=x&action=move&to=none&face-1=1")
      #expect(forged.status == .forbidden)
      for bad in ["action=fly", "action=merge&with=x", "action=move&to=x&face-1=1", ""] {
        #expect(try await owner.post("1", bad).status == .badRequest, "\(bad)")
      }
      #expect(try await owner.post("99", "action=move&to=none").status == .conflict)
      #expect(try lab.study.store.faceGroups().count == 3)
      #expect(try persons(lab) == ["P1", nil, nil, nil, "P2"])
    }
  }

  @Test func aWithdrawnFaceIsGoneAndAProposalCanBeDropped() async throws {
    let lab = try laboratory()
    try await lab.test { client in
      let owner = try await enter(client, lab)
      try lab.study.withdraw(person: "P1")
      #expect(try await owner.visitor.send(.get, "/owner/people/faces/1").status == .notFound)
      #expect(try await !owner.page().contains("S/a.png"))
      #expect(try await owner.post("discard", "").status == .seeOther)
      #expect(try lab.study.store.faceGroups().count == 3)
      #expect(try await owner.post("discard", "sure=1").status == .seeOther)
      #expect(try lab.study.store.faceGroups().isEmpty)
      #expect(try await owner.visitor.send(.get, "/owner/people/faces/2").status == .notFound)
      let lock = try StudyLock(lab.study.store)
      let busy = try await owner.post("1", "action=move&to=none&face-2=1")
      withExtendedLifetime(lock) {}
      #expect(String(buffer: busy.body).contains("another vernier is changing this study"))
    }
  }
}

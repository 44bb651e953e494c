import Domain
import Files
import Foundation
import GRDB
import Studies
import TestSupport
import Testing

/// Groups of faces count only when somebody has confirmed them.
@Suite struct FaceGroupTests {
  private let reviewer = PeopleReviewer("boss", at: Date(timeIntervalSince1970: 1_800_000_000))

  /// Seven photos, four of them with a pseudonym on record, in three groups.
  private func proposed() throws -> (fixture: StudyFixture, id: [PhotoID: Int64]) {
    let fixture = try StudyFixture()
    for (name, person) in [
      ("a1", "P1"), ("a2", nil), ("a3", nil), ("b1", "P2"), ("b2", "P3"), ("c1", "P1"), ("c2", nil),
    ] {
      try fixture.take("S", PhotoID(name)) { ($0.person, $0.consent) = (person, .given) }
    }
    var id: [PhotoID: Int64] = [:]
    for photo in try fixture.study.photos() { id[photo.photo] = photo.id }
    let groups = [["a1", "a2", "a3"], ["b1", "b2"], ["c1", "c2"]]
    let faces = try groups.map { names in
      try names.enumerated().map { place, name in
        GroupedFace(
          photo: try #require(id[PhotoID(name)]),
          box: FaceBox(x: 1, y: 2, width: 10, height: 12, score: 1), distance: Double(place) / 10)
      }
    }
    try fixture.study.propose(
      FaceGroupProposal(
        groups: faces, likenesses: [(one: 0, other: 2, distance: 0.63)],
        settings: ["threshold": "0.6"]), by: reviewer)
    return (fixture, id)
  }

  private func persons(_ study: StudyStore) throws -> [String?] {
    try study.photos().map(\.metadata.person)
  }

  private func trail(_ study: StudyStore) throws -> [String] {
    try study.pool.read { db in
      try Row.fetchAll(
        db,
        sql: "SELECT action, detail FROM annotation_audit WHERE action LIKE 'people%' ORDER BY id"
      ).map { "\($0["action"] as String) \($0["detail"] as String)" }
    }
  }

  @Test func aProposalChangesNoPhotoAndShowsWhatContradicts() throws {
    let (fixture, _) = try proposed()
    let study = fixture.study
    #expect(try persons(study) == ["P1", nil, nil, "P2", "P3", "P1", nil])
    let groups = try study.faceGroups()
    #expect(groups.map(\.id) == [1, 2, 3])
    #expect(groups.map { $0.members.map(\.place.photo.text) }[0] == ["a1", "a2", "a3"])
    #expect(groups.map(\.recorded) == [["P1"], ["P2", "P3"], ["P1"]])
    #expect(groups.map(\.elsewhere) == [["P1": [3]], [:], ["P1": [1]]])
    #expect(groups.map(\.hasConflict) == [true, true, true])
    #expect(groups[0].likeness?.group == 3 && groups[0].likeness?.distance == 0.63)
    #expect(groups[1].likeness == nil)
    #expect(try study.proposedPseudonyms() == [1: "P1", 3: "P1"])
    #expect(
      try trail(study) == [#"people-proposal {"faces":"7","groups":"3","threshold":"0.6"}"#])
    #expect(try study.verify().damage.isEmpty)
  }

  @Test func groupsAreMergedSplitAndConfirmed() throws {
    let (fixture, id) = try proposed()
    let study = fixture.study
    #expect(try study.merge(groups: [3, 1], by: reviewer) == 1)
    let lone = try #require(id["b2"])
    #expect(try study.move(faces: [lone], to: .newGroup, by: reviewer) == 4)
    #expect(try study.faceGroups().map(\.id) == [1, 2, 4])
    #expect(try study.faceGroups().allSatisfy { !$0.hasConflict && $0.likeness == nil })
    #expect(try study.proposedPseudonyms() == [1: "P1", 2: "P2", 4: "P3"])
    #expect(try persons(study) == ["P1", nil, nil, "P2", "P3", "P1", nil])
    #expect(try study.confirm(PersonConfirmation(group: 1, person: "P1"), by: reviewer) == 3)
    #expect(try persons(study) == ["P1", "P1", "P1", "P2", "P3", "P1", "P1"])
    #expect(try study.faceGroups().map(\.id) == [2, 4])
    // One person after all: only with a word.
    let wish = PersonConfirmation(group: 4, person: "P2")
    let refused = message { try study.confirm(wish, by: reviewer) }
    #expect(refused?.contains("its person is P3 on record, not P2") == true, "\(refused ?? "")")
    #expect(try persons(study)[4] == "P3")
    #expect(
      try study.confirm(
        all: [
          PersonConfirmation(group: 4, person: "P2", replaces: true),
          PersonConfirmation(group: 2, person: "P2"),
        ], by: reviewer) == 1)
    #expect(try persons(study) == ["P1", "P1", "P1", "P2", "P2", "P1", "P1"])
    #expect(try study.faceGroups().isEmpty)
    let left = try study.pool.read { db in
      try Int.fetchOne(db, sql: "SELECT count(*) FROM study_face_likeness")
    }
    #expect(left == 0, "nothing of a proposal stays behind its last group")
    let trail = try trail(study)
    #expect(trail.count == 6)
    #expect(trail[1] == #"people-review {"merged":"1 3"}"#)
    #expect(
      trail[3] == #"people-confirm {"changed":"3","group":"1","person":"P1","photos":"1 2 3 6 7"}"#)
    #expect(trail[4].contains(#""replaced":"1""#))
    #expect(try study.verify().damage.isEmpty)
  }

  @Test func confirmingIsAllOrNothing() throws {
    let (fixture, id) = try proposed()
    let study = fixture.study
    let wishes = [
      PersonConfirmation(group: 1, person: "P1"), PersonConfirmation(group: 2, person: "P2"),
    ]
    #expect(message { try study.confirm(all: wishes, by: reviewer) } != nil)
    #expect(try persons(study) == ["P1", nil, nil, "P2", "P3", "P1", nil])
    let (first, second) = (try #require(id["a2"]), try #require(id["b2"]))
    let table = [first: "P9", second: "P9"]
    #expect(message { try study.confirm(photos: table, replaces: false, by: reviewer) } != nil)
    #expect(try persons(study) == ["P1", nil, nil, "P2", "P3", "P1", nil])
    #expect(try study.confirm(photos: table, replaces: true, by: reviewer) == 2)
    #expect(try persons(study) == ["P1", "P9", nil, "P2", "P9", "P1", nil])
    #expect(try study.faceGroups().flatMap(\.members).count == 5)
  }

  @Test func onlyWhatWasSeenIsConfirmed() throws {
    let (fixture, id) = try proposed()
    let study = fixture.study
    let seen = try #require(try study.faceGroups().first).state
    let other = try #require(id["c2"])
    try study.move(faces: [other], to: .group(1), by: reviewer)
    let wish = PersonConfirmation(group: 1, person: "P1", seen: seen)
    #expect(message { try study.confirm(wish, by: reviewer) }?.contains("was changed") == true)
    #expect(try persons(study)[6] == nil)
    try study.move(faces: [other], to: .none, by: reviewer)
    #expect(try study.confirm(wish, by: reviewer) == 2)
    #expect(try persons(study) == ["P1", "P1", "P1", "P2", "P3", "P1", nil])
  }

  @Test func oddWishesAreRefused() throws {
    let (fixture, _) = try proposed()
    let study = fixture.study
    for name in ["", " P1", "P1 ", "P\n1", String(repeating: "x", count: 101)] {
      let wish = PersonConfirmation(group: 3, person: name, replaces: true)
      #expect(
        message { try study.confirm(wish, by: reviewer) }?.contains("pseudonym") == true, "\(name)")
    }
    #expect(message { try study.merge(groups: [1, 1], by: reviewer) } != nil)
    #expect(message { try study.merge(groups: [1, 9], by: reviewer) }?.contains("group 9") == true)
    #expect(message { try study.move(faces: [99], to: .newGroup, by: reviewer) } != nil)
    #expect(message { try study.move(faces: [1], to: .group(9), by: reviewer) } != nil)
    #expect(message { try study.move(faces: [], to: .newGroup, by: reviewer) } != nil)
    #expect(
      message { try study.confirm(PersonConfirmation(group: 9, person: "P"), by: reviewer) } != nil)
    #expect(try trail(study).count == 1)
    #expect(try study.status().faceGroups == 3)
    #expect(try study.discardFaceGroups(by: reviewer) == 7)
    #expect(try study.status().faceGroups == 0)
    #expect(try study.discardFaceGroups(by: reviewer) == 0)
    #expect(try persons(study) == ["P1", nil, nil, "P2", "P3", "P1", nil])
  }

  @Test func aWithdrawalLeavesNoTraceInAProposal() throws {
    let (fixture, id) = try proposed()
    let study = fixture.study
    try study.withdraw(person: "P1")
    let rows = try study.pool.read { db in
      try Int64.fetchSet(db, sql: "SELECT photo FROM study_face")
    }
    let gone = Set([id["a1"], id["c1"]].compactMap(\.self))
    #expect(rows.count == 5 && rows.isDisjoint(with: gone))
    #expect(try study.faceGroups().map(\.id) == [1, 2, 3])
    // Nobody gets a withdrawn pseudonym again.
    #expect(try study.proposedPseudonyms()[1] == "person-1")
    let wish = PersonConfirmation(group: 1, person: "P1")
    #expect(message { try study.confirm(wish, by: reviewer) }?.contains("withdrew") == true)
    #expect(try study.confirm(PersonConfirmation(group: 1, person: "P4"), by: reviewer) == 2)
    #expect(try study.withdraw(person: "P4").photos.count == 2)
    #expect(try study.verify().damage.isEmpty)
  }

  @Test func whatObserversSeeFollows() throws {
    let (fixture, _) = try proposed()
    let study = fixture.study
    try study.pool.write { db in
      try db.execute(
        sql: """
          INSERT INTO annotation_image (scene, photo, person) VALUES
            ('S', 'a1', 'P1'), ('S', 'a2', NULL), ('S', 'b1', 'P2')
          """)
    }
    let wish = PersonConfirmation(group: 1, person: "P8", replaces: true)
    #expect(try study.confirm(wish, by: reviewer) == 3)
    let shown = try study.pool.read { db in
      try Optional<String>.fetchAll(db, sql: "SELECT person FROM annotation_image ORDER BY id")
    }
    #expect(shown == ["P8", "P8", "P2"])
    #expect(try study.people() == ["P1", "P2", "P3", "P8"])
  }

  @Test func identificationNeedsItsOwnConsent() throws {
    let fixture = try StudyFixture()
    try fixture.take("S", "all.jpg") { $0.consent = .given }
    try fixture.take("S", "named.jpg") {
      ($0.consent, $0.purposes) = (.given, [.annotation, .identification])
    }
    try fixture.take("S", "pending.jpg") {
      ($0.consent, $0.purposes) = (.pending, [.identification])
    }
    let unconfirmed = try fixture.study.unconfirmed(for: .identification)
    #expect(unconfirmed.map(\.place.photo) == ["all.jpg", "pending.jpg"])
    #expect(
      unconfirmed.map(\.reason) == [
        "the consent does not cover identification", "the consent is pending",
      ])
    let untrained = try fixture.study.unconfirmed(for: .training).map(\.place.photo)
    #expect(untrained == ["named.jpg", "pending.jpg"])
    try fixture.study.recordException(for: .identification, reason: "all signed", photos: 2)
    #expect(try fixture.study.consentExceptions().map(\.purpose) == [.identification])
  }
}

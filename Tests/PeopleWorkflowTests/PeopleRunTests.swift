import Domain
import Files
import Foundation
import ModelLibrary
import NeuralModels
import PeopleWorkflow
import Pixels
import Preparation
import Studies
import TestSupport
import Testing

/// People found on the portraits of the set-up.
@Suite(.serialized) struct PeopleRunTests {
  /// A study of the five portraits, with consent to be identified unless told otherwise.
  private struct Portraits {
    let scratch: Scratch
    let study: StudyStore
    let installation: Installation

    init(consent: PhotoMetadata? = nil) throws {
      let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
      for part in ["portraits/astronaut.png", "people/\(FaceRecognition.fileName)"]
      where !FileManager.default.fileExists(atPath: "\(root)/.deps/\(part)") {
        try Test.cancel(".deps/\(part) is missing; run Scripts/setup --people")
      }
      installation = try Installation(
        environment: ["VERNIER_DEPS": "\(root)/.deps"], executable: nil, workingFolder: root)
      scratch = try Scratch()
      study = try StudyStore.create(scratch.file("study"), name: "Portraits")
      var agreed = PhotoMetadata()
      (agreed.consent, agreed.purposes) = (.given, [.annotation, .identification])
      for name in ["astronaut.png", "biden.jpg", "obama.jpg", "obama2.jpg", "obama3.jpg"] {
        try take(installation.portrait(name), PhotoID(name), consent ?? agreed)
      }
    }

    func take(_ path: String, _ name: PhotoID, _ metadata: PhotoMetadata) throws {
      let header = try RasterImage.probe(path)
      let staged = try study.files.stage(path)
      defer { study.files.discard(staged) }
      _ = try study.take(
        StudyCandidate(path: path, scene: "S", photo: name, metadata: metadata),
        PhotoFacts(
          sha256: staged.sha256, byteCount: staged.byteCount, format: "jpeg",
          widthPixels: header.widthPixels, heightPixels: header.heightPixels), staged: staged)
    }

    func run(_ change: (inout PeoplePlan) -> Void = { _ in }) throws -> PeopleReport {
      var plan = PeoplePlan()
      change(&plan)
      return try PeopleRun(study, plan: plan, installation: installation).run()
    }

    /// What the faces look like, computed once more.
    func embeddings() throws -> [PhotoID: FaceEmbedding] {
      let embedder = try FaceEmbedder(
        detector: installation.model(ScoringFiles.detector),
        network: installation.faceRecognition(FaceRecognition.fileName))
      var found: [PhotoID: FaceEmbedding] = [:]
      for member in try study.faceGroups().flatMap(\.members) {
        let path = study.files.path(try #require(member.sha256))
        let face = member.face
        found[member.place.photo] = try embedder.embedding(
          of: FaceBox(x: face.x, y: face.y, width: face.width, height: face.height, score: 1),
          in: path, header: RasterImage.probe(path))
      }
      return found
    }
  }

  private func names(_ groups: [FaceGroup]) -> [[String]] {
    groups.map { $0.members.map(\.place.photo.text).sorted() }
  }

  private static let expected = [
    ["obama.jpg", "obama2.jpg", "obama3.jpg"], ["astronaut.png"], ["biden.jpg"],
  ]

  @Test func portraitsOfOnePersonAreOneGroup() throws {
    let portraits = try Portraits()
    let report = try portraits.run { $0.threads = 2 }
    #expect(names(report.groups) == Self.expected)
    #expect(report.leftOut.isEmpty && report.withoutFace.isEmpty && report.faults.isEmpty)
    #expect(try portraits.study.photos().allSatisfy { $0.metadata.person == nil })
    // Far from the threshold on both sides.
    let embeddings = try portraits.embeddings().sorted { $0.key < $1.key }
    #expect(embeddings.count == 5)
    for (one, first) in embeddings {
      for (other, second) in embeddings where one < other {
        let isOne = one.text.hasPrefix("obama") && other.text.hasPrefix("obama")
        let apart = first.distance(to: second)
        #expect(isOne ? apart < 0.5 : apart > 0.7, "\(one) and \(other): \(apart)")
      }
    }
    // The same again, on one thread.
    let before = try FaceGroupTable.rows(portraits.study)
    #expect(try names(portraits.run { $0.threads = 1 }.groups) == Self.expected)
    #expect(try FaceGroupTable.rows(portraits.study) == before)
  }

  @Test func noByteOfAnEmbeddingStays() throws {
    let portraits = try Portraits()
    // As many threads as the computation below, so that every bit is the same.
    _ = try portraits.run { $0.threads = 1 }
    let study = portraits.study
    let traces = EmbeddingTraces(try portraits.embeddings().map { ($0.key.text, $0.value) })
    #expect(try traces.found(in: study.folder) == [])
    for group in try study.faceGroups() {
      let name = try #require(study.proposedPseudonyms()[group.id])
      try study.confirm(PersonConfirmation(group: group.id, person: name), by: PeopleReviewer())
    }
    #expect(try traces.found(in: study.folder) == [])
    try study.withdraw(person: "person-1")
    #expect(try traces.found(in: study.folder) == [])
    #expect(try study.verify().damage.isEmpty)
    // The search would find them: in whatever of these ways somebody wrote one.
    for (form, bytes) in traces.examples {
      let path = "\(study.folder)/left.bin"
      try (Data("junk".utf8) + bytes + Data("junk".utf8)).write(to: URL(fileURLWithPath: path))
      #expect(try !traces.found(in: study.folder).isEmpty, "\(form)")
    }
  }

  @Test func onlyWhoAgreedIsLookedAt() throws {
    var general = PhotoMetadata()
    general.consent = .given
    let portraits = try Portraits(consent: general)
    let refused = message { _ = try portraits.run() }
    #expect(
      refused?.contains("no photo's consent covers identification") == true, "\(refused ?? "")")
    #expect(try portraits.study.faceGroups().isEmpty)
    var named = PhotoMetadata()
    named.purposes = [.identification]
    for name in ["obama.jpg", "biden.jpg"] as [PhotoID] {
      _ = try portraits.study.describe(
        StudyCandidate(path: "m.csv", scene: "S", photo: name, metadata: named), subject: "m.csv")
    }
    let report = try portraits.run()
    #expect(names(report.groups).flatMap(\.self).sorted() == ["biden.jpg", "obama.jpg"])
    #expect(report.leftOut.count == 3)
    // Faces of the others were not even searched for.
    for photo in try portraits.study.photos() {
      let sha256 = try #require(photo.facts?.sha256)
      let isSearched = try portraits.study.faces(sha256: sha256) != nil
      #expect(isSearched == ["obama.jpg", "biden.jpg"].contains(photo.photo), "\(photo.photo)")
    }
    let all = try portraits.run { $0.exception = "public domain" }
    #expect(names(all.groups) == Self.expected)
    let exceptions = try portraits.study.consentExceptions()
    #expect(exceptions.map(\.purpose) == [.identification] && exceptions.map(\.photos) == [3])
  }

  @Test func aPhotoWithoutAFaceIsNamed() throws {
    let portraits = try Portraits()
    let wall = portraits.scratch.file("wall.png")
    try RasterImage(widthPixels: 400, heightPixels: 300, red: 90, green: 120, blue: 90)
      .write(to: wall, as: .png())
    var agreed = PhotoMetadata()
    (agreed.consent, agreed.purposes) = (.given, [.identification])
    try portraits.take(wall, "wall.png", agreed)
    let report = try portraits.run()
    #expect(report.withoutFace == ["S/wall.png"] && report.faces == 5)
  }

  @Test func aTableIsEditedAndTakenBack() throws {
    let portraits = try Portraits()
    _ = try portraits.run()
    let study = portraits.study
    var table = CSVWriter(columns: FaceGroupTable.columns)
    for var row in try FaceGroupTable.rows(study) {
      if row[0] == "S/biden.jpg" { row[4] = "" }
      if row[0].contains("obama") { row[4] = "Q1" }
      table.append(row)
    }
    let path = portraits.scratch.file("people.csv")
    try table.write(to: path)
    let persons = try FaceGroupTable.read(path, for: study)
    #expect(persons.count == 4 && persons.values.filter { $0 == "Q1" }.count == 3)
    #expect(try study.confirm(photos: persons, replaces: false, by: PeopleReviewer()) == 4)
    #expect(try study.photos(of: "Q1").count == 3)
    #expect(names(try study.faceGroups()) == [["biden.jpg"]])
    for (text, part) in [
      ("photo,person\nS/obama.jpg,Q2\n", "row 2"), ("photo,person\nS/biden.jpg,\n", "no row"),
      ("photo,person\nS/biden.jpg,A\nS/biden.jpg,B\n", "row 3"), ("a,b\n1,2\n", "photo"),
    ] {
      let path = try portraits.scratch.write(text)
      let refused = message { _ = try FaceGroupTable.read(path, for: study) }
      #expect(refused?.contains(part) == true, "\(refused ?? text)")
    }
  }
}

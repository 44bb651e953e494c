import AnnotationService
import Domain
import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@Suite struct ImportTests {
  /// A folder of tiny pictures with its list.
  private func folder(_ rows: [String], header: String = "SCENE,IMAGE,ATTRIBUTE,REGION,NOTE") throws
    -> String
  {
    let folder = NSTemporaryDirectory() + "regions-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder + "/Details", withIntermediateDirectories: true)
    for number in 0..<6 {
      try Laboratory.picture("listed \(number)", bytes: 500)
        .write(to: URL(fileURLWithPath: "\(folder)/Details/\(number).png"))
    }
    let text = ([header] + rows).joined(separator: "\n") + "\n"
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/regions.csv"))
    return folder
  }

  @Test func aListIsTakenAndItsBadRowsAreNamed() throws {
    let lab = try Laboratory(photos: 2)
    let folder = try folder([
      "Indoor_9,0.jpg,details,Details/0.png,x", "Indoor_9,1.jpg,details,Details/1.png,",
      ",2.jpg,details,Details/2.png,", "Indoor_9,3.jpg,details,Details/missing.png,",
      "Indoor_9,0.jpg,details,Details/4.png,another picture for a known photo",
      "Indoor_9,5.jpg,details,Details/0.png,a double", "Indoor_9,6.jpg,details,regions.csv,",
    ])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let read = try RegionsFile.read(folder + "/regions.csv")
    #expect(read.rows.count == 6)
    #expect(read.refused.first?.subject.contains("row 4, column SCENE") == true)
    let report = try lab.study.add(read.rows)
    #expect(report.added == 2)
    let rows = report.refused.map { $0.subject.split(separator: " ").last.map(String.init) }
    #expect(rows == ["5", "6", "7", "8"])
    // Again: nothing new, and nothing lost.
    #expect(try lab.study.add(read.rows).known == 2)
    #expect(throws: InputError.self) { try RegionsFile.read(folder + "/none.csv") }
    let bad = try self.folder(["a,b"], header: "SCENE,IMAGE")
    defer { try? FileManager.default.removeItem(atPath: bad) }
    #expect(throws: InputError.self) { try RegionsFile.read(bad + "/regions.csv") }
  }

  @Test func aConditionMustBeKnown() throws {
    let folder = try folder(
      ["A,0.jpg,details,Details/0.png,Night,P1", "A,1.jpg,details,Details/1.png,dusk,"],
      header: "SCENE,IMAGE,ATTRIBUTE,REGION,CONDITION,PERSON")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let read = try RegionsFile.read(folder + "/regions.csv")
    #expect(read.rows.map(\.condition) == [.night])
    #expect(read.rows.first?.person == "P1")
    #expect(read.refused.first?.description.contains("Outdoor, Indoor, Lowlight, Night") == true)
  }

  @Test func aFolderOfScenesCanBeTaken() throws {
    let lab = try Laboratory(photos: 2)
    let folder = try folder([])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let regions = try RegionsFile.pictures(ofFolder: folder, attribute: .overall)
    #expect(regions.count == 6)
    #expect(try lab.study.add(regions).added == 6)
    #expect(throws: InputError.self) {
      try RegionsFile.pictures(ofFolder: folder + "/Details", attribute: .overall)
    }
  }

  @Test func theFoldersOwnListsAreTakenAndJoinARunningStudy() async throws {
    let lab = try Laboratory(photos: 2)
    let token = try lab.study.invite().token
    let list = lab.folder + "/regions.csv"
    @Sendable func write(_ count: Int) throws {
      var text = "SCENE,IMAGE,ATTRIBUTE,REGION\n"
      for number in 0..<count {
        let name = "new-\(number).png"
        try Laboratory.picture("new \(number)", bytes: 400)
          .write(to: URL(fileURLWithPath: "\(lab.folder)/\(name)"))
        text += "Outdoor_1,\(name),details,\(name)\n"
      }
      try Data(text.utf8).write(to: URL(fileURLWithPath: list))
    }
    try write(2)
    #expect(try await lab.study.addOwnLists().added == 2)
    try Data(
      "scene,attribute,better,worse\nOutdoor_1,details,new-0.png,new-1.png\nX,details,a,b\n".utf8
    )
    .write(to: URL(fileURLWithPath: lab.folder + "/golden.csv"))
    try Data(
      "scene,attribute,image\nOutdoor_1,details,new-0.png\nIndoor_1,details,0_Indoor_1.png\n".utf8
    )
    .write(to: URL(fileURLWithPath: lab.folder + "/cross-set.csv"))
    let report = try await lab.study.addOwnLists()
    #expect(report.known == 2 && report.added == 0)
    #expect(report.refused.map(\.subject) == [lab.folder + "/golden.csv, row 3"])
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      func work() async throws {
        for _ in 0..<6 {
          guard let session = try? await visitor.begin() else { return }
          while let lease = try await visitor.leases(session).leases.first {
            _ = try await visitor.vote(lease.id)
          }
        }
      }
      try await work()
      #expect(try lab.study.judgements().count == 3)
      try write(3)
      #expect(try await lab.study.addOwnLists().added == 1)
      try await work()
      // Three photos have three pairs; with the first scene's pair and the cross-scene pair that is
      // five.
      #expect(try lab.study.judgements().count == 5)
      #expect(try lab.study.judgements().contains { $0.scene == "CrossScenes" })
    }
  }

  @Test func theOwnerSeesWhatAnImportDid() async throws {
    let lab = try Laboratory(photos: 2)
    try Data("SCENE,IMAGE,ATTRIBUTE,REGION\n<b>,1,details,none.png\n".utf8)
      .write(to: URL(fileURLWithPath: lab.folder + "/regions.csv"))
    let owner = try lab.study.invite(isOwner: true).token
    try await lab.test { client in
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      let form = "csrf=\(chief.csrf)"
      let answer = try await chief.send(
        .post, "/owner/import", form,
        headers: [.contentType: "application/x-www-form-urlencoded"])
      #expect(answer.status == .seeOther)
      let page = String(buffer: try await chief.send(.get, "/owner/photos").body)
      #expect(page.contains("1 rows were not imported"))
      #expect(page.contains("row 2") && page.contains("Indoor_1"))
      let forged = try await chief.send(
        .post, "/owner/import", "csrf=guess",
        headers: [.contentType: "application/x-www-form-urlencoded"])
      #expect(forged.status == .forbidden)
    }
  }

  @Test func settingsAreChangedByNameAndOldOnesStillRead() throws {
    let settings = try AnnotationSettings().changing([
      "blockSeconds": "120", "allowsTies": "true", "gate": "strict", "targetMedianWidth": "0.5",
    ])
    #expect(settings.blockSeconds == 120 && settings.allowsTies && settings.gate == .strict)
    #expect(settings.targetMedianWidth == 0.5)
    for (name, value) in [
      ("blockSeconds", "-1"), ("blockSeconds", "soon"), ("gate", "open"), ("colour", "blue"),
      ("repeatShare", "0.9"),
    ] {
      #expect(throws: InputError.self, "\(name)=\(value)") {
        try AnnotationSettings().changing([name: value])
      }
    }
    let lab = try Laboratory(photos: 2)
    try lab.study.pool.write { db in
      try db.execute(sql: #"UPDATE annotation_study SET settings = '{"blockSeconds":77}'"#)
    }
    let again = try AnnotationStudy.open(lab.folder)
    #expect(again.settings.blockSeconds == 77 && again.settings.batchSize == 24)
    try again.close()
  }
}

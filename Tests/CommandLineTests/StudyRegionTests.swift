import Domain
import Files
import Foundation
import Pixels
import Testing

/// Regions and withdrawal on real portraits.
@Suite(.needsSetup, .serialized) struct StudyRegionTests {
  private func study(_ arguments: [String], in folder: String) throws -> Program.Outcome {
    try Program.run(["study"] + arguments, in: folder)
  }

  /// A study of three portraits and a wall, which has no face, in two scenes.
  private func prepare(_ folder: String) throws {
    let portraits = "\(Program.root)/.deps/portraits"
    for (scene, name) in [("A", "obama.jpg"), ("A", "obama2.jpg"), ("B", "biden.jpg")] {
      try AtomicFile.makeFolder("\(folder)/photos/\(scene)")
      try FileManager.default.copyItem(
        atPath: "\(portraits)/\(name)", toPath: "\(folder)/photos/\(scene)/\(name)")
    }
    try StudyPhotos.image(3, width: 400, height: 300)
      .write(to: "\(folder)/photos/B/wall.png", as: .png())
    #expect(try study(["new", "S"], in: folder).status == 0)
    #expect(try study(["add", "S", "photos"], in: folder).status == 0)
  }

  @Test func regionsAreMadeOnceAndShared() throws {
    try inFolder { folder in
      try prepare(folder)
      let first = try study(["regions", "S"], in: folder)
      #expect(first.status == 1)
      #expect(first.messages.contains("Error: B/wall.png: no face was found"), "\(first.messages)")
      #expect(first.messages.contains("14 regions made, 0 known, 1 photos refused"))
      let table = try CSVTable(path: "\(folder)/S/regions.csv")
      #expect(table.rowCount == 14)
      let columns = try table.columns(["SCENE", "IMAGE", "ATTRIBUTE", "REGION"])
      let details = table.rows.filter { $0.rawText(columns[2]) == "details" }
      let exposure = table.rows.filter { $0.rawText(columns[2]) == "exposure" }
      // The two rules are one, so the files are.
      #expect(details.map { $0.rawText(columns[3]) } == exposure.map { $0.rawText(columns[3]) })
      let region = try RasterImage.decode("\(folder)/S/\(details[0].rawText(columns[3]))")
      #expect((region.widthPixels, region.heightPixels) == (1837, 2449))
      let chosen = try study(
        ["regions", "S", "--photo", "B/wall.png", "--region", "full"], in: folder)
      #expect(chosen.status == 0, "\(chosen.messages)")
      let again = try study(
        ["regions", "S", "--attribute", "details", "--preview", "sheet.jpg"], in: folder)
      #expect(again.status == 0 && again.messages.contains("0 regions made, 4 known"))
      #expect(try RasterImage.probe("\(folder)/sheet.jpg").widthPixels > 300)
      #expect(try study(["verify", "S"], in: folder).status == 0)
    }
  }

  @Test func aWithdrawnPersonLeavesTheAnnotationToo() throws {
    try inFolder { folder in
      try prepare(folder)
      _ = try study(["regions", "S", "--attribute", "overall"], in: folder)
      let people = "scene,image,person,consent\nA,obama.jpg,P1,given\nA,obama2.jpg,P1,given\n"
      try people.write(toFile: "\(folder)/people.csv", atomically: true, encoding: .utf8)
      #expect(try study(["describe", "S", "people.csv"], in: folder).status == 0)
      let annotated = try Program.run(["annotate", "S", "--import-only"], in: folder)
      #expect(annotated.status == 0, "\(annotated.messages)")
      let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/S/files").count
      #expect(files == 8, "the annotation shares the study's files")
      #expect(try study(["backup", "S", "--out", "copy"], in: folder).status == 0)
      let gone = try study(["withdraw", "S", "--person", "P1"], in: folder)
      #expect(
        gone.messages.contains("2 photos, 2 regions, 0 scores, 0 votes and 4 files removed"),
        "\(gone.messages)")
      let verified = try study(["verify", "S"], in: folder)
      #expect(verified.status == 0, "\(verified.messages)")
      #expect(verified.messages.contains("4 files read, 0 faults, 0 notes"), "\(verified.messages)")
      let refused = try study(["add", "S", "photos"], in: folder)
      #expect(refused.status == 1)
      #expect(refused.messages.contains("0 photos added, 2 known, 0 updated, 2 refused"))
      // The backup from before is another study: it still holds the person, as the command says.
      #expect(try study(["verify", "copy"], in: folder).status == 0)
      let again = try Program.run(["annotate", "S", "--import-only"], in: folder)
      #expect(again.status == 0, "\(again.messages)")
      #expect(try study(["verify", "S"], in: folder).status == 0)
    }
  }

  @Test func killedRegionsAreFinished() throws {
    try inFolder { folder in
      try prepare(folder)
      try FileManager.default.copyItem(atPath: "\(folder)/S", toPath: "\(folder)/T")
      #expect(try study(["regions", "S"], in: folder).status == 1)
      let delays = try StudyCommandTests.kill(
        ["study", "regions", "T"], times: 5, within: 1.5, in: folder)
      #expect(try study(["regions", "T"], in: folder).status == 1)
      _ = try study(["verify", "T", "--clean"], in: folder)
      let differences = try StudyPhotos.differences("\(folder)/S", "\(folder)/T")
      #expect(differences.isEmpty, "\(differences), killed after \(delays) s")
    }
  }

  @Test func oneThreadAndTwoMakeTheSame() throws {
    try inFolder { folder in
      try prepare(folder)
      try FileManager.default.copyItem(atPath: "\(folder)/S", toPath: "\(folder)/T")
      for (name, threads) in [("S", "1"), ("T", "2")] {
        _ = try study(
          ["regions", name, "--attribute", "overall", "--threads", threads], in: folder)
      }
      #expect(try StudyPhotos.state("\(folder)/T") == StudyPhotos.state("\(folder)/S"))
    }
  }
}

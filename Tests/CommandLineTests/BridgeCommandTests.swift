import Domain
import Files
import Foundation
import Pixels
import Studies
import TestSupport
import Testing

/// Bridging and references as a user runs them.
@Suite struct BridgeCommandTests {
  private func vernier(_ arguments: [String], in folder: String) throws -> Program.Outcome {
    try Program.run(arguments, in: folder)
  }

  /// A study of five phones' photos at 0 to 2 JOD and a reference of P1 at 6, with regions; and its
  /// `Scores_Details.csv`.
  private func prepare(_ folder: String, width: Int = 96, height: Int = 72) throws {
    try StudyPhotos.write(
      to: "\(folder)/photos", scenes: ["A"], each: 6, width: width, height: height)
    try FileManager.default.moveItem(
      atPath: "\(folder)/photos/A/5.jpg", toPath: "\(folder)/photos/A/dslr-of-P1.jpg")
    #expect(try vernier(["study", "new", "S"], in: folder).status == 0)
    #expect(try vernier(["study", "add", "S", "photos"], in: folder).status == 0)
    var people = "scene,image,person,consent,reference\nA,dslr-of-P1.jpg,P1,given,yes\n"
    for number in 0..<5 { people += "A,\(number).jpg,P2,given,no\n" }
    try people.write(toFile: "\(folder)/people.csv", atomically: true, encoding: .utf8)
    #expect(try vernier(["study", "describe", "S", "people.csv"], in: folder).status == 0)
    let opened = try StudyStore.open("\(folder)/S")
    for photo in try opened.photos() {
      let image = try StudyPhotos.image(Int(photo.id) + 50, width: width, height: height)
      let bytes = try image.encoded(as: .png())
      try opened.keep([
        StudyRegion(
          photo: photo.id, attribute: .details, sha256: opened.files.insert(bytes),
          byteCount: bytes.count, widthPixels: width, heightPixels: height, origin: .rule,
          settings: "test")
      ])
    }
    try opened.writeRegionsTable()
    try opened.close()
    try scores(folder, ["dslr-of-P1.jpg": 6])
  }

  private func scores(_ folder: String, _ more: [PhotoID: Double]) throws {
    var truth = more
    for number in 0..<5 { truth[PhotoID("\(number).jpg")] = 0.5 * Double(number) }
    let photos = truth.sorted { $0.key < $1.key }.map { photo, quality in
      ScaledPhoto(
        photo: photo, scene: "A", score: quality, standardDeviation: 0.1,
        interval: ConfidenceInterval(low: quality - 0.2, high: quality + 0.2), comparisons: 100)
    }
    try ScoresFile.write(
      [SceneScale(scene: "A", attribute: .details, convention: .jod, photos: photos)],
      to: "\(folder)/Scores_Details.csv")
  }

  private let bridge = ["study", "bridge", "S", "--scene", "A", "--scale", "Scores_Details.csv"]

  private func states(_ output: String) throws -> [String] {
    let table = try CSVTable(bytes: Array(output.utf8), file: "gaps")
    let column = try table.column("state")
    return table.rows.map { $0.rawText(column) }
  }

  @Test func aGapIsBridgedQueuedAndClosed() throws {
    try inFolder { folder in
      try prepare(folder)
      let shown = try vernier(bridge + ["--dry-run"], in: folder)
      #expect(shown.status == 0, "\(shown.messages)")
      #expect(shown.messages.contains("nothing was made, recorded or queued"))
      let first = try vernier(bridge + ["--out", "out"], in: folder)
      #expect(first.status == 0, "\(first.messages)")
      #expect(try states(first.output) == ["open"])
      #expect(first.messages.contains("gaps: 1 open"), "\(first.messages)")
      #expect(first.messages.contains("7 pictures made; 14 comparisons new in S/pairs.csv"))
      #expect(try vernier(["study", "verify", "S"], in: folder).status == 0)
      let status = try vernier(["study", "status", "S"], in: folder)
      #expect(status.output.contains("7 of them were made from references"), "\(status.output)")
      let again = try vernier(bridge, in: folder)
      #expect(again.messages.contains("0 pictures made; 0 comparisons new"), "\(again.messages)")
      // The application takes regions and comparisons by itself; then they are not listed again.
      let imported = try vernier(["annotate", "S", "--import-only"], in: folder)
      #expect(imported.status == 0, "\(imported.messages)")
      #expect(!imported.messages.contains("Not imported"), "\(imported.messages)")
      let opened = try StudyStore.open("\(folder)/S")
      #expect(try opened.askedPairs(scene: "A", attribute: .details).count == 14)
      try opened.close()
      #expect(try vernier(bridge, in: folder).messages.contains("0 comparisons new"))
      let pictures = try CSVTable(path: "\(folder)/out/pictures.csv")
      let (image, loss) = (try pictures.column("image"), try pictures.column("expected_loss"))
      var placed: [PhotoID: Double] = ["dslr-of-P1.jpg": 6]
      for row in pictures.rows {
        placed[PhotoID(row.rawText(image))] = 6 - (try row.number(loss))
      }
      try scores(folder, placed)
      let closed = try vernier(bridge, in: folder)
      #expect(try states(closed.output) == ["closed"], "\(closed.output)")
      #expect(closed.status == 0 && closed.messages.contains("gaps: 1 closed"))
    }
  }

  @Test func aKilledBridgeIsFinishedByTheNext() throws {
    try inFolder { folder in
      try prepare(folder, width: 900, height: 700)
      try FileManager.default.copyItem(atPath: "\(folder)/S", toPath: "\(folder)/whole")
      let whole = bridge.map { $0 == "S" ? "whole" : $0 }
      #expect(try vernier(whole, in: folder).status == 0)
      var delays: [Double] = []
      for _ in 0..<6 {
        delays += try StudyCommandTests.kill(bridge, times: 1, within: 0.8, in: folder)
        let verified = try vernier(["study", "verify", "S"], in: folder)
        #expect(verified.status == 0, "\(verified.messages), killed after \(delays) s")
      }
      #expect(try vernier(bridge, in: folder).status == 0)
      _ = try vernier(["study", "verify", "S", "--clean"], in: folder)
      let differences = try StudyPhotos.differences("\(folder)/whole", "\(folder)/S")
      #expect(differences.isEmpty, "\(differences), killed after \(delays) s")
      let lists = ["whole", "S"].map {
        FileManager.default.contents(atPath: "\(folder)/\($0)/pairs.csv")
      }
      #expect(lists[0] != nil && lists[0] == lists[1])
    }
  }

  @Test func picturesOfAWithdrawnPersonGoWithTheirSource() throws {
    try inFolder { folder in
      try prepare(folder)
      #expect(try vernier(bridge, in: folder).status == 0)
      #expect(try vernier(["annotate", "S", "--import-only"], in: folder).status == 0)
      let opened = try StudyStore.open("\(folder)/S")
      let lineages = try opened.lineages()
      #expect(lineages.count == 7)
      var traces: [String: Data] = ["name": Data("dslr-of-P1".utf8)]
      for (photo, regions) in try opened.regions() where lineages[photo] != nil {
        for region in regions.values {
          traces["picture \(photo)"] = Data(try InputFile.read(opened.files.path(region.sha256)))
        }
      }
      try opened.close()
      #expect(traces.count == 8)
      #expect(try FolderBytes.traces(of: traces, in: "\(folder)/S").count > 8)
      let gone = try vernier(["study", "withdraw", "S", "--person", "P1"], in: folder)
      #expect(gone.messages.contains("8 photos, 8 regions"), "\(gone.messages)")
      #expect(try FolderBytes.traces(of: traces, in: "\(folder)/S") == [])
      let verified = try vernier(["study", "verify", "S"], in: folder)
      #expect(verified.messages.contains("0 faults, 0 notes"), "\(verified.messages)")
      // The reference is gone, and with it every start of a bridge.
      let none = try vernier(bridge, in: folder)
      #expect(none.status == 1 && none.messages.contains("is marked as a reference"))
    }
  }

  @Test func badInputIsOneLine() throws {
    try inFolder { folder in
      try prepare(folder)
      for (arguments, part) in [
        (["--factors", "x"], "--factors: «x» is not a number"),
        (["--sharpening", "3"], "--sharpening: 3.0 is out of range"),
        (["--noise=-1"], "--noise: -1.0 is out of range"),
        (["--gap", "0"], "--gap: 0.0 JOD is no distance"),
        (["--attribute", "bokeh"], "--attribute: «bokeh» has no scale of A"),
      ] {
        let outcome = try vernier(bridge + arguments, in: folder)
        #expect(outcome.status == 1 && outcome.messages.contains(part), "\(outcome.messages)")
        #expect(outcome.messages.split(separator: "\n").count == 1, "\(outcome.messages)")
      }
      let votes = try vernier(["study", "bridge", "S", "--scene", "A"], in: folder)
      #expect(votes.status == 1 && votes.messages.contains("S: holds no votes of its own"))
      #expect(try vernier(bridge + ["--votes", "v.csv"], in: folder).status == 64)
    }
  }

  @Test func theReportShowsWhereDevicesStandBelowReferences() throws {
    try inFolder { folder in
      try prepare(folder)
      let report = ["report", "--scales", "Scores_Details.csv", "--study", "S", "--out", "r.html"]
      // No photo has a device yet: the report is made, and says what it lacks.
      let without = try vernier(report, in: folder)
      #expect(without.status == 0 && without.messages.contains("no photo has a build"))
      let devices = (0..<5).map { "A,\($0).jpg,\($0 < 3 ? "Alpha" : "Beta")\n" }.joined()
      try ("scene,image,device\n" + devices)
        .write(toFile: "\(folder)/devices.csv", atomically: true, encoding: .utf8)
      #expect(try vernier(["study", "describe", "S", "devices.csv"], in: folder).status == 0)
      let made = try vernier(report, in: folder)
      #expect(made.status == 0 && !made.messages.contains("Note"), "\(made.messages)")
      let page = try String(contentsOfFile: "\(folder)/r.html", encoding: .utf8)
      // The reference stands at 6 JOD, Alpha at 0, 0.5 and 1, Beta at 1.5 and 2.
      for part in ["Details below the reference", "5.50", "4.25", "What the study covers"] {
        #expect(page.contains(part), "\(part) is missing")
      }
      let status = try vernier(["study", "status", "S"], in: folder)
      #expect(status.output.contains("missing     condition Indoor, Lowlight, Night, Outdoor"))
    }
  }

  @Test func referencesStayInPairsAndSets() throws {
    try inFolder { folder in
      try prepare(folder)
      let set = try vernier(
        ["cross-set", "--scales", "Scores_Details.csv", "--per-scene", "2", "--study", "S"],
        in: folder)
      #expect(set.status == 0 && set.output.contains("A/dslr-of-P1.jpg"))
      // The reference has no vote yet: it is compared with the best three first.
      var votes = "observer,scene,attribute,image_a,image_b,choice\n"
      for observer in 0..<12 {
        for (worse, better) in [(0, 1), (1, 2), (2, 3), (3, 4), (0, 2), (1, 3), (2, 4)] {
          votes += "O\(observer),A,details,\(worse).jpg,\(better).jpg,b\n"
        }
      }
      try votes.write(toFile: "\(folder)/votes.csv", atomically: true, encoding: .utf8)
      let next = try vernier(
        ["next-pairs", "--votes", "votes.csv", "--batch", "5", "--study", "S"], in: folder)
      #expect(next.status == 0, "\(next.messages)")
      let table = try CSVTable(bytes: Array(next.output.utf8), file: "pairs")
      let columns = try table.columns(["image_a", "image_b", "criterion"])
      let rows = table.rows.map { row in columns.map { row.rawText($0) } }
      #expect(rows.count == 5)
      #expect(
        rows.prefix(3).map { Set($0.prefix(2)) }
          == [4, 3, 2].map { ["\($0).jpg", "dslr-of-P1.jpg"] })
      #expect(rows.prefix(3).allSatisfy { $0[2].isEmpty } && !rows[4][2].isEmpty)
      let without = try vernier(
        ["next-pairs", "--votes", "votes.csv", "--batch", "5"], in: folder)
      #expect(!without.output.contains("dslr"))
    }
  }
}

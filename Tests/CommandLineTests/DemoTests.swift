import Domain
import Files
import Foundation
import Testing

@Suite(.needsSetup, .serialized)
struct DemoTests {
  /// The demo is killed twice, at different places, then runs to its end; then its parts are used
  /// as a user would.
  @Test func theDemoSurvivesKillsAndItsPartsWork() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for seconds in [1.0, 4.0] {
      let process = try Program.start(["demo", "--out", "demo"], in: folder)
      Thread.sleep(forTimeInterval: seconds)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let demo = try Program.run(["demo", "--out", "demo"], in: folder)
    #expect(demo.status == 0, "\(demo.messages)")
    #expect(demo.output.contains("SIMULATED"))
    #expect(demo.output.contains("\nReport: demo/report.html\n"))
    #expect(demo.output.hasSuffix(" annotate demo/study\n"))
    // The last line is a command that works.
    let annotate = try Program.run(["annotate", "demo/study", "--import-only"], in: folder)
    #expect(annotate.status == 0, "\(annotate.messages)")
    #expect(annotate.messages == "Regions: 120 new, 0 known.\n")
    let report = try String(contentsOfFile: "\(folder)/demo/report.html", encoding: .utf8)
    #expect(report.contains("SIMULATED") && report.contains("</html>"))
    #expect(!report.contains("http://") && !report.contains("https://"))
    // The next build is one step of degradation behind in every scene.
    let verdict = try CanonicalJSON.read(
      Verdict.self, from: "\(folder)/demo/study/verdict.json")
    #expect(verdict.attributes[0].scenesAgainst == 5 && verdict.notices[0].contains("SIMULATED"))
    #expect(demo.output.contains("\nVerdict: ") && demo.output.contains("demo/verdict.html\n"))
    let page = try String(contentsOfFile: "\(folder)/demo/verdict.html", encoding: .utf8)
    #expect(page.contains("SIMULATED") && !page.contains("http://"))
    let study = "\(folder)/demo/study"
    let scales = try ScoresFile.read("\(study)/Scores_Details.csv")
    #expect(scales.count == 5 && scales.allSatisfy { $0.photos.count == 24 })
    let left = try FileManager.default.subpathsOfDirectory(atPath: study)
    #expect(left.filter { $0.hasSuffix(".jpg") }.count == 120)

    let evaluated = try Program.run(
      ["evaluate", "--run", "demo/study/runs/unified", "--out", "tables"], in: folder)
    #expect(evaluated.status == 0, "\(evaluated.messages)")
    #expect(evaluated.output.contains("always 0"))
    // Unseen person, unseen photograph: the ranks must be clearly right, whatever the machine's
    // rounding.
    let test = try PredictionsFile.read("\(study)/runs/unified/predictions.csv").map(\.prediction)
      .filter { $0.part == .test }
    #expect(test.count == 24)
    let pairs = test.flatMap { a in test.map { b in (a, b) } }.filter {
      $0.0.measured - $0.1.measured > 1
    }
    let right = pairs.count { $0.0.predicted > $0.1.predicted }
    #expect(Double(right) > 0.85 * Double(pairs.count))

    let portrait = "\(Program.root)/.deps/portraits/obama.jpg"
    let score = try Program.run(
      ["score", "--model", "demo/study/runs/unified", portrait, "missing.jpg", "--json"],
      in: folder)
    #expect(score.status == 1)
    let lines = score.output.split(separator: "\n")
    #expect(lines.count == 1)
    let row = try JSONDecoder().decode(PhotoScore.self, from: Data(lines[0].utf8))
    #expect(row.photo == portrait && row.attribute == .details)
    #expect((row.low ?? 9) < row.score && row.score < (row.high ?? -9))
    #expect(score.messages.contains("missing.jpg"))

    let again = try Program.run(
      ["score", "--model", "demo/study/runs/unified", portrait, "--json"], in: folder)
    #expect(again.output == score.output)
    let made = try Program.run(
      [
        "report", "--scales", "demo/study/Scores_Details.csv", "--run",
        "demo/study/runs/unified", "--out", "small.html",
      ], in: folder)
    #expect(made.status == 0, "\(made.messages)")
  }

  @Test func preparePrintsOneObjectALine() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let portraits = "\(Program.root)/.deps/portraits"
    let prepared = try Program.run(
      [
        "prepare", "\(portraits)/astronaut.png", "\(portraits)/biden.jpg", "--attribute",
        "details", "--out", "regions", "--json",
      ], in: folder)
    #expect(prepared.status == 0, "\(prepared.messages)")
    struct Line: Decodable {
      let photo: String
      let region: String
      let face: FaceBox
      let faces: Int
      let widthPixels: Int
      let heightPixels: Int
    }
    let lines = try prepared.output.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
    #expect(lines.map(\.faces) == [1, 1])
    #expect(lines.allSatisfy { $0.widthPixels == 1837 && $0.heightPixels == 2449 })
    #expect(lines.allSatisfy { FileManager.default.fileExists(atPath: "\(folder)/\($0.region)") })
    // The astronaut's face, seen by eye: its center lies near (224, 117) of 512 × 512.
    let face = lines[0].face
    #expect(abs(face.x + face.width / 2 - 224) < 15 && abs(face.y + face.height / 2 - 117) < 15)
  }

  @Test func degradedImagesAreGradedAndRepeatable() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let portrait = "\(Program.root)/.deps/portraits/astronaut.png"
    for name in ["one", "two"] {
      let made = try Program.run(
        ["degrade", portrait, "--levels", "4", "--seed", "7", "--out", name], in: folder)
      #expect(made.status == 0, "\(made.messages)")
    }
    for level in 0..<4 {
      let file = "astronaut_0\(level).png"
      #expect(
        try FileDigest.sha256("\(folder)/one/\(file)") == FileDigest.sha256("\(folder)/two/\(file)")
      )
    }
    #expect(try CSVTable(path: "\(folder)/one/recipes.csv").rowCount == 4)
  }
}

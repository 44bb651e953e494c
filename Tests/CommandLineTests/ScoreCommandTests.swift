import Domain
import Files
import Foundation
import Pixels
import Testing

/// `vernier score` with an imported model.
@Suite struct ScoreCommandTests {
  /// A folder with a model `m` of the attribute overall and photos `photos/0.png`, ….
  private func study(photos: Int = 3, scenes: [String] = []) throws -> String {
    let folder = try Program.temporaryFolder()
    try SmallModel.weights(to: "\(folder)/w.safetensors", scenes: scenes)
    let names = scenes.isEmpty ? [] : ["--scenes", scenes.joined(separator: ",")]
    let made = try Program.run(
      [
        "model", "import", "w.safetensors", "--architecture",
        scenes.isEmpty ? "resnet50" : "resnet50-multitask", "--patch", "64", "--out", "m",
        "--unit", "JOD", "--half-width", "0.5",
      ] + names, in: folder)
    #expect(made.status == 0, "\(made.messages)")
    try FileManager.default.createDirectory(
      atPath: "\(folder)/photos", withIntermediateDirectories: true)
    for index in 0..<photos {
      try SmallModel.photo(to: "\(folder)/photos/\(index).png", seed: index)
    }
    return folder
  }

  private func score(_ more: [String], in folder: String) throws -> Program.Outcome {
    try Program.run(["score", "--model", "m", "--region", "full"] + more, in: folder)
  }

  @Test func theFormatsAgreeAndRepeat() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let lines = try score(["photos", "--json"], in: folder)
    #expect(lines.status == 0 && !lines.messages.contains("Error"), "\(lines.messages)")
    let scores = try lines.output.split(separator: "\n").map {
      try JSONDecoder().decode(PhotoScore.self, from: Data($0.utf8))
    }
    #expect(scores.map(\.photo) == ["photos/0.png", "photos/1.png", "photos/2.png"])
    #expect(scores.allSatisfy { $0.model == "m" })
    for score in scores {
      // Differences of doubles near 1.
      #expect(abs((score.high ?? 9) - score.score - 0.5) < 1e-12)
      #expect(abs(score.score - (score.low ?? 9) - 0.5) < 1e-12)
    }
    #expect(try score(["photos", "--json"], in: folder).output == lines.output)

    let table = try score(["photos", "--csv"], in: folder)
    let csv = try CSVTable(bytes: Array(table.output.utf8), file: "standard output")
    let column = try csv.column("score")
    #expect(try csv.rows.map { try $0.number(column) } == scores.map(\.score))

    let written = try score(["photos", "--out", "s.jsonl"], in: folder)
    #expect(written.status == 0 && written.output.isEmpty)
    #expect(try String(contentsOfFile: "\(folder)/s.jsonl", encoding: .utf8) == lines.output)
    let provenance = try #require(try Provenance.read(beside: "\(folder)/s.jsonl"))
    #expect(provenance.inputs["photos/1.png"]?.count == 64)
    #expect(provenance.settings["weights.safetensors"]?.text?.count == 64)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(!left.contains { $0.hasSuffix(".partial") || $0.hasSuffix(".errors.csv") })
  }

  @Test func oneBadPhotoDoesNotStopTheOthers() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let whole = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/photos/1.png"))
    try whole.prefix(whole.count / 2).write(
      to: URL(fileURLWithPath: "\(folder)/photos/1.png"))
    try Data("no photo".utf8).write(to: URL(fileURLWithPath: "\(folder)/photos/text.jpg"))
    let outcome = try score(["photos", "missing.png", "--out", "s.csv"], in: folder)
    #expect(outcome.status == 1)
    #expect(outcome.messages.contains("3 of 5 photos failed"))
    #expect(try CSVTable(path: "\(folder)/s.csv").rowCount == 2)
    let errors = try CSVTable(path: "\(folder)/s.csv.errors.csv")
    let photo = try errors.column("photo")
    #expect(
      try errors.rows.map { try $0.text(photo) } == [
        "photos/1.png", "photos/text.jpg", "missing.png",
      ])
  }

  @Test func aStoppedRunGoesOn() throws {
    let folder = try study(photos: 4)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let whole = try score(["photos", "--out", "whole.csv"], in: folder)
    #expect(whole.status == 0)
    // The journal of a run that was killed after one photo, in the middle of its second line.
    let all = try (0..<4).map { "\(folder)/photos/\($0).png" }.map { try FileDigest.sha256($0) }
    let process = try Program.start(
      ["score", "--model", "m", "--region", "full", "photos", "--out", "s.csv"], in: folder)
    let journal = "\(folder)/s.csv.partial"
    var lines = 0
    // A loop without a clock: it ends with the run at the latest.
    while lines < 2, process.isRunning {
      Thread.sleep(forTimeInterval: 0.02)
      let text = (try? String(contentsOfFile: journal, encoding: .utf8)) ?? ""
      lines = text.utf8.count { $0 == UInt8(ascii: "\n") }
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    if FileManager.default.fileExists(atPath: journal) {
      let handle = try #require(FileHandle(forWritingAtPath: journal))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data(#"{"sha256":"\#(all[3])","rec"#.utf8))
      try handle.close()
      // A second run of the same file would mix with a running one, so the journal is locked; here
      // nobody holds it.
      let again = try score(["photos", "--out", "s.csv"], in: folder)
      #expect(again.status == 0 && again.messages.contains("Resuming: "), "\(again.messages)")
    }
    let result = try String(contentsOfFile: "\(folder)/s.csv", encoding: .utf8)
    #expect(result == (try String(contentsOfFile: "\(folder)/whole.csv", encoding: .utf8)))
    #expect(!FileManager.default.fileExists(atPath: journal))
  }

  @Test func aJournalOfOtherSettingsOrContentsIsNotUsed() throws {
    let folder = try study(photos: 1)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Poisoned: other settings, a score that nobody computed.
    let line =
      #"{"sha256":"x","record":{"photo":"photos/0.png","model":"m","attribute":"overall","score":99}}"#
    try (#"{"format":1,"settings":{}}"# + "\n" + line + "\n").write(
      toFile: "\(folder)/s.csv.partial", atomically: true, encoding: .utf8)
    let outcome = try score(["photos", "--out", "s.csv"], in: folder)
    #expect(outcome.status == 0 && !outcome.messages.contains("Going on"))
    #expect(!(try String(contentsOfFile: "\(folder)/s.csv", encoding: .utf8)).contains(",99,"))
  }

  @Test func mapsAreDrawnWithTheirNumbers() throws {
    let folder = try study(photos: 1)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try score(
      ["photos", "--map", "maps", "--map-range=-3,3", "--json"], in: folder)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let picture = try RasterImage.decode("\(folder)/maps/0_overall_map.png")
    #expect(picture.widthPixels > 1500 && picture.heightPixels > 700)
    let table = try CSVTable(path: "\(folder)/maps/0_overall_map.csv")
    #expect(table.rowCount == 12)
    let column = try table.column("score")
    let mean = try table.rows.map { try $0.number(column) }.reduce(0, +) / 12
    let score = try JSONDecoder().decode(PhotoScore.self, from: Data(outcome.output.utf8))
    #expect(abs(mean - score.score) < 1e-9)
  }

  @Test func scenesAreSaid() throws {
    let folder = try study(photos: 2, scenes: ["Indoor", "Night"])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let predicted = try score(["photos"], in: folder)
    #expect(predicted.status == 0 && predicted.output.contains("(predicted, "))
    try "IMAGE,SCENE\n0.png,Night\n1.png,Indoor\n".write(
      toFile: "\(folder)/scenes.csv", atomically: true, encoding: .utf8)
    let told = try score(["photos", "--scenes", "scenes.csv"], in: folder)
    let lines = told.output.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].contains("scene Night (as given)"), "\(told.messages)")
    // Evaluation takes the column scene for the truth, so a prediction never stands there.
    for (more, column) in [([], "predicted_scene"), (["--scene", "Night"], "scene")] {
      let run = try score(["photos", "--csv"] + more, in: folder)
      let table = try CSVTable(bytes: Array(run.output.utf8), file: "standard output")
      for name in ["scene", "predicted_scene"] {
        let cell = try table.rows.map { $0.rawText(try table.column(name)) }
        #expect(cell.allSatisfy { $0.isEmpty == (name != column) })
      }
    }
    for (arguments, part) in [
      (["--scene", "Day"], "Indoor, Night"),
      (["--scene", "Day", "--scenes", "scenes.csv"], "both"),
    ] {
      let refused = try score(["photos"] + arguments, in: folder)
      #expect(refused.status == 1, "\(part)")
    }
  }

  @Test func theChallengesListComesBackWithScores() throws {
    let folder = try study(photos: 2)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let list =
      "IMAGE,CLASS,CONDITION\r\n1.png,\"a, \"\"b\"\"\",Indoor\r\nno.png,,Night\r\n0.png,c,\r\n"
    try list.write(toFile: "\(folder)/images.csv", atomically: true, encoding: .utf8)
    let outcome = try score(
      ["--challenge", "images.csv", "--images", "photos", "--out", "out/images.csv"], in: folder)
    #expect(outcome.status == 1 && outcome.messages.contains("no.png"))
    let written = try String(contentsOfFile: "\(folder)/out/images.csv", encoding: .utf8)
    let rows = written.split(separator: "\r\n", omittingEmptySubsequences: false)
    #expect(rows.count == 5 && rows[0] == "IMAGE,CLASS,CONDITION,SCORE" && rows[4].isEmpty)
    #expect(rows[1].hasPrefix("1.png,\"a, \"\"b\"\"\",Indoor,"))
    #expect(rows[2] == "no.png,,Night," && rows[3].hasPrefix("0.png,c,,"))
    let lines = try score(["photos/1.png", "--json"], in: folder)
    let single = try JSONDecoder().decode(PhotoScore.self, from: Data(lines.output.utf8))
    #expect(rows[1].hasSuffix(",\(single.score)"))
    // Out of its folder a list can't reach.
    try "IMAGE\n../w.safetensors\n".write(
      toFile: "\(folder)/evil.csv", atomically: true, encoding: .utf8)
    let evil = try score(["--challenge", "evil.csv", "--out", "x.csv"], in: folder)
    #expect(evil.status == 1 && evil.messages.contains("does not lie inside"))
  }

  @Test func wrongOptionsAreNamedBeforeAnyPhotoIsRead() throws {
    let folder = try study(photos: 1)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (arguments, part) in [
      (["photos", "--seed", "3"], "--seed"), (["photos", "--crops", "0"], "--crops"),
      (["photos", "--crops", "2", "--grid"], "--crops"),
      (["photos", "--threads", "0"], "--threads"),
      (["photos", "--precision", "int8"], "--precision"), (["photos", "--small", "x"], "--small"),
      (["photos", "--format", "xml"], "--format"), (["photos", "--json", "--csv"], "--format"),
      (["photos", "--map-range", "1,2"], "--map-range"), (["photos", "--scene", "x"], "--scene"),
      (["photos", "--map", "m2", "--map-range", "2,1"], "--map-range"),
      (["photos", "--parameters", "x"], "--parameters"), ([], "no photos"),
      (["photos", "--images", "x"], "--images"), (["--challenge", "missing.csv"], "--out"),
      (["photos", "--out", "w.safetensors/s.csv"], "w.safetensors"),
      (["photos", "--out", "photos"], "folder"),
    ] {
      let outcome = try score(arguments, in: folder)
      #expect(outcome.status != 0 && outcome.messages.contains(part), "\(outcome.messages)")
      #expect(outcome.output.isEmpty)
    }
    for (model, part) in [
      ("nothing", "no such model"), ("photos", "model.json"), ("niqe", "crops"),
    ] {
      let outcome = try Program.run(
        ["score", "--model", model, "photos", "--crops", "3"], in: folder)
      #expect(outcome.status == 1 && outcome.messages.contains(part), "\(outcome.messages)")
    }
  }
}

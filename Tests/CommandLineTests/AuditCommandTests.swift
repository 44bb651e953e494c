import Domain
import Files
import Foundation
import Testing

/// `vernier audit`, `scale --observers model` and the paper's protocol from the command line.
@Suite struct AuditCommandTests {
  @Test func cleanVotesGiveAReportAndNoFault() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try Program.run(
      [
        "audit", "--votes", "votes.csv", "--report", "audit.html", "--json", "audit.json",
        "--replicates", "100", "--strict",
      ], in: folder)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let table = try CSVTable(bytes: Array(outcome.output.utf8), file: "standard output")
    let columns = try table.columns(["probe", "verdict"])
    let found = try table.rows.map { (try $0.text(columns[0]), try $0.text(columns[1])) }
    #expect(Set(found.map(\.0)) == Set(AuditProbe.allCases.map(\.rawValue)))
    #expect(!found.contains { $0.1 == "fault" })
    let page = try String(contentsOfFile: "\(folder)/audit.html", encoding: .utf8)
    #expect(page.contains("No fault was found") && !page.contains("<script"))
    let json = try #require(
      try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(filePath: "\(folder)/audit.json"))) as? [String: Any])
    let scenes = try #require(json["scenes"] as? [[String: Any]])
    #expect(scenes.count == 1 && (scenes[0]["observers"] as? [Any])?.count == 12)
  }

  @Test func turnedRowsAreNamedByTheirLinesAndStrictSaysNo() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var votes = try VotesFile.read("\(folder)/votes.csv")
    for place in 300..<360 {
      let vote = votes[place]
      votes[place] = Judgement(
        observer: vote.observer, scene: vote.scene, attribute: vote.attribute,
        photoA: vote.photoB, photoB: vote.photoA, choice: vote.choice)
    }
    try VotesFile.write(votes, to: "\(folder)/turned.csv")
    let arguments = ["audit", "--votes", "turned.csv", "--replicates", "100"]
    let lenient = try Program.run(arguments + ["--json", "audit.json"], in: folder)
    #expect(lenient.status == 0, "\(lenient.messages)")
    #expect(lenient.output.contains("turned-rows,fault"))
    #expect(try Program.run(arguments + ["--strict"], in: folder).status == 1)
    let json = try String(contentsOfFile: "\(folder)/audit.json", encoding: .utf8)
    let stretch = try #require(json.firstMatch(of: /"name" : "rows (\d+) to (\d+)"/))
    // The first turned vote stands on line 302: the header is line 1.
    let lines = try [#require(Int(stretch.1)), #require(Int(stretch.2))]
    #expect(abs(lines[0] - 302) < 25 && abs(lines[1] - 361) < 25, "\(lines)")
  }

  @Test func wrongOptionsGetOneLine() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (arguments, words) in [
      (["--scene", "T"], "--scene: «T» has no votes"),
      (["--replicates", "10"], "--replicates: 10 replicates"),
      (["--fast=-3"], "--fast: -3.0 is no time"),
    ] {
      let outcome = try Program.run(["audit", "--votes", "votes.csv"] + arguments, in: folder)
      #expect(outcome.status != 0 && outcome.messages.contains(words), "\(outcome.messages)")
    }
  }

  @Test func observersCanEnterTheScale() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try Program.run(
      ["scale", "--votes", "votes.csv", "--observers", "model", "--out", "."], in: folder)
    #expect(outcome.status == 0 && outcome.messages.contains("lapse rate"), "\(outcome.messages)")
    let photos = try ScoresFile.read("\(folder)/Scores_Details.csv")[0].photos
    #expect(photos.count == 10 && photos.allSatisfy { $0.interval.width > 0 })
    let provenance = try Provenance.read(beside: "\(folder)/Scores_Details.csv")
    #expect(provenance?.settings["observers"]?.text == "model")
    let refused = try Program.run(
      [
        "scale", "--votes", "votes.csv", "--observers", "model", "--model", "trueskill", "--out",
        ".",
      ], in: folder)
    #expect(refused.status != 0 && refused.messages.contains("--observers: "))
  }

  @Test func thePapersProtocolHasOneName() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try Program.run(
      [
        "scale", "--votes", "votes.csv", "--preset", "piq23", "--bootstrap", "60", "--rule",
        "range",
        "--figures", "--out", ".",
      ], in: folder)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let settings = try #require(
      try Provenance.read(beside: "\(folder)/Scores_Details.csv")?.settings)
    for (name, value) in [
      ("preset", "piq23"), ("model", "trueskill"), ("convention", "piq23"), ("rule", "range"),
      ("clusters", "piq23"), ("intervals", "percentile"),
    ] {
      #expect(settings[name]?.text == value, "\(name)")
    }
    #expect(settings["protocol"]?.text?.contains("ASAP's gain") == true)
    let photos = try ScoresFile.read("\(folder)/Scores_Details.csv")[0].photos
    // In the data set's unit √(variance of the scores + mean squared deviation) is 1.4826.
    let mean = photos.reduce(0) { $0 + $1.score } / 10
    let square = photos.reduce(0) {
      $0 + ($1.score - mean) * ($1.score - mean) + $1.standardDeviation * $1.standardDeviation
    }
    #expect(abs((square / 10).squareRoot() - 1.4826) < 1e-9)
    let figures = try String(contentsOfFile: "\(folder)/Figures_Details.html", encoding: .utf8)
    #expect(figures.contains("scores after clustering"))
    // Levels and clusters again from the file alone.
    let levels = try Program.run(
      ["levels", "--scores", "Scores_Details.csv", "--keep-levels", "--out", "levels.csv"],
      in: folder)
    #expect(levels.status == 0 && levels.messages.contains("adjusted Rand index"))
    let table = try CSVTable(path: "\(folder)/levels.csv")
    let columns = try table.columns(["QUALITY LEVEL", "CLUSTER"])
    let found = try table.rows.map { try $0.integer(columns[0], in: 0...9) }
    #expect(found == photos.compactMap(\.level))
    #expect(try table.rows.allSatisfy { try $0.integer(columns[1], in: -1...9) >= -1 })
  }

  /// A folder with 900 votes of 12 simulated observers on 10 photos, 0.7 JOD apart.
  private func study() throws -> String {
    let folder = try Program.temporaryFolder()
    let truth = (0..<10).map {
      TrueQuality(
        scene: "S", attribute: .details, photo: PhotoID("\($0).jpg"),
        quality: JOD(0.7 * Double($0)))
    }
    try TruthFile.write(truth, to: "\(folder)/truth.csv")
    let outcome = try Program.run(
      [
        "simulate", "--truth", "truth.csv", "--comparisons", "900", "--observers", "12", "--seed",
        "4", "--out", "votes.csv",
      ], in: folder)
    #expect(outcome.status == 0, "\(outcome.messages)")
    return folder
  }
}

import Domain
import Files
import Foundation
import Testing

/// The commands of the psychometric laboratory on one simulated study.
@Suite struct LaboratoryCommandTests {
  @Test func levelsFollowTheRowsOfTheScoreFile() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try Program.run(
      ["levels", "--scores", "Scores_Details.csv", "--out", "levels.csv"], in: folder)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let scores = try ScoresFile.read("\(folder)/Scores_Details.csv").flatMap(\.photos)
    let levels = try CSVTable(path: "\(folder)/levels.csv")
    let columns = try levels.columns(["SCENE", "IMAGE", "QUALITY LEVEL"])
    let images = try levels.rows.map { try $0.text(columns[1]) }
    #expect(images == scores.map(\.photo.text))
    // The levels of `scale` came from the same rule and the same intervals; their order is the
    // order of quality.
    let found = try levels.rows.map { try $0.integer(columns[2], in: 0...100) }
    for (first, a) in zip(scores, found) {
      for (second, b) in zip(scores, found)
      where first.interval.low > second.interval.high { #expect(a >= b) }
    }
    #expect(Set(found).count >= 3)
  }

  @Test func nextPairsAvoidWhatTheObserverJudged() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try Program.run(
      ["next-pairs", "--votes", "votes.csv", "--batch", "5", "--observer", "S01"], in: folder)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let pairs = try table(outcome.output, ["image_a", "image_b"]).map { Set($0) }
    #expect(pairs.count == 5)
    let judged = try VotesFile.read("\(folder)/votes.csv").filter { $0.observer == "S01" }
      .map { Set([$0.photoA.text, $0.photoB.text]) }
    #expect(pairs.allSatisfy { !judged.contains($0) })
  }

  @Test func contrastsSayHowMuchAndHowSure() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "image_a,image_b\n9.jpg,0.jpg\n5.jpg,4.jpg\n".write(
      toFile: "\(folder)/pairs.csv", atomically: true, encoding: .utf8)
    let outcome = try Program.run(
      ["contrast", "--votes", "votes.csv", "--pairs", "pairs.csv", "--bootstrap", "200"],
      in: folder)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let rows = try table(
      outcome.output, ["first", "second", "difference_jod", "low", "high", "shown"])
    #expect(rows.count == 2)
    // 4.5 JOD apart by construction; 2 JOD is three standard errors and the shrinkage of the prior.
    let difference = try #require(Double(rows[0][2]))
    #expect(rows[0][0] == "9.jpg" && abs(difference - 4.5) < 2 && rows[0][5] == "true")
    #expect(try #require(Double(rows[0][3])) < difference)
  }

  @Test func groupsAreComparedOverScenes() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let groups = (0..<10).map { "\($0).jpg,\($0 < 5 ? "old" : "new")" }
    try ("image,group\n" + groups.joined(separator: "\n") + "\n").write(
      toFile: "\(folder)/groups.csv", atomically: true, encoding: .utf8)
    let outcome = try Program.run(
      ["contrast", "--votes", "votes.csv", "--groups", "groups.csv", "--bootstrap", "200"],
      in: folder)
    let rows = try table(outcome.output, ["first", "second", "difference_jod", "shown"])
    #expect(rows.count == 1 && rows[0][3] == "true")
    let difference = try #require(Double(rows[0][2]))
    let better = difference > 0 ? rows[0][0] : rows[0][1]
    #expect(better == "new")
  }

  @Test func planScreenAndCrossSetAnswer() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let plan = try Program.run(["plan", "--votes", "votes.csv", "--width", "0.5"], in: folder)
    #expect(plan.status == 0 && plan.output.contains("Votes needed"), "\(plan.messages)")
    let screen = try Program.run(["screen", "--votes", "votes.csv"], in: folder)
    #expect(try table(screen.output, ["observer"]).count == 20, "\(screen.messages)")
    let cross = try Program.run(
      ["cross-set", "--scales", "Scores_Details.csv", "--per-scene", "4"], in: folder)
    let rows = try table(cross.output, ["image", "jod"])
    let all = try ScoresFile.read("\(folder)/Scores_Details.csv")[0].photos.map(\.score)
    let chosen = rows.compactMap { Double($0[1]) }
    #expect(chosen.count == 4 && chosen.min() == all.min() && chosen.max() == all.max())
  }

  @Test func thePublishedHDRVDCScaleIsMetFromTheCommandLine() throws {
    let data = "\(Program.root)/Tests/HumanVotes/hdr-vdc"
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let merging: Set = ["FishingCloseshot", "Showgirl01", "Bistro", "SmithHammering"]
    func name(_ scene: String, _ condition: String) -> String {
      condition.hasPrefix("H_3840x2160")
        || merging.contains(scene) && condition.hasPrefix("H_1920x1080") ? "REF" : condition
    }
    let trials = try CSVTable(path: "\(data)/dim_display_experiment_data.csv")
    let columns = try trials.columns([
      "observer", "scene", "condition_1", "condition_2", "selection",
    ])
    let votes = try trials.rows.map { row in
      let scene = try row.text(columns[1])
      return Judgement(
        observer: ObserverID(try row.text(columns[0])), scene: SceneID(scene),
        attribute: .overall, photoA: PhotoID(name(scene, try row.text(columns[2]))),
        photoB: PhotoID(name(scene, try row.text(columns[3]))),
        choice: try row.text(columns[4]) == "1" ? .a : .b)
    }
    try VotesFile.write(votes, to: "\(folder)/votes.csv")
    let outcome = try Program.run(
      ["scale", "--votes", "votes.csv", "--prior", "pwcmp", "--bootstrap", "0", "--out", "."],
      in: folder)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let scales = try ScoresFile.read("\(folder)/Scores_Overall.csv")
    let published = try CSVTable(path: "\(data)/scaled_jod_scores.csv")
    let wanted = try published.columns(["scene", "condition", "jod"])
    var worst = 0.0
    for row in published.rows {
      let scene = try row.text(wanted[0])
      let photos = scales.first { $0.scene.text == scene }?.photos ?? []
      let reference = try #require(photos.first { $0.photo == "REF" })
      let condition = try row.text(wanted[1])
      guard let photo = photos.first(where: { $0.photo.text == condition }) else { continue }
      let jod = photo.score - reference.score + 10
      worst = max(worst, abs(jod - (try row.number(wanted[2]))))
    }
    // The authors' optimiser stops where its gradient is about 1e-6.
    #expect(worst < 1e-5 && worst > 0)
  }

  /// A folder with the votes of 20 simulated observers on 10 photos, 0.5 JOD apart, and their
  /// scale.
  private func study() throws -> String {
    let folder = try Program.temporaryFolder()
    let truth = (0..<10).map {
      TrueQuality(
        scene: "S", attribute: .details, photo: PhotoID("\($0).jpg"),
        quality: JOD(0.5 * Double($0)))
    }
    try TruthFile.write(truth, to: "\(folder)/truth.csv")
    for arguments in [
      [
        "simulate", "--truth", "truth.csv", "--comparisons", "600", "--observers", "20", "--seed",
        "2", "--out", "votes.csv",
      ],
      ["scale", "--votes", "votes.csv", "--bootstrap", "200", "--out", "."],
    ] {
      let outcome = try Program.run(arguments, in: folder)
      #expect(outcome.status == 0, "\(outcome.messages)")
    }
    return folder
  }

  /// The named columns of a CSV text.
  private func table(_ text: String, _ names: [String]) throws -> [[String]] {
    let table = try CSVTable(bytes: Array(text.utf8), file: "standard output")
    let columns = try table.columns(names)
    return try table.rows.map { row in try columns.map { try row.text($0) } }
  }
}

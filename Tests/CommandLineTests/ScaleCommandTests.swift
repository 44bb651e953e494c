import Domain
import Files
import Foundation
import Testing

@Suite struct ScaleCommandTests {
  @Test func votesBecomeScalesAndOneScale() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Two scenes of known quality; the observers of B see every difference at half its size.
    var truth: [TrueQuality] = []
    var crossTruth: [TrueQuality] = []
    for (scene, slope) in [("A", 1.0), ("B", 2.0)] {
      for index in 0..<12 {
        let quality = 0.6 * Double(index)
        let photo = PhotoID("\(scene)\(index).jpg")
        truth.append(
          TrueQuality(
            scene: SceneID(scene), attribute: .details, photo: photo,
            quality: JOD(quality / slope)))
        crossTruth.append(
          TrueQuality(
            scene: "Cross", attribute: .details, photo: PhotoID("\(scene)/\(photo)"),
            quality: JOD(quality)))
      }
    }
    try TruthFile.write(truth, to: "\(folder)/truth.csv")
    try TruthFile.write(crossTruth, to: "\(folder)/cross-truth.csv")
    for (name, votes) in [("truth", 3000), ("cross-truth", 6000)] {
      let simulated = try Program.run(
        [
          "simulate", "--truth", "\(name).csv", "--comparisons", "\(votes)", "--observers", "20",
          "--seed", "4", "--out", "\(name)-votes.csv",
        ], in: folder)
      #expect(simulated.status == 0, "\(simulated.messages)")
      let scaled = try Program.run(
        ["scale", "--votes", "\(name)-votes.csv", "--out", name, "--bootstrap", "200"], in: folder)
      #expect(scaled.status == 0, "\(scaled.messages)")
    }
    let scales = try ScoresFile.read("\(folder)/truth/Scores_Details.csv")
    #expect(scales.map(\.scene) == ["A", "B"])
    #expect(scales.allSatisfy { $0.convention == .jod && $0.photos.count == 12 })
    let unified = try Program.run(
      [
        "unify", "--scales", "truth/Scores_Details.csv", "--cross",
        "cross-truth/Scores_Details.csv", "--reference", "A", "--out", "one",
      ], in: folder)
    #expect(unified.status == 0, "\(unified.messages)")
    let lines = try CoefficientsFile.read("\(folder)/one/coefficients.csv")
    #expect(lines.map(\.scene) == ["A", "B"])
    // True slopes 1 and 2 up to the shrinkage of both scales: four standard errors and 10 % of the
    // slope.
    for (line, slope) in zip(lines, [1.0, 2.0]) {
      #expect(abs(line.a - slope) < 4 * line.aStandardError + 0.1 * slope)
    }
    let scale = try UnifiedScoresFile.read("\(folder)/one/Scores_Unified.csv").scale
    #expect(scale.referenceScene == "A")
    // Equal photos of the two scenes meet on the one scale; 0.75 JOD is three times the interval's
    // usual half width here.
    for index in 0..<12 {
      let pair = ["A", "B"].compactMap { scene in
        scale.photos.first { $0.photo.text == "\(scene)\(index).jpg" }?.score
      }
      #expect(abs(pair[0] - pair[1]) < 0.75)
    }
    #expect(try UnifiedScoresFile.isUnified(CSVTable(path: "\(folder)/one/Scores_Unified.csv")))
  }

  @Test func theSameSeedGivesTheSameFiles() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let truth = (0..<6).map {
      TrueQuality(
        scene: "S", attribute: .overall, photo: PhotoID("\($0)"), quality: JOD(Double($0)))
    }
    try TruthFile.write(truth, to: "\(folder)/truth.csv")
    for name in ["first", "second"] {
      _ = try Program.run(
        [
          "simulate", "--truth", "truth.csv", "--comparisons", "200", "--seed", "9", "--out",
          "\(name).csv",
        ], in: folder)
      _ = try Program.run(
        ["scale", "--votes", "\(name).csv", "--seed", "3", "--out", name], in: folder)
    }
    for pair in [
      ("first.csv", "second.csv"), ("first/Scores_Overall.csv", "second/Scores_Overall.csv"),
    ] {
      let (first, second) = ("\(folder)/\(pair.0)", "\(folder)/\(pair.1)")
      #expect(try FileDigest.sha256(first) == FileDigest.sha256(second))
    }
  }

  @Test func badInputGetsOneLineAndLosesNothing() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let missing = try Program.run(["scale", "--votes", "none.csv", "--out", "x"], in: folder)
    #expect(missing.status == 1)
    #expect(missing.messages.split(separator: "\n").count == 1)
    #expect(missing.messages.contains("none.csv"))
    let head = "observer,scene,attribute,image_a,image_b,choice\n"
    try (head + "o,S,details,a,b,left\n").write(
      toFile: "\(folder)/votes.csv", atomically: true, encoding: .utf8)
    let row = try Program.run(["scale", "--votes", "votes.csv", "--out", "x"], in: folder)
    #expect(row.status == 1)
    #expect(row.messages.contains("votes.csv") && row.messages.contains("2"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/x/Scores_Details.csv"))
    // One bad scene doesn't stop the other: A is two islands, B is fine.
    let votes = [
      "o,A,details,a,b,a", "o,A,details,c,d,a", "o,B,details,a,b,a", "p,B,details,a,b,b",
    ]
    try (head + votes.joined(separator: "\n") + "\n").write(
      toFile: "\(folder)/islands.csv", atomically: true, encoding: .utf8)
    let islands = try Program.run(["scale", "--votes", "islands.csv", "--out", "y"], in: folder)
    #expect(islands.status == 1)
    #expect(islands.messages.contains("scene A"))
    #expect(try ScoresFile.read("\(folder)/y/Scores_Details.csv").map(\.scene) == ["B"])
  }
}

import Files
import Foundation
import Testing

/// `vernier fit`, and scoring with what it writes.
@Suite struct FitCommandTests {
  @Test(arguments: ["niqe", "ilniqe"])
  func pristineModelsAreFittedAndLoad(name: String) throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(
      atPath: "\(folder)/pristine", withIntermediateDirectories: true)
    for index in 0..<2 {
      try SmallModel.photo(
        to: "\(folder)/pristine/\(index).png", width: 600, height: 500, seed: index)
    }
    let fitted = try Program.run(
      ["fit", name, "--pristine", "pristine", "--out", "p.json", "--sharpness", "0.1"], in: folder)
    #expect(fitted.status == 0, "\(fitted.messages)")
    #expect(try Provenance.read(beside: "\(folder)/p.json")?.inputs.count == 2)
    let score = try Program.run(
      ["score", "--model", name, "--parameters", "p.json", "pristine"], in: folder)
    #expect(score.status == 0 && score.output.contains("less is better"), "\(score.messages)")
    #expect(score.output.split(separator: "\n").count == 2)
    // A photo that can't be used stops the fit: no model is silently made of fewer.
    try Data("x".utf8).write(to: URL(fileURLWithPath: "\(folder)/pristine/bad.jpg"))
    let stopped = try Program.run(
      ["fit", name, "--pristine", "pristine", "--out", "q.json"], in: folder)
    #expect(stopped.status == 1 && stopped.messages.contains("pristine/bad.jpg"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/q.json"))
    // One model's file is not another's.
    let other = name == "niqe" ? "ilniqe" : "niqe"
    let wrong = try Program.run(
      ["score", "--model", other, "--parameters", "p.json", "pristine/0.png"], in: folder)
    #expect(wrong.status == 1)
  }

  @Test func brisqueLearnsScoresAndRepeats() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // The score is the strength of the noise, which BRISQUE's features see well.
    var rows = "photo,score,scene\n"
    for index in 0..<20 {
      try SmallModel.photo(to: "\(folder)/\(index).png", seed: index)
      rows += "\(index).png,\(3 / Double(1 + index % 5)),s\(index / 5)\n"
    }
    try rows.write(toFile: "\(folder)/scores.csv", atomically: true, encoding: .utf8)
    func fit(_ out: String, _ more: [String] = []) throws -> Program.Outcome {
      try Program.run(
        [
          "fit", "brisque", "--scores", "scores.csv", "--photos", ".", "--out", out,
          "--log2-c=1,7,3", "--log2-gamma=-7,-3,2", "--unit", "noise",
        ] + more, in: folder)
    }
    let first = try fit("a.json")
    #expect(first.status == 0 && first.output.contains("4-fold cross-validation, scenes apart"))
    #expect(try fit("b.json").output == first.output)
    #expect(
      try FileDigest.sha256("\(folder)/a.json") == FileDigest.sha256("\(folder)/b.json"))
    let scored = try Program.run(
      ["score", "--model", "brisque", "--parameters", "a.json", "0.png", "4.png", "--csv"],
      in: folder)
    let table = try CSVTable(bytes: Array(scored.output.utf8), file: "standard output")
    let columns = try table.columns(["score", "unit"])
    let values = try table.rows.map { try $0.number(columns[0]) }
    // Score 3 against 0.6: the direction and the unit are those of the scores.
    #expect(values.count == 2 && values[0] > values[1] + 1)
    #expect(try table.rows.allSatisfy { try $0.text(columns[1]) == "noise" })
    // A missing photo is reported and the exit code tells it; none at all is one error.
    try FileManager.default.removeItem(atPath: "\(folder)/19.png")
    let fewer = try fit("c.json")
    #expect(fewer.status == 1 && fewer.messages.contains("19.png"))
    let none = try Program.run(
      ["fit", "brisque", "--scores", "scores.csv", "--photos", "nowhere", "--out", "d.json"],
      in: folder)
    #expect(none.status == 1 && none.messages.split(separator: "\n").count == 1)
    for arguments in [
      ["--folds", "1"], ["--log2-c", "3"], ["--column", "mos"], ["--epsilon=-1"],
    ] {
      #expect(try fit("e.json", arguments).status == 1, "\(arguments)")
    }
  }
}

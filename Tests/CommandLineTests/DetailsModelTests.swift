import Files
import Foundation
import NeuralModels
import Pixels
import Testing

/// The model of details that comes with Vernier.
@Suite struct DetailsModelTests {
  private let folder = "\(Program.root)/Models/portrait-details"

  private struct Line: Decodable {
    let model: String
    let score: Double
    let low: Double
    let high: Double
    let unit: String
    let isOutside: Bool?
  }

  private func score(_ arguments: [String], in folder: String) throws -> [Line] {
    let outcome = try Program.run(
      ["score", "--json", "--attribute", "details"] + arguments, in: folder)
    #expect(outcome.status == 0, "\(outcome.messages)")
    // It says once what the numbers are.
    #expect(outcome.messages.components(separatedBy: "SIMULATED").count == 2)
    return try outcome.output.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
  }

  @Test func itIsSmallAndSaysWhatItIs() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    let bytes = try names.reduce(0) { sum, name in
      sum + (try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))).count
    }
    #expect(bytes < 1_000_000)
    let card = try String(contentsOfFile: "\(folder)/README.md", encoding: .utf8)
    for part in [
      "No person judged", "What it was trained on", "Accuracy on unseen scenes",
      "What it does not know", "public domain",
    ] { #expect(card.contains(part)) }
    let model = try ModelFolder(folder)
    let configuration = try model.configuration(
      MultiDepthRegressor.Configuration.self, of: MultiDepthRegressor.architecture)
    let pins = try String(contentsOfFile: "\(Program.root)/Scripts/pins.txt", encoding: .utf8)
    #expect(pins.contains(configuration.backboneDigest))
    // The photos that come with the set-up are those it was trained on.
    let photos = try CSVTable(path: "\(folder)/photos.csv")
    let columns = try photos.columns(["source", "sha256"])
    let ours = photos.rows.filter { $0.rawText(columns[0]) == "setup" }
    #expect(ours.count == 5)
    for row in ours { #expect(pins.contains(row.rawText(columns[1]))) }
  }

  @Test func itIsFoundListedAndShown() throws {
    let empty = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: empty) }
    let list = try Program.run(["model", "list"], in: empty)
    #expect(list.status == 0 && list.output.contains("portrait-details"))
    #expect(list.output.contains("JOD of simulated observers"))
    let shown = try Program.run(["model", "show", "portrait-details"], in: empty)
    #expect(shown.status == 0 && shown.output.contains("No person judged"), "\(shown.messages)")
  }

  @Test(.needsSetup) func damageLowersTheScore() throws {
    let work = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: work) }
    let degraded = try Program.run(
      [
        "degrade", "\(Program.root)/.deps/portraits/obama.jpg", "--levels", "4", "--out", "d",
      ], in: work)
    #expect(degraded.status == 0, "\(degraded.messages)")
    let lines = try score((0...3).map { "d/obama_0\($0).png" }, in: work)
    #expect(lines.count == 4)
    for line in lines {
      #expect(line.model == "portrait-details" && line.unit == "JOD of simulated observers")
      #expect(line.low < line.score && line.score < line.high)
    }
    // 6 JOD of the ladder's law are more damage than the model was trained on.
    #expect(lines.prefix(2).allSatisfy { $0.isOutside == false })
    // The ladder's steps are 2 JOD of its law apart.
    for (better, worse) in zip(lines, lines.dropFirst()) { #expect(better.score > worse.score) }
  }

  @Test(.needsSetup) func strangePicturesAreFlagged() throws {
    let work = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: work) }
    let flat = RasterImage(widthPixels: 300, heightPixels: 400, red: 90, green: 120, blue: 60)
    try flat.write(to: "\(work)/flat.png", as: .png())
    var dark = try RasterImage.decode("\(Program.root)/.deps/portraits/obama.jpg")
    dark.samples = dark.samples.map { $0 / 16 }
    try dark.write(to: "\(work)/night.png", as: .png())
    for line in try score(["flat.png", "night.png", "--region", "full"], in: work) {
      #expect(line.isOutside == true)
    }
  }
}

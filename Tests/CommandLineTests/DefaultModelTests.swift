import Domain
import Files
import Foundation
import NeuralModels
import Pixels
import Testing

/// The model that `vernier score` uses when none is given: people's ratings of whole photos.
@Suite struct DefaultModelTests {
  private let folder = "\(Program.root)/Models/photo-overall"

  private func scores(_ arguments: [String], in folder: String) throws -> [[String: String]] {
    let outcome = try Program.run(["score", "--csv"] + arguments, in: folder)
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(!outcome.messages.contains("SIMULATED"))
    let rows = outcome.output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return rows.dropFirst().map { row in
      Dictionary(zip(rows[0], row), uniquingKeysWith: { first, _ in first })
    }
  }

  @Test func itIsSmallAndSaysWhatItIs() throws {
    let model = try ModelFolder(folder)
    #expect(model.description.attribute == .overall)
    #expect(model.description.unit == ScoreUnit(.mos(dataSet: "LIVE In the Wild")))
    #expect(model.architecture == Architecture.multiDepth.rawValue)
    let weights = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/weights.safetensors"))
    #expect(weights.count < 10_000_000)
    let card = try String(contentsOfFile: "\(folder)/README.md", encoding: .utf8)
    // The license of the data asks for its whole notice in all copies.
    for part in [
      "Copyright (c) 2015 The University of Texas at Austin", "http://live.ece.utexas.edu",
    ] {
      #expect(card.contains(part))
      #expect(
        try String(contentsOfFile: "\(Program.root)/NOTICE", encoding: .utf8).contains(part))
    }
  }

  @Test(.needsSetup) func damageLowersTheScoreOfAWholePhoto() throws {
    let work = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: work) }
    let photo = try RasterImage.decode("\(Program.root)/.deps/portraits/obama.jpg")
      .resized(longSidePixels: 500)
    try photo.write(to: "\(work)/good.png", as: .png())
    // 8 times fewer pixels in each direction, then back: what no camera of a phone would give.
    try photo.resized(longSidePixels: 62).resized(longSidePixels: 500)
      .write(to: "\(work)/blurred.png", as: .png())
    let first = try scores(["good.png", "blurred.png"], in: work)
    #expect(first.count == 2)
    for row in first {
      #expect(row["unit"] == "MOS of LIVE In the Wild" && row["model"] == "photo-overall")
      let (low, score, high) = (row["low"], row["score"], row["high"])
      let values = [low, score, high].compactMap { $0.flatMap { Double($0) } }
      #expect(values.count == 3 && values == values.sorted() && values[0] < values[2])
    }
    let values = first.compactMap { $0["score"].flatMap { Double($0) } }
    #expect(values[0] > values[1] + 10, "\(values)")
    #expect(try scores(["--attribute", "overall", "good.png", "blurred.png"], in: work) == first)
  }

  @Test func brisqueNeedsNoFile() throws {
    let work = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: work) }
    try SmallModel.photo(to: "\(work)/noise.png", width: 400, height: 300, seed: 3)
    let rows = try scores(["--model", "brisque", "noise.png"], in: work)
    #expect(rows.count == 1 && rows[0]["unit"] == "MOS of LIVE In the Wild")
    // The ratings lie between 0 and 100, and a regression of them not far outside.
    let score = rows[0]["score"].flatMap { Double($0) } ?? .nan
    #expect((-20...120).contains(score))
    let card = try String(
      contentsOfFile: "\(Program.root)/Models/photo-brisque/README.md", encoding: .utf8)
    #expect(card.contains("Copyright (c) 2015 The University of Texas at Austin"))
  }

  @Test func anAttributeWithoutAModelIsSaid() throws {
    let work = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: work) }
    try SmallModel.photo(to: "\(work)/a.png")
    let none = try Program.run(["score", "--attribute", "exposure", "a.png"], in: work)
    #expect(none.status == 1 && none.messages.contains("details or overall"), "\(none.messages)")
    let both = try Program.run(
      ["score", "--model", "niqe", "--attribute", "details", "a.png"], in: work)
    #expect(both.status == 1 && both.messages.contains("--attribute"), "\(both.messages)")
  }
}

import Domain
import Files
import Foundation
import Pixels
import Statistics
import TestSupport
import Testing
import Training
import TrainingWorkflow

@Suite struct TrainingRecordTests {
  @Test func aSweepChoosesByTheMeanOverSeeds() throws {
    let scratch = try Scratch()
    func trial(_ rate: Double, _ seed: UInt64, error: Double) -> SweepTrial {
      var fitting = FittingSettings()
      (fitting.learningRate, fitting.seed) = (rate, seed)
      return SweepTrial(
        folder: scratch.file(SweepTrial.name(fitting)), fitting: fitting,
        best: EpochRecord(epoch: 3, trainingLoss: 1, validationError: error, learningRate: rate))
    }
    // 1e-3 has the best single run, 1e-4 the better mean.
    let trials = [
      trial(1e-3, 1, error: 0.30), trial(1e-3, 2, error: 0.90),
      trial(1e-4, 1, error: 0.42), trial(1e-4, 2, error: 0.40),
    ]
    let line = try SweepTrial.write(
      trials, unit: ScoreUnit(.jod(.crossScenes)), to: scratch.path)
    #expect(line.contains("0.0001") && line.contains("seed-2"), "\(line)")
    let table = try CSVTable(path: scratch.file("sweep.csv"))
    let columns = try table.columns(["run", "chosen"])
    let chosen = try table.rows.filter { try $0.text(columns[1]) == "yes" }
    #expect(chosen.count == 1)
    #expect(try chosen.first?.text(columns[0]) == "lr-0.0001_seed-2")
    #expect(
      message { _ = try SweepTrial.write([], unit: ScoreUnit(.jod(.crossScenes)), to: "x") } != nil)
  }

  @Test func aFolderWithoutARunIsSaid() throws {
    let scratch = try Scratch()
    let line = message { _ = try RunRecord.read(scratch.path) }
    #expect(line?.contains("this is not a finished training run") == true)
    _ = try scratch.write("{\"architecture\": 3}", to: "run.json")
    #expect(message { _ = try RunRecord.read(scratch.path) }?.contains("run.json") == true)
  }

  @Test func aPristineModelIsMadeOfAllItsPhotosOrNotAtAll() throws {
    let scratch = try Scratch()
    var paths: [String] = []
    for index in 0..<4 {
      let path = scratch.file("p\(index).png")
      try Self.picture(seed: UInt64(index)).write(to: path, as: .png())
      paths.append(path)
    }
    let model = scratch.file("niqe.json")
    let broken = try scratch.write("not a photo", to: "broken.png")
    let line = message {
      try PristineFit(.niqe, photos: paths + [broken], sharpness: 0).run(to: model)
    }
    #expect(line?.contains("broken.png") == true)
    #expect(!scratch.names.contains("niqe.json"))
    let wrong = message { try PristineFit(.niqe, photos: paths, sharpness: 1).run(to: model) }
    #expect(wrong?.contains("out of range") == true)
    try PristineFit(.niqe, photos: paths, sharpness: 0).run(to: model)
    let first = try Data(contentsOf: URL(fileURLWithPath: model))
    try PristineFit(.niqe, photos: paths, sharpness: 0).run(to: model)
    #expect(try Data(contentsOf: URL(fileURLWithPath: model)) == first)
    #expect(scratch.names.contains("niqe.json.provenance.json"))
  }

  /// Smooth waves with some noise: natural enough for the statistics of NIQE.
  private static func picture(seed: UInt64) -> RasterImage {
    var random = SeededGenerator(seed: seed)
    var image = RasterImage(widthPixels: 400, heightPixels: 300, red: 0, green: 0, blue: 0)
    for y in 0..<300 {
      for x in 0..<400 {
        let wave = 60 * sin(Double(x) / (9 + Double(seed))) * cos(Double(y) / 13)
        let value = UInt8(clamping: Int(128 + wave + 12 * random.normal()))
        for channel in 0..<3 { image.samples[3 * (400 * y + x) + channel] = value }
      }
    }
    return image
  }
}

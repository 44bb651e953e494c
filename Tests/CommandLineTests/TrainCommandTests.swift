import Domain
import Files
import Foundation
import NeuralModels
import Pixels
import Tensors
import Testing

/// `vernier train` with networks: Lite0 with random weights on made-up pictures, so nothing is ever
/// skipped.
@Suite(.serialized) struct TrainCommandTests {
  @Test func aKilledRunEndsWithTheSameBytes() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let whole = try Program.run(arguments("whole"), in: folder)
    #expect(whole.status == 0, "\(whole.messages)")
    for steps in [1, 4, 7] {
      let process = try Program.start(arguments("killed"), in: folder)
      // A loop without a clock: it ends with the run at the latest.
      while process.isRunning, try stepCount("\(folder)/killed") < steps { usleep(2000) }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let rest = try Program.run(arguments("killed"), in: folder)
    #expect(rest.status == 0, "\(rest.messages)")
    for name in ["model/weights.safetensors", "predictions.csv", "log.csv", "run.json"] {
      let (one, two) = (try bytes("\(folder)/whole/\(name)"), try bytes("\(folder)/killed/\(name)"))
      #expect(one == two, "\(name) differs after SIGKILL")
    }
    #expect(try stepCount("\(folder)/killed") == stepCount("\(folder)/whole"))
    for name in ["config.json", "report.html", "checkpoint.json", "model/README.md"] {
      #expect(FileManager.default.fileExists(atPath: "\(folder)/whole/\(name)"), "\(name)")
    }
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/whole/cache"))
    try afterwards(in: folder)
  }

  /// What the other commands make of a finished run.
  private func afterwards(in folder: String) throws {
    let again = try Program.run(arguments("whole"), in: folder)
    #expect(again.status == 0 && again.messages.contains("Finished before"), "\(again.messages)")
    let other = try Program.run(arguments("whole") + ["--head-rate", "2"], in: folder)
    #expect(other.status == 1)
    #expect(
      other.messages.contains("settings.headRateFactor: 1 → 2"), "\(other.messages)")
    let score = try Program.run(
      [
        "score", "--model", "whole", "--region", "full", "images/3.png", "--format", "csv",
        "--threads", "2",
      ], in: folder)
    #expect(score.status == 0, "\(score.messages)")
    let predictions = try PredictionsFile.read("\(folder)/whole/predictions.csv")
    let predicted = try #require(predictions.first { $0.prediction.photo == "3.png" })
    let fields = score.output.split(separator: "\n")[1].split(
      separator: ",", omittingEmptySubsequences: false)
    let value = try #require(Double(fields[3]))
    // The same network on the same crops.
    #expect(value == predicted.prediction.predicted)
    let evaluated = try Program.run(
      ["evaluate", "--run", "whole", "--part", "train", "--bootstrap", "100"], in: folder)
    #expect(evaluated.status == 0, "\(evaluated.messages)")
  }

  @Test func controlCSavesAndTheSameCommandGoesOn() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // So many steps that the signal comes before the last one, however late.
    let process = try Program.start(
      arguments("run", epochs: 8) + ["--checkpoint-minutes", "1000"], in: folder)
    while process.isRunning, try stepCount("\(folder)/run") < 2 { usleep(2000) }
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(FileManager.default.fileExists(atPath: "\(folder)/run/checkpoint.safetensors"))
    let rest = try Program.run(arguments("run", epochs: 8), in: folder)
    #expect(rest.status == 0 && rest.messages.contains("Going on after step"), "\(rest.messages)")
  }

  @Test func aSweepChoosesByTheValidationError() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try Program.run(
      arguments("sweep", epochs: 1) + ["--learning-rates", "1e-2,1e-5", "--seeds", "1,2"],
      in: folder)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let table = try CSVTable(path: "\(folder)/sweep/sweep.csv")
    let columns = try table.columns(["run", "rate_mean_error", "chosen"])
    #expect(table.rowCount == 4)
    let chosen = try table.rows.filter { try $0.text(columns[2]) == "yes" }
    let least = try table.rows.map { try $0.number(columns[1]) }.min()
    #expect(try chosen.map { try $0.number(columns[1]) } == [least])
    let run = try chosen.map { try $0.text(columns[0]) }.first ?? ""
    #expect(FileManager.default.fileExists(atPath: "\(folder)/sweep/\(run)/run.json"))
    #expect(outcome.messages.contains("Chosen: learning rate"))
  }

  @Test func whatAModelDoesNotKnowIsFlagged() throws {
    let folder = try study(count: 80)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let trained = try Program.run(
      arguments("run", epochs: 1) + ["--freeze-backbone"], in: folder)
    #expect(trained.status == 0, "\(trained.messages)")
    // 20 validation photos of 2 scenes: enough for the flag, and for intervals by normal scene
    // effects.
    let card = try String(contentsOfFile: "\(folder)/run/model/README.md", encoding: .utf8)
    #expect(card.contains("20 validation photos of 2 scenes for new scenes IF"), "\(card)")
    #expect(card.contains("are flagged «outside what this model knows»"))
    var samples: [UInt8] = []
    for index in 0..<96 * 80 { samples += index / 3 % 2 == 0 ? [255, 0, 0] : [0, 0, 255] }
    try RasterImage(widthPixels: 96, heightPixels: 80, samples: samples)?
      .write(to: "\(folder)/stripes.png", as: .png())
    let score = try Program.run(
      ["score", "--model", "run", "--region", "full", "images/4.png", "stripes.png", "--csv"],
      in: folder)
    #expect(score.status == 0, "\(score.messages)")
    let rows = score.output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let column = try #require(rows.first?.firstIndex(of: "novelty"))
    let distances = rows.dropFirst().compactMap { Double($0[column]) }
    #expect(distances.count == 2 && distances[1] > 2 * distances[0], "\(score.output)")
    // The first is a training photo; stripes are like nothing that was seen.
    #expect(rows.dropFirst().map { $0[column + 1] } == ["no", "yes"], "\(score.output)")
    #expect(try #require(Double(rows[1][4])) < #require(Double(rows[1][5])))
  }

  @Test func whatCannotBeDoneIsSaid() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let cases: [([String], String)] = [
      (arguments("x") + ["--device", "cuda"], "--device"),
      (arguments("x") + ["--scene-weight", "1"], "resnet50 predicts no scene"),
      (
        [
          "train", "--scores", "Scores_Unified.csv", "--images", "images", "--split", "split.csv",
          "--crop", "224", "--out", "x",
        ], "lite0-stages doesn't take it"
      ),
      (
        arguments("x").map { $0 == "resnet50" ? "hyperiqa" : $0 },
        "crops of multiples of 224 pixels"
      ),
      (
        arguments("x").map { $0 == "resnet50" ? "vgg" : $0 },
        "The value 'vgg' is invalid for '--architecture"
      ),
    ]
    for (arguments, text) in cases {
      let outcome = try Program.run(arguments, in: folder)
      #expect(outcome.status != 0 && outcome.messages.contains(text), "\(outcome.messages)")
    }
  }

  // MARK: The study

  private func arguments(_ out: String, epochs: Int = 3) -> [String] {
    [
      "train", "--scores", "Scores_Unified.csv", "--images", "images", "--split", "split.csv",
      "--architecture", "resnet50", "--from", "start", "--crop", "64", "--batch-size", "2",
      "--epochs", "\(epochs)", "--threads", "2", "--checkpoint-steps", "2", "--out", out,
    ]
  }

  private func stepCount(_ run: String) throws -> Int {
    guard let text = try? String(contentsOfFile: "\(run)/log.jsonl", encoding: .utf8) else {
      return 0
    }
    return text.split(separator: "\n").count { $0.contains("\"event\":\"step\"") }
  }

  private func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// Photos of 2 scenes with their scores, a split by photos, and a network to start from.
  private func study(count: Int = 12) throws -> String {
    let folder = try Program.temporaryFolder()
    try FileManager.default.createDirectory(
      atPath: "\(folder)/images", withIntermediateDirectories: true)
    let network = try QualityNetwork.fresh(
      .init(architecture: .resNet50, cropSide: 64), random: RandomSource(seed: 4))
    try network.save(
      to: "\(folder)/start",
      ModelDescription(
        architecture: Architecture.resNet50.rawValue, attribute: .details,
        unit: ScoreUnit(.jod(.scene("in")))),
      card: "# Random weights, for a test\n")
    var split = "IMAGE,SPLIT\n"
    let photos = try (0..<count).map { index in
      let name = "\(index).png"
      try SmallModel.photo(to: "\(folder)/images/\(name)", width: 96, height: 80, seed: index + 1)
      split += "\(name),\(index / 2 % 4 == 3 ? "Valid" : "Train")\n"
      let score = Double(index % 5) - 2
      return ScaledPhoto(
        photo: PhotoID(name), scene: SceneID(index % 2 == 0 ? "in" : "out"), score: score,
        standardDeviation: 0.3,
        interval: ConfidenceInterval(low: score - 0.6, high: score + 0.6),
        comparisons: 20)
    }
    try split.write(toFile: "\(folder)/split.csv", atomically: true, encoding: .utf8)
    try UnifiedScoresFile.write(
      UnifiedScores(
        scale: UnifiedScale(
          attribute: .details, referenceScene: "in", referenceReason: "", alignments: [],
          photos: photos), sceneScores: photos.map(\.score)),
      to: "\(folder)/Scores_Unified.csv")
    return folder
  }
}

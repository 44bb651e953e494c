import ArgumentParser
import Domain
import Files
import Foundation
import HandcraftedModels
import ModelLibrary
import NeuralModels
import Pixels
import Scoring
import ScoringWorkflow

/// Which model scores, and how it looks at photos.
struct ScoreModelOptions: ParsableArguments {
  @Option(
    help: """
      A run's or a model's folder, the name of one of Vernier's own models, or niqe, ilniqe or \
      brisque; default is the own model of --attribute.
      """)
  var model = ModelLibrary.defaultName
  @Option(
    help: """
      What the default model scores: overall (the whole photo, as people rated photos) or details \
      (the face, as a law sees it) (default: overall).
      """)
  var attribute: String?
  @Option(
    help: """
      A hand-crafted model's file; brisque takes one (fitted) or two (allmodel, allrange), and \
      without any the one that comes with Vernier; niqe needs none.
      """)
  var parameters: [String] = []
  @Option(help: "Average this number of random crops, as the papers do with 25.")
  var crops: Int?
  @Option(help: "Seed of the random crops (default: 1).")
  var seed: UInt64?
  @Flag(
    help: "Cover the region with an even grid of crops (the default, thinned as in training).")
  var grid = false
  @Option(help: "The largest number of crops in the grid.")
  var gridLimit: Int?
  @Option(
    help: """
      Regions smaller than a crop: pad (by reflection), enlarge or refuse (default: as in \
      training, else pad).
      """)
  var small: SmallRegionPolicy?
  @Option(help: "The precision of the network's numbers.")
  var precision = PhotoScoring.Options.Precision.float32
  @Option(help: "Where networks compute: cpu, cuda, cuda:N, or auto (CUDA where it is).")
  var device = DeviceChoice.cpu
  @Option(
    help: """
      The number of processors to use (default: all). Small networks score a photo on each; a \
      large one spreads over them.
      """)
  var threads: Int?

  /// Loads the model as often as photos are scored side by side.
  ///
  /// - Parameters:
  ///   - photos: how many photos there are at most.
  ///   - reading: how one of the copies reads photos.
  /// - Returns: the model's copies.
  /// - Throws: what loading throws.
  func pool(
    photos: Int = .max, reading: @escaping @Sendable () throws -> DecodingOptions
  ) async throws -> ScoringPool {
    let model = self
    let pool = try await ScoringPool.load(processors: threads, photos: photos) {
      try model.scorer(reading: reading())
    }
    try sayWhoseScores(await pool.withScorer { $0.unit })
    return pool
  }

  /// Warns of scores that no human stands behind.
  func sayWhoseScores(_ unit: ScoreUnit?) throws {
    guard unit?.origin == .simulated else { return }
    Messages.say(
      "These scores are JOD of SIMULATED observers; the model's card says more: "
        + "vernier model show \(try chosenModel())")
  }

  /// Loads one copy of the model.
  func scorer(reading: DecodingOptions) throws -> any PhotoScorer {
    if let threads, !(1...1024).contains(threads) {
      throw InputError("--threads", "\(threads) is out of range", remedy: "give 1 to 1024")
    }
    let options = try options()
    let model = try chosenModel()
    guard let kind = HandcraftedModel(rawValue: model) else {
      guard parameters.isEmpty else {
        throw InputError(
          "--parameters", "«\(model)» is not a hand-crafted model",
          remedy: "omit it, or give --model niqe, ilniqe or brisque")
      }
      return try PhotoScoring(
        model: model, installation: Installation(), options: options, decoding: reading)
    }
    guard options == PhotoScoring.Options() else {
      throw InputError(
        "--model", "\(model) takes no crops, no precision and no device",
        remedy: "leave out --crops, --grid-limit, --small, --precision and --device")
    }
    return try HandcraftedScoring(
      kind, parameters: parameters, decoding: reading, installation: Installation())
  }

  /// The name of the model; one of Vernier's own where none is given.
  private func chosenModel() throws -> String {
    guard model == ModelLibrary.defaultName else {
      guard attribute == nil else {
        throw InputError(
          "--attribute", "a model is given, whose attribute counts", remedy: "leave it out")
      }
      return model
    }
    let wanted = attribute.map { Attribute($0) } ?? ModelLibrary.defaultAttribute
    return try Installation.ownModel(of: wanted)
  }

  private func options() throws -> PhotoScoring.Options {
    var options = PhotoScoring.Options()
    guard crops == nil || !(grid || gridLimit != nil) else {
      throw InputError("--crops", "--grid is given too", remedy: "give one of them")
    }
    guard seed == nil || crops != nil else {
      throw InputError(
        "--seed", "a grid has no random choice", remedy: "omit it, or give --crops N")
    }
    for (name, value) in [("--crops", crops), ("--grid-limit", gridLimit)] {
      if let value, !(1...100_000).contains(value) {
        throw InputError(name, "\(value) is out of range", remedy: "give 1 or more")
      }
    }
    if let crops { options.sampling = .random(count: crops, seed: seed ?? 1) }
    if let gridLimit { options.sampling = .grid(limit: gridLimit) }
    options.smallRegions = small
    options.precision = precision
    options.device = try device.device()
    return options
  }
}

/// How scores are written.
struct ScoreOutputOptions: ParsableArguments {
  @Option(help: "The format (default: by the suffix of --out, else text).")
  var format: ScoreFormat?
  @Flag(help: "Same as --format jsonl: one JSON object per line.")
  var json = false
  @Flag(help: "Same as --format csv.")
  var csv = false
  @Option(help: "Write the scores to this file; a stopped run resumes.")
  var out: String?
  @Option(help: "Write a map of each photo's quality to this folder, as PNG and CSV.")
  var map: String?
  @Option(help: "The range of the maps' colors, LOW,HIGH (default: each photo's own).")
  var mapRange: String?

  /// The form of the output.
  func chosenFormat() throws -> ScoreFormat {
    let given = [format, json ? .jsonl : nil, csv ? .csv : nil].compactMap { $0 }
    guard Set(given).count <= 1 else {
      throw InputError("--format", "two are given", remedy: "give one of them")
    }
    return given.first ?? out.map(ScoreFormat.init(file:)) ?? .text
  }

  /// Where maps are drawn.
  func maps() throws -> ScoringJob.Maps? {
    guard let map else {
      guard mapRange == nil else {
        throw InputError("--map-range", "there is no map to draw", remedy: "give --map DIR too")
      }
      return nil
    }
    let ends = mapRange.map { text in
      text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    }
    if let ends {
      guard ends.count == 2, ends.allSatisfy(\.isFinite), ends[0] < ends[1] else {
        throw InputError(
          "--map-range", "«\(mapRange ?? "")» is not a range",
          remedy: "give LOW,HIGH, such as --map-range=-2,2")
      }
      return ScoringJob.Maps(folder: map, range: ends[0]...ends[1])
    }
    return ScoringJob.Maps(folder: map)
  }
}

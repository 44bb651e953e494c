import ArgumentParser
import Domain
import Files
import Foundation
import ModelLibrary
import NeuralModels
import Pixels
import Scoring
import ScoringWorkflow
import Tensors

/// Which model scores, and how it looks at photos.
struct ScoreModelOptions: ParsableArguments {
  @Option(
    help:
      "A run's folder, a model's folder, or niqe, ilniqe, brisque; default is the one that comes with Vernier."
  )
  var model = ModelLibrary.defaultName
  @Option(
    help:
      "A hand-crafted model's file; brisque takes one (fitted) or two (allmodel, allrange), niqe none."
  )
  var parameters: [String] = []
  @Option(help: "Average so many crops at random places, as the papers do (they took 25).")
  var crops: Int?
  @Option(help: "Seed of the random places (default: 1).")
  var seed: UInt64?
  @Flag(
    help: "Cover the region with an even grid of crops: the default, thinned out as in training.")
  var grid = false
  @Option(help: "At most so many crops in the grid.")
  var gridLimit: Int?
  @Option(
    help:
      "Regions smaller than a crop: pad (by reflection), enlarge or refuse (default: as in training, else pad)."
  )
  var small: String?
  @Option(help: "float32 or bfloat16.")
  var precision = "float32"
  @Option(help: "Threads of one operation (default: all processors).")
  var threads: Int?

  /// Loads the model.
  func scorer(reading: DecodingOptions) throws -> any PhotoScorer {
    if let threads {
      guard (1...1024).contains(threads) else {
        throw InputError("--threads", "\(threads) is out of range", remedy: "give 1 to 1024")
      }
      try Runtime.setThreads(threads)
    }
    let options = try options()
    if model == ModelLibrary.defaultName {
      Messages.say(
        "The default model's scores are JOD of SIMULATED observers; its card tells what it knows: "
          + "vernier model show default")
    }
    guard HandcraftedScoring.names.contains(model) else {
      guard parameters.isEmpty else {
        throw InputError(
          "--parameters", "«\(model)» is no hand-crafted model",
          remedy: "leave it out, or give --model niqe, ilniqe or brisque")
      }
      return try PhotoScoring(
        model: model, installation: Installation(), options: options, decoding: reading)
    }
    guard options == PhotoScoring.Options() else {
      throw InputError(
        "--model", "\(model) takes no crops and no precision",
        remedy: "leave out --crops, --grid-limit, --small and --precision")
    }
    return try HandcraftedScoring(
      name: model, parameters: parameters, decoding: reading, installation: Installation())
  }

  private func options() throws -> PhotoScoring.Options {
    var options = PhotoScoring.Options()
    guard crops == nil || !(grid || gridLimit != nil) else {
      throw InputError("--crops", "a grid is asked for too", remedy: "give one of them")
    }
    guard seed == nil || crops != nil else {
      throw InputError(
        "--seed", "a grid needs none", remedy: "leave it out, or give --crops N")
    }
    for (name, value) in [("--crops", crops), ("--grid-limit", gridLimit)] {
      if let value, !(1...100_000).contains(value) {
        throw InputError(name, "\(value) is out of range", remedy: "give 1 or more")
      }
    }
    if let crops { options.sampling = .random(count: crops, seed: seed ?? 1) }
    if let gridLimit { options.sampling = .grid(limit: gridLimit) }
    if let small {
      guard let policy = SmallRegionPolicy(rawValue: small) else {
        throw InputError("--small", "«\(small)» is unknown", remedy: "give pad, enlarge or refuse")
      }
      options.smallRegions = policy
    }
    guard let precision = PhotoScoring.Options.Precision(rawValue: precision) else {
      throw InputError(
        "--precision", "«\(self.precision)» is unknown", remedy: "give float32 or bfloat16")
    }
    options.precision = precision
    return options
  }
}

/// How scores are written.
struct ScoreOutputOptions: ParsableArguments {
  @Option(help: "text, csv or jsonl (default: by the suffix of --out, else text).")
  var format: String?
  @Flag(help: "As --format jsonl: one JSON object a line.")
  var json = false
  @Flag(help: "As --format csv.")
  var csv = false
  @Option(help: "Write the scores to this file; a stopped run goes on where it was.")
  var out: String?
  @Option(help: "Draw a map of each photo's quality into this folder: PNG and CSV.")
  var map: String?
  @Option(help: "The ends of the maps' colours, LOW,HIGH (default: each photo's own).")
  var mapRange: String?

  /// The form of the output.
  func chosenFormat() throws -> ScoreFormat {
    let given = [format, json ? "jsonl" : nil, csv ? "csv" : nil].compactMap { $0 }
    guard Set(given).count <= 1 else {
      throw InputError("--format", "two are given", remedy: "give one of them")
    }
    guard let name = given.first else { return out.map(ScoreFormat.init(file:)) ?? .text }
    guard let format = ScoreFormat(rawValue: name == "json" ? "jsonl" : name) else {
      throw InputError("--format", "«\(name)» is unknown", remedy: "give text, csv or jsonl")
    }
    return format
  }

  /// Where maps are drawn.
  func maps() throws -> ScoringJob.Maps? {
    guard let map else {
      guard mapRange == nil else {
        throw InputError("--map-range", "no map is asked for", remedy: "give --map DIR too")
      }
      return nil
    }
    let ends = mapRange.map { text in
      text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    }
    if let ends {
      guard ends.count == 2, ends.allSatisfy(\.isFinite), ends[0] < ends[1] else {
        throw InputError(
          "--map-range", "«\(mapRange ?? "")» is no range",
          remedy: "give LOW,HIGH, such as --map-range=-2,2")
      }
      return ScoringJob.Maps(folder: map, range: ends[0]...ends[1])
    }
    return ScoringJob.Maps(folder: map)
  }
}

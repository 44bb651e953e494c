import ArgumentParser
import Domain
import Files
import Foundation
import ModelLibrary
import NeuralModels
import Tensors
import Training
import TrainingWorkflow

/// Trains a quality model.
struct Train: ParsableCommand {
  private static let architectures =
    "lite0-stages: a linear head on frozen EfficientNet-Lite0 features (the default)\n"
    + Architecture.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "\n")

  static let configuration = CommandConfiguration(
    abstract: "Train a quality model on a unified scale, or on per-scene scales.",
    discussion: """
      The run's folder gets config.json, log.csv, log.jsonl, report.html (curves), checkpoints, \
      predictions.csv, the model and, last, run.json. The epoch with the smallest error on the \
      validation photos is kept; test photos have no influence on training.

      A network's run that was stopped, by Ctrl-C or otherwise, resumes from its last checkpoint \
      with the same command, and ends with the same weights, bit for bit, as a run that was never \
      stopped. Other settings in the same folder are an error. --learning-rates and --seeds make \
      one run for each value, in subfolders, with a table of the validation errors in sweep.csv \
      and sweep.md.

      \(architectures)
      """)

  @Option(help: "Scores_Unified.csv, or the per-scene Scores_<Attribute>.csv.")
  var scores: String
  @Option(help: "The folder of the regions that IMAGE names (in it or in its folder <Attribute>).")
  var images: String
  @Option(help: "Which scenes (SCENE,SPLIT) or photos (IMAGE,SPLIT) are Train, Valid and Test.")
  var split: String
  @Option(help: "The architecture, one of those above.")
  var architecture = TrainableModel.stages
  @Option(help: "The run's folder.")
  var out: String
  @Option(
    help: """
      The longer side in pixels that regions are resized to (lite0-stages 612, multi-depth 512).
      """)
  var longSide: Int?
  @OptionGroup var reading: PhotoReadingOptions
  @OptionGroup(title: "Network")
  var network: TrainNetworkOptions
  @OptionGroup(title: "Learning")
  var learning: TrainStepOptions
  @OptionGroup(title: "Running")
  var running: TrainRunOptions

  func run() throws {
    let threads = try running.checkedThreads()
    if let longSide, !(64...8192).contains(longSide) {
      throw InputError("--long-side", "\(longSide) is out of range", remedy: "give 64 to 8192")
    }
    guard case .network(let chosen) = architecture else {
      let only = network.given + learning.givenForNetworks + running.givenForNetworks
      guard only.isEmpty else {
        throw InputError(
          only[0], "\(architecture) doesn't take it", remedy: "omit it, or train a network")
      }
      return try MultiDepthTrainingCommand(options: self, threads: threads).run()
    }
    var settings = try network.settings(chosen)
    try learning.apply(to: &settings)
    settings.longSidePixels = longSide ?? settings.longSidePixels
    settings.gridLimit = running.gridLimit ?? settings.gridLimit
    if try running.device.device() == .cpu { try Processor.check(settings.precision) }
    try NetworkTrainingCommand(options: self, settings: settings, threads: threads).run()
  }

  /// What a run depends on.
  func provenance(_ settings: FittingSettings) throws -> Provenance {
    Provenance(
      command: ["train"], seed: settings.seed,
      settings: [
        "architecture": .text(architecture.description),
        "learningRate": .number(settings.learningRate),
      ],
      inputs: try Provenance.digests(of: [scores, split]))
  }
}

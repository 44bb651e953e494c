import ArgumentParser
import Documents
import Domain
import Files
import ModelLibrary
import NeuralModels
import Tensors
import Training
import TrainingWorkflow

/// `vernier train` with the embedded default architecture.
struct MultiDepthTrainingCommand {
  let options: Train
  let threads: Int

  func run() throws {
    var fitting = FittingSettings()
    (fitting.learningRate, fitting.weightDecay) = (1e-3, 1e-2)
    try options.learning.apply(to: &fitting)
    try Runtime.setThreads(threads)
    let longSide = options.longSide ?? 612
    let backbone = try Installation().model(ScoringFiles.backbone)
    let data = try TrainingScores(path: options.scores)
    let split = try SplitFile.read(options.split)
    // Whatever can't be trained is said before the photos are read.
    let plan = try TrainingRun(
      scores: data, split: split, fitting: fitting, backbone: backbone,
      longSidePixels: longSide)
    var reading = ProgressLine("features", total: data.photos.count)
    let features = try FeatureTable(
      data.photos, images: ImageFolder(options.images), attribute: data.attribute,
      backbone: backbone, longSidePixels: longSide, reading: try options.reading.decoding(),
      progress: { reading.update($0) })
    func train(_ fitting: FittingSettings, to folder: String) throws -> SweepTrial {
      var line = ProgressLine("epochs", total: fitting.epochs)
      var run = plan
      run.fitting = fitting
      let result = try run.run(
        features: features, to: folder, provenance: options.provenance(fitting),
        onEpoch: { line.update($0.epoch + 1) })
      line.finish()
      let best = result.epochs[result.record.bestEpoch]
      Messages.say(
        "Best epoch \(best.epoch): validation MAE "
          + "\(NumberFormat.fixed(best.validationError, 3)) \(data.unit); run: \(folder)")
      return SweepTrial(folder: folder, fitting: fitting, best: best)
    }
    guard let sweep = try options.learning.sweep(fitting.learningRate) else {
      _ = try train(fitting, to: options.out)
      return
    }
    let trials = try sweep.map { trial in
      var own = fitting
      (own.learningRate, own.seed) = trial
      return try train(own, to: "\(options.out)/\(SweepTrial.name(own))")
    }
    Messages.say(try SweepTrial.write(trials, unit: data.unit, to: options.out))
  }
}

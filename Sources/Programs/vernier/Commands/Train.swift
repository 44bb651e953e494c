import ArgumentParser
import Domain
import Laboratory
import Storage
import Training

/// Trains a quality model.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a quality model on a unified scale, or on per-scene scales.",
    discussion: """
      The checkpoint is the epoch with the smallest error on the validation photos, which come out of the training \
      scenes; test photos are never looked at. RUN gets run.json, log.csv, predictions.csv and the model. \
      «lite0-stages» is a linear head on frozen EfficientNet-Lite0 features, the embedded default.
      """)

  @Option(help: "Scores_Unified.csv, or the per-scene Scores_<Attribute>.csv.")
  var scores: String
  @Option(help: "The folder of the regions that IMAGE names (in it or in its folder <Attribute>).")
  var images: String
  @Option(help: "Which scenes (SCENE,SPLIT) or photos (IMAGE,SPLIT) are Train, Valid and Test.")
  var split: String
  @Option(help: "The architecture: \(TrainingRun.architectures.joined(separator: ", ")).")
  var architecture = TrainingRun.architectures[0]
  @Option(help: "The run's folder.")
  var out: String
  @Option(help: "The largest number of epochs.")
  var epochs = 300
  @Option(help: "Stop after so many epochs without progress on the validation photos.")
  var patience = 40
  @Option(help: "Adam's first learning rate.")
  var learningRate = 1e-3
  @Option(help: "The L2 penalty.")
  var weightDecay = 1e-2
  @Option(help: "The learning rate is multiplied by this every 10 epochs.")
  var decayFactor = 0.95
  @Option(help: "The photos of one step.")
  var batchSize = 16
  @Option(help: "The loss: l1 or mse.")
  var loss = "l1"
  @Option(help: "The longer side that regions are brought to, in pixels.")
  var longSide = 612
  @Option(help: "Seed of the order of the photos.")
  var seed: UInt64 = 1

  func run() throws {
    guard let loss = ScoreLoss(rawValue: loss) else {
      throw InputError("--loss", "«\(self.loss)» is not known", remedy: "give l1 or mse")
    }
    for (name, value) in [
      ("--epochs", epochs), ("--patience", patience), ("--batch-size", batchSize),
    ] where !(1...1_000_000).contains(value) {
      throw InputError(name, "\(value) is out of range", remedy: "give 1 or more")
    }
    guard (64...4096).contains(longSide), learningRate > 0, weightDecay >= 0, decayFactor > 0 else {
      throw InputError(
        "train", "a number is out of range",
        remedy: "give a long side of 64 to 4096 pixels and rates above 0")
    }
    var fitting = FittingSettings()
    (fitting.epochs, fitting.patience, fitting.batchSize) = (epochs, patience, batchSize)
    (fitting.learningRate, fitting.weightDecay) = (learningRate, weightDecay)
    (fitting.decayFactor, fitting.loss, fitting.seed) = (decayFactor, loss, seed)
    let backbone = try Installation().model(StageScoringFiles.backbone)
    let data = try TrainingScores(path: scores)
    let plan = try TrainingRun(
      scores: data, split: SplitFile.read(split), architecture: architecture, fitting: fitting,
      backbone: backbone, longSidePixels: longSide)
    var reading = ProgressLine("features", total: data.photos.count)
    let features = try FeatureTable(
      data.photos, images: ImageFolder(images), attribute: data.attribute, backbone: backbone,
      longSidePixels: longSide, progress: { reading.update($0) })
    var line = ProgressLine("epochs", total: epochs)
    let result = try plan.run(
      features: features, to: out,
      provenance: Provenance(
        command: ["train"], seed: seed, settings: ["architecture": .text(architecture)],
        inputs: Provenance.digests(of: [scores, split])),
      onEpoch: { line.update($0.epoch + 1) })
    line.finish()
    let best = result.epochs[result.record.bestEpoch]
    Messages.say(
      "Best epoch \(best.epoch): validation MAE "
        + "\(NumberFormat.fixed(best.validationError, 3)) \(data.unit); run: \(out)")
  }
}

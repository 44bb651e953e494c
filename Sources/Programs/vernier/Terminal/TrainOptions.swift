import ArgumentParser
import Domain
import Foundation
import ModelLibrary
import NeuralModels
import Training

/// The network of `vernier train`; what is left out takes the architecture's default.
struct TrainNetworkOptions: ParsableArguments {
  @Option(help: "The backbone; ImageNet weights of lite0 are installed.")
  var backbone: Backbone.Kind?
  @Option(
    help: """
      A torchvision .pth of resnet50, or of vgg16 for dbcnn; without it, the backbone is \
      initialized at random.
      """
  )
  var backboneWeights: String?
  @Option(
    help: """
      Start from a trained or imported model of the same architecture; multi-depth also starts \
      from a run of lite0-stages.
      """)
  var from: String?
  @Option(help: "The side of crops in pixels: 224, 448, 672 or 1344 (default: 224, dbcnn 448).")
  var crop: Int?
  @Option(help: "The number of crops of a photo in one step (default: 1).")
  var patches: Int?
  @Option(
    name: .customLong("top-k"),
    help: "The number of most probable scenes that FULL-HyperIQA uses (default: 3).")
  var topK: Int?
  @Option(help: "The folder of complete photos, for full-hyperiqa-complete.")
  var complete: String?
  @Option(help: "Regions smaller than a crop: pad (by reflection), enlarge or refuse.")
  var small: SmallRegionPolicy?
  @Flag(
    help: "Keep the backbone's weights fixed; its batch norms then use their running statistics.")
  var freezeBackbone = false
  @Option(help: "Keep this number of the backbone's four stages fixed, from the first on.")
  var freezeStages: Int?
  @Option(
    help: """
      Train on random windows of at least this share of each side, where the region is read whole \
      (default: 1, the whole region).
      """)
  var window: Double?
  @Flag(help: "Use the running statistics of batch norms in training too.")
  var freezeNorms = false
  @Flag(help: "Do not mirror crops at random.")
  var noFlips = false

  /// The options that were given.
  var given: [String] {
    let named: [(String, Bool)] = [
      ("--backbone", backbone != nil), ("--backbone-weights", backboneWeights != nil),
      ("--from", from != nil), ("--crop", crop != nil), ("--patches", patches != nil),
      ("--top-k", topK != nil), ("--complete", complete != nil), ("--small", small != nil),
      ("--freeze-backbone", freezeBackbone), ("--freeze-norms", freezeNorms),
      ("--no-flips", noFlips), ("--freeze-stages", freezeStages != nil),
      ("--window", window != nil),
    ]
    return named.filter(\.1).map(\.0)
  }

  /// The settings of an architecture with what was given.
  func settings(_ architecture: Architecture) throws -> NetworkSettings {
    var network = QualityNetwork.Configuration(
      architecture: architecture, cropSide: crop ?? architecture.cropSide,
      cropsPerImage: patches ?? 1, topScenes: topK ?? 3)
    if let backbone {
      guard architecture.hasBackboneChoice else {
        throw InputError(
          "--backbone", "\(architecture.rawValue) has a backbone of its own",
          remedy: "leave it out")
      }
      network.backbone = backbone
    }
    let least = architecture.usesCrops ? QualityNetwork.smallestSide : 1
    guard network.cropSide >= least, network.cropSide <= 8192, network.cropsPerImage >= 1 else {
      throw InputError("--crop", "\(network.cropSide) is out of range", remedy: "give 32 to 8192")
    }
    if let step = architecture.cropMultiple, !network.cropSide.isMultiple(of: step) {
      throw InputError(
        "--crop", "\(architecture.rawValue) reads crops of multiples of \(step) pixels",
        remedy: "give 224, 448, 672 or 1344")
    }
    var settings = NetworkSettings(network)
    settings.smallRegions = small ?? settings.smallRegions
    (settings.isBackboneFrozen, settings.areNormsFrozen) = (freezeBackbone, freezeNorms)
    settings.flips = !noFlips
    (settings.frozenStages, settings.smallestWindow) = (freezeStages, window)
    return settings
  }
}

/// How `vernier train` learns; what is left out takes the architecture's default.
struct TrainStepOptions: ParsableArguments {
  @Option(help: "The largest number of epochs (after --head-epochs).")
  var epochs = 300
  @Option(help: "Stop after this number of epochs without progress on the validation photos.")
  var patience = 40
  @Option(
    help: """
      The initial learning rate (lite0-stages 1e-3, HyperIQA's family 2e-5, dbcnn 1e-5, others \
      1e-4).
      """)
  var learningRate: Double?
  @Option(help: "Several learning rates, A,B,C: one run for each, in subfolders of --out.")
  var learningRates: String?
  @Option(
    help: """
      The learning rate of all but the backbone, as a multiple (HyperIQA's family 10, others 1).
      """)
  var headRate: Double?
  @Option(
    help: """
      The learning-rate schedule: step (by --decay-factor) or cosine, to 0 after --epochs \
      (default: step).
      """)
  var schedule: LearningRateSchedule?
  @Option(help: "The factor of learning-rate decay, applied every --decay-epochs epochs.")
  var decayFactor = 0.95
  @Option(help: "The number of epochs between two steps of learning-rate decay.")
  var decayEpochs = 10
  @Option(help: "The L2 penalty (lite0-stages 1e-2, others 5e-4).")
  var weightDecay: Double?
  @Option(help: "The number of photos in a batch (dbcnn 8, others 16).")
  var batchSize: Int?
  @Option(help: "The number of batches whose gradients are accumulated for one step (default: 1).")
  var accumulate: Int?
  @Option(help: "The loss of the scores (paper 1's networks l1, others mse).")
  var loss: ScoreLoss?
  @Option(help: "The weight of the scene's cross entropy (paper 1's 1, paper 2's 0.5).")
  var sceneWeight: Double?
  @Option(help: "The weight of the fidelity loss over pairs of one scene (default: 0).")
  var pairWeight: Double?
  @Option(help: "The score difference that 75 of 100 observers see (default: 1, as in JOD).")
  var pairDistance: Double?
  @Option(
    help:
      "The number of epochs that first train the head alone, by SGD at 1e-3 (dbcnn 30, others 0).")
  var headEpochs: Int?
  @Option(help: "The precision; bf16 if the processor supports it.")
  var precision: TrainingPrecision?
  @Option(help: "Seed of all random choices.")
  var seed: UInt64 = 1
  @Option(help: "Several seeds, A,B,C: one run for each, in subfolders of --out.")
  var seeds: String?

  /// The options that were given and that only networks have.
  var givenForNetworks: [String] {
    let named: [(String, Bool)] = [
      ("--head-rate", headRate != nil), ("--accumulate", accumulate != nil),
      ("--scene-weight", sceneWeight != nil), ("--pair-weight", pairWeight != nil),
      ("--pair-distance", pairDistance != nil), ("--head-epochs", headEpochs != nil),
      ("--precision", precision != nil),
    ]
    return named.filter(\.1).map(\.0)
  }

  /// Puts what was given into settings.
  func apply(to settings: inout NetworkSettings) throws {
    try apply(to: &settings.fitting)
    settings.headRateFactor = headRate ?? settings.headRateFactor
    settings.accumulatedBatches = accumulate ?? settings.accumulatedBatches
    settings.sceneWeight = sceneWeight ?? settings.sceneWeight
    settings.pairWeight = pairWeight ?? settings.pairWeight
    settings.pairDistance = pairDistance ?? settings.pairDistance
    settings.headEpochs = headEpochs ?? settings.headEpochs
    settings.precision = precision ?? settings.precision
  }

  /// Puts what was given into the settings of a fit.
  func apply(to fitting: inout FittingSettings) throws {
    (fitting.epochs, fitting.patience, fitting.seed) = (epochs, patience, seed)
    (fitting.decayFactor, fitting.decayEpochs) = (decayFactor, decayEpochs)
    fitting.schedule = schedule ?? fitting.schedule
    fitting.learningRate = learningRate ?? fitting.learningRate
    fitting.weightDecay = weightDecay ?? fitting.weightDecay
    fitting.batchSize = batchSize ?? fitting.batchSize
    fitting.loss = loss ?? fitting.loss
    for (name, value) in [
      ("--epochs", epochs), ("--patience", patience), ("--batch-size", fitting.batchSize),
      ("--decay-epochs", decayEpochs),
    ] where !(1...1_000_000).contains(value) {
      throw InputError(name, "\(value) is out of range", remedy: "give 1 or more")
    }
    guard fitting.learningRate > 0, fitting.weightDecay >= 0, decayFactor > 0 else {
      throw InputError("train", "a number is out of range", remedy: "give rates above 0")
    }
  }

  /// The learning rates and seeds of a sweep; nil for a single run.
  func sweep(_ learningRate: Double) throws -> [(learningRate: Double, seed: UInt64)]? {
    guard learningRates != nil || seeds != nil else { return nil }
    guard learningRates == nil || self.learningRate == nil else {
      throw InputError("--learning-rates", "--learning-rate is given too", remedy: "give one")
    }
    let rates = try list("--learning-rates", learningRates) { Double($0) }.filter { $0 > 0 }
    let numbers = try list("--seeds", seeds) { UInt64($0) }
    guard learningRates == nil || !rates.isEmpty else {
      throw InputError("--learning-rates", "none is above 0", remedy: "give 1e-6,1e-5,1e-4")
    }
    return (rates.isEmpty ? [learningRate] : rates).flatMap { rate in
      (numbers.isEmpty ? [seed] : numbers).map { (rate, $0) }
    }
  }

  private func list<Value>(
    _ name: String, _ text: String?, _ read: (String) -> Value?
  ) throws -> [Value] {
    try (text ?? "").split(separator: ",").map { part in
      guard let value = read(part.trimmingCharacters(in: .whitespaces)) else {
        throw InputError(name, "«\(part)» is not a number", remedy: "give numbers with commas")
      }
      return value
    }
  }
}

/// How `vernier train` runs.
struct TrainRunOptions: ParsableArguments {
  @Option(help: "Where networks learn: cpu, cuda, cuda:N, or auto (CUDA where it is).")
  var device = DeviceChoice.cpu
  @Flag(help: "On CUDA, use only kernels that give the same result every time; they are slower.")
  var deterministic = false
  @Flag(
    help: """
      Compute activations again for the gradient instead of keeping them: less memory, more time.
      """)
  var activationCheckpointing = false
  @Option(help: "The number of threads of one operation (default: all processors).")
  var threads: Int?
  @Option(help: "The number of minutes between checkpoints.")
  var checkpointMinutes = 10.0
  @Option(help: "The number of steps between checkpoints, in addition to the minutes.")
  var checkpointSteps: Int?
  @Option(
    help: """
      The folder of the cache of decoded regions (default: in the run's folder, until the run ends).
      """)
  var cache: String?
  @Option(help: "The largest size of the cache in gigabytes; 0 disables it.")
  var cacheGigabytes = 20.0
  @Option(help: "The largest number of crops of a photo in evaluation (default: 25).")
  var gridLimit: Int?

  /// The options that were given and that only networks have.
  var givenForNetworks: [String] {
    let named: [(String, Bool)] = [
      ("--checkpoint-steps", checkpointSteps != nil), ("--cache", cache != nil),
      ("--grid-limit", gridLimit != nil), ("--activation-checkpointing", activationCheckpointing),
      ("--deterministic", deterministic),
      ("--device", device != .cpu && device != .automatic),
    ]
    return named.filter(\.1).map(\.0)
  }

  /// The number of threads, once all values are checked.
  func checkedThreads() throws -> Int {
    let processors = ProcessInfo.processInfo.activeProcessorCount
    let count = threads ?? processors
    guard (1...1024).contains(count) else {
      throw InputError("--threads", "\(count) is out of range", remedy: "give 1 to 1024")
    }
    if let steps = checkpointSteps, steps < 1 {
      throw InputError("--checkpoint-steps", "\(steps) is out of range", remedy: "give 1 or more")
    }
    guard checkpointMinutes > 0, (0...1e6).contains(cacheGigabytes) else {
      throw InputError(
        "--checkpoint-minutes", "a number is out of range", remedy: "give more than 0")
    }
    return count
  }
}

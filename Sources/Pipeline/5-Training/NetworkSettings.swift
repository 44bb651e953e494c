public import Domain
public import NeuralModels

/// The precision that a network is trained in; weights, gradients and optimizers always keep single
/// precision.
public enum TrainingPrecision: String, Hashable, Sendable, Codable, CaseIterable {
  /// Single precision throughout.
  case float32
  /// Convolutions and matrix products with half the bits, forward and backward.
  case bfloat16 = "bf16"
}

/// How a quality network is trained, beyond ``FittingSettings``.
public struct NetworkSettings: Hashable, Sendable, Codable {
  /// The network; score offset and scale are set from the training photos.
  public var network: QualityNetwork.Configuration
  /// Epochs, batches, learning rate of the backbone, loss and seed.
  public var fitting = FittingSettings()
  /// How many times faster all that is not backbone learns.
  public var headRateFactor = 1.0
  /// The epochs of a first step that trains all but the backbone by gradient descent with momentum;
  /// DB-CNN has one.
  public var headEpochs = 0
  /// The learning rate of the first step.
  public var headLearningRate = 1e-3
  /// The momentum of the first step.
  public var headMomentum = 0.9
  /// The weight of the cross entropy of the scene; 0 where no scene is predicted.
  public var sceneWeight = 0.0
  /// The weight of the fidelity loss over pairs of photos of one scene.
  public var pairWeight = 0.0
  /// The distance of scores that 75 of 100 observers would see: 1 on a scale in JOD.
  public var pairDistance = 1.0
  /// Whether the backbone stays as it is, its norms included.
  public var isBackboneFrozen = false
  /// Whether batch norms use their running statistics in training too.
  public var areNormsFrozen = false
  /// How many of the backbone's four stages keep their weights, from the first on; nil for none.
  public var frozenStages: Int?
  /// The smallest share of each side of the region that training looks at, where the network reads
  /// it whole; nil for the whole region always.
  public var smallestWindow: Double?
  /// How many batches make one step of the optimizer.
  public var accumulatedBatches = 1
  /// The precision.
  public var precision = TrainingPrecision.float32
  /// Whether half the crops are mirrored from left to right.
  public var flips = true
  /// What to do about regions smaller than a crop.
  public var smallRegions = SmallRegionPolicy.pad
  /// The longer side that regions are brought to first; nil leaves them as they are.
  public var longSidePixels: Int?
  /// The largest number of crops of a photo when the model is evaluated.
  public var gridLimit = 25

  /// The papers' settings for a network, as `spec/models.md` gathers them; docs/training.md has
  /// them as a table.
  public init(_ network: QualityNetwork.Configuration) {
    self.network = network
    let own = network.architecture.training
    fitting.learningRate = own.learningRate ?? fitting.learningRate
    fitting.batchSize = own.batchSize ?? fitting.batchSize
    if own.squaresErrors { fitting.loss = .mse }
    longSidePixels = network.architecture.longSidePixels
    (headRateFactor, headEpochs, sceneWeight) = (
      own.headRateFactor, own.headEpochs, own.sceneWeight
    )
  }

  /// The photos of one step of the optimizer.
  public var photosPerStep: Int { fitting.batchSize * accumulatedBatches }

  /// Whether an epoch belongs to the first step, that of the head alone.
  public func isHeadEpoch(_ epoch: Int) -> Bool { epoch < headEpochs }

  /// The backbone's learning rate in an epoch; the head's is ``headRateFactor`` times that, or in
  /// the first step ``headLearningRate``.
  public func learningRate(atEpoch epoch: Int) -> Double {
    isHeadEpoch(epoch) ? headLearningRate : fitting.learningRate(atEpoch: epoch - headEpochs)
  }

  /// All epochs of both steps.
  public var allEpochs: Int { headEpochs + fitting.epochs }

  /// Says which values don't go together.
  ///
  /// - Throws: `InputError` that names the setting.
  public func check() throws(InputError) {
    func demand(_ isGood: Bool, _ name: String, _ problem: String) throws(InputError) {
      if !isGood { throw InputError(Setting(name), problem, remedy: "give another value") }
    }
    try demand(fitting.epochs >= 1 && headEpochs >= 0, "epochs", "at least 1 is needed")
    try demand(fitting.patience >= 1, "patience", "at least 1 is needed")
    try demand(fitting.batchSize >= 1, "batchSize", "at least 1 is needed")
    try demand(accumulatedBatches >= 1, "accumulate", "at least 1 is needed")
    try demand(gridLimit >= 1, "gridLimit", "at least 1 is needed")
    let rates = [fitting.learningRate, headRateFactor, headLearningRate, fitting.decayFactor]
    try demand(rates.allSatisfy { $0 > 0 && $0.isFinite }, "learningRate", "rates are above 0")
    try demand(fitting.decayEpochs >= 1, "decayEpochs", "at least 1 is needed")
    try demand(fitting.weightDecay >= 0, "weightDecay", "it can't be negative")
    try demand(sceneWeight >= 0 && pairWeight >= 0, "pairWeight", "weights can't be negative")
    try demand(pairDistance > 0, "pairDistance", "it must be above 0")
    try demand(
      sceneWeight == 0 || network.architecture.predictsScene, "sceneWeight",
      "\(network.architecture.rawValue) predicts no scene")
    try demand(
      pairWeight == 0 || fitting.batchSize >= 2, "batchSize",
      "pairs of photos need batches of 2 or more")
    if let frozenStages {
      try demand(
        (1...4).contains(frozenStages) && network.architecture.hasStages, "freezeStages",
        "1 to 4 stages of a backbone can be frozen")
    }
    if let smallestWindow {
      try demand(
        smallestWindow > 0 && smallestWindow <= 1 && !network.architecture.usesCrops, "window",
        "a share above 0, at most 1, of regions that are read whole is needed")
    }
    let hasBackbone = !network.architecture.backbonePrefixes.isEmpty
    try demand(
      !isBackboneFrozen || hasBackbone, "freezeBackbone",
      "\(network.architecture.rawValue) has no separate backbone")
    try demand(
      headEpochs == 0 || hasBackbone, "headEpochs",
      "\(network.architecture.rawValue) has no separate backbone")
  }
}

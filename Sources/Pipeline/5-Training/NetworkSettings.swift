public import NeuralModels

/// The precision that a network is trained in; weights, gradients and optimisers always keep single precision.
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
  /// The epochs of a first step that trains all but the backbone by gradient descent with momentum; DB-CNN has one.
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
  /// How many batches make one step of the optimiser.
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

  /// The papers' settings for a network, as `spec/models.md` gathers them; docs/training.md has them as a table.
  public init(_ network: QualityNetwork.Configuration) {
    self.network = network
    switch network.architecture {
    case .hyperIQA, .semHyperIQASceneOnly:
      (fitting.learningRate, headRateFactor) = (2e-5, 10)
    case .semHyperIQA, .semHyperIQAClassificationOnly:
      (fitting.learningRate, headRateFactor, sceneWeight) = (2e-5, 10, 1)
    case .fullHyperIQA, .fullHyperIQACompleteImage:
      (fitting.learningRate, headRateFactor, sceneWeight) = (2e-5, 10, 0.5)
      fitting.loss = .mse
    case .multitask: (fitting.loss, sceneWeight) = (.mse, 0.5)
    case .resNet50, .musiq: fitting.loss = .mse
    case .dbCNN:
      (fitting.loss, fitting.learningRate, fitting.batchSize) = (.mse, 1e-5, 8)
      headEpochs = 30
    }
  }

  /// The photos of one step of the optimiser.
  public var photosPerStep: Int { fitting.batchSize * accumulatedBatches }

  /// Whether an epoch belongs to the first step, that of the head alone.
  public func isHeadEpoch(_ epoch: Int) -> Bool { epoch < headEpochs }

  /// The backbone's learning rate in an epoch; the head's is ``headRateFactor`` times that, or in the first step
  /// ``headLearningRate``.
  public func learningRate(atEpoch epoch: Int) -> Double {
    isHeadEpoch(epoch) ? headLearningRate : fitting.learningRate(atEpoch: epoch - headEpochs)
  }

  /// All epochs of both steps.
  public var allEpochs: Int { headEpochs + fitting.epochs }

  /// Says which values don't go together.
  ///
  /// - Throws: ``TrainingError/badSetting(name:problem:)``.
  public func check() throws(TrainingError) {
    func demand(_ isGood: Bool, _ name: String, _ problem: String) throws(TrainingError) {
      if !isGood { throw TrainingError.badSetting(name: name, problem: problem) }
    }
    try demand(fitting.epochs >= 1 && headEpochs >= 0, "epochs", "at least 1 is needed")
    try demand(fitting.patience >= 1, "patience", "at least 1 is needed")
    try demand(fitting.batchSize >= 1, "batch-size", "at least 1 is needed")
    try demand(accumulatedBatches >= 1, "accumulate", "at least 1 is needed")
    try demand(gridLimit >= 1, "grid-limit", "at least 1 is needed")
    let rates = [fitting.learningRate, headRateFactor, headLearningRate, fitting.decayFactor]
    try demand(rates.allSatisfy { $0 > 0 && $0.isFinite }, "learning-rate", "rates are above 0")
    try demand(fitting.decayEpochs >= 1, "decay-epochs", "at least 1 is needed")
    try demand(fitting.weightDecay >= 0, "weight-decay", "it can't be negative")
    try demand(sceneWeight >= 0 && pairWeight >= 0, "pair-weight", "weights can't be negative")
    try demand(pairDistance > 0, "pair-distance", "it must be above 0")
    let predictsScenes =
      network.architecture.usesScenes && network.architecture != .semHyperIQASceneOnly
    try demand(
      sceneWeight == 0 || predictsScenes, "scene-weight",
      "\(network.architecture.rawValue) predicts no scene")
    try demand(
      pairWeight == 0 || fitting.batchSize >= 2, "batch-size",
      "pairs of photos need batches of 2 or more")
    try demand(
      !(isBackboneFrozen && network.architecture == .musiq), "freeze-backbone",
      "musiq has no separate backbone")
    try demand(
      !(headEpochs > 0 && network.architecture == .musiq), "head-epochs",
      "musiq has no separate backbone")
  }
}

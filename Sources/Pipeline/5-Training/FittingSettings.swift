internal import Foundation

/// The loss between predicted and measured scores.
public enum ScoreLoss: String, Hashable, Sendable, Codable, CaseIterable {
  /// The mean absolute error (HyperIQA, SEM-HyperIQA).
  case l1
  /// The mean squared error (paper 2).
  case mse
}

/// How the learning rate falls in the course of a fit.
public enum LearningRateSchedule: String, Hashable, Sendable, Codable, CaseIterable {
  /// By a factor, every so many epochs.
  case step
  /// Along half a period of the cosine, to 0 after the last epoch.
  case cosine
}

/// How a model's weights are fitted.
///
/// The papers train with Adam, learning rates between 1e-6 and 1e-4, 300 epochs, «a learning rate
/// decay factor of 0.05 every 10 epochs» and, in paper 2, early stopping after 40 epochs without
/// progress. Multiplying by 0.05 would end all learning by epoch 50, so the decay is read as losing
/// 5 %: × 0.95 every 10 epochs.
public struct FittingSettings: Hashable, Sendable, Codable {
  /// The largest number of epochs.
  public var epochs = 300
  /// Stop after this number of epochs without a better validation error.
  public var patience = 40
  /// The photos of one step.
  public var batchSize = 16
  /// Adam's first learning rate.
  public var learningRate = 1e-4
  /// The factor of learning-rate decay.
  public var decayFactor = 0.95
  /// The epochs between two changes of the learning rate.
  public var decayEpochs = 10
  /// How the learning rate falls; nil counts as ``LearningRateSchedule/step``.
  public var schedule: LearningRateSchedule?
  /// The L2 penalty.
  public var weightDecay = 5e-4
  /// The loss.
  public var loss = ScoreLoss.l1
  /// Seed of the order of the photos.
  public var seed: UInt64 = 1

  /// The papers' settings.
  public init() {}

  /// The learning rate of an epoch, counted from 0.
  public func learningRate(atEpoch epoch: Int) -> Double {
    if schedule == .cosine {
      let progress = Double(epoch) / Double(max(epochs, 1))
      return learningRate * (1 + cos(.pi * min(progress, 1))) / 2
    }
    var rate = learningRate
    for _ in 0..<(epoch / max(decayEpochs, 1)) { rate *= decayFactor }
    return rate
  }
}

/// What one epoch brought: a line of the run's log.
public struct EpochRecord: Hashable, Sendable, Codable {
  /// The epoch, counted from 0.
  public let epoch: Int
  /// The mean training loss of the epoch's steps, in units of the standardized target.
  public let trainingLoss: Double
  /// The mean absolute error on the validation photos, in the target's unit.
  public let validationError: Double
  /// The learning rate.
  public let learningRate: Double

  /// Makes a record.
  public init(epoch: Int, trainingLoss: Double, validationError: Double, learningRate: Double) {
    self.epoch = epoch
    self.trainingLoss = trainingLoss
    self.validationError = validationError
    self.learningRate = learningRate
  }
}

/// Why a fit stopped.
public enum FittingEnd: String, Hashable, Sendable, Codable {
  /// All epochs were done.
  case allEpochs
  /// The validation error had not improved for as many epochs as the patience allows.
  case noProgress
}

/// The course of a fit; the weights are those of the best epoch.
public struct FittingResult: Hashable, Sendable, Codable {
  /// One record per epoch.
  public let records: [EpochRecord]
  /// The epoch whose weights were kept.
  public let bestEpoch: Int
  /// Why the fit stopped.
  public let end: FittingEnd
}

/// Why a fit can't be made.
public enum TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A part of the split has too few photos.
  case tooFewPhotos(part: String, count: Int, needed: Int)
  /// The loss is no longer a number.
  case diverged(epoch: Int)
  /// All training photos have the same score.
  case constantTarget
  /// A photo shows a scene that is not among the model's scenes.
  case unknownScene(photo: String, scene: String, part: String)
  /// The checkpoint of another run, or a damaged one.
  case badCheckpoint(path: String, problem: String)

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .tooFewPhotos(let part, let count, let needed):
      "the \(part) part has \(count) photos and needs \(needed); change the split"
    case .diverged(let epoch):
      "the loss stopped being a number in epoch \(epoch); lower the learning rate"
    case .constantTarget:
      "all training photos have the same score, so there is nothing to learn; check the scores file"
    case .unknownScene(let photo, let scene, let part):
      "photo \(photo) of the \(part) part shows \(scene), which no training photo shows; split by "
        + "device or by image, or choose another architecture"
    case .badCheckpoint(let path, let problem):
      "\(path): \(problem); remove it to start again"
    }
  }
}

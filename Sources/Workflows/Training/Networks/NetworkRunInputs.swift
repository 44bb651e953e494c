public import Domain
public import Files
public import Pixels
public import Tensors

/// Where a network starts from.
public enum NetworkStart: Hashable, Sendable {
  /// Everything at random.
  case random
  /// The backbone from a state dictionary, the rest at random.
  case backbone(file: String)
  /// A trained model of the same architecture.
  case model(folder: String)
}

/// What a run of a network needs beside its settings.
public struct NetworkRunInputs: Sendable {
  /// The scores to learn.
  public var scores: TrainingScores
  /// Which photos train, choose the epoch and test.
  public var split: DataSplit
  /// The folder of the regions.
  public var images: ImageFolder
  /// The folder of the complete photos, for the architectures that need them.
  public var completeImages: ImageFolder?
  /// Where the network starts from.
  public var start: NetworkStart
  /// The threads of one operation.
  public var threads: Int
  /// The number of steps between checkpoints.
  public var saveSteps: Int?
  /// The number of minutes between checkpoints.
  public var saveMinutes: Double
  /// The folder of prepared regions; nil keeps them in the run's folder until it is finished.
  public var cache: String?
  /// The bytes that prepared regions may take; 0 decodes photos every time.
  public var cacheBytes: Int
  /// How photos are read.
  public var reading = DecodingOptions()
  /// Whether activations are computed again for the gradient instead of being kept; the result is
  /// the same.
  public var recomputesActivations = false
  /// Whether CUDA may use only kernels that give the same result every time.
  public var isDeterministic = false
  /// Where the network learns.
  public var device = Device.cpu

  /// Collects what a run needs.
  public init(
    scores: TrainingScores, split: DataSplit, images: ImageFolder,
    completeImages: ImageFolder? = nil, start: NetworkStart, threads: Int, saveSteps: Int? = nil,
    saveMinutes: Double = 10, cache: String? = nil, cacheBytes: Int = 20 << 30
  ) {
    (self.scores, self.split, self.images) = (scores, split, images)
    (self.completeImages, self.start, self.threads) = (completeImages, start, threads)
    (self.saveSteps, self.saveMinutes) = (saveSteps, saveMinutes)
    (self.cache, self.cacheBytes) = (cache, cacheBytes)
  }
}

internal import Domain
internal import NeuralModels
internal import Statistics

/// What happened in a run.
public enum TrainerEvent: Hashable, Sendable {
  /// A step of the optimiser is done.
  case step(StepRecord)
  /// An epoch is done, validation included.
  case epoch(EpochRecord)
}

/// What a run does next.
public enum TrainerOrder: Hashable, Sendable {
  /// Go on.
  case goOn
  /// Write a checkpoint and continue.
  case save
  /// Write a checkpoint and stop.
  case stop
}

/// What one step brought: a line of the run's log.
public struct StepRecord: Hashable, Sendable, Codable {
  /// The epoch, counted from 0.
  public let epoch: Int
  /// The steps of the epoch that are done.
  public let step: Int
  /// The losses, in units of the standardised score.
  public let losses: LossParts
  /// The learning rate of the backbone, or of the head in the first step.
  public let learningRate: Double
}

extension NetworkSettings {
  /// The settings with what follows from the photos: scenes, and the mean and deviation of the
  /// training scores.
  ///
  /// - Parameter photos: the photos of all parts.
  /// - Returns: settings for ``NetworkTrainer`` and for making the network.
  /// - Throws: ``TrainingError`` when the photos can't be trained on.
  public func completed(for photos: [TrainingPhoto]) throws(TrainingError) -> NetworkSettings {
    var settings = self
    let training = photos.filter { $0.part == .train }
    guard training.count >= 2 else {
      throw .tooFewPhotos(part: "training", count: training.count, needed: 2)
    }
    let scores = training.map(\.score)
    settings.network.scoreOffset = Descriptive.mean(scores)
    let scale = Descriptive.standardDeviation(scores)
    guard scale > 0 else { throw .constantTarget }
    settings.network.scoreScale = scale
    guard network.architecture.usesScenes else { return settings }
    let scenes = Set(training.map(\.scene))
    settings.network.scenes = scenes.sorted().map(\.text)
    settings.network.topScenes = min(network.topScenes, scenes.count)
    if network.architecture.needsScene,
      let stranger = photos.first(where: { !scenes.contains($0.scene) })
    {
      throw .unknownScene(
        photo: stranger.photo.text, scene: stranger.scene.text, part: stranger.part.rawValue)
    }
    return settings
  }
}

import Domain
public import Files
import Foundation
import ModelLibrary
import NeuralModels
import Pixels
import Statistics
import Tensors
public import Training

/// Trains a network in a folder, and resumes an earlier run of the same settings that was stopped.
public struct NetworkRun {
  /// The memory of freed tensors that waits for the next step: all that a step needs, within
  /// reason.
  private static let keptBytes = 8 << 30

  let inputs: NetworkRunInputs
  let settings: NetworkSettings
  let photos: [TrainingPhoto]
  let files: [String]
  let completeFiles: [String]

  /// Plans a run.
  ///
  /// - Parameters:
  ///   - settings: how to train.
  ///   - inputs: the photos, their scores and the settings.
  /// - Throws: `InputError` or `TrainingError` when they don't go together.
  public init(_ settings: NetworkSettings, inputs: NetworkRunInputs) throws {
    try settings.check()
    let scores = inputs.scores
    photos = zip(scores.photos, try inputs.split.parts(of: scores.photos)).map { photo, part in
      TrainingPhoto(photo: photo.photo, scene: photo.scene, part: part, score: photo.score)
    }
    self.settings = try settings.completed(for: photos)
    self.inputs = inputs
    files = try photos.map { try inputs.images.file(of: $0.photo, attribute: scores.attribute) }
    guard settings.network.architecture.needsCompleteImage else {
      completeFiles = []
      return
    }
    guard let complete = inputs.completeImages else {
      throw InputError(
        Setting("complete"), "\(settings.network.architecture.rawValue) needs the complete photos",
        remedy: "give their folder")
    }
    completeFiles = try photos.map {
      try complete.file(of: $0.photo, attribute: scores.attribute)
    }
  }

  /// Trains to the end, or until it is asked to stop.
  ///
  /// - Parameters:
  ///   - folder: the run's folder.
  ///   - provenance: what the run depends on.
  ///   - shouldStop: asked after every step.
  ///   - onProgress: called with the progress of the run.
  /// - Returns: how it ended.
  /// - Throws: `InputError` for another run's folder or a photo that can't be read,
  ///   `TrainingError`, `TensorError`.
  public func run(
    to folder: String, provenance: Provenance, shouldStop: () -> Bool,
    onProgress: (RunProgress) -> Void
  ) throws -> RunOutcome {
    onProgress(.reading(done: 0, total: files.count))
    let files = files
    let digests = try Parallel.map(count: files.count) { try FileDigest.sha256(files[$0]) }
    onProgress(.reading(done: files.count, total: files.count))
    let configuration = try configuration(digests)
    try configuration.settle(in: folder)
    let lock = try RunLock(folder)
    defer { withExtendedLifetime(lock) {} }
    if FileManager.default.fileExists(atPath: RunRecord.path(folder)) {
      return .known(try RunRecord.read(folder), try epochs(folder))
    }
    try Runtime.setThreads(inputs.threads)
    try Runtime.keepMemory(Self.keptBytes)
    if inputs.device != .cpu { try Runtime.setDeterministic(inputs.isDeterministic) }
    let cacheFolder = inputs.cache ?? "\(folder)/cache"
    let source = try RegionCache(
      files: files, digests: digests, completeFiles: completeFiles, settings: settings,
      reading: inputs.reading,
      storage: inputs.cacheBytes > 0
        ? RegionCache.Place(folder: cacheFolder, limitBytes: inputs.cacheBytes) : nil)
    let trainer = try NetworkTrainer(
      network: network(), photos: photos, settings: settings, source: source, folder: folder)
    let log = try RunLog(folder: folder, state: trainer.state)
    guard let result = try train(trainer, log, folder, shouldStop, onProgress) else {
      return .stopped(epoch: trainer.state.epoch, step: trainer.state.step)
    }
    let record = try finish(trainer, result, folder, provenance, onProgress)
    if inputs.cache == nil { try? FileManager.default.removeItem(atPath: cacheFolder) }
    return .finished(record, result.records)
  }

  private func train(
    _ trainer: NetworkTrainer, _ log: RunLog, _ folder: String, _ shouldStop: () -> Bool,
    _ onProgress: (RunProgress) -> Void
  ) throws -> FittingResult? {
    let perEpoch = trainer.stepsPerEpoch
    let total = settings.allEpochs * perEpoch
    let known = trainer.state.stepsDone(perEpoch: perEpoch)
    var lastSaved = ContinuousClock.now
    func order(isDue: Bool) -> TrainerOrder {
      if shouldStop() { return .stop }
      let minutes = (ContinuousClock.now - lastSaved) / .seconds(60)
      guard isDue || minutes >= inputs.saveMinutes else { return .proceed }
      lastSaved = .now
      return .save
    }
    return try trainer.run { event in
      switch event {
      case .step(let step):
        try log.add(step, waited: trainer.waitedSeconds)
        let done = trainer.state.stepsDone(perEpoch: perEpoch)
        onProgress(.training(done: done, total: total, known: known))
        return order(isDue: inputs.saveSteps.map { done.isMultiple(of: $0) } ?? false)
      case .epoch(let epoch):
        try log.add(epoch, all: trainer.state.records, waited: trainer.waitedSeconds)
        onProgress(.epoch(epoch))
        try page(folder, trainer.state.records, trainer.state.bestEpoch)
        return order(isDue: trainer.state.end != nil)
      }
    }
  }

  private func epochs(_ folder: String) throws(InputError) -> [EpochRecord] {
    try RunLog.lines("\(folder)/log.jsonl").filter { $0.event == "epoch" }.map {
      EpochRecord(
        epoch: $0.epoch, trainingLoss: $0.loss ?? 0, validationError: $0.validationError ?? 0,
        learningRate: $0.learningRate)
    }
  }

  private func configuration(_ digests: [String]) throws -> RunConfiguration {
    let (start, digest): (String, String) =
      switch inputs.start {
      case .random: ("random", "")
      case .backbone(let file): ("backbone", try FileDigest.sha256(file))
      case .model(let folder):
        (
          "model",
          try FileDigest.sha256(
            "\(ModelLibrary.folder(folder).path)/\(ModelFolder.weightsName)")
        )
      }
    return RunConfiguration(
      settings: settings, attribute: inputs.scores.attribute.text, unit: inputs.scores.unit,
      isUnified: inputs.scores.isUnified, start: start, startDigest: digest,
      threads: inputs.threads, device: inputs.device == .cpu ? nil : inputs.device.description,
      photosDigest: RunConfiguration.digest(photos, files: digests),
      photoCounts: Dictionary(grouping: photos, by: \.part.rawValue).mapValues(\.count))
  }

  private func network() throws -> QualityNetwork {
    let random = try RandomSource(seed: settings.fitting.seed)
    let purpose = Purpose.training(
      on: inputs.device, recomputingActivations: inputs.recomputesActivations)
    switch inputs.start {
    case .random: return try QualityNetwork.fresh(settings.network, random: random, for: purpose)
    case .backbone(let file):
      return try QualityNetwork.fresh(
        settings.network, backbone: Checkpoint.read(file), random: random, for: purpose)
    case .model(let folder):
      let place = try ModelLibrary.folder(folder)
      if settings.network.architecture == .multiDepth,
        place.architecture == MultiDepthRegressor.architecture
      {
        return try QualityNetwork(
          Weights(loading: RegressorStart(place).state(for: settings), for: purpose),
          settings.network)
      }
      guard place.architecture == settings.network.architecture.rawValue else {
        throw InputError(
          folder, "it holds \(place.architecture)", remedy: "give a model of the same architecture")
      }
      return try QualityNetwork(
        Weights(loading: place.weights(), for: purpose), settings.network)
    }
  }
}

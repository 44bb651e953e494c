internal import Domain
public import NeuralModels
internal import Statistics
internal import Tensors

/// Trains a quality network of any architecture, and resumes an earlier run exactly where it was
/// stopped.
///
/// Batches are cut by loading threads ahead of their use. All that is random follows from the seed,
/// the epoch and the photo's number, so that a run that was killed at any step and resumes from its
/// last checkpoint ends with the same weights, bit for bit, as one that was never stopped (on the
/// same machine, with the same number of threads).
public final class NetworkTrainer {
  /// The settings, completed by ``NetworkSettings/completed(for:)``.
  public let settings: NetworkSettings
  /// The network; at the end it has the best epoch's weights.
  public let network: QualityNetwork
  /// Where the run stands.
  public private(set) var state: TrainerState
  /// The seconds that steps have waited for their photos since this trainer was made.
  public private(set) var waitedSeconds = 0.0
  private let photos: [TrainingPhoto]
  private let training: [Int]
  private let validation: [Int]
  private let cutter: BatchCutter
  private let checkpoint: TrainerCheckpoint
  private let loaderThreads: Int
  private let sceneNumbers: [String: Int]
  private var optimizer: StepOptimizer

  /// Begins a run, or resumes from the checkpoint in its folder.
  ///
  /// - Parameters:
  ///   - network: a network of the settings' configuration, in its first state.
  ///   - photos: the photos of all parts; those of the test part are left alone.
  ///   - settings: how to train.
  ///   - source: the photos' regions, by their numbers in `photos`.
  ///   - folder: where checkpoints lie; it exists.
  ///   - loaderThreads: how many threads read and cut photos.
  /// - Throws: `InputError` for settings, ``TrainingError`` for a split or a checkpoint that can't
  ///   be used.
  public init(
    network: QualityNetwork, photos: [TrainingPhoto], settings: NetworkSettings,
    source: any RegionSource, folder: String, loaderThreads: Int = 2
  ) throws {
    try settings.check()
    (self.network, self.photos, self.settings) = (network, photos, settings)
    training = photos.indices.filter { photos[$0].part == .train }
    validation = photos.indices.filter { photos[$0].part == .valid }
    guard training.count >= 2 else {
      throw TrainingError.tooFewPhotos(part: "training", count: training.count, needed: 2)
    }
    guard !validation.isEmpty else {
      throw TrainingError.tooFewPhotos(part: "validation", count: 0, needed: 1)
    }
    let scenes = Dictionary(uniqueKeysWithValues: training.map { ($0, photos[$0].scene.text) })
    cutter = BatchCutter(
      plan: SamplePlan(photos: training, scenes: scenes, settings: settings), settings: settings,
      source: source)
    sceneNumbers = Dictionary(
      uniqueKeysWithValues: settings.network.scenes.enumerated().map { ($1, $0) })
    checkpoint = TrainerCheckpoint(folder: folder)
    self.loaderThreads = loaderThreads
    let saved = try checkpoint.load(settings)
    state = saved?.state ?? TrainerState()
    optimizer = try StepOptimizer(network, settings: settings, epoch: state.epoch)
    if let saved {
      try withoutGradient { try network.weights.restore(saved.weights) }
      try optimizer.restore(saved.optimizer)
    }
  }

  /// The number of optimizer steps of an epoch.
  public var stepsPerEpoch: Int { cutter.plan.stepsPerEpoch }

  /// Trains to the end, or until it is asked to stop.
  ///
  /// - Parameter onEvent: called for every step and every epoch; decides when to save or stop.
  /// - Returns: the course of the fit, and the best epoch's weights in ``network``; nil when it was
  ///   stopped.
  /// - Throws: ``TrainingError/diverged(epoch:)``, or what reading a photo or writing a checkpoint
  ///   throws.
  public func run(onEvent: (TrainerEvent) throws -> TrainerOrder) throws -> FittingResult? {
    let perEpoch = stepsPerEpoch
    let cutter = cutter
    let batches = OrderedPrefetch(
      state.stepsDone(perEpoch: perEpoch)..<settings.allEpochs * perEpoch, threads: loaderThreads,
      capacity: loaderThreads + 1
    ) { try cutter.step(epoch: $0 / perEpoch, step: $0 % perEpoch) }
    defer { batches.close() }
    optimizer.setRates(epoch: state.epoch)
    while state.end == nil {
      while state.step < perEpoch, let step = try next(batches) {
        let record = try self.step(step)
        guard try obey(onEvent(.step(record))) else { return nil }
      }
      let record = try finishEpoch()
      guard try obey(onEvent(.epoch(record))) else { return nil }
    }
    guard let best = state.bestEpoch, let end = state.end else {
      throw TrainingError.diverged(epoch: state.epoch)
    }
    try checkpoint.restoreBest(network)
    return FittingResult(records: state.records, bestEpoch: best, end: end)
  }

  private func next(
    _ batches: OrderedPrefetch<[TrainingBatch]>
  ) throws -> [TrainingBatch]? {
    let start = ContinuousClock.now
    defer { waitedSeconds += (ContinuousClock.now - start) / .seconds(1) }
    return try batches.next()
  }

  /// Writes the checkpoint.
  public func save() throws { try checkpoint.save(state, settings, network, optimizer) }

  /// Follows an order; false means to stop.
  private func obey(_ order: TrainerOrder) throws -> Bool {
    if order != .proceed { try save() }
    return order != .stop
  }

  /// One step of the optimizer over its batches.
  private func step(_ batches: [TrainingBatch]) throws -> StepRecord {
    let count = batches.reduce(0) { $0 + $1.photos.count }
    let usesNorms =
      !settings.isBackboneFrozen && !settings.areNormsFrozen
      && !settings.isHeadEpoch(state.epoch)
    var losses = LossParts()
    try network.weights.clearGradients()
    for batch in batches {
      let numbers = batch.photos.map { sceneNumbers[photos[$0].scene.text] ?? 0 }
      let prediction = try inPrecision(settings.precision) {
        try network.predict(
          batch, scenes: settings.network.architecture.needsScene ? numbers : nil,
          training: usesNorms)
      }
      let targets = BatchTargets(
        scores: batch.photos.map { Float(photos[$0].score) }, sceneNumbers: numbers,
        scenes: batch.photos.map { photos[$0].scene.text })
      let (loss, parts) = try loss(prediction, targets, settings: settings)
      guard parts.total.isFinite else { throw TrainingError.diverged(epoch: state.epoch) }
      let share = Double(batch.photos.count) / Double(count)
      try (share == 1 ? loss : loss * share).backward()
      losses.add(parts, weight: share)
    }
    try optimizer.step()
    try network.weights.clearGradients()
    state.losses.add(losses, weight: Double(count))
    state.photos += count
    state.step += 1
    return StepRecord(
      epoch: state.epoch, step: state.step, losses: losses,
      learningRate: settings.learningRate(atEpoch: state.epoch))
  }

  /// Evaluates the validation photos, keeps the weights if they are the best, and goes to the next
  /// epoch.
  private func finishEpoch() throws -> EpochRecord {
    let evaluated = try evaluate(validation, precision: settings.precision)
    let errors = zip(validation, evaluated).map { abs(photos[$0].score - $1.score) }
    let record = EpochRecord(
      epoch: state.epoch, trainingLoss: state.losses.total / Double(max(state.photos, 1)),
      validationError: Descriptive.mean(errors),
      learningRate: settings.learningRate(atEpoch: state.epoch))
    guard record.validationError.isFinite else {
      throw TrainingError.diverged(epoch: state.epoch)
    }
    let best = state.bestEpoch.map { state.records[$0].validationError } ?? .infinity
    state.records.append(record)
    if record.validationError < best {
      try checkpoint.saveBest(network)
      state.bestEpoch = state.epoch
    }
    let since = state.epoch - max(state.bestEpoch ?? 0, settings.headEpochs)
    if state.epoch + 1 >= settings.allEpochs {
      state.end = .allEpochs
    } else if since >= settings.fitting.patience {
      state.end = .noProgress
    }
    let wasHead = settings.isHeadEpoch(state.epoch)
    state.epoch += 1
    (state.step, state.photos, state.losses) = (0, 0, LossParts())
    if wasHead != settings.isHeadEpoch(state.epoch) {
      optimizer = try StepOptimizer(network, settings: settings, epoch: state.epoch)
    }
    optimizer.setRates(epoch: state.epoch)
    return record
  }

  /// Evaluates photos over an even grid of crops, without training on them.
  ///
  /// - Parameters:
  ///   - indices: the numbers of the photos.
  ///   - precision: the precision to compute in.
  ///   - onPhoto: called with the number of finished photos.
  /// - Returns: an evaluation for each, in their order.
  /// - Throws: what reading a photo throws, or `TensorError`.
  public func evaluate(
    _ indices: [Int], precision: TrainingPrecision = .float32,
    onPhoto: (Int) throws -> Void = { _ in }
  ) throws -> [RegionEvaluation] {
    let evaluator = try evaluator(precision)
    let cutter = cutter
    let cut = OrderedPrefetch(0..<indices.count, threads: loaderThreads, capacity: 4) {
      try cutter.evaluation(indices[$0])
    }
    defer { cut.close() }
    var evaluated: [RegionEvaluation] = []
    while let batch = try cut.next() {
      let scene =
        settings.network.architecture.needsScene
        ? sceneNumbers[photos[indices[evaluated.count]].scene.text] : nil
      evaluated.append(try evaluator.evaluate(batch, scene: scene))
      try onPhoto(evaluated.count)
    }
    return evaluated
  }

  /// The network as `vernier score` loads it: norms folded, about twice as fast as the one that
  /// learns.
  private func evaluator(_ precision: TrainingPrecision) throws -> QualityNetwork {
    var state: [String: Tensor] = [:]
    for entry in network.weights.entries { state[entry.name] = entry.tensor }
    let type: ElementType = precision == .bfloat16 ? .bfloat16 : .float32
    return try QualityNetwork(
      Weights(loading: state, for: .inference(type, on: network.device)), settings.network)
  }

  private func inPrecision<Result>(
    _ precision: TrainingPrecision, _ body: () throws -> Result
  ) throws -> Result {
    switch precision {
    case .float32: try body()
    case .bfloat16: try withAutocast(.bfloat16, on: network.device, body)
    }
  }
}

internal import Statistics
public import Tensors

/// Fits a model's weights to scores, and keeps those of the epoch with the smallest validation
/// error.
///
/// The model is a function from sample numbers to predictions, so that the same loop serves models
/// on pixels and heads on features computed once.
///
/// - Parameters:
///   - weights: the parameters to fit; those that take no gradient stay.
///   - targets: the standardised score of every sample (about mean 0 and variance 1 over the
///     training part).
///   - training: the numbers of the training samples.
///   - validation: the numbers of the validation samples; never test samples.
///   - targetUnit: the size of one standardised unit in the target's own unit, for the reported
///     error.
///   - settings: how to fit.
///   - forward: predictions `[batch]` for sample numbers, in training or in evaluation mode.
///   - onEpoch: called for every finished epoch; throw to stop early, for example when the user
///     interrupts.
/// - Returns: the course of the fit.
/// - Throws: ``TrainingError``, `TensorError`, or whatever `forward` and `onEpoch` throw.
public func fit(
  _ weights: Weights, targets: [Float], training: [Int], validation: [Int], targetUnit: Double,
  settings: FittingSettings, forward: ([Int], Bool) throws -> Tensor,
  onEpoch: (EpochRecord) throws -> Void
) throws -> FittingResult {
  guard training.count >= 2 else {
    throw TrainingError.tooFewPhotos(part: "training", count: training.count, needed: 2)
  }
  guard !validation.isEmpty else {
    throw TrainingError.tooFewPhotos(part: "validation", count: 0, needed: 1)
  }
  let optimizer = Adam([
    ParameterGroup(
      weights.parameters, learningRate: settings.learningRate, weightDecay: settings.weightDecay)
  ])
  var generator = SeededGenerator(seed: settings.seed)
  var records: [EpochRecord] = []
  var best = (error: Double.infinity, epoch: -1, state: [String: Tensor]())
  var end = FittingEnd.allEpochs
  for epoch in 0..<settings.epochs {
    let rate = settings.learningRate(atEpoch: epoch)
    for index in optimizer.groups.indices { optimizer.groups[index].learningRate = rate }
    let order = generator.shuffled(training)
    var losses: [Double] = []
    for start in stride(from: 0, to: order.count, by: settings.batchSize) {
      let batch = Array(order[start..<min(start + settings.batchSize, order.count)])
      try weights.clearGradients()
      let target = try Tensor(batch.map { targets[$0] })
      let predicted = try forward(batch, true)
      let loss = try (settings.loss == .l1 ? predicted.l1Loss(target) : predicted.mseLoss(target))
      try loss.backward()
      try optimizer.step()
      losses.append(try loss.item())
    }
    let trainingLoss = Descriptive.mean(losses)
    guard trainingLoss.isFinite else { throw TrainingError.diverged(epoch: epoch) }
    let predicted = try predictions(validation, settings.batchSize, forward)
    let errors = zip(predicted, validation).map { abs(Double($0 - targets[$1])) }
    let error = Descriptive.mean(errors) * targetUnit
    let record = EpochRecord(
      epoch: epoch, trainingLoss: trainingLoss, validationError: error, learningRate: rate)
    records.append(record)
    try onEpoch(record)
    if error < best.error {
      best = (error, epoch, try weights.stateDictionary())
    } else if epoch - best.epoch >= settings.patience {
      end = .noProgress
      break
    }
  }
  guard best.epoch >= 0 else { throw TrainingError.diverged(epoch: records.count) }
  try withoutGradient { try weights.restore(best.state) }
  return FittingResult(records: records, bestEpoch: best.epoch, end: end)
}

/// The predictions of some samples in evaluation mode, without recording gradients.
func predictions(
  _ samples: [Int], _ batchSize: Int, _ forward: ([Int], Bool) throws -> Tensor
) throws -> [Float] {
  try withoutGradient {
    var result: [Float] = []
    for start in stride(from: 0, to: samples.count, by: batchSize) {
      let batch = Array(samples[start..<min(start + batchSize, samples.count)])
      result += try forward(batch, false).floats()
    }
    return result
  }
}

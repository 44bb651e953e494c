internal import Domain
public import NeuralModels
internal import Statistics
internal import Tensors

/// Trains the embedded default model: a linear head on frozen EfficientNet-Lite0 features.
///
/// - Parameters:
///   - samples: photos of the parts train and valid, and any to predict; all with
///     ``StageRegressor/featureCount`` features.
///   - configuration: the model; score offset and scale are set from the training photos.
///   - settings: how to fit.
///   - onEpoch: called for every finished epoch; throw to stop.
/// - Returns: the run, with predictions for all samples.
/// - Throws: ``TrainingError`` for a split or scores that can't be trained on, `TensorError` when
///   libtorch fails.
public func trainStageRegressor(
  _ samples: [TrainingSample], configuration: StageRegressor.Configuration,
  settings: FittingSettings, onEpoch: (EpochRecord) throws -> Void
) throws -> TrainedRun<StageRegressor> {
  let training = samples.indices.filter { samples[$0].part == .train }
  let validation = samples.indices.filter { samples[$0].part == .valid }
  let scores = training.map { samples[$0].score }
  guard scores.count >= 2 else {
    throw TrainingError.tooFewPhotos(part: "training", count: scores.count, needed: 2)
  }
  var configuration = configuration
  configuration.scoreOffset = Descriptive.mean(scores)
  configuration.scoreScale = Descriptive.standardDeviation(scores)
  guard configuration.scoreScale > 0 else { throw TrainingError.constantTarget }
  let model = try StageRegressor(
    Weights(initialising: RandomSource(seed: settings.seed)), configuration)
  let (center, deviation) = moments(training.map { samples[$0].features })
  try withoutGradient { try model.standardize(center: center, deviation: deviation) }
  let targets = samples.map {
    Float(($0.score - configuration.scoreOffset) / configuration.scoreScale)
  }
  func stacked(_ batch: [Int]) throws(TensorError) -> Tensor {
    try Tensor(
      batch.flatMap { samples[$0].features }, shape: [batch.count, StageRegressor.featureCount])
  }
  let fitting = try fit(
    model.weights, targets: targets, training: training, validation: validation,
    targetUnit: configuration.scoreScale, settings: settings,
    forward: { batch, _ in try model(stacked(batch)) }, onEpoch: onEpoch)
  let predicted = try model.scores(stacked(Array(samples.indices)))
  let predictions = zip(samples, predicted).map {
    Prediction(
      photo: $0.photo, scene: $0.scene, part: $0.part, measured: $0.score, predicted: $1)
  }
  return TrainedRun(model: model, fitting: fitting, predictions: predictions)
}

/// The mean and the standard deviation of every feature.
private func moments(_ rows: [[Float]]) -> (center: [Float], deviation: [Float]) {
  let count = Float(max(rows.count, 1))
  var center = [Float](repeating: 0, count: StageRegressor.featureCount)
  for row in rows {
    for (index, value) in row.enumerated() { center[index] += value / count }
  }
  var variance = [Float](repeating: 0, count: center.count)
  for row in rows {
    for (index, value) in row.enumerated() {
      variance[index] += (value - center[index]) * (value - center[index]) / count
    }
  }
  return (center, variance.map { $0.squareRoot() })
}

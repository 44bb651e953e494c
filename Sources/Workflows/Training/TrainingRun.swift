public import Domain
public import Files
import ModelLibrary
public import NeuralModels
public import Training

/// Trains a model and writes its run: `run.json`, `log.csv`, `predictions.csv` and the folder `model`.
public struct TrainingRun {
  /// The architectures that can be trained.
  public static let architectures = [StageRegressor.architecture]

  /// How to fit; a sweep changes it between runs.
  public var fitting: FittingSettings
  private let scores: TrainingScores
  private let split: DataSplit
  private let configuration: StageRegressor.Configuration

  /// Plans a run.
  ///
  /// - Parameters:
  ///   - scores: what to learn.
  ///   - split: which photos train, choose the checkpoint and test.
  ///   - architecture: one of ``architectures``.
  ///   - fitting: how to fit.
  ///   - backbone: the path of the backbone's weights.
  ///   - longSidePixels: the longer side that pictures are brought to.
  /// - Throws: `InputError` for an unknown architecture.
  public init(
    scores: TrainingScores, split: DataSplit, architecture: String, fitting: FittingSettings,
    backbone: String, longSidePixels: Int
  ) throws(InputError) {
    guard Self.architectures.contains(architecture) else {
      throw InputError(
        "--architecture", "«\(architecture)» can't be trained",
        remedy: "give one of \(Self.architectures.joined(separator: ", "))")
    }
    self.scores = scores
    self.split = split
    self.fitting = fitting
    configuration = StageRegressor.Configuration(
      longSidePixels: longSidePixels, backboneDigest: try FileDigest.sha256(backbone))
  }

  /// Trains and writes the run.
  ///
  /// - Parameters:
  ///   - features: the photos' features.
  ///   - folder: the run's folder.
  ///   - provenance: what the run depends on.
  ///   - onEpoch: called for every finished epoch.
  /// - Returns: the record, the epochs and the predictions of all photos.
  /// - Throws: `TrainingError`, or `InputError` when the folder can't be written.
  public func run(
    features: FeatureTable, to folder: String, provenance: Provenance,
    onEpoch: (EpochRecord) throws -> Void
  ) throws -> (record: RunRecord, epochs: [EpochRecord], predictions: [Prediction]) {
    let trained = try train(features: features, onEpoch: onEpoch)
    let knowledge = ModelKnowledge(
      zip(scores.photos, trained.predictions).map { photo, prediction in
        ModelKnowledge.Row(prediction: prediction, spread: nil, features: features[photo] ?? [])
      })
    let record = RunRecord(
      architecture: StageRegressor.architecture, attribute: scores.attribute,
      isUnified: scores.isUnified, unit: scores.unit, fitting: fitting,
      bestEpoch: trained.fitting.bestEpoch, end: trained.fitting.end,
      intervalHalfWidth: knowledge.calibration?.margin ?? trained.intervalHalfWidth,
      scenes: RunRecord.scenes(of: trained.predictions.map { ($0.part, $0.scene) }))
    try AtomicFile.makeFolder(folder)
    try knowledge.write(to: "\(folder)/model")
    try trained.model.save(
      to: "\(folder)/model",
      metadata: [
        "attribute": scores.attribute.text, "unit": scores.unit,
        "intervalHalfWidth": "\(record.intervalHalfWidth)", "version": VernierVersion.text,
      ], card: card(record, knowledge))
    try PredictionsFile.write(
      trained.predictions.map { PredictionRow($0, interval: interval($0, record, knowledge)) },
      to: "\(folder)/predictions.csv")
    try RunLog.write(trained.fitting.records, to: "\(folder)/log.csv")
    try RunPage.write(
      to: folder, title: "Training of \(record.architecture), \(scores.attribute.title)",
      unit: scores.unit, records: trained.fitting.records, bestEpoch: trained.fitting.bestEpoch,
      tables: [])
    try record.write(to: folder, provenance: provenance)
    return (record, trained.fitting.records, trained.predictions)
  }

  /// Trains without writing anything.
  ///
  /// - Parameters:
  ///   - features: the photos' features.
  ///   - onEpoch: called for every finished epoch.
  /// - Returns: the model, its course and the predictions of all photos.
  /// - Throws: `TrainingError`, or `InputError` when the split lacks a photo.
  public func train(
    features: FeatureTable, onEpoch: (EpochRecord) throws -> Void
  ) throws -> TrainedRun<StageRegressor> {
    let parts = try split.parts(of: scores.photos)
    let samples = try zip(scores.photos, parts).map { photo, part in
      guard let features = features[photo] else {
        throw InputError(
          "photo \(photo.photo)", "its features were not computed", remedy: "report this")
      }
      return TrainingSample(
        photo: photo.photo, scene: photo.scene, part: part, score: photo.score, features: features)
    }
    return try trainStageRegressor(
      samples, configuration: configuration, settings: fitting, onEpoch: onEpoch)
  }

  private func interval(
    _ row: Prediction, _ record: RunRecord, _ knowledge: ModelKnowledge
  ) -> ConfidenceInterval {
    if let calibration = knowledge.calibration {
      return calibration.interval(score: row.predicted)
    }
    let half = record.intervalHalfWidth
    return ConfidenceInterval(low: row.predicted - half, high: row.predicted + half)
  }

  /// The model's card.
  private func card(_ record: RunRecord, _ knowledge: ModelKnowledge) -> String {
    let scenes = SplitPart.allCases.map { part in
      let names = record.scenes[part.rawValue, default: []].map(\.text).joined(separator: ", ")
      return "- \(part.rawValue): \(names.isEmpty ? "none" : names)"
    }
    return """
      # \(record.architecture), \(record.attribute.title)

      Scores portraits in \(record.unit). A linear head on frozen EfficientNet-Lite0 features (ImageNet); see \
      `vernier train --help`.

      Scenes:
      \(scenes.joined(separator: "\n"))

      \(knowledge.intervalText(fallback: record.intervalHalfWidth)) \(knowledge.noveltyText)

      """
  }
}

public import Domain
public import Files
import ModelLibrary
public import NeuralModels
public import Training

/// Trains a model and writes its run: `run.json`, `log.csv`, `predictions.csv` and the folder
/// `model`.
public struct TrainingRun {
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
  ///   - fitting: how to fit.
  ///   - backbone: the path of the backbone's weights.
  ///   - longSidePixels: the longer side that pictures are brought to.
  /// - Throws: `InputError` when the backbone's file can't be read.
  public init(
    scores: TrainingScores, split: DataSplit, fitting: FittingSettings, backbone: String,
    longSidePixels: Int
  ) throws(InputError) {
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
    let writer = RunWriter(
      folder: folder, architecture: StageRegressor.architecture, scores: scores, fitting: fitting,
      result: trained.fitting,
      rows: zip(scores.photos, trained.predictions).map { photo, prediction in
        CalibrationAndNovelty.Row(
          prediction: prediction, spread: nil, features: features[photo] ?? [])
      })
    try RunLog.write(trained.fitting.records, to: "\(folder)/log.csv")
    try writer.write(about: about(writer.record), provenance: provenance) {
      try trained.model.save(to: $0, $1, card: $2)
    }
    return (writer.record, trained.fitting.records, trained.predictions)
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

  /// What the model's card says about it.
  private func about(_ record: RunRecord) -> String {
    let scenes = SplitPart.allCases.map { part in
      let names = record.scenes[part.rawValue, default: []].map(\.text).joined(separator: ", ")
      return "- \(part.rawValue): \(names.isEmpty ? "none" : names)"
    }
    return """
      Scores portraits in \(record.unit). A linear head on frozen EfficientNet-Lite0 features (ImageNet); see \
      `vernier train --help`.

      Scenes:
      \(scenes.joined(separator: "\n"))
      """
  }
}

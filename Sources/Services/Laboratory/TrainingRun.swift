public import Domain
import Evaluation
import Foundation
import NeuralModels
import Pixels
public import Storage
public import Training

/// What `vernier train` leaves in its folder beside the model: how the run was made and what came out.
public struct RunRecord: Hashable, Sendable, Codable {
  /// The architecture's name.
  public let architecture: String
  /// The attribute that was learnt.
  public let attribute: Attribute
  /// Whether the scores live on one scale for all scenes.
  public let isUnified: Bool
  /// The unit of the scores, as text for tables.
  public let unit: String
  /// How the weights were fitted.
  public let fitting: FittingSettings
  /// The epoch whose weights were kept.
  public let bestEpoch: Int
  /// Why the fit stopped.
  public let end: FittingEnd
  /// Half the width of a new photo's 95 % interval, in the unit of the scores.
  public let intervalHalfWidth: Double
  /// The scenes of each part.
  public let scenes: [String: [SceneID]]

  /// Where a run's record lies.
  static func path(_ run: String) -> String { "\(run)/run.json" }

  /// Reads the record of a run.
  ///
  /// - Throws: `InputError` when the folder holds no finished run.
  public static func read(_ run: String) throws(InputError) -> RunRecord {
    guard FileManager.default.fileExists(atPath: path(run)) else {
      throw InputError(
        run, "this is no finished training run (run.json is missing)",
        remedy: "give the --out folder of `vernier train`")
    }
    return try CanonicalJSON.read(RunRecord.self, from: path(run))
  }

  /// The scenes of each part, ascending.
  static func scenes(
    of photos: some Sequence<(part: SplitPart, scene: SceneID)>
  ) -> [String: [SceneID]] {
    Dictionary(grouping: photos, by: \.part.rawValue).mapValues {
      Set($0.map(\.scene)).sorted()
    }
  }

  /// Writes the record of a run and where it came from; the record comes last: where it lies, the run is whole.
  func write(to run: String, provenance: Provenance) throws {
    try provenance.write(beside: Self.path(run))
    try AtomicFile.write(CanonicalJSON.document(self), to: Self.path(run))
  }
}

/// The scores that a run learns from: of one scale, or of each scene's own.
public struct TrainingScores: Hashable, Sendable {
  /// The attribute.
  public let attribute: Attribute
  /// The photos with the score to learn.
  public let photos: [ScaledPhoto]
  /// Whether the scores live on one scale for all scenes.
  public let isUnified: Bool
  /// The unit, as text.
  public let unit: String

  /// Reads a unified scale, the scales of scenes, or mean opinion scores (``OpinionScoresFile``).
  ///
  /// - Throws: `InputError` when it is none of them, or holds several attributes.
  public init(path: String) throws(InputError) {
    let table = try CSVTable(path: path)
    if OpinionScoresFile.isOpinionScores(table) {
      self.init(opinions: try OpinionScoresFile.read(path))
      return
    }
    if UnifiedScoresFile.isUnified(table) {
      self.init(try UnifiedScoresFile.read(path).scale)
      return
    }
    let scales = try ScoresFile.read(path)
    guard let attribute = scales.first?.attribute,
      scales.allSatisfy({ $0.attribute == attribute })
    else {
      throw InputError(path, "it holds several attributes", remedy: "give one at a time")
    }
    self.init(scales)
  }

  private init(opinions: (attribute: Attribute, photos: [ScaledPhoto])) {
    (attribute, photos) = opinions
    (isUnified, unit) = (true, "MOS")
  }

  /// The scores of a unified scale.
  public init(_ scale: UnifiedScale) {
    attribute = scale.attribute
    photos = scale.photos
    isUnified = true
    unit = "JOD of \(scale.referenceScene)"
  }

  /// The scores of per-scene scales of one attribute.
  public init(_ scales: [SceneScale]) {
    attribute = scales.first?.attribute ?? .details
    photos = scales.flatMap(\.photos)
    isUnified = false
    unit = "\((scales.first?.convention ?? .jod).unitLabel) of each scene"
  }
}

/// Photos' features, computed once and shared by the runs that use them.
public struct FeatureTable: Sendable {
  private let features: [ScenePhoto: [Float]]

  /// Computes the features of photos.
  ///
  /// - Parameters:
  ///   - photos: the photos.
  ///   - images: the folder that holds them.
  ///   - attribute: the attribute, whose own folder is looked into first.
  ///   - backbone: the path of the backbone's weights.
  ///   - longSidePixels: the longer side that pictures are brought to.
  ///   - progress: told the number of finished photos.
  /// - Throws: an error that names the first photo that can't be read.
  public init(
    _ photos: [ScaledPhoto], images: ImageFolder, attribute: Attribute, backbone: String,
    longSidePixels: Int, progress: (Int) -> Void
  ) throws {
    let extractor = try StageFeatures(backbone: backbone, longSidePixels: longSidePixels)
    var features: [ScenePhoto: [Float]] = [:]
    for (index, photo) in photos.enumerated() {
      let path = try images.file(of: photo.photo, attribute: attribute)
      let key = ScenePhoto(scene: photo.scene, photo: photo.photo)
      features[key] = try extractor.features(of: RasterImage.decode(path))
      progress(index + 1)
    }
    self.features = features
  }

  /// The features of a photo.
  subscript(_ photo: ScaledPhoto) -> [Float]? {
    features[ScenePhoto(scene: photo.scene, photo: photo.photo)]
  }
}

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
  ///   - onEpoch: told of every finished epoch.
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
  ///   - onEpoch: told of every finished epoch.
  /// - Returns: the model, its course and the predictions of all photos.
  /// - Throws: `TrainingError`, or `InputError` when the split lacks a photo.
  func train(
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

/// Numbers as people read them.
public enum NumberFormat {
  /// A number with so many decimals; a dash for what is not a number.
  public static func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "–" }
    return String(format: "%.\(decimals)f", value)
  }

  /// A number with up to four significant digits.
  public static func short(_ value: Double) -> String { String(format: "%.4g", value) }
}

import Documents
import Domain
import Evaluation
import Files
import Foundation
import ModelLibrary
import NeuralModels
import Pixels
import Preparation
import Statistics
import Training
import Unification

/// Makes the model that `vernier score` uses when none is given, and measures it on scenes that it
/// never saw.
struct DefaultModel {
  let photos: [SourcePhoto]
  let pictures: Pictures
  let installation: Installation
  let learningRate: Double
  let weightDecay: Double
  let say: (String) -> Void
  private let foldCount = 5
  private let level = 0.95

  /// Writes `model.json`, `weights.safetensors`, `knowledge.json`, `predictions.csv` and the card.
  func make(in folder: String) throws {
    let images = try pictures.images(photos, say: say)
    let votes = Votes(seed: pictures.seed)
    say("votes and scales of \(photos.count) scenes")
    let unified = try votes.unified(votes.scales(images), images).scale
    let scored = anchored(images, unified)
    let learning = try learning()
    let folds = Learning.folds(images, count: foldCount, seed: pictures.seed)
    let held = try learning.held(scored, folds: folds, say: say)
    let calibration = try IntervalCalibration(
      held.map { CalibrationSample(scene: $0.scene, measured: $0.measured, score: $0.predicted) },
      level: level, design: .scenes)
    let coverage = try nestedCoverage(held, folds: folds, level: level)
    // The model itself: four folds train, the first one chooses the checkpoint. What is ordinary
    // takes two folds: a share of 5 % needs 19 scenes.
    let run = try learning.train(scored) { folds[0].contains($0) ? .valid : .train }
    let novelty = try detector(images, valid: folds[0].union(folds[1]))
    let facts = Facts(
      images: images, scored: scored, held: held, calibration: calibration, coverage: coverage,
      novelty: novelty, strange: try strange(folds, images), unified: unified)
    try run.model.save(
      to: folder,
      ModelDescription(
        architecture: StageRegressor.architecture, attribute: .details, unit: Self.unit,
        intervalHalfWidth: calibration.margin, origin: .init(version: VernierVersion.text),
        notes: [
          "simulated": "the training votes were simulated from a stated law; no person judged them"
        ]), card: try Card(facts).text())
    try CalibrationAndNovelty(calibration: calibration, novelty: novelty).write(to: folder)
    try PredictionsFile.write(
      held.map {
        PredictionRow($0, interval: calibration.interval(score: $0.predicted))
      }, unit: Self.unit, to: "\(folder)/predictions.csv")
    say("\(folder)")
  }

  static let unit = ScoreUnit(.jod(.unstated), origin: .simulated)

  /// The scores of the unified scale, moved so that the mean of the undamaged portraits is 0.
  private func anchored(_ images: [StudyImage], _ scale: UnifiedScale) -> [ScoredImage] {
    let scores = Dictionary(
      scale.photos.map { (ScenePhoto(scene: $0.scene, photo: $0.photo), $0.score) }
    ) { first, _ in first }
    let clean = images.filter { $0.recipe == Recipe() }.compactMap { scores[$0.key] }
    let zero = Descriptive.mean(clean)
    return images.compactMap { image in
      scores[image.key].map { ScoredImage(image: image, score: $0 - zero) }
    }
  }

  func learning() throws -> Learning {
    let backbone = try installation.model(StageScoringFiles.backbone)
    return Learning(
      configuration: StageRegressor.Configuration(
        longSidePixels: pictures.longSidePixels,
        backboneDigest: try FileDigest.sha256(backbone)), seed: pictures.seed,
      learningRate: learningRate, weightDecay: weightDecay)
  }

  private func detector(
    _ images: [StudyImage], valid: Set<SceneID>, without test: Set<SceneID> = []
  ) throws -> NoveltyDetector {
    let training = images.filter { !valid.contains($0.scene) && !test.contains($0.scene) }
    let validation = Dictionary(grouping: images.filter { valid.contains($0.scene) }, by: \.scene)
    return try NoveltyDetector(
      training: training.map(\.features),
      validation: validation.keys.sorted().map { (validation[$0] ?? []).map(\.features) },
      components: 16, seed: pictures.seed)
  }

  /// How often pictures of several kinds are called outside by detectors that never saw their
  /// scene.
  private func strange(
    _ folds: [Set<SceneID>], _ images: [StudyImage]
  ) throws -> [(kind: String, share: Double, count: Int)] {
    let features = try StageFeatures(
      backbone: installation.model(StageScoringFiles.backbone),
      longSidePixels: pictures.longSidePixels)
    let preparer = try PhotoPreparer(
      detector: RetinaFaceDetector(modelPath: installation.model(StageScoringFiles.detector)))
    let degradation = Degradation()
    let drawn = try StrangePictures.drawn(count: 6, seed: pictures.seed).map {
      ($0.0, try features.features(of: $0.1))
    }
    var found: [String: [Bool]] = [:]
    for (index, fold) in folds.enumerated() {
      let valid = folds[(index + 1) % folds.count].union(folds[(index + 2) % folds.count])
      let detector = try detector(images, valid: valid, without: fold)
      for image in images where fold.contains(image.scene) {
        found["ordinary: new scenes with the training's damage", default: []].append(
          detector.assess(image.features).isOutside)
      }
      for photo in photos.filter({ fold.contains($0.scene) }).prefix(3) {
        let region = try preparer.region(of: photo.path, attribute: .details).image
        let small = features.resized(region)
        for (kind, picture) in try StrangePictures.of(small, seed: pictures.seed, degradation) {
          found[kind, default: []].append(
            detector.assess(try features.features(ofResized: picture)).isOutside)
        }
      }
      for (kind, seen) in drawn {
        found[kind, default: []].append(detector.assess(seen).isOutside)
      }
      say("strange pictures: fold \(index + 1) of \(folds.count)")
    }
    return found.keys.sorted().map { kind in
      let outcomes = found[kind] ?? []
      return (
        kind, Double(outcomes.count(where: \.self)) / Double(max(1, outcomes.count)),
        outcomes.count
      )
    }
  }
}

/// What the card tells.
struct Facts {
  let images: [StudyImage]
  let scored: [ScoredImage]
  let held: [Prediction]
  let calibration: IntervalCalibration
  let coverage: (share: Double, worst: Double)
  let novelty: NoveltyDetector
  let strange: [(kind: String, share: Double, count: Int)]
  let unified: UnifiedScale
}

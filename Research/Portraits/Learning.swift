import Domain
import Evaluation
import ModelLibrary
import NeuralModels
import Statistics
import Training

/// An image with the score to learn.
struct ScoredImage {
  let image: StudyImage
  let score: Double
}

/// Trains the linear head on some scenes and predicts others.
struct Learning {
  let configuration: StageRegressor.Configuration
  let seed: UInt64
  let learningRate: Double
  let weightDecay: Double

  /// How the head is fitted.
  var settings: FittingSettings {
    var settings = FittingSettings()
    (settings.learningRate, settings.weightDecay) = (learningRate, weightDecay)
    settings.seed = seed
    return settings
  }

  func train(
    _ images: [ScoredImage], parts: (SceneID) -> SplitPart
  ) throws -> TrainedRun<StageRegressor> {
    try trainStageRegressor(
      images.map {
        TrainingSample(
          photo: $0.image.photo, scene: $0.image.scene, part: parts($0.image.scene),
          score: $0.score, features: $0.image.features)
      }, configuration: configuration, settings: settings, onEpoch: { _ in })
  }

  /// Deals the scenes to folds so that nobody is in two of them.
  static func folds(_ images: [StudyImage], count: Int, seed: UInt64) -> [Set<SceneID>] {
    let scenes = Dictionary(grouping: images, by: \.person).mapValues { Set($0.map(\.scene)) }
    var random = SeededGenerator(seed: seed)
    var folds = [Set<SceneID>](repeating: [], count: count)
    for person in random.shuffled(scenes.keys.sorted()) {
      let smallest = folds.indices.min { folds[$0].count < folds[$1].count } ?? 0
      folds[smallest].formUnion(scenes[person] ?? [])
    }
    return folds
  }

  /// Every image's prediction by a model that saw neither its scene nor its people; the next fold
  /// chose the checkpoint.
  func held(
    _ images: [ScoredImage], folds: [Set<SceneID>], say: (String) -> Void
  ) throws -> [Prediction] {
    var predictions: [Prediction] = []
    for (index, fold) in folds.enumerated() {
      let valid = folds[(index + 1) % folds.count]
      let run = try train(images) {
        fold.contains($0) ? .test : valid.contains($0) ? .valid : .train
      }
      predictions += run.predictions.filter { $0.part == .test }
      say("fold \(index + 1) of \(folds.count): best epoch \(run.fitting.bestEpoch)")
    }
    return predictions
  }
}

/// The coverage of intervals on scenes that neither the model nor the calibration saw.
func nestedCoverage(
  _ predictions: [Prediction], folds: [Set<SceneID>], level: Double
) throws -> (share: Double, worst: Double) {
  func samples(_ rows: [Prediction]) -> [CalibrationSample] {
    rows.map {
      CalibrationSample(scene: $0.scene, measured: $0.measured, score: $0.predicted)
    }
  }
  var held = 0.0
  var worst = 1.0
  for fold in folds {
    let calibration = try IntervalCalibration(
      samples(predictions.filter { !fold.contains($0.scene) }), level: level, design: .scenes)
    let test = samples(predictions.filter { fold.contains($0.scene) })
    let coverage = try IntervalCoverage(calibration, on: test)
    held += coverage.share * Double(coverage.photos)
    worst = min(worst, coverage.worstShare)
  }
  return (held / Double(predictions.count), worst)
}

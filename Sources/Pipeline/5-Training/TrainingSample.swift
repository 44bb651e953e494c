public import Domain
internal import Statistics

/// One photo to learn from: its features, its score and its part of the split.
public struct TrainingSample: Hashable, Sendable {
  /// The photo.
  public let photo: PhotoID
  /// The scene that it shows.
  public let scene: SceneID
  /// The part of the split.
  public let part: SplitPart
  /// The score to learn, on the scale that the run is about.
  public let score: Double
  /// The photo's features.
  public let features: [Float]

  /// Makes a sample.
  public init(photo: PhotoID, scene: SceneID, part: SplitPart, score: Double, features: [Float]) {
    self.photo = photo
    self.scene = scene
    self.part = part
    self.score = score
    self.features = features
  }
}

/// A finished run: the model, how it came about and what it predicts.
public struct TrainedRun<Model> {
  /// The model with the best epoch's weights.
  public let model: Model
  /// The course of the fit.
  public let fitting: FittingResult
  /// The prediction for every sample of every part, in their order.
  public let predictions: [Prediction]
}

/// Half the width of an interval that holds a new photo's score with a stated probability.
///
/// Split conformal prediction on the validation photos: the `⌈(n + 1)·level⌉`-th smallest absolute
/// error. It holds for photos exchangeable with the validation scenes; new scenes may be harder
/// (see `Evaluation.IntervalCalibration`), so the report sets the coverage on test scenes beside.
///
/// Source: Vovk, Gammerman and Shafer 2005; Lei et al. 2018, arXiv:1604.04173.
///
/// - Parameters:
///   - errors: the absolute errors on photos that no weight was fitted to.
///   - level: the probability.
/// - Returns: the half width in the errors' unit; the largest error where n is too small for the
///   level.
public func conformalHalfWidth(_ errors: [Double], level: Double = 0.95) -> Double {
  let bound = Conformal.bound(errors, level: level)
  return bound.isFinite ? bound : errors.max() ?? .infinity
}

public import Domain

/// Predictions of scores that live on one scale for all scenes.
///
/// Only these may be evaluated globally: per-scene scales have mean 0 in every scene, so that a correlation over their
/// pooled scores means nothing.
public struct UnifiedPredictions: Hashable, Sendable {
  /// The predictions of every scene.
  public let predictions: [Prediction]

  /// States that the predictions live on one scale.
  public init(_ predictions: [Prediction]) { self.predictions = predictions }
}

/// Why predictions can't be evaluated.
public enum EvaluationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is nothing to evaluate.
  case empty
  /// A scene has too few photos for a correlation.
  case tooFewPhotos(scene: SceneID, count: Int)
  /// Two models were not given the same photos.
  case differentPhotos(first: String, second: String)
  /// Too few groups can't promise the level that was asked for.
  case tooFewGroups(level: Double, groups: Int, needed: Int, what: String)
  /// Features never vary, differ in length or are not finite.
  case uselessFeatures

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .empty:
      "no predictions to evaluate; give a run whose split has test photos"
    case .tooFewPhotos(let scene, let count):
      "scene \(scene) has \(count) photos, too few for a correlation; give it 3 or more or leave it out"
    case .differentPhotos(let first, let second):
      "\(first) and \(second) were not measured on the same photos and scores; "
        + "score the same photos with both"
    case .tooFewGroups(let level, let groups, let needed, let what):
      "\(groups) \(what) can't promise \((level * 1000).rounded() / 10) % to a new one, which needs \(needed); "
        + "calibrate on more, ask for a lower level, or assume normal errors (scene-effects)"
    case .uselessFeatures:
      "the features can't describe ordinary photos (fewer than 3, of different lengths, constant or "
        + "not finite); compute them with one model for all photos"
    }
  }
}

public import Domain

/// Predictions of scores that live on one scale for all scenes.
///
/// Only these may be evaluated globally: per-scene scales have mean 0 in every scene, so that a
/// correlation over their pooled scores means nothing.
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

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .empty:
      "no predictions to evaluate; give a run whose split has test photos"
    case .tooFewPhotos(let scene, let count):
      """
      scene \(scene) has \(count) photos, too few for a correlation; give it 3 or more or leave it \
      out
      """
    case .differentPhotos(let first, let second):
      "\(first) and \(second) were not measured on the same photos and scores; "
        + "score the same photos with both"
    }
  }
}

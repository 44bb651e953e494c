public import Domain

/// The part of a data set that a photo belongs to.
public enum SplitPart: String, Hashable, Sendable, Codable, CaseIterable {
  /// Photos that the weights were fitted to.
  case train
  /// Photos that chose the checkpoint, taken out of the training scenes.
  case valid
  /// Photos that were never looked at.
  case test
}

/// What a model predicted for one photo, beside what the observers' scale says.
public struct Prediction: Hashable, Sendable {
  /// The photo.
  public let photo: PhotoID
  /// The scene that it shows.
  public let scene: SceneID
  /// The part of the data set.
  public let part: SplitPart
  /// The quality on the scale, in JOD.
  public let measured: JOD
  /// The model's score, in JOD.
  public let predicted: JOD

  /// Makes a prediction.
  public init(photo: PhotoID, scene: SceneID, part: SplitPart, measured: JOD, predicted: JOD) {
    self.photo = photo
    self.scene = scene
    self.part = part
    self.measured = measured
    self.predicted = predicted
  }
}

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

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .empty:
      "no predictions to evaluate; give a run whose split has test photos"
    case .tooFewPhotos(let scene, let count):
      "scene \(scene) has \(count) photos, too few for a correlation; give it 3 or more or leave it out"
    }
  }
}

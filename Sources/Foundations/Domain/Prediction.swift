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

/// The part of a data set that a photo belongs to.
public enum SplitPart: String, Hashable, Sendable, Codable, CaseIterable {
  /// Photos that the weights were fitted to.
  case train
  /// Photos that the checkpoint was chosen by, taken out of the training scenes.
  case valid
  /// Photos that training never used.
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
  /// The quality on the scale, in the unit of the scale.
  public let measured: Double
  /// The model's score.
  public let predicted: Double
  /// The interval of the measured quality, where it is known.
  public let measuredInterval: ConfidenceInterval?
  /// The standard deviation of the measured quality, where it is known.
  public let measuredDeviation: Double?

  /// Makes a prediction.
  public init(
    photo: PhotoID, scene: SceneID, part: SplitPart, measured: Double, predicted: Double,
    measuredInterval: ConfidenceInterval? = nil, measuredDeviation: Double? = nil
  ) {
    self.photo = photo
    self.scene = scene
    self.part = part
    self.measured = measured
    self.predicted = predicted
    self.measuredInterval = measuredInterval
    self.measuredDeviation = measuredDeviation
  }
}

extension Prediction {
  /// The same photo with another score.
  public func predicting(_ score: Double) -> Self {
    Self(
      photo: photo, scene: scene, part: part, measured: measured, predicted: score,
      measuredInterval: measuredInterval, measuredDeviation: measuredDeviation)
  }
}

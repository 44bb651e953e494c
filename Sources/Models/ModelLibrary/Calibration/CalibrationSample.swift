public import Domain

/// What a new photo has in common with the photos that intervals are calibrated on.
public enum CalibrationDesign: String, Hashable, Sendable, Codable, CaseIterable {
  /// It shows one of their scenes: photos are exchangeable. Nothing is promised for a new scene.
  case photos
  /// It shows a new scene of the same kind: scenes are exchangeable. Promises hold for any
  /// distribution of errors, but `k` scenes can promise at most `k / (k + 1)`.
  case scenes
  /// It shows a new scene of the same kind, and errors are a normal scene effect plus normal noise.
  /// Works with few scenes; only as right as that assumption.
  case sceneEffects = "scene-effects"
}

/// One photo to calibrate on: no weight was fitted to it.
public struct CalibrationSample: Hashable, Sendable {
  /// The scene that it shows.
  public let scene: SceneID
  /// Its measured quality.
  public let measured: Double
  /// The model's score.
  public let score: Double
  /// The standard deviation of the score over crops, in the unit of the score; 0 where the model
  /// looks once.
  public let spread: Double

  /// Makes a sample.
  public init(scene: SceneID, measured: Double, score: Double, spread: Double = 0) {
    self.scene = scene
    self.measured = measured
    self.score = score
    self.spread = spread
  }
}

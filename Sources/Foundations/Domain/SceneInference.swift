/// What the scenes of a comparison of groups stand for.
public enum SceneInference: String, Sendable, Hashable, Codable, CaseIterable {
  /// A sample of the scenes that photos are taken of: the answer holds for scenes of the kind.
  case sample
  /// Themselves: the answer holds for these scenes only.
  case theseScenes = "these-scenes"
}

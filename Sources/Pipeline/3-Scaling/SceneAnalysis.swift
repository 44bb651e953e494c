public import Domain
import Statistics

/// A scene's scale with its quality levels and final clusters, and how they were decided.
public struct SceneAnalysis: Sendable, Hashable {
  /// The scale, its photos carrying level and cluster.
  public let scale: SceneScale
  /// The levels.
  public let levels: QualityLevels
  /// The clusters with every test.
  public let clusters: FinalClusters
}

/// Divides a scaled scene into quality levels and clusters of similar quality.
///
/// - Parameters:
///   - scaled: The scale with its joint uncertainty.
///   - rule: The number of levels.
///   - mode: How clusters are found; `piq23` needs bootstrap replicates.
/// - Returns: The scale with levels and clusters.
/// - Throws: `InputError` when the mode needs replicates that were skipped.
public func analyseScene(
  _ scaled: ScaledScene, rule: LevelRule = .upperLimit, mode: ClusterMode = .standard
) throws -> SceneAnalysis {
  let generator = SeededGenerator(seed: scaled.settings.seed).stream(UInt64.max)
  let levels = QualityLevels(scaled.scale, rule: rule, generator: generator)
  let clusters: FinalClusters
  switch mode {
  case .piq23(let bootstraps):
    guard let scores = scaled.scores else {
      throw InputError(
        "clusters", "the mode piq23 tests bootstrap replicates, which were skipped",
        remedy: "give \(Setting("bootstrap")) 300, or choose the default mode")
    }
    clusters = FinalClusters.piq23(
      scores, levels: levels.levels, bootstraps: bootstraps, generator: generator)
  case .joint(let correction, let significance):
    clusters = try FinalClusters.joint(
      scores: scaled.scale.photos.map(\.score),
      deviations: scaled.scale.photos.map(\.standardDeviation), estimates: scaled.estimates,
      levels: levels.levels, correction: correction, significance: significance)
  }
  let photos = scaled.scale.photos.enumerated().map { index, photo in
    photo.with(level: levels.levels[index], cluster: clusters.labels[index])
  }
  return SceneAnalysis(
    scale: SceneScale(
      scene: scaled.scale.scene, attribute: scaled.scale.attribute,
      convention: scaled.scale.convention, origin: scaled.scale.origin, photos: photos),
    levels: levels, clusters: clusters)
}

public import Statistics

/// How photos of one quality level are joined into clusters of similar quality.
public enum ClusterMode: Sendable, Hashable, Codable {
  /// As the published data set: RMANOVA, paired t-tests over bootstraps as subjects, Louvain.
  ///
  /// More bootstraps make more clusters, because t grows with √b; the published files fit b = 300.
  case piq23(bootstraps: Int)
  /// Differences under the joint uncertainty, two-sided, corrected for their number.
  case joint(correction: MultipleTesting, level: Double)

  /// The default: joint differences, false discovery rate 5 %.
  public static let standard = Self.joint(correction: .fdr, level: 0.05)
}

/// One tested pair of photos.
public struct ClusterEdge: Sendable, Hashable, Codable {
  /// Index of the photo with the lower score.
  public let first: Int
  /// Index of the other photo.
  public let second: Int
  /// The difference of their scores, second − first, in the unit of the scale.
  public let difference: Double
  /// The test's statistic: t of the paired test, or the difference over its standard error.
  public let statistic: Double
  /// The two-sided p-value.
  public let p: Double
  /// The p-value after the correction; equal to `p` in the mode `piq23`.
  public let adjustedP: Double
  /// Whether the pair is joined by an edge: no difference was shown.
  public let joined: Bool
}

/// The test whether the photos of one quality level differ at all.
public struct LevelTest: Sendable, Hashable, Codable {
  /// The level.
  public let level: Int
  /// Indices of its photos, ascending by score.
  public let photos: [Int]
  /// The statistic: RMANOVA's F, or Wald's χ² divided by its degrees of freedom.
  public let f: Double?
  /// The degrees of freedom of the photos.
  public let degreesOfFreedom: Double?
  /// The degrees of freedom of the error; nil when unlimited.
  public let errorDegreesOfFreedom: Double?
  /// The p-value; nil for a photo alone.
  public let p: Double?
  /// Whether all photos may be equal: they then form one cluster.
  public let equalityAccepted: Bool
  /// The modularity of the level's communities; nil where none were computed.
  public let modularity: Double?
}

/// A cluster of photos of similar quality.
public struct QualityCluster: Sendable, Hashable, Codable {
  /// The number of the cluster in its scene, ascending with quality.
  public let cluster: Int
  /// The level that holds it.
  public let level: Int
  /// Indices of its photos, ascending by score.
  public let photos: [Int]
  /// The mean score that every photo of it is given.
  public let mean: Double
  /// The mean variance of the scores.
  public let variance: Double
}

/// The clusters of a scene with every decision that led to them.
///
/// Source: Chahine et al. 2023, section 4.3; the differences of the two modes are explained in
/// docs/psychometrics.md.
public struct FinalClusters: Sendable, Hashable {
  /// The cluster of every photo; −1 for a photo alone.
  public let labels: [Int]
  /// The clusters, ascending by quality.
  public let clusters: [QualityCluster]
  /// The test of every level.
  public let tests: [LevelTest]
  /// Every tested pair.
  public let edges: [ClusterEdge]
  /// How they were found.
  public let mode: ClusterMode

  /// Turns groups of photo indices into numbered clusters; groups of one become −1.
  init(
    groups: [(level: Int, photos: [Int])], scores: [Double], variances: [Double],
    tests: [LevelTest], edges: [ClusterEdge], mode: ClusterMode
  ) {
    var labels = [Int](repeating: -1, count: scores.count)
    var clusters: [QualityCluster] = []
    let means = groups.map { group in Descriptive.mean(group.photos.map { scores[$0] }) }
    for place in groups.indices.sorted(by: { (means[$0], $0) < (means[$1], $1) })
    where groups[place].photos.count > 1 {
      let photos = groups[place].photos
      for photo in photos { labels[photo] = clusters.count }
      clusters.append(
        QualityCluster(
          cluster: clusters.count, level: groups[place].level,
          photos: photos.sorted { (scores[$0], $0) < (scores[$1], $1) }, mean: means[place],
          variance: Descriptive.mean(photos.map { variances[$0] })))
    }
    self.labels = labels
    self.clusters = clusters
    self.tests = tests
    self.edges = edges
    self.mode = mode
  }

  /// The indices of each level's photos, ascending by score, by level.
  static func members(_ levels: [Int], scores: [Double]) -> [(level: Int, photos: [Int])] {
    let groups = Dictionary(grouping: levels.indices) { levels[$0] }
    return groups.keys.sorted().map { level in
      (level, (groups[level] ?? []).sorted { (scores[$0], $0) < (scores[$1], $1) })
    }
  }
}

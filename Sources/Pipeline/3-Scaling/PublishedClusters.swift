public import Statistics

extension FinalClusters {
  /// Clusters as the published data set has them, from bootstrap scores.
  ///
  /// Inside every level: repeated-measures ANOVA with the replicates as subjects; if it finds a
  /// difference, paired t-tests of all pairs, an edge of weight p where p ≥ 0.05, and Louvain
  /// communities with resolution 1.
  ///
  /// - Parameters:
  ///   - scores: The replicates in the unit of the scale.
  ///   - levels: The quality level of every photo.
  ///   - bootstraps: How many of the replicates are used.
  ///   - generator: The source of Louvain's node orders.
  /// - Returns: The clusters and their tests.
  public static func piq23(
    _ scores: BootstrapScores, levels: [Int], bootstraps: Int = 300,
    generator: SeededGenerator = SeededGenerator(seed: 1)
  ) -> FinalClusters {
    let used = scores.prefix(bootstraps)
    let columns = (0..<used.photos).map { used.column($0) }
    return published(
      means: columns.map(Descriptive.mean), variances: columns.map(Descriptive.variance),
      levels: levels, mode: .piq23(bootstraps: used.replicates), generator: generator,
      omnibus: { photos in
        RepeatedMeasuresANOVA(
          (0..<used.replicates).map { row in photos.map { columns[$0][row] } })
      },
      test: { PairedTTest(columns[$1], columns[$0]) })
  }

  /// Clusters as the published data set has them, from a published file's positions and deviations
  /// alone.
  ///
  /// Without the replicates their correlations are taken for 0, and the ANOVA, which nearly never
  /// accepts equality, is left out.
  public static func piq23(
    jod: [Double], standardDeviations: [Double], levels: [Int], bootstraps: Int = 300,
    generator: SeededGenerator = SeededGenerator(seed: 1)
  ) -> FinalClusters {
    published(
      means: jod, variances: standardDeviations.map { $0 * $0 }, levels: levels,
      mode: .piq23(bootstraps: bootstraps), generator: generator, omnibus: { _ in nil },
      test: { i, j in
        let variance =
          standardDeviations[i] * standardDeviations[i]
          + standardDeviations[j] * standardDeviations[j]
        return PairedTTest(
          meanDifference: jod[j] - jod[i], standardDeviation: variance.squareRoot(),
          count: bootstraps)
      })
  }

  private static func published(
    means: [Double], variances: [Double], levels: [Int], mode: ClusterMode,
    generator: SeededGenerator, omnibus: ([Int]) -> RepeatedMeasuresANOVA?,
    test: (Int, Int) -> PairedTTest?
  ) -> FinalClusters {
    var tests: [LevelTest] = []
    var edges: [ClusterEdge] = []
    var groups: [(level: Int, photos: [Int])] = []
    for (level, photos) in members(levels, scores: means) {
      let anova = photos.count > 1 ? omnibus(photos) : nil
      let accepted = anova.map { $0.p >= 0.05 } ?? false
      var modularity: Double?
      if accepted {
        groups.append((level, photos))
      } else if photos.count > 1 {
        var graph: [Louvain.Edge] = []
        for a in photos.indices {
          for b in photos.indices.dropFirst(a + 1) {
            guard let result = test(photos[a], photos[b]) else { continue }
            let joined = result.p >= 0.05
            edges.append(
              ClusterEdge(
                first: photos[a], second: photos[b],
                difference: means[photos[b]] - means[photos[a]], statistic: result.t, p: result.p,
                adjustedP: result.p, joined: joined))
            if joined { graph.append(Louvain.Edge(first: a, second: b, weight: result.p)) }
          }
        }
        let found = Louvain(
          nodes: photos.count, edges: graph, generator: generator.stream(UInt64(level)))
        modularity = found.modularity
        let communities = Dictionary(grouping: photos.indices) { found.labels[$0] }
        for community in communities.keys.sorted() {
          groups.append((level, (communities[community] ?? []).map { photos[$0] }))
        }
      }
      tests.append(
        LevelTest(
          level: level, photos: photos, f: anova?.f, degreesOfFreedom: anova?.conditionDegrees,
          errorDegreesOfFreedom: anova?.residualDegrees, p: anova?.p, equalityAccepted: accepted,
          modularity: modularity))
    }
    return FinalClusters(
      groups: groups, scores: means, variances: variances, tests: tests, edges: edges, mode: mode)
  }
}

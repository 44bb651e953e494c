import Domain
import Scaling
import Statistics
import Testing

@Suite struct LevelsAndClustersTests {
  /// A scene with three clearly different groups of photos.
  func threeGroups(
    convention: ScaleConvention = .jod, bootstraps: Int = 300
  ) throws -> (study: SimulatedStudy, scaled: ScaledScene) {
    let truth = [-4, -3.9, -4.1, -3.8, 0, 0.1, -0.1, 0.05, 4, 4.1, 3.9, 3.6]
    let study = SimulatedStudy(truth: truth, votes: 1800, observers: 20, seed: 21)
    var settings = ScalingSettings()
    settings.bootstraps = bootstraps
    settings.convention = convention
    return (study, try scaleScene(study.judgements, settings: settings))
  }

  @Test func rules() {
    let jod = [0.0, 1, 2, 3.1]
    let low = jod.map { $0 - 0.5 }
    let high = jod.map { $0 + 0.5 }
    let width = [1.0, 1, 1, 1]
    // ⌈3.6/1⌉, ⌈3.1/1⌉, round(3.1/1) + 1.
    #expect(LevelRule.upperLimit.count(jod: jod, low: low, high: high, width: width) == 4)
    #expect(LevelRule.range.count(jod: jod, low: low, high: high, width: width) == 4)
    #expect(LevelRule.rangePlusOne.count(jod: jod, low: low, high: high, width: width) == 4)
    #expect(LevelRule.fixed(2).count(jod: jod, low: low, high: high, width: width) == 2)
    #expect(LevelRule.fixed(9).count(jod: jod, low: low, high: high, width: width) == 4)
    let none = [Double](repeating: 0, count: 4)
    #expect(LevelRule.upperLimit.count(jod: jod, low: jod, high: jod, width: none) == 4)
    #expect(LevelRule.upperLimit.count(jod: none, low: none, high: none, width: none) == 4)
    #expect(LevelRule.upperLimit.count(jod: [], low: [], high: [], width: []) == 0)
  }

  @Test func levelsAscendAndStandStill() throws {
    let scaled = try threeGroups().scaled
    let levels = QualityLevels(scaled.scale, rule: .fixed(3))
    #expect(levels.levels == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
    let points = scaled.scale.photos.map { [$0.interval.low, $0.interval.high] }
    #expect(abs(levels.inertia - KMeans.inertia(points, labels: levels.levels)) < 1e-12)
    let more = QualityLevels(scaled.scale)
    #expect(more.count > 3)
    // An exact fixed point of Lloyd's algorithm: every point is nearest to the mean of its own
    // level.
    let centers = (0..<more.count).map { level -> [Double] in
      let members = points.indices.filter { more.levels[$0] == level }.map { points[$0] }
      return (0..<2).map { axis in Descriptive.mean(members.map { $0[axis] }) }
    }
    for (point, level) in zip(points, more.levels) {
      let distances = centers.map {
        ($0[0] - point[0]) * ($0[0] - point[0]) + ($0[1] - point[1]) * ($0[1] - point[1])
      }
      #expect(distances.firstIndex(of: distances.min() ?? 0) == level)
    }
    let means = (0..<more.count).map { level in
      Descriptive.mean(
        scaled.fit.jod.indices.filter { more.levels[$0] == level }.map { scaled.fit.jod[$0] })
    }
    #expect(means == means.sorted())
  }

  @Test func publishedModeFollowsItsDefinition() throws {
    let scaled = try threeGroups(convention: .piq23).scaled
    let analysis = try analyseScene(scaled, rule: .fixed(3), mode: .piq23(bootstraps: 300))
    let scores = try #require(scaled.scores)
    let clusters = analysis.clusters
    #expect(clusters.edges.count == 18)
    for edge in clusters.edges {
      let test = try #require(
        PairedTTest(scores.column(edge.second), scores.column(edge.first)))
      #expect(abs(test.p - edge.p) < 1e-12)
      #expect(edge.joined == (edge.p >= 0.05))
    }
    for test in clusters.tests {
      let table = (0..<300).map { row in test.photos.map { scores.row(row)[$0] } }
      let anova = try #require(RepeatedMeasuresANOVA(table))
      #expect(abs((test.f ?? 0) - anova.f) < 1e-9 * anova.f)
      #expect(test.errorDegreesOfFreedom == 897.0)
    }
    for cluster in clusters.clusters {
      #expect(cluster.photos.count > 1)
      #expect(Set(cluster.photos.map { analysis.levels.levels[$0] }) == [cluster.level])
      let mean = Descriptive.mean(
        cluster.photos.map { Descriptive.mean(scores.column($0)) })
      #expect(abs(mean - cluster.mean) < 1e-12)
    }
    for (photo, label) in clusters.labels.enumerated() where label >= 0 {
      #expect(clusters.clusters[label].photos.contains(photo))
    }
    #expect(analysis.scale.photos.map(\.cluster) == clusters.labels.map { Optional($0) })
    // From positions and deviations alone: no ANOVA, the same number of tests.
    let summary = FinalClusters.piq23(
      jod: scaled.scale.photos.map(\.score),
      standardDeviations: scaled.scale.photos.map(\.standardDeviation),
      levels: analysis.levels.levels)
    #expect(summary.edges.count == 18)
    #expect(summary.tests.allSatisfy { $0.f == nil && !$0.equalityAccepted })
  }

  @Test func bootstrapsAreNotSubjects() throws {
    // What is wrong with the published mode: more replicates of the same votes tear clusters apart.
    // The default stands.
    let scaled = try threeGroups(bootstraps: 2000).scaled
    func joined(_ mode: ClusterMode) throws -> Int {
      try analyseScene(scaled, rule: .fixed(3), mode: mode).clusters.edges.count { $0.joined }
    }
    let few = try joined(.piq23(bootstraps: 20))
    let many = try joined(.piq23(bootstraps: 2000))
    #expect(many < few)
    #expect(try joined(.standard) == 18)
  }

  @Test func jointClustersHoldNoShownDifference() throws {
    let truth = SimulatedStudy.evenTruth(30, range: 6)
    let study = SimulatedStudy(truth: truth, votes: 3000, observers: 25, seed: 2)
    let scaled = try scaleScene(study.judgements)
    for correction in MultipleTesting.allCases {
      let analysis = try analyseScene(
        scaled, rule: .fixed(3), mode: .joint(correction: correction, level: 0.05))
      let clusters = analysis.clusters
      var apart = 0
      for edge in clusters.edges where !edge.joined {
        apart += 1
        let labels = (clusters.labels[edge.first], clusters.labels[edge.second])
        #expect(labels.0 != labels.1 || labels.0 == -1)
      }
      #expect(apart > 0)
      // Runs are contiguous in the score.
      for cluster in clusters.clusters {
        let scores = cluster.photos.map { scaled.fit.jod[$0] }
        let between = scaled.fit.jod.indices.filter {
          scaled.fit.jod[$0] > scores[0] && scaled.fit.jod[$0] < scores[scores.count - 1]
            && analysis.levels.levels[$0] == cluster.level
        }
        #expect(between.allSatisfy { clusters.labels[$0] == cluster.cluster })
      }
    }
    #expect(throws: InputError.self) {
      var settings = ScalingSettings()
      settings.bootstraps = 0
      let without = try scaleScene(study.judgements, settings: settings)
      _ = try analyseScene(without, mode: .piq23(bootstraps: 300))
    }
  }

  @Test func equalPhotosStayTogether() throws {
    // No photo differs: with the false discovery rate at 5 %, at most 1 study in 20 should find any
    // difference.
    var studiesWithDifferences = 0
    for seed in 0..<20 {
      let study = SimulatedStudy(
        truth: Array(repeating: 0, count: 10), votes: 600, observers: 20, seed: UInt64(seed),
        observerSpread: 0.4)
      var settings = ScalingSettings()
      settings.bootstraps = 200
      let scaled = try scaleScene(study.judgements, settings: settings)
      let analysis = try analyseScene(scaled, rule: .fixed(1))
      if analysis.clusters.clusters.count != 1 { studiesWithDifferences += 1 }
    }
    // More than 4 of 20 has a chance of 0.3 % at 5 %.
    #expect(studiesWithDifferences <= 4)
  }
}

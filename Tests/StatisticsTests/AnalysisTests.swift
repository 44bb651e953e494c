import Statistics
import Testing

@Suite struct AnalysisTests {
  // The same sums in another order: rounding only.
  let tight = 1e-10

  @Test func correlationsMeetSciPy() throws {
    let golden = try Golden.load().correlation
    #expect(close(Correlation.pearson(golden.x, golden.y), golden.pearson, relative: tight))
    #expect(close(Correlation.spearman(golden.x, golden.y), golden.spearman, relative: tight))
    #expect(close(Correlation.kendall(golden.x, golden.y), golden.kendall, relative: tight))
  }

  @Test func correlationsOfNothingAreNaN() {
    #expect(Correlation.pearson([1, 1, 1], [1, 2, 3]).isNaN)
    #expect(Correlation.kendall([1, 1], [1, 2]).isNaN)
    #expect(Correlation.spearman([1], [1]).isNaN)
    #expect(Correlation.kendall([3, 1, 2], [30, 10, 20]) == 1)
    #expect(Correlation.spearman([3, 1, 2], [1, 9, 3]) == -1)
  }

  @Test func quantilesMeetNumPy() throws {
    let golden = try Golden.load()
    for value in golden.quantiles {
      let found = Descriptive.quantile(golden.correlation.x, value.p)
      #expect(close(found, value.value, relative: tight, absolute: 1e-15))
    }
    #expect(Descriptive.quantile([], 0.5).isNaN)
    #expect(Descriptive.averageRanks([10, 20, 10, 5]) == [2.5, 4, 2.5, 1])
  }

  @Test func repeatedMeasuresMeetStatsmodels() throws {
    let golden = try Golden.load()
    let found = try #require(RepeatedMeasuresANOVA(golden.anova.scores))
    #expect(close(found.f, golden.anova.f, relative: tight))
    #expect(close(found.p, golden.anova.p, relative: 1e-9))
    #expect(found.conditionDegrees == golden.anova.d1)
    #expect(found.residualDegrees == golden.anova.d2)
    #expect(close(found.epsilon, golden.anova.epsilon, relative: tight))
    #expect(close(found.correctedP, golden.anova.correctedP, relative: 1e-9))
    let first = golden.anova.scores.map { $0[0] }
    let last = golden.anova.scores.map { $0[4] }
    let paired = try #require(PairedTTest(first, last))
    #expect(close(paired.t, golden.pairedT.t, relative: tight))
    #expect(close(paired.p, golden.pairedT.p, relative: 1e-9))
    // With two conditions, F is t².
    let both = try #require(RepeatedMeasuresANOVA(golden.anova.scores.map { [$0[0], $0[4]] }))
    #expect(close(both.f, paired.t * paired.t, relative: tight))
    #expect(RepeatedMeasuresANOVA([[1, 2]]) == nil)
    #expect(PairedTTest([1, 2], [1, 2]) == nil)
  }

  @Test func correctionsMeetStatsmodels() throws {
    let golden = try Golden.load().multiple
    for (rule, expected) in [(MultipleTesting.holm, golden.holm), (.fdr, golden.fdr)] {
      for (found, value) in zip(rule.adjust(golden.p), expected) {
        #expect(close(found, value, relative: 1e-12))
      }
    }
    #expect(MultipleTesting.none.adjust([0.2, 0.1]) == [0.2, 0.1])
    #expect(MultipleTesting.holm.adjust([]) == [])
  }

  @Test func kMeansMeetsScikitLearn() throws {
    let golden = try Golden.load().kMeans
    for run in golden.runs {
      let found = KMeans(
        golden.points, count: run.k, restarts: 300, generator: SeededGenerator(seed: 5))
      // Never worse than the best of 300 starts; moving single points may find better.
      #expect(found.inertia <= run.inertia * (1 + 1e-9), "k = \(run.k)")
      #expect(
        close(KMeans.inertia(golden.points, labels: found.labels), found.inertia, relative: tight))
      for (point, label) in zip(golden.points, found.labels) {
        let distances = found.centers.map { center in
          zip(point, center).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        #expect(distances[label] == distances.min())
      }
    }
  }

  @Test func kMeansOfLittle() {
    let generator = SeededGenerator(seed: 1)
    #expect(KMeans([], count: 3, generator: generator).labels == [])
    let same = KMeans([[1, 1], [1, 1]], count: 2, generator: generator)
    #expect(same.labels == [0, 0])
    #expect(same.inertia == 0)
    let apart = KMeans([[0.0], [1], [10]], count: 3, generator: generator)
    #expect(Set(apart.labels).count == 3)
  }

  @Test func louvainMeetsNetworkX() throws {
    for graph in try Golden.load().louvain {
      let edges = graph.edges.map {
        Louvain.Edge(first: Int($0[0]), second: Int($0[1]), weight: $0[2])
      }
      let theirs = Louvain.modularity(nodes: graph.nodes, edges: edges, labels: graph.labels)
      #expect(close(theirs, graph.modularity, relative: tight))
      let ours = Louvain(
        nodes: graph.nodes, edges: edges, restarts: 50, generator: SeededGenerator(seed: 2))
      // Theirs is the best of 200 orders; 50 of ours come within half a percent at worst.
      #expect(ours.modularity >= graph.modularity * 0.995, "\(graph.name)")
      #expect(
        close(
          Louvain.modularity(nodes: graph.nodes, edges: edges, labels: ours.labels),
          ours.modularity, relative: tight))
    }
  }

  @Test func louvainWithoutEdgesLeavesNodesAlone() {
    let alone = Louvain(nodes: 3, edges: [], generator: SeededGenerator(seed: 1))
    #expect(alone.labels == [0, 1, 2])
    #expect(alone.modularity == 0)
    let edges = [(0, 1), (1, 2), (0, 2), (3, 4)].map {
      Louvain.Edge(first: $0.0, second: $0.1, weight: 1)
    }
    let found = Louvain(nodes: 6, edges: edges, generator: SeededGenerator(seed: 1))
    #expect(found.labels == [0, 0, 0, 1, 1, 2])
  }
}

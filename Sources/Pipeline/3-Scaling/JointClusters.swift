public import Statistics

extension FinalClusters {
  /// Clusters of photos that were not shown to differ, from the joint uncertainty of a scale.
  ///
  /// All pairs inside the levels are tested two-sided by the joint estimates, and the p-values are
  /// corrected for their number. Each level, ascending by score, is then cut into as few runs as
  /// possible such that no pair inside a run was shown to differ; of several such cuts the one with
  /// the least spread inside the runs is taken. Bootstrap replicates have no part in it.
  ///
  /// - Parameters:
  ///   - scores: The positions in the unit of the scale, for the size of differences and spreads.
  ///   - deviations: Their standard deviations in that unit, for the variance of clusters.
  ///   - estimates: The joint estimates, for the tests.
  ///   - levels: The quality level of every photo.
  ///   - correction: The correction for testing many pairs.
  ///   - significance: The level of the tests.
  /// - Returns: The clusters and their tests.
  /// - Throws: What the threads that share the tests throw; the tests themselves throw nothing.
  public static func joint(
    scores: [Double], deviations: [Double], estimates: Estimates, levels: [Int],
    correction: MultipleTesting = .fdr, significance: Double = 0.05
  ) throws -> FinalClusters {
    let levelMembers = members(levels, scores: scores)
    var places: [(first: Int, second: Int)] = []
    for (_, photos) in levelMembers {
      for (place, photo) in photos.enumerated() {
        places += photos.dropFirst(place + 1).map { (first: photo, second: $0) }
      }
    }
    // A piece of work is worth the change of threads.
    let size = 64
    let tests = try Parallel.map(
      count: (places.count + size - 1) / size, state: {},
      body: { [places] _, piece in
        places[(piece * size)..<min((piece + 1) * size, places.count)].map {
          estimates.test(.difference($0.second, $0.first))
        }
      }
    ).flatMap { $0 }
    let pairs = zip(places, tests).map {
      (first: $0.first, second: $0.second, statistic: $1.statistic, p: $1.p)
    }
    let adjusted = correction.adjust(pairs.map(\.p))
    let edges = zip(pairs, adjusted).map { pair, corrected in
      ClusterEdge(
        first: pair.first, second: pair.second,
        difference: scores[pair.second] - scores[pair.first], statistic: pair.statistic,
        p: pair.p, adjustedP: corrected, joined: corrected >= significance)
    }
    var apart: Set<Int> = []
    for edge in edges where !edge.joined {
      apart.insert(edge.first * scores.count + edge.second)
    }
    var groups: [(level: Int, photos: [Int])] = []
    var levelTests: [LevelTest] = []
    for (level, photos) in levelMembers {
      let runs = cut(photos, scores: scores) { apart.contains($0 * scores.count + $1) }
      groups += runs.map { (level, $0) }
      let wald = estimates.equalityTest(photos)
      levelTests.append(
        LevelTest(
          level: level, photos: photos, f: wald?.f, degreesOfFreedom: wald?.degrees,
          errorDegreesOfFreedom: wald?.errorDegrees, p: wald?.p,
          equalityAccepted: runs.count == 1, modularity: nil))
    }
    return FinalClusters(
      groups: groups, scores: scores,
      variances: deviations.map { $0 * $0 }, tests: levelTests,
      edges: edges, mode: .joint(correction: correction, level: significance))
  }

  /// The fewest runs without a differing pair; among those, the least sum of squares inside the
  /// runs.
  private static func cut(
    _ photos: [Int], scores: [Double], differ: (Int, Int) -> Bool
  ) -> [[Int]] {
    var best: [(runs: Int, spread: Double, start: Int)] = [(0, 0, 0)]
    for end in 1...max(1, photos.count) where !photos.isEmpty {
      var found: (runs: Int, spread: Double, start: Int)?
      var start = end - 1
      while start >= 0 {
        let joins = photos[(start + 1)..<end].allSatisfy { !differ(photos[start], $0) }
        guard joins else { break }
        let run = photos[start..<end].map { scores[$0] }
        let spread = best[start].spread + Descriptive.populationVariance(run) * Double(run.count)
        let runs = best[start].runs + 1
        if found.map({ (runs, spread) < ($0.runs, $0.spread) }) ?? true {
          found = (runs, spread, start)
        }
        start -= 1
      }
      best.append(found ?? (best[end - 1].runs + 1, best[end - 1].spread, end - 1))
    }
    var runs: [[Int]] = []
    var end = photos.count
    while end > 0 {
      runs.append(Array(photos[best[end].start..<end]))
      end = best[end].start
    }
    return runs.reversed()
  }
}

public import Statistics

extension FinalClusters {
  /// Clusters of photos that were not shown to differ, from the joint uncertainty of a scale.
  ///
  /// All pairs inside the levels are tested two-sided with the variance of their difference, `C_ii + C_jj − 2·C_ij`, and the
  /// p-values are corrected for their number. Each level, ascending by score, is then cut into as few runs as possible
  /// such that no pair inside a run was shown to differ; of several such cuts the one with the least spread inside the
  /// runs is taken. More bootstrap replicates make the p-values more exact, not smaller.
  ///
  /// - Parameters:
  ///   - scores: The positions.
  ///   - covariance: Their joint covariance, row-major.
  ///   - levels: The quality level of every photo.
  ///   - observers: The number of observers when the covariance is that of a bootstrap over them: t with one degree of
  ///     freedom less is used; nil for the normal distribution.
  ///   - correction: The correction for testing many pairs.
  ///   - significance: The level of the tests.
  /// - Returns: The clusters and their tests.
  public static func joint(
    scores: [Double], covariance: [Double], levels: [Int], observers: Int? = nil,
    correction: MultipleTesting = .fdr, significance: Double = 0.05
  ) -> FinalClusters {
    let test = DifferenceTest(covariance: covariance, count: scores.count, observers: observers)
    let levelMembers = members(levels, scores: scores)
    var pairs: [(first: Int, second: Int, statistic: Double, p: Double)] = []
    for (_, photos) in levelMembers {
      for a in photos.indices {
        for b in photos.indices.dropFirst(a + 1) {
          let (i, j) = (photos[a], photos[b])
          let statistic = test.statistic(difference: scores[j] - scores[i], i, j)
          pairs.append((i, j, statistic, test.p(statistic)))
        }
      }
    }
    let adjusted = correction.adjust(pairs.map(\.p))
    let edges = zip(pairs, adjusted).map { pair, corrected in
      ClusterEdge(
        first: pair.first, second: pair.second,
        difference: scores[pair.second] - scores[pair.first], statistic: pair.statistic,
        p: pair.p, adjustedP: corrected, joined: corrected >= significance)
    }
    var apart: Set<[Int]> = []
    for edge in edges where !edge.joined { apart.insert([edge.first, edge.second]) }
    var groups: [(level: Int, photos: [Int])] = []
    var tests: [LevelTest] = []
    for (level, photos) in levelMembers {
      let runs = cut(photos, scores: scores) { apart.contains([$0, $1]) }
      groups += runs.map { (level, $0) }
      let wald = test.wald(photos, scores: scores)
      tests.append(
        LevelTest(
          level: level, photos: photos, f: wald?.f, degreesOfFreedom: wald?.degrees,
          errorDegreesOfFreedom: wald?.errorDegrees, p: wald?.p,
          equalityAccepted: runs.count == 1, modularity: nil))
    }
    return FinalClusters(
      groups: groups, scores: scores,
      variances: scores.indices.map { covariance[$0 * scores.count + $0] }, tests: tests,
      edges: edges, mode: .joint(correction: correction, level: significance))
  }

  /// The fewest runs without a differing pair; among those, the least sum of squares inside the runs.
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

/// Two-sided tests of differences under a joint covariance.
struct DifferenceTest: Sendable {
  private let covariance: [Double]
  private let count: Int
  private let inflation: Double
  /// Student's t for a bootstrap over observers, nil for the normal distribution.
  private let student: StudentT?

  init(covariance: [Double], count: Int, observers: Int?) {
    self.covariance = covariance
    self.count = count
    if let observers, observers > 1 {
      inflation = Double(observers) / Double(observers - 1)
      student = StudentT(degreesOfFreedom: Double(observers - 1))
    } else {
      inflation = 1
      student = nil
    }
  }

  /// The variance of the sum of the scores with these weights.
  func variance(_ weights: [(photo: Int, weight: Double)]) -> Double {
    var sum = 0.0
    for a in weights {
      for b in weights { sum += a.weight * b.weight * covariance[a.photo * count + b.photo] }
    }
    return max(0, sum * inflation)
  }

  /// The standard error of the difference of two scores.
  func standardError(_ i: Int, _ j: Int) -> Double {
    variance([(i, -1), (j, 1)]).squareRoot()
  }

  func statistic(difference: Double, _ i: Int, _ j: Int) -> Double {
    let error = standardError(i, j)
    return error > 0 ? difference / error : difference == 0 ? 0 : .infinity
  }

  func p(_ statistic: Double) -> Double {
    student?.twoSided(statistic) ?? min(1, 2 * StandardNormal.cdf(-abs(statistic)))
  }

  /// The factor of the standard error that gives an interval of a level.
  func reach(level: Double) -> Double {
    let share = (1 + level) / 2
    return student?.quantile(share) ?? StandardNormal.quantile(share)
  }

  /// The probability of a value below x standard errors.
  func cdf(_ x: Double) -> Double { student?.cdf(x) ?? StandardNormal.cdf(x) }

  /// Wald's test that several photos have the same score, as an F; nil where it can't be made.
  ///
  /// With K observers the statistic of k photos follows Hotelling's T² distribution, hence F with k − 1 and K − k + 1 degrees of
  /// freedom; there is no test for one photo, a singular covariance or K < k.
  func wald(
    _ photos: [Int], scores: [Double]
  ) -> (f: Double, degrees: Double, errorDegrees: Double?, p: Double)? {
    let size = photos.count - 1
    guard size > 0 else { return nil }
    let contrasts = (0..<size).map { [(photos[$0], -1.0), (photos[$0 + 1], 1.0)] }
    var matrix = [Double](repeating: 0, count: size * size)
    for a in 0..<size {
      for b in 0..<size {
        for (i, u) in contrasts[a] {
          for (j, v) in contrasts[b] {
            matrix[a * size + b] += inflation * u * v * covariance[i * count + j]
          }
        }
      }
    }
    let steps = (0..<size).map { scores[photos[$0 + 1]] - scores[photos[$0]] }
    guard let factor = Cholesky(matrix, count: size) else { return nil }
    let square = zip(steps, factor.solve(steps)).reduce(0) { $0 + $1.0 * $1.1 }
    let degrees = Double(size)
    if let student {
      let errorDegrees = student.degreesOfFreedom - degrees + 1
      guard errorDegrees > 0 else { return nil }
      let f = square * errorDegrees / (student.degreesOfFreedom * degrees)
      let p = FisherF(numerator: degrees, denominator: errorDegrees).survival(f)
      return (f, degrees, errorDegrees, p)
    }
    return (
      square / degrees, degrees, nil, ChiSquared(degreesOfFreedom: degrees).survival(square)
    )
  }
}

/// Conformal quantiles: a bound that a new nonconformity score keeps with a stated probability,
/// whatever its distribution.
///
/// A score is any number that grows as a prediction gets worse, such as its absolute error on data
/// that no weight was fitted to.
public enum Conformal {
  /// The bound for a new score that is exchangeable with the given ones: their `⌈(n + 1)·level⌉`-th
  /// smallest.
  ///
  /// Source: Vovk, Gammerman and Shafer 2005; Lei et al. 2018, arXiv:1604.04173.
  ///
  /// - Parameters:
  ///   - scores: the calibration scores.
  ///   - level: the probability, 0…1.
  /// - Returns: infinity where there are too few scores to promise that level.
  public static func bound(_ scores: [Double], level: Double) -> Double {
    bound(groups: scores.map { [$0] }, level: level)
  }

  /// The bound for a score from a NEW group, the groups being exchangeable and scores exchangeable
  /// inside a group.
  ///
  /// Every group has the same weight however many scores it holds, and one more group stands at
  /// infinity for the new one. So `k` groups can promise no level above `k / (k + 1)`.
  ///
  /// Source: Lee, Barber and Willett 2023, «Distribution-free inference with hierarchical data»,
  /// arXiv:2306.06342.
  ///
  /// - Parameters:
  ///   - groups: the calibration scores, group by group; empty groups are left out.
  ///   - level: the probability, 0…1.
  /// - Returns: infinity where there are too few groups to promise that level.
  public static func bound(groups: [[Double]], level: Double) -> Double {
    let groups = groups.filter { !$0.isEmpty }
    let share = 1 / Double(groups.count + 1)
    let weighted = groups.flatMap { group in
      group.map { (score: $0, weight: share / Double(group.count)) }
    }.sorted { $0.score < $1.score }
    var mass = 0.0
    for point in weighted {
      mass += point.weight
      // The sum of the weights is right to 1e-12; a level that is met exactly must not fail by
      // rounding.
      if mass >= level - 1e-9 { return point.score }
    }
    return .infinity
  }

  /// The conformal p-value of a new score: the share of the weight at or above it, its own group's
  /// included.
  ///
  /// At most a share `p` of new groups' scores have a p-value of at most `p`.
  ///
  /// - Parameters:
  ///   - score: the new score.
  ///   - groups: the calibration scores, group by group.
  /// - Returns: between `1 / (groups + 1)` and 1.
  public static func pValue(of score: Double, groups: [[Double]]) -> Double {
    let groups = groups.filter { !$0.isEmpty }
    let share = 1 / Double(groups.count + 1)
    return groups.reduce(share) { sum, group in
      sum + share * Double(group.count { $0 >= score }) / Double(group.count)
    }
  }
}

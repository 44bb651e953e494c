import Comparison
public import Domain
import Scaling
public import Statistics

/// Two photos that shall be compared, by index into a task's photos.
public struct PlannedIndices: Hashable, Sendable {
  /// One photo.
  public let first: Int
  /// The other photo.
  public let second: Int

  /// Makes a pair of two different indices.
  public init(_ first: Int, _ second: Int) {
    self.first = first
    self.second = second
  }
}

/// Chooses the pairs that are worth judging next.
public protocol PairPlanner: Sendable {
  /// The next pairs of a task, the most useful first.
  ///
  /// - Parameters:
  ///   - comparisons: the votes so far.
  ///   - count: how many pairs.
  ///   - random: the generator of every random choice.
  /// - Returns: at most `count` pairs of indices.
  /// - Throws: when there is nothing to compare.
  func next(
    _ comparisons: ComparisonMatrix, count: Int, random: inout SeededGenerator
  ) throws -> [PlannedIndices]
}

/// Spanning trees of the greatest expected fall of the error of all scores.
///
/// Source: Mikhailiuk et al. 2020, arXiv:2004.05691.
public struct ErrorReductionPlanner: PairPlanner {
  /// Makes the planner.
  public init() {}

  /// The next pairs; random trees while there are no votes.
  public func next(
    _ comparisons: ComparisonMatrix, count: Int, random: inout SeededGenerator
  ) throws -> [PlannedIndices] {
    let pairs: [PlannedPair]
    if comparisons.pairs.isEmpty {
      pairs = try randomPairs(photos: comparisons.count, count: count, using: &random)
    } else {
      let fit = try fitScale(comparisons, disconnected: .usePrior)
      let posterior = try QualityPosterior(means: fit.jod, covariance: fit.covariance)
      pairs = try nextPairs(posterior: posterior, count: count, using: &random)
    }
    return pairs.map { PlannedIndices($0.a, $0.b) }
  }
}

/// Places the photos of a task on a scale while votes come in.
public protocol ScaleEstimator: Sendable {
  /// The score of every photo, in their order.
  ///
  /// - Parameter comparisons: the votes so far.
  /// - Returns: one score per photo.
  /// - Throws: when the votes allow no scale.
  func scores(_ comparisons: ComparisonMatrix) throws -> [EstimatedScore]
}

/// Thurstone's Case V with intervals from the observed information.
///
/// The bootstrap over observers is for the finished study: it would keep a core busy while observers wait.
public struct ThurstoneEstimator: ScaleEstimator {
  /// Makes the estimator.
  public init() {}

  /// The scores; a photo without a vote has the prior's width.
  public func scores(_ comparisons: ComparisonMatrix) throws -> [EstimatedScore] {
    let fit = try fitScale(comparisons, disconnected: .usePrior)
    let half = StandardNormal.quantile(0.975)
    return zip(fit.jod, fit.standardDeviations).map { mean, deviation in
      EstimatedScore(
        mean: mean, deviation: deviation, low: mean - half * deviation,
        high: mean + half * deviation)
    }
  }
}

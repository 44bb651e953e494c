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
  /// What chose them.
  public let criterion: PairCriterion

  /// Makes a pair of two different indices.
  public init(_ first: Int, _ second: Int, criterion: PairCriterion) {
    (self.first, self.second, self.criterion) = (first, second, criterion)
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

/// The choice of pairs that the study's settings ask for; random trees while there are no votes.
public struct SampledPairs: PairPlanner {
  private let sampler: PairSampler

  /// Takes the criterion and the shares of the settings.
  ///
  /// - Throws: `InputError` for a share outside of 0 to 1.
  public init(_ settings: AnnotationSettings = AnnotationSettings()) throws(InputError) {
    sampler = try PairSampler(
      criterion: settings.criterion, randomShare: settings.randomShare,
      anchorShare: settings.anchorShare)
  }

  /// The next pairs.
  public func next(
    _ comparisons: ComparisonMatrix, count: Int, random: inout SeededGenerator
  ) throws -> [PlannedIndices] {
    if comparisons.pairs.isEmpty {
      return try randomPairs(photos: comparisons.count, count: count, using: &random).map {
        PlannedIndices($0.a, $0.b, criterion: .random)
      }
    }
    var study = CountedVotes(comparisons, fit: qualityPosterior)
    return try sampler.batch(count, study: &study, using: &random).map {
      PlannedIndices($0.pair.a, $0.pair.b, criterion: $0.criterion)
    }
  }
}

/// Says when a whole study may stop, such as when a sequential verdict is in.
public protocol StopRule: Sendable {
  /// Looks at the votes so far.
  ///
  /// - Parameter votes: those that count.
  /// - Returns: why the study is complete, in one sentence; nil while it is not.
  /// - Throws: when nothing can be told; the study goes on.
  func reason(_ votes: [Judgement]) throws -> String?
}

/// Places the photos of a task on a scale while votes come in.
public protocol ScaleEstimator: Sendable {
  /// The score of every photo, in their order.
  ///
  /// - Parameter judgements: the votes so far, in their order, each with how its pair was chosen.
  /// - Returns: one score per photo.
  /// - Throws: when the votes allow no scale.
  func scores(_ judgements: SceneJudgements) throws -> [EstimatedScore]
}

/// Thurstone's Case V as `vernier scale` has it, with fewer replicates of the choice of pairs.
///
/// The bootstrap over observers is for the finished study: it would keep a core busy while
/// observers wait.
public struct ThurstoneEstimator: ScaleEstimator {
  private let replays: Int

  /// Makes the estimator.
  ///
  /// - Parameter replays: the replicates that correct for a choice of pairs by earlier answers.
  public init(replays: Int = 48) { self.replays = replays }

  /// The scores; a photo without a vote has the prior's width.
  public func scores(_ judgements: SceneJudgements) throws -> [EstimatedScore] {
    var settings = ScalingSettings()
    (settings.bootstraps, settings.replays, settings.threads) = (0, replays, 1)
    settings.disconnected = .usePrior
    let scaled = try scaleScene(
      judgements, settings: settings, simulation: PairReplay(judgements)?.simulation)
    return scaled.scale.photos.map {
      EstimatedScore(
        mean: $0.score, deviation: $0.standardDeviation, low: $0.interval.low,
        high: $0.interval.high)
    }
  }
}

/// How a study is annotated; kept with the study.
public struct AnnotationSettings: Codable, Hashable, Sendable {
  /// What the viewing check does.
  public enum Gate: String, Codable, Hashable, Sendable, CaseIterable {
    /// An observer whose screen fails can't vote.
    case strict
    /// Failures are shown and recorded; the observer may go on.
    case advisory
    /// No check.
    case off
  }

  /// What the viewing check does.
  public var gate = Gate.advisory
  /// Whether «not sure» is a choice.
  public var allowsTies = false
  /// The active time of one block, in seconds.
  public var blockSeconds = 300
  /// The shortest break between two blocks, in seconds.
  public var breakSeconds = 60
  /// How long a pair is held without activity, in seconds.
  public var leaseSeconds = 90
  /// How long a pair stays reserved after its page was left, in seconds: a reload finds it again.
  public var graceSeconds = 10
  /// The number of pairs planned at once for one task.
  public var batchSize = 24
  /// The share of pairs shown a second time to the same observer.
  public var repeatShare = 0.05
  /// The share of pairs whose better photo is known.
  public var goldenShare = 0.03
  /// The number of training pairs before the first vote on an attribute.
  public var trainingPairs = 3
  /// The number of comparisons after which a task is complete.
  public var targetComparisons = 4000
  /// The median width of the 95 % intervals at which a task is complete, in JOD.
  ///
  /// Zero turns this part of the stop rule off.
  public var targetMedianWidth = 0.0
  /// The shrinkage of the median width per 100 votes below which a task is complete, in JOD.
  ///
  /// Zero turns this part of the stop rule off.
  public var leastShrinkage = 0.0
  /// The seed of every random choice of the assignment.
  public var seed: UInt64 = 1

  /// The settings of the papers' protocol.
  public init() {}
}

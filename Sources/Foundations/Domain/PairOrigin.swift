/// What the next pairs of a study are chosen for.
public enum PairCriterion: String, Hashable, Sendable, Codable, CaseIterable {
  /// The largest expected fall of the scores' mean squared error.
  case errorReduction = "error-reduction"
  /// The most expected information about all qualities, from their joint posterior.
  case informationGain = "information-gain"
  /// ASAP's own gain, which takes photos as independent (Mikhailiuk et al. 2020).
  case asap
  /// Rounds of a Swiss tournament: photos of neighboring ranks meet.
  case swiss
  /// Pairs that lie far apart on the scale so far, for its length; a share of an adaptive batch.
  case anchor
  /// Pairs of random spanning trees.
  case random

  /// Whether the answers so far decide which pairs come next.
  public var isAdaptive: Bool { self != .random }
}

/// How the pair of a judgement was chosen.
///
/// Pairs that were chosen by earlier answers stretch a scale and narrow its intervals; a scale can
/// only allow for that when every vote says how its pair came about.
public struct PairOrigin: Hashable, Sendable, Codable {
  /// The criterion that chose the pair; ``PairCriterion/random`` also for the random share of an
  /// adaptive batch.
  public let criterion: PairCriterion
  /// The batch in which the pair was chosen: equal for pairs that were chosen together, ascending
  /// in time.
  public let batch: Int

  /// Makes an origin.
  public init(criterion: PairCriterion, batch: Int) {
    self.criterion = criterion
    self.batch = batch
  }
}

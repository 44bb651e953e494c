public import Domain
import Statistics

/// Whether the pairs of votes without origins look as if earlier answers had chosen them.
///
/// Criteria that follow the answers ask mostly about neighbors on the scale, so the judged pairs
/// are closer in rank than unrelated ones. Answers push the photos of a judged pair apart rather
/// than together, so that a design chosen beforehand does not look chosen. A design of neighbors on
/// a scale known beforehand does.
public struct DesignDiagnosis: Hashable, Sendable {
  /// The mean distance in rank of the judged pairs over that of unrelated pairs: 1 for pairs that
  /// do not depend on the scale.
  public let closeness: Double
  /// How many standard deviations ``closeness`` is from 1, the design's own repeats and degrees
  /// allowed for.
  public let statistic: Double

  /// Whether the pairs are closer than unrelated ones: by a tenth, and by 2 standard deviations.
  ///
  /// Only designs that are small or uneven get this from chance, one in 40 of them at most: in a
  /// larger one, a tenth is many standard deviations.
  public var looksAdaptive: Bool { closeness < 0.9 && statistic < -2 }

  /// Looks at a design; nil for fewer than 5 photos, whose pairs are soon all judged.
  ///
  /// - Parameters:
  ///   - judgements: The votes.
  ///   - positions: The positions of the photos that they give, in any unit.
  public init?(_ judgements: SceneJudgements, positions: [Double]) {
    guard
      let found = PairCloseness(
        positions, pairs: judgements.votes.map { (first: $0.a, second: $0.b, answers: 1) })
    else { return nil }
    (closeness, statistic) = (found.ratio, found.statistic)
  }
}

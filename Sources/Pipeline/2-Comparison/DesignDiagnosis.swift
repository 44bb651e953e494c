public import Domain
import Statistics

/// Whether the pairs of votes without origins look as if earlier answers had chosen them.
///
/// Criteria that follow the answers ask mostly about neighbors on the scale. The mean distance in
/// rank of the judged pairs is compared with that of random pairs, `(n + 1)/3`. Answers push the
/// photos of a judged pair apart rather than together, so that a random design does not look
/// chosen. A design of neighbors on a scale known beforehand does.
public struct DesignDiagnosis: Hashable, Sendable {
  /// The mean distance in rank of the judged pairs over that of random pairs: 1 for a random
  /// design.
  public let closeness: Double
  /// How many standard errors ``closeness`` is from that of random pairs.
  public let statistic: Double

  /// Whether the pairs are clearly closer than random ones: by a fifth, and by 4 standard errors.
  public var looksAdaptive: Bool { closeness < 0.8 && statistic < -4 }

  /// Looks at a design; nil for fewer than 5 photos, whose pairs are soon all judged.
  ///
  /// - Parameters:
  ///   - judgements: The votes.
  ///   - positions: The positions of the photos that they give, in any unit.
  public init?(_ judgements: SceneJudgements, positions: [Double]) {
    let n = Double(positions.count)
    guard positions.count >= 5, !judgements.votes.isEmpty else { return nil }
    let ranks = Descriptive.averageRanks(positions)
    let distances = judgements.votes.map { abs(ranks[$0.a] - ranks[$0.b]) }
    let expected = (n + 1) / 3
    let deviation = ((n + 1) * (n - 2) / 18).squareRoot()
    closeness = Descriptive.mean(distances) / expected
    statistic =
      (Descriptive.mean(distances) - expected) / deviation
      * Double(distances.count).squareRoot()
  }
}

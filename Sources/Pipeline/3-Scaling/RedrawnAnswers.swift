public import Domain
public import Statistics

extension ComparisonMatrix {
  /// Answers to the same pairs, as many for each, drawn under Thurstone's Case V; without ties.
  ///
  /// - Parameters:
  ///   - positions: The qualities of the photos, in JOD.
  ///   - random: Draws the answers.
  /// - Returns: A matrix of the same photos and pairs.
  public func redrawn(at positions: [Double], using random: inout SeededGenerator) -> Self {
    ComparisonMatrix(
      count: count,
      pairs: pairs.map { pair in
        let difference = positions[pair.first] - positions[pair.second]
        let chance = StandardNormal.cdf(difference / JOD.differenceSigma)
        let wins = (0..<Int(pair.total)).count { _ in random.uniform() < chance }
        return Pair(
          first: pair.first, second: pair.second, firstWins: Double(wins),
          secondWins: pair.total - Double(wins), ties: 0)
      })
  }
}

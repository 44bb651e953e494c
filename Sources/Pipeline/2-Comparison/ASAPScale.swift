public import Domain
import Statistics

extension GaussianBeliefs {
  /// The positions in JOD and their variances in JOD².
  var scale: (means: [Double], variances: [Double]) {
    let unit = JOD.differenceSigma
    return (means.map { $0 * unit }, variances.map { $0 * unit * unit })
  }
}

/// The scale that ASAP's gains rest on: TrueSkill's beliefs, iterated to convergence, where ASAP's
/// public code stops after 4 to 6 rounds.
///
/// Photos are independent in it, so it knows nothing of correlations; studies are scaled by the
/// Scaling stage, this is a reference for pair selection.
///
/// - Parameter comparisons: The votes; ties count as half a vote for each.
/// - Returns: Means in JOD and variances in JOD², one per photo.
public func asapScale(
  _ comparisons: ComparisonMatrix
) -> (means: [Double], variances: [Double]) {
  var beliefs = GaussianBeliefs(items: comparisons.count)
  for pair in comparisons.pairs {
    beliefs.add(winner: pair.first, loser: pair.second, votes: pair.firstWins + pair.ties / 2)
    beliefs.add(winner: pair.second, loser: pair.first, votes: pair.secondWins + pair.ties / 2)
  }
  beliefs.settle(tolerance: 1e-11, rounds: 3_000)
  return beliefs.scale
}

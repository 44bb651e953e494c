import Domain
import Statistics

/// TrueSkill's scale, iterated until the messages stand still; a tie counts as half a vote for
/// each.
///
/// Source: ``GaussianBeliefs``, as ASAP scales its votes.
struct TrueSkill {
  private let pairs: PairCounts
  private var votes: [(winner: Int, loser: Int, votes: Double)] = []

  init(_ pairs: PairCounts) {
    self.pairs = pairs
    for pair in 0..<pairs.pairs {
      let (i, j) = (Int(pairs.first[pair]), Int(pairs.second[pair]))
      let half = pairs.ties[pair] / 2
      votes.append((i, j, pairs.wins[pair] + half))
      votes.append((j, i, pairs.losses[pair] + half))
    }
    votes.removeAll { $0.votes <= 0 }
  }

  /// Iterates until no message moves by more than a tolerance.
  func converged(tolerance: Double = 1e-11, limit: Int = 100_000) throws -> ScaleFit {
    var beliefs = GaussianBeliefs(items: pairs.count)
    for vote in votes { beliefs.add(winner: vote.winner, loser: vote.loser, votes: vote.votes) }
    guard let rounds = beliefs.settle(tolerance: tolerance, rounds: limit) else {
      throw ScalingError.notConverged(iterations: limit)
    }
    return result(beliefs.means.map { $0 * JOD.differenceSigma }, iterations: rounds)
  }

  private func result(_ mean: [Double], iterations: Int) -> ScaleFit {
    let scale = JOD.differenceSigma
    var logLikelihood = 0.0
    // The beliefs are marginal; the joint covariance is that of the likelihood with the same prior
    // at their means.
    var counts = PairCounts(count: pairs.count)
    for vote in votes {
      logLikelihood +=
        vote.votes * StandardNormal.logCdf((mean[vote.winner] - mean[vote.loser]) / scale)
      counts.append(
        vote.winner, vote.loser, wins: vote.votes, losses: 0, ties: 0, rule: .davidson)
    }
    let local = LikelihoodFit<ThurstoneLink>(
      pairs: counts, ridge: GaussianBeliefs.priorPrecision / (scale * scale))
    let information = local.information(weights: local.slopes(mean).weights)
    let covariance = Cholesky(information, count: pairs.count)?.inverse() ?? []
    return ScaleFit(
      centering: mean,
      covariance: covariance.isEmpty
        ? Array(repeating: .nan, count: pairs.count * pairs.count) : covariance,
      logLikelihood: logLikelihood, iterations: iterations)
  }
}

import Domain
import Glibc
import Statistics

/// TrueSkill by expectation propagation, iterated until the messages stand still.
///
/// The prior has mean 0 and variance ½ for each photo, and the difference of two performances has
/// variance 1, as in ASAP; a position m is 1.4826·m JOD. Votes that say the same are merged into
/// one message with their number as multiplicity. A tie counts as half a vote for each.
///
/// Source: Herbrich, Minka and Graepel 2006; Mikhailiuk et al. 2020, arXiv:2004.05691.
struct TrueSkill {
  /// The messages of all votes for one photo of a pair against the other.
  private struct Outcome {
    let winner: Int
    let loser: Int
    let votes: Double
    var winnerPrecision = 0.0
    var winnerShift = 0.0
    var loserPrecision = 0.0
    var loserShift = 0.0
  }

  private let count: Int
  private var outcomes: [Outcome] = []
  private let priorPrecision = 2.0

  init(_ pairs: PairCounts) {
    count = pairs.count
    for pair in 0..<pairs.pairs {
      let (i, j) = (Int(pairs.first[pair]), Int(pairs.second[pair]))
      let half = pairs.ties[pair] / 2
      if pairs.wins[pair] + half > 0 {
        outcomes.append(Outcome(winner: i, loser: j, votes: pairs.wins[pair] + half))
      }
      if pairs.losses[pair] + half > 0 {
        outcomes.append(Outcome(winner: j, loser: i, votes: pairs.losses[pair] + half))
      }
    }
  }

  /// Iterates until no mean moves by more than the tolerance, in JOD.
  func converged(tolerance: Double = 1e-10, limit: Int = 100_000) throws -> ScaleFit {
    var messages = outcomes
    var precision = [Double](repeating: priorPrecision, count: count)
    var shift = [Double](repeating: 0, count: count)
    for iteration in 1...limit {
      var change = 0.0
      for place in messages.indices {
        change = max(change, update(&messages[place], &precision, &shift))
      }
      guard change * 1.4826 < tolerance else { continue }
      return result(messages, precision, shift, iterations: iteration)
    }
    throw ScalingError.notConverged(iterations: limit)
  }

  /// Refines the messages of one outcome; answers how far the two means moved.
  private func update(
    _ outcome: inout Outcome, _ precision: inout [Double], _ shift: inout [Double]
  ) -> Double {
    let (w, l) = (outcome.winner, outcome.loser)
    // The cavity leaves out one of the merged votes.
    let winnerCavity = precision[w] - outcome.winnerPrecision
    let loserCavity = precision[l] - outcome.loserPrecision
    let winnerMean = (shift[w] - outcome.winnerShift) / winnerCavity
    let loserMean = (shift[l] - outcome.loserShift) / loserCavity
    let variance = 1 + 1 / winnerCavity + 1 / loserCavity
    let root = variance.squareRoot()
    let (psi, lambda, complement) = StandardNormal.truncation((winnerMean - loserMean) / root)
    // As a message about the difference of the performances: precision p = λ/(v(1 − λ)), mean d +
    // √v·ψ/λ. Written with λ and 1 − λ from `truncation`, nothing cancels for certain or for absurd
    // outcomes.
    let inversePrecision = variance * complement / lambda
    let ratio = psi * root / lambda
    let difference = winnerMean - loserMean + ratio
    let newWinner = 1 / (1 + inversePrecision + 1 / loserCavity)
    let newLoser = 1 / (1 + inversePrecision + 1 / winnerCavity)
    let newWinnerShift = newWinner * (loserMean + difference)
    let newLoserShift = newLoser * (winnerMean - difference)
    guard newWinnerShift.isFinite, newLoserShift.isFinite else { return 0 }
    let oldWinnerMean = shift[w] / precision[w]
    let oldLoserMean = shift[l] / precision[l]
    // Merged votes move together, which overshoots when there are many: damp by their number.
    let pace = 1 / max(1, outcome.votes.squareRoot())
    let winnerStep = pace * (newWinner - outcome.winnerPrecision)
    let winnerShiftStep = pace * (newWinnerShift - outcome.winnerShift)
    let loserStep = pace * (newLoser - outcome.loserPrecision)
    let loserShiftStep = pace * (newLoserShift - outcome.loserShift)
    outcome.winnerPrecision += winnerStep
    outcome.winnerShift += winnerShiftStep
    outcome.loserPrecision += loserStep
    outcome.loserShift += loserShiftStep
    precision[w] += outcome.votes * winnerStep
    shift[w] += outcome.votes * winnerShiftStep
    precision[l] += outcome.votes * loserStep
    shift[l] += outcome.votes * loserShiftStep
    return max(
      abs(shift[w] / precision[w] - oldWinnerMean), abs(shift[l] / precision[l] - oldLoserMean))
      / pace
  }

  private func result(
    _ messages: [Outcome], _ precision: [Double], _ shift: [Double], iterations: Int
  ) -> ScaleFit {
    let scale = 1.4826
    let mean = (0..<count).map { shift[$0] / precision[$0] * scale }
    var logLikelihood = 0.0
    for message in messages {
      let x = (mean[message.winner] - mean[message.loser]) / scale
      logLikelihood += message.votes * StandardNormal.logCdf(x)
    }
    // The messages are marginal; the joint covariance is that of the likelihood with the same prior
    // at their means.
    var pairs = PairCounts(count: count)
    for message in messages {
      pairs.append(
        message.winner, message.loser, wins: message.votes, losses: 0, ties: 0, rule: .davidson)
    }
    let local = LikelihoodFit<ThurstoneLink>(
      pairs: pairs, ridge: priorPrecision / (scale * scale))
    let information = local.information(weights: local.slopes(mean).weights)
    let covariance = Cholesky(information, count: count)?.inverse() ?? []
    return ScaleFit(
      centering: mean,
      covariance: covariance.isEmpty ? Array(repeating: .nan, count: count * count) : covariance,
      logLikelihood: logLikelihood, iterations: iterations)
  }
}

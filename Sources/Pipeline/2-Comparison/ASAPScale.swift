public import Domain
import Statistics

/// The scale that ASAP's gains rest on: TrueSkill by expectation propagation with one Gaussian per photo.
///
/// Prior variance ½ per photo and variance 1 of a performance difference. Photos are independent in it, so it knows
/// nothing of correlations; studies are scaled by the Scaling stage, this is a reference for pair selection. Iterated to
/// convergence, where ASAP's public code stops after 4 to 6 rounds.
///
/// Source: Mikhailiuk et al. 2020, arXiv:2004.05691; Herbrich, Minka and Graepel 2006.
///
/// - Parameter comparisons: the votes; ties count as half a vote for each.
/// - Returns: means in JOD and variances in JOD², one per photo.
public func asapScale(
  _ comparisons: ComparisonMatrix
) -> (means: [Double], variances: [Double]) {
  var beliefs = [Message](
    repeating: Message(precision: 2, shift: 0), count: comparisons.count)
  var outcomes: [Outcome] = []
  for pair in comparisons.pairs {
    let (firstWins, secondWins) = (pair.firstWins + pair.ties / 2, pair.secondWins + pair.ties / 2)
    if firstWins > 0 {
      outcomes.append(Outcome(winner: pair.first, loser: pair.second, votes: firstWins))
    }
    if secondWins > 0 {
      outcomes.append(Outcome(winner: pair.second, loser: pair.first, votes: secondWins))
    }
  }
  for _ in 0..<3_000 {
    var change = 0.0
    for k in outcomes.indices { change = max(change, outcomes[k].update(&beliefs)) }
    if change < 1e-11 { break }
  }
  let unit = JOD.differenceSigma
  return (
    beliefs.map { $0.shift / $0.precision * unit }, beliefs.map { unit * unit / $0.precision }
  )
}

/// A Gaussian in natural parameters.
private struct Message {
  /// One over the variance.
  var precision = 0.0
  /// The mean times the precision.
  var shift = 0.0

  var mean: Double { shift / precision }

  /// The message without another one.
  func without(_ other: Message) -> Message {
    Message(precision: precision - other.precision, shift: shift - other.shift)
  }
}

/// Equal votes, which share their messages.
private struct Outcome {
  let winner: Int
  let loser: Int
  let votes: Double
  private var toWinner = Message()
  private var toLoser = Message()

  init(winner: Int, loser: Int, votes: Double) {
    self.winner = winner
    self.loser = loser
    self.votes = votes
  }

  /// Renews both messages from the beliefs without them; answers how far the messages were from new.
  mutating func update(_ beliefs: inout [Message]) -> Double {
    let up = beliefs[winner].without(toWinner)
    let down = beliefs[loser].without(toLoser)
    let variance = 1 + 1 / up.precision + 1 / down.precision
    let root = variance.squareRoot()
    let (psi, lambda, complement) = StandardNormal.truncation((up.mean - down.mean) / root)
    guard lambda > 0 else { return 0 }
    // About the difference of the performances: variance v(1 − λ)/λ, mean d + √v·ψ/λ; nothing cancels.
    let noise = variance * complement / lambda
    let centre = up.mean - down.mean + root * psi / lambda
    let newUp = 1 / (1 + noise + 1 / down.precision)
    let newDown = 1 / (1 + noise + 1 / up.precision)
    let change = max(
      renew(
        &toWinner, Message(precision: newUp, shift: newUp * (centre + down.mean)),
        &beliefs[winner]),
      renew(
        &toLoser, Message(precision: newDown, shift: newDown * (up.mean - centre)),
        &beliefs[loser]))
    return change
  }

  /// Moves a message towards its new value: half way, less where many votes move together.
  private func renew(_ message: inout Message, _ new: Message, _ belief: inout Message) -> Double {
    let step = 0.5 / votes.squareRoot()
    let difference = new.without(message)
    message.precision += step * difference.precision
    message.shift += step * difference.shift
    belief.precision += votes * step * difference.precision
    belief.shift += votes * step * difference.shift
    return max(abs(difference.precision), abs(difference.shift))
  }
}

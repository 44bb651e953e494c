public import Domain
import Statistics

/// The scale that ASAP's gains rest on: TrueSkill by expectation propagation with one Gaussian per photo.
///
/// Prior variance ½ per photo and variance 1 of a performance difference. Photos are independent in it, so it knows
/// nothing of correlations; studies are scaled by the Scaling stage, this is a reference for pair selection. Iterated to
/// convergence, where ASAP's public code stops after 4 to 6 rounds.
///
/// Votes may be added to a scale that has settled already: it settles again from where it was.
///
/// Source: Mikhailiuk et al. 2020, arXiv:2004.05691; Herbrich, Minka and Graepel 2006.
struct ASAPScale: Sendable {
  private let count: Int
  private var beliefs: [Message]
  private var outcomes: [Outcome] = []
  /// The place of the outcome in which the row's photo beat the column's; −1 for none.
  private var places: [Int32]

  /// The scale without votes.
  init(photos: Int) {
    count = photos
    beliefs = Array(repeating: Message(precision: 2, shift: 0), count: photos)
    places = Array(repeating: -1, count: photos * photos)
  }

  /// The settled scale of votes; ties count as half a vote for each.
  init(_ comparisons: ComparisonMatrix) {
    self.init(photos: comparisons.count)
    for pair in comparisons.pairs {
      add(winner: pair.first, loser: pair.second, votes: pair.firstWins + pair.ties / 2)
      add(winner: pair.second, loser: pair.first, votes: pair.secondWins + pair.ties / 2)
    }
    settle(tolerance: 1e-11, rounds: 3_000)
  }

  /// The qualities in JOD, one per photo.
  var means: [Double] { beliefs.map { $0.mean * JOD.differenceSigma } }

  /// Their variances in JOD², one per photo.
  var variances: [Double] {
    beliefs.map { JOD.differenceSigma * JOD.differenceSigma / $0.precision }
  }

  /// Adds votes of one outcome.
  mutating func add(winner: Int, loser: Int, votes: Double) {
    guard votes > 0 else { return }
    let place = Int(places[winner * count + loser])
    guard place >= 0 else {
      places[winner * count + loser] = Int32(outcomes.count)
      outcomes.append(Outcome(winner: winner, loser: loser, votes: votes))
      return
    }
    outcomes[place].add(votes, to: &beliefs)
  }

  /// Passes messages until none changes by more than a tolerance.
  mutating func settle(tolerance: Double, rounds: Int) {
    for _ in 0..<rounds {
      var change = 0.0
      for k in outcomes.indices { change = max(change, outcomes[k].update(&beliefs)) }
      if change < tolerance { return }
    }
  }
}

/// A Gaussian in natural parameters.
private struct Message {
  /// One over the variance.
  var precision = 0.0
  /// The mean times the precision.
  var shift = 0.0

  var mean: Double { shift / precision }

  /// Multiplies in equal messages.
  mutating func add(_ message: Message, times: Double) {
    precision += times * message.precision
    shift += times * message.shift
  }

  /// The message without another one.
  func without(_ other: Message) -> Message {
    Message(precision: precision - other.precision, shift: shift - other.shift)
  }
}

/// Equal votes, which share their messages.
private struct Outcome {
  let winner: Int
  let loser: Int
  private(set) var votes: Double
  private var toWinner = Message()
  private var toLoser = Message()

  init(winner: Int, loser: Int, votes: Double) {
    self.winner = winner
    self.loser = loser
    self.votes = votes
  }

  /// Adds equal votes, which bring their messages along.
  mutating func add(_ more: Double, to beliefs: inout [Message]) {
    votes += more
    beliefs[winner].add(toWinner, times: more)
    beliefs[loser].add(toLoser, times: more)
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

/// The settled ``ASAPScale`` of votes.
///
/// - Parameter comparisons: The votes; ties count as half a vote for each.
/// - Returns: Means in JOD and variances in JOD², one per photo.
public func asapScale(
  _ comparisons: ComparisonMatrix
) -> (means: [Double], variances: [Double]) {
  let scale = ASAPScale(comparisons)
  return (scale.means, scale.variances)
}

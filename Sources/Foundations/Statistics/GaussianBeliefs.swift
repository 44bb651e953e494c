/// What votes say of each item's position, one Gaussian per item, by expectation propagation:
/// TrueSkill.
///
/// The prior has mean 0 and variance ½ for each item, and the difference of two performances has
/// variance 1, as in ASAP. Items are independent in it. Equal votes share their messages, which
/// enter with their number; votes may be added to beliefs that have settled already.
///
/// Source: Herbrich, Minka and Graepel 2006; Mikhailiuk et al. 2020, arXiv:2004.05691.
public struct GaussianBeliefs: Sendable {
  /// One over the variance of an item's prior.
  public static let priorPrecision = 2.0

  private var beliefs: [Message]
  private var outcomes: [Outcome] = []
  /// The place of the outcome in which one item beat another.
  private var places: [Pair: Int] = [:]

  private struct Pair: Hashable {
    let winner: Int32
    let loser: Int32
  }

  /// The beliefs without votes.
  public init(items: Int) {
    beliefs = Array(
      repeating: Message(precision: Self.priorPrecision, shift: 0), count: items)
  }

  /// The means, in standard deviations of a performance difference.
  public var means: [Double] { beliefs.map(\.mean) }

  /// The variances, in the same unit squared.
  public var variances: [Double] { beliefs.map { 1 / $0.precision } }

  /// Adds votes of one outcome; a tie is half a vote for each side.
  public mutating func add(winner: Int, loser: Int, votes: Double) {
    guard votes > 0 else { return }
    let pair = Pair(winner: Int32(winner), loser: Int32(loser))
    if let place = places[pair] {
      outcomes[place].add(votes, to: &beliefs)
    } else {
      places[pair] = outcomes.count
      outcomes.append(Outcome(winner: winner, loser: loser, votes: votes))
    }
  }

  /// Passes messages until none changes by more than a tolerance.
  ///
  /// - Returns: The rounds that it took; nil when the messages still moved after the last.
  @discardableResult
  public mutating func settle(tolerance: Double, rounds: Int) -> Int? {
    for round in 0..<rounds {
      var change = 0.0
      for k in outcomes.indices { change = max(change, outcomes[k].update(&beliefs)) }
      if change < tolerance { return round + 1 }
    }
    return nil
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

  /// Renews both messages from the beliefs without them; returns how far the messages were from
  /// new.
  mutating func update(_ beliefs: inout [Message]) -> Double {
    let up = beliefs[winner].without(toWinner)
    let down = beliefs[loser].without(toLoser)
    let variance = 1 + 1 / up.precision + 1 / down.precision
    let root = variance.squareRoot()
    let (psi, lambda, complement) = StandardNormal.truncation((up.mean - down.mean) / root)
    guard lambda > 0 else { return 0 }
    // About the difference of the performances: variance v(1 − λ)/λ, mean d + √v·ψ/λ; nothing
    // cancels.
    let noise = variance * complement / lambda
    let center = up.mean - down.mean + root * psi / lambda
    let newUp = 1 / (1 + noise + 1 / down.precision)
    let newDown = 1 / (1 + noise + 1 / up.precision)
    let upShift = newUp * (center + down.mean)
    let downShift = newDown * (up.mean - center)
    guard upShift.isFinite, downShift.isFinite else { return 0 }
    return max(
      renew(&toWinner, Message(precision: newUp, shift: upShift), &beliefs[winner]),
      renew(&toLoser, Message(precision: newDown, shift: downShift), &beliefs[loser]))
  }

  /// Moves a message towards its new value: half way, less where many votes move together.
  private func renew(_ message: inout Message, _ new: Message, _ belief: inout Message) -> Double {
    let step = 0.5 / max(1, votes).squareRoot()
    let difference = new.without(message)
    message.precision += step * difference.precision
    message.shift += step * difference.shift
    belief.precision += votes * step * difference.precision
    belief.shift += votes * step * difference.shift
    return max(abs(difference.precision), abs(difference.shift))
  }
}

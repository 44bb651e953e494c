public import Domain
import Glibc
import Statistics

/// What one observer's answers say about the observer, judged by the scale of all the others.
public struct ObserverStatistics: Hashable, Sendable, Codable {
  /// A count of answers with what the model expects.
  public struct Share: Hashable, Sendable, Codable {
    /// How many answers the share is of.
    public let answers: Int
    /// The share found, 0…1; 0 without answers.
    public let found: Double
    /// The share that the model expects, 0…1.
    public let expected: Double
    /// The probability of a share at least as far from the expected one, in the direction that
    /// matters.
    public let pValue: Double
  }

  /// The observer.
  public let observer: ObserverID
  /// The number of judgements.
  public let judgements: Int
  /// The mean over the compared pairs of log₁₀ of the binomial probability of the observer's
  /// answers (pwcmp's measure).
  public let logLikelihood: Double
  /// How far below the lower quartile of all observers that lies, in quartile ranges; 0 above it.
  public let distance: Double
  /// Answers in the order of the others' scale.
  public let agreement: Share
  /// Pairs judged again with the same answer; nil when no pair was.
  public let repeatAgreement: Share?
  /// Choices of photo A.
  public let sideA: Share
  /// The share of answers given blindly, by maximum likelihood.
  public let lapseRate: Double
  /// Its standard error; 0 where it is unknown.
  public let lapseStandardError: Double
  /// The probability of answers that look at least so blind from an observer who never lapses.
  public let lapsePValue: Double
  /// The median time to an answer, if times were measured.
  public let medianMilliseconds: Double?
  /// The share of answers faster than the limit, if times were measured.
  public let fastShare: Double?
}

/// One answer with what the scale of the others says about it.
struct PredictedVote {
  let pair: PhotoPair
  let scene: Int
  let choice: Choice
  let firstIsA: Bool
  let milliseconds: Double?
  /// The probability that the first photo of the pair is chosen, the scale's own uncertainty
  /// included.
  let firstWins: Double

  /// Whether the first photo was chosen; nil for a tie.
  var firstChosen: Bool? {
    choice == .tie ? nil : (choice == .a) == firstIsA
  }
}

extension ObserverStatistics {
  /// Judges an observer by predicted votes; the distance is filled in when all observers are known.
  init(observer: ObserverID, votes: [PredictedVote], fastMilliseconds: Double) {
    self.observer = observer
    judgements = votes.count
    logLikelihood = Self.logLikelihood(votes)
    distance = 0
    agreement = Self.agreement(votes)
    repeatAgreement = Self.repeats(votes)
    sideA = Self.side(votes)
    let lapse = LapseEstimate(votes)
    lapseRate = lapse.rate
    lapseStandardError = lapse.standardError
    lapsePValue = lapse.pValue
    let times = votes.compactMap(\.milliseconds)
    medianMilliseconds = times.isEmpty ? nil : Descriptive.median(times)
    fastShare =
      times.isEmpty
      ? nil : Double(times.count { $0 < fastMilliseconds }) / Double(times.count)
  }

  /// The same statistics with the distance.
  func with(distance: Double) -> Self {
    Self(
      observer: observer, judgements: judgements, logLikelihood: logLikelihood,
      distance: distance, agreement: agreement, repeatAgreement: repeatAgreement, sideA: sideA,
      lapseRate: lapseRate, lapseStandardError: lapseStandardError, lapsePValue: lapsePValue,
      medianMilliseconds: medianMilliseconds, fastShare: fastShare)
  }

  /// Mean log₁₀ binomial probability over the observer's pairs, ties left out.
  private static func logLikelihood(_ votes: [PredictedVote]) -> Double {
    struct Key: Hashable {
      let scene: Int
      let pair: PhotoPair
    }
    var counts: [Key: (wins: Int, losses: Int, chance: Double)] = [:]
    for vote in votes {
      guard let chosen = vote.firstChosen else { continue }
      let key = Key(scene: vote.scene, pair: vote.pair)
      var entry = counts[key] ?? (0, 0, vote.firstWins)
      if chosen { entry.wins += 1 } else { entry.losses += 1 }
      counts[key] = entry
    }
    guard !counts.isEmpty else { return 0 }
    // Summed in a fixed order, so that the last digits are the same in every run.
    let keys = counts.keys.sorted { ($0.scene, $0.pair) < ($1.scene, $1.pair) }
    var sum = 0.0
    for key in keys {
      guard let (wins, losses, chance) = counts[key] else { continue }
      let p = min(max(chance, 1e-300), 1 - 1e-16)
      let ways =
        lgamma(Double(wins + losses + 1)) - lgamma(Double(wins + 1))
        - lgamma(Double(losses + 1))
      sum += (ways + Double(wins) * log(p) + Double(losses) * log1p(-p)) / log(10)
    }
    return sum / Double(counts.count)
  }

  private static func agreement(_ votes: [PredictedVote]) -> Share {
    share(
      votes.compactMap { vote in
        vote.firstChosen.map {
          ($0 == (vote.firstWins >= 0.5), max(vote.firstWins, 1 - vote.firstWins))
        }
      }, twoSided: false)
  }

  private static func side(_ votes: [PredictedVote]) -> Share {
    share(
      votes.compactMap { vote in
        vote.choice == .tie
          ? nil
          : (vote.choice == .a, vote.firstIsA ? vote.firstWins : 1 - vote.firstWins)
      }, twoSided: true)
  }

  /// Each judgement of a pair against the one before it.
  private static func repeats(_ votes: [PredictedVote]) -> Share? {
    struct Key: Hashable {
      let scene: Int
      let pair: PhotoPair
    }
    var last: [Key: Bool] = [:]
    var outcomes: [(Bool, Double)] = []
    for vote in votes {
      guard let chosen = vote.firstChosen else { continue }
      let key = Key(scene: vote.scene, pair: vote.pair)
      if let before = last.updateValue(chosen, forKey: key) {
        let p = vote.firstWins
        outcomes.append((before == chosen, p * p + (1 - p) * (1 - p)))
      }
    }
    return outcomes.isEmpty ? nil : share(outcomes, twoSided: false)
  }

  /// Compares a count with the sum of its probabilities; below only, or on both sides.
  private static func share(_ outcomes: [(happened: Bool, chance: Double)], twoSided: Bool) -> Share
  {
    guard !outcomes.isEmpty else { return Share(answers: 0, found: 0, expected: 0, pValue: 1) }
    let n = Double(outcomes.count)
    let found = Double(outcomes.count { $0.happened })
    let expected = outcomes.reduce(0) { $0 + $1.chance }
    let variance = outcomes.reduce(0) { $0 + $1.chance * (1 - $1.chance) }
    var p = 1.0
    if variance > 0 {
      // Normal with the continuity correction; the votes have different chances, so no single
      // binomial fits.
      let excess = found - expected
      let z = max(0, abs(excess) - 0.5) / variance.squareRoot()
      p = twoSided ? 2 * StandardNormal.cdf(-z) : excess < 0 ? StandardNormal.cdf(-z) : 1
    }
    return Share(
      answers: outcomes.count, found: found / n, expected: expected / n, pValue: min(1, p))
  }
}

/// The share ε of blind answers: each answer has probability `(1 − ε)·p + ε/2`.
struct LapseEstimate {
  let rate: Double
  let standardError: Double
  let pValue: Double

  /// Maximises the likelihood, which is concave in ε; the test is the likelihood ratio at the
  /// boundary.
  init(_ votes: [PredictedVote]) {
    let chances = votes.compactMap { vote in
      vote.firstChosen.map { $0 ? vote.firstWins : 1 - vote.firstWins }
    }
    func slope(_ rate: Double) -> Double {
      chances.reduce(0) { $0 + (0.5 - $1) / max((1 - rate) * $1 + rate / 2, 1e-300) }
    }
    func logLikelihood(_ rate: Double) -> Double {
      chances.reduce(0) { $0 + log(max((1 - rate) * $1 + rate / 2, 1e-300)) }
    }
    guard !chances.isEmpty, slope(0) > 0 else {
      rate = 0
      standardError = 0
      pValue = 1
      return
    }
    var (low, high) = (0.0, 1.0)
    if slope(1) < 0 {
      for _ in 0..<60 {
        let middle = (low + high) / 2
        if slope(middle) > 0 { low = middle } else { high = middle }
      }
    } else {
      low = 1
    }
    let best = (low + high) / 2
    let curvature = chances.reduce(0) { sum, chance in
      let term = (0.5 - chance) / max((1 - best) * chance + best / 2, 1e-300)
      return sum + term * term
    }
    rate = best
    standardError = curvature > 0 ? 1 / curvature.squareRoot() : 0
    // Half of the statistic's mass is at 0, because the rate can't be negative.
    let statistic = max(0, 2 * (logLikelihood(best) - logLikelihood(0)))
    pValue = StandardNormal.cdf(-statistic.squareRoot())
  }
}

import Glibc
import Statistics

/// Votes with what a scale under Thurstone's Case V says about each.
struct ScoredVotes: Sendable {
  /// Who judged what.
  let layout: VoteLayout
  /// 1 where A was chosen, 0 where B was, ½ for neither.
  let results: [Double]
  /// How much better A is than B by the scale, in units of the link.
  let distance: [Double]
  /// The chance that A is chosen.
  let chance: [Double]
  /// The derivative of the answer's log-probability by the distance.
  let score: [Double]
  /// The expected information of the answer about the distance: the variance of ``score``.
  let information: [Double]
  /// The logarithm of the answer's probability.
  let logProbability: [Double]

  /// Scores votes by positions in JOD.
  init(_ layout: VoteLayout, results: [Double], positions: [Double]) {
    // The link depends on the pair alone, and pairs are fewer than votes.
    let pairs = layout.first.indices.map { pair in
      Pair(
        (positions[Int(layout.first[pair])] - positions[Int(layout.second[pair])])
          * ThurstoneLink.unitsPerJOD)
    }
    var distance: [Double] = []
    var chance = distance
    var score = distance
    var information = distance
    var logProbability = distance
    distance.reserveCapacity(layout.count)
    chance.reserveCapacity(layout.count)
    score.reserveCapacity(layout.count)
    information.reserveCapacity(layout.count)
    logProbability.reserveCapacity(layout.count)
    for vote in 0..<layout.count {
      let pair = pairs[layout.pair[vote]]
      let firstIsA = layout.a[vote] < layout.b[vote]
      let result = firstIsA ? results[vote] : 1 - results[vote]
      let slope = result * pair.up - (1 - result) * pair.down
      distance.append(firstIsA ? pair.x : -pair.x)
      chance.append(firstIsA ? pair.chance : 1 - pair.chance)
      score.append(firstIsA ? slope : -slope)
      information.append(pair.up * pair.down)
      logProbability.append(
        result == 1
          ? pair.logChance
          : result == 0
            ? pair.logRest : result * pair.logChance + (1 - result) * pair.logRest)
    }
    (self.layout, self.results, self.distance) = (layout, results, distance)
    (self.chance, self.score, self.information) = (chance, score, information)
    self.logProbability = logProbability
  }

  /// The link at one pair, in favor of its first photo.
  private struct Pair {
    let x: Double
    let up: Double
    let down: Double
    let chance: Double
    let logChance: Double
    let logRest: Double

    init(_ x: Double) {
      self.x = x
      (up, down) = (ThurstoneLink.slopes(x).psi, ThurstoneLink.slopes(-x).psi)
      chance = StandardNormal.cdf(x)
      (logChance, logRest) = (StandardNormal.logCdf(x), StandardNormal.logCdf(-x))
    }
  }

  /// The probability of a vote's answer, right however small it is; ½ for neither.
  func probability(_ vote: Int) -> Double {
    results[vote] == 0.5 ? 0.5 : exp(logProbability[vote])
  }

  /// What a vote's score says about a photo of its pair: positive when the photo did better than
  /// expected.
  func score(_ vote: Int, of photo: Int) -> Double {
    layout.a[vote] == photo ? score[vote] : -score[vote]
  }

  /// The deviance −2·Σ ln P of some votes.
  func deviance(_ votes: [Int]) -> Double {
    votes.reduce(0) { $0 - 2 * logProbability[$1] }
  }

  /// The mean squares of some votes' residuals, 1 as expected.
  ///
  /// `outfit` is the mean of the squared standardized residuals, `infit` the sum of squared
  /// residuals over the sum of their variances (Wright and Masters 1982).
  func meanSquares(_ votes: [Int]) -> (outfit: Double, infit: Double) {
    var (outfit, squares, variances) = (0.0, 0.0, 0.0)
    for vote in votes {
      // No answer counts as rarer than 1 in 10,000, or a single one would be the whole mean.
      let chance = min(max(chance[vote], 1e-4), 1 - 1e-4)
      let (square, variance) = (
        (results[vote] - chance) * (results[vote] - chance), chance * (1 - chance)
      )
      outfit += square / variance
      squares += square
      variances += variance
    }
    guard !votes.isEmpty else { return (1, 1) }
    return (outfit / Double(votes.count), squares / variances)
  }
}

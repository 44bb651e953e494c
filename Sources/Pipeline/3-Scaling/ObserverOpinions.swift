public import Domain
import Statistics

/// How far observers' own opinions of photos lie apart.
///
/// The observed information takes all votes as independent. Votes of one observer are not when the
/// observer holds an opinion of each photo of his or her own, normal around the common one with a
/// variance `s²`: with `A` an observer's share of the information and `C` the covariance of the
/// scale, the scores `g` of an observer's votes then have the covariance `A + s²·A·A`. `s²` is
/// estimated by the method of moments from `Σ gᵀ·C·g`, whose expectation without opinions is
/// `Σ tr(C·A) − Σ tr(C·A·C·A)`.
///
/// One number for the whole scene, so that few observers do not make it wild; 0 where votes look
/// independent.
public struct ObserverOpinions: Sendable {
  /// The variance of opinions, in squared JOD.
  public let variance: Double
  /// Their standard deviation, in JOD.
  public var deviation: Double { variance.squareRoot() }

  /// Estimates the spread from the votes of a scene and their scale.
  public init(_ judgements: SceneJudgements, fit: ScaleFit, model: ScalingModel) {
    let n = fit.jod.count
    let none = [Double](repeating: 0, count: n * n)
    guard judgements.observers.count > 1 else {
      variance = 0
      return
    }
    var byObserver = [[SceneJudgements.Vote]](
      repeating: [], count: judgements.observers.count)
    for vote in judgements.votes where vote.a != vote.b { byObserver[vote.observer].append(vote) }
    let slopes = observerSlopes(judgements, fit: fit, model: model)
    var (found, expected, perUnit) = (0.0, 0.0, 0.0)
    var squares = none
    for (observer, votes) in byObserver.enumerated() where !votes.isEmpty {
      let weights = Self.weights(votes, fit: fit, model: model)
      var product = none  // A·C
      for entry in weights {
        let (i, j, weight) = (entry.first, entry.second, entry.weight)
        for k in 0..<n {
          let value = weight * (fit.covariance[i * n + k] - fit.covariance[j * n + k])
          product[i * n + k] += value
          product[j * n + k] -= value
        }
      }
      for i in 0..<n {
        expected += product[i * n + i]
        for j in 0..<n {
          expected -= product[i * n + j] * product[j * n + i]
          found += slopes[observer][i] * fit.covariance[i * n + j] * slopes[observer][j]
        }
      }
      Self.addSquare(of: weights, to: &squares, count: n)
    }
    for place in squares.indices { perUnit += squares[place] * fit.covariance[place] }
    variance = perUnit > 0 ? max(0, (found - expected) / perUnit) : 0
  }

  private struct Weight {
    let first: Int
    let second: Int
    let weight: Double
  }

  /// The share of the information of an observer's votes, one entry for each: the expected
  /// information, since the observed one would count an observer's surprises twice.
  private static func weights(
    _ votes: [SceneJudgements.Vote], fit: ScaleFit, model: ScalingModel
  ) -> [Weight] {
    let logistic = model == .bradleyTerry
    let unit = logistic ? LogisticLink.unitsPerJOD : ThurstoneLink.unitsPerJOD
    return votes.map { vote in
      let x = (fit.jod[vote.a] - fit.jod[vote.b]) * unit
      let (up, down) =
        logistic
        ? (LogisticLink.slopes(x).psi, LogisticLink.slopes(-x).psi)
        : (ThurstoneLink.slopes(x).psi, ThurstoneLink.slopes(-x).psi)
      return Weight(first: vote.a, second: vote.b, weight: up * down * unit * unit)
    }
  }

  /// Adds `A·A` of an observer's information `A`, given by its pairs.
  private static func addSquare(of weights: [Weight], to squares: inout [Double], count n: Int) {
    var rows: [Int: [Int: Double]] = [:]
    for entry in weights {
      rows[entry.first, default: [:]][entry.first, default: 0] += entry.weight
      rows[entry.second, default: [:]][entry.second, default: 0] += entry.weight
      rows[entry.first, default: [:]][entry.second, default: 0] -= entry.weight
      rows[entry.second, default: [:]][entry.first, default: 0] -= entry.weight
    }
    // A is symmetric: column k of the product is the sum of the rows weighted by row k.
    for (i, row) in rows {
      for (k, left) in row {
        for (j, right) in rows[k] ?? [:] { squares[i * n + j] += left * right }
      }
    }
  }
}

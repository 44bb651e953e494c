import Domain
import Statistics

/// How far observers' own opinions of photos lie apart.
///
/// The observed information takes all votes as independent. Votes of one observer are not when the observer holds an
/// opinion of each photo of his or her own, normal around the common one with a variance `s²`: with `A` an observer's
/// share of the information and `C` the covariance of the scale, the scores `g` of an observer's votes then have the
/// covariance `A + s²·A·A`. `s²` is estimated by the method of moments from `Σ gᵀ·C·g`, whose expectation without
/// opinions is `Σ tr(C·A) − Σ tr(C·A·C·A)`.
///
/// One number for the whole scene, so that few observers do not make it wild; 0 where votes look independent.
struct ObserverOpinions: Sendable {
  /// The variance of opinions, in squared JOD.
  let variance: Double
  /// Their standard deviation, in JOD.
  var deviation: Double { variance.squareRoot() }

  init(_ judgements: SceneJudgements, fit: ScaleFit, model: ScalingModel) {
    self =
      model == .bradleyTerry
      ? Self(judgements, fit: fit, link: LogisticLink.self)
      : Self(judgements, fit: fit, link: ThurstoneLink.self)
  }

  private init<Link: PreferenceLink>(
    _ judgements: SceneJudgements, fit: ScaleFit, link: Link.Type
  ) {
    let n = fit.jod.count
    let none = [Double](repeating: 0, count: n * n)
    guard judgements.observers.count > 1 else {
      variance = 0
      return
    }
    var byObserver = [[SceneJudgements.Vote]](
      repeating: [], count: judgements.observers.count)
    for vote in judgements.votes where vote.a != vote.b { byObserver[vote.observer].append(vote) }
    var (found, expected, perUnit) = (0.0, 0.0, 0.0)
    var squares = none
    for votes in byObserver where !votes.isEmpty {
      let part = Self.part(votes, fit: fit, link: link)
      var product = none  // A·C
      for entry in part.weights {
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
          found += part.gradient[i] * fit.covariance[i * n + j] * part.gradient[j]
        }
      }
      Self.addSquare(of: part.weights, to: &squares, count: n)
    }
    for place in squares.indices { perUnit += squares[place] * fit.covariance[place] }
    variance = perUnit > 0 ? max(0, (found - expected) / perUnit) : 0
  }

  private struct Weight {
    let first: Int
    let second: Int
    let weight: Double
  }

  /// The gradient of an observer's votes and their share of the information, one entry for each pair.
  private static func part<Link: PreferenceLink>(
    _ votes: [SceneJudgements.Vote], fit: ScaleFit, link: Link.Type
  ) -> (gradient: [Double], weights: [Weight]) {
    var gradient = [Double](repeating: 0, count: fit.jod.count)
    let unit = Link.unitsPerJOD
    let weights = votes.map { vote in
      let x = (fit.jod[vote.a] - fit.jod[vote.b]) * unit
      let (up, down) = (Link.slopes(x), Link.slopes(-x))
      let share: (Double, Double) =
        switch vote.choice {
        case .a: (1, 0)
        case .b: (0, 1)
        case .tie: (0.5, 0.5)
        }
      let slope = (share.0 * up.psi - share.1 * down.psi) * unit
      gradient[vote.a] += slope
      gradient[vote.b] -= slope
      // The expected information: the observed one would count an observer's surprises twice.
      return Weight(
        first: vote.a, second: vote.b, weight: up.psi * down.psi * unit * unit)
    }
    return (gradient, weights)
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

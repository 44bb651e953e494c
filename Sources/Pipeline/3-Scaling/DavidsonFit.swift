import Domain
import Glibc
import Statistics

/// Bradley and Terry's model with ties as a third answer.
///
/// With x the distance in logits, the chances are e^{x/2}, e^{−x/2} and ν, divided by their sum; ν is estimated along with
/// the positions. Of the observers who decide, 75 % choose the better photo at 1 JOD.
///
/// Source: Davidson 1970, doi:10.1080/01621459.1970.10481082.
struct DavidsonFit {
  let pairs: PairCounts
  /// The inverse of the prior variance of the positions, in 1/JOD²; 0 without a prior.
  let ridge: Double

  private struct Slopes {
    var value = 0.0
    var gradient: [Double]
    var information: [Double]
  }

  /// The log-likelihood, and its slopes in the positions (JOD) and, last, in ln ν.
  private func slopes(_ position: [Double], curved: Bool) -> Slopes {
    let n = pairs.count
    let size = n + 1
    let unit = LogisticLink.unitsPerJOD
    var result = Slopes(
      gradient: Array(repeating: 0, count: size),
      information: Array(repeating: 0, count: curved ? size * size : 0))
    let logTie = position[n]
    for pair in 0..<pairs.pairs {
      let (i, j) = (Int(pairs.first[pair]), Int(pairs.second[pair]))
      let x = (position[i] - position[j]) * unit
      let (k, l, t) = (pairs.wins[pair], pairs.losses[pair], pairs.ties[pair])
      let largest = max(abs(x) / 2, logTie)
      let weights = [exp(x / 2 - largest), exp(-x / 2 - largest), exp(logTie - largest)]
      let sum = weights[0] + weights[1] + weights[2]
      let total = k + l + t
      result.value += (k - l) * x / 2 + t * logTie - total * (largest + log(sum))
      let (win, loss, tie) = (weights[0] / sum, weights[1] / sum, weights[2] / sum)
      let slope = ((k - l) / 2 - total * (win - loss) / 2) * unit
      result.gradient[i] += slope
      result.gradient[j] -= slope
      result.gradient[n] += t - total * tie
      guard curved else { continue }
      // The information of one answer is the covariance of its sufficient statistics: ±½ or 0, and «tie».
      let spread = (win + loss - (win - loss) * (win - loss)) / 4 * total * unit * unit
      let mixed = -(win - loss) * tie / 2 * total * unit
      result.information[i * size + i] += spread
      result.information[j * size + j] += spread
      result.information[i * size + j] -= spread
      result.information[j * size + i] -= spread
      for (photo, sign) in [(i, 1.0), (j, -1.0)] {
        result.information[photo * size + n] += sign * mixed
        result.information[n * size + photo] += sign * mixed
      }
      result.information[n * size + n] += tie * (1 - tie) * total
    }
    if onlyTies { addPseudoAnswer(to: &result, logTie: logTie) }
    for i in 0..<n {
      result.value -= 0.5 * ridge * position[i] * position[i]
      result.gradient[i] -= ridge * position[i]
    }
    guard curved else { return result }
    for i in 0..<n {
      if ridge > 0 {
        result.information[i * size + i] += ridge
      } else {
        for j in 0..<n { result.information[i * size + j] += 1 / Double(n) }
      }
    }
    // Without any tie the best ν is 0; half a pseudo-answer keeps ln ν finite and far below every real one.
    result.information[n * size + n] += 1e-6
    return result
  }

  /// Whether nobody decided, so that the most likely ν is infinite and the answers tell nothing about distances.
  private var onlyTies: Bool {
    pairs.wins.allSatisfy { $0 == 0 } && pairs.losses.allSatisfy { $0 == 0 }
  }

  /// Half of one decided answer between equal photos, shared by both sides: it keeps ν finite.
  private func addPseudoAnswer(to slopes: inout Slopes, logTie: Double) {
    let weight = 0.5
    let tie = exp(logTie) / (2 + exp(logTie))
    slopes.value += weight * log(1 - tie)
    slopes.gradient[pairs.count] -= weight * tie
    guard !slopes.information.isEmpty else { return }
    slopes.information[slopes.information.count - 1] += weight * tie * (1 - tie)
  }

  /// The maximum; without any tie in the data this is Bradley and Terry's model.
  func maximum(from start: [Double]? = nil) throws -> ScaleFit {
    let n = pairs.count
    guard pairs.ties.contains(where: { $0 > 0 }) else {
      return try LikelihoodFit<LogisticLink>(pairs: pairs, ridge: ridge).maximum(from: start)
    }
    var position = (start ?? Array(repeating: 0, count: n)) + [0]
    var current = slopes(position, curved: true)
    let limit = 200
    for iteration in 1...limit {
      guard let factor = Cholesky(current.information, count: n + 1) else { break }
      let step = factor.solve(current.gradient)
      let gain = zip(current.gradient, step).reduce(0) { $0 + $1.0 * $1.1 }
      let length = step.reduce(0) { max($0, abs($1)) }
      var fraction = 1.0
      var next = position
      repeat {
        next = position.indices.map { position[$0] + fraction * step[$0] }
        let value = slopes(next, curved: false).value
        if value >= current.value + 1e-4 * fraction * gain || gain < 1e-9 { break }
        fraction /= 2
      } while fraction > 1e-10
      position = next
      current = slopes(position, curved: true)
      guard length * fraction < 1e-7 else { continue }
      guard let factor = Cholesky(current.information, count: n + 1) else { break }
      let inverse = factor.inverse()
      let covariance = (0..<n).flatMap { i in inverse[(i * (n + 1))..<(i * (n + 1) + n)] }
      let prior = 0.5 * ridge * position.dropLast().reduce(0) { $0 + $1 * $1 }
      let pseudo = onlyTies ? 0.5 * log(2 / (2 + exp(position[n]))) : 0
      return ScaleFit(
        centering: Array(position.dropLast()), covariance: covariance,
        logLikelihood: current.value + prior - pseudo, iterations: iteration,
        tieParameter: exp(position[n]))
    }
    throw ScalingError.notConverged(iterations: limit)
  }
}

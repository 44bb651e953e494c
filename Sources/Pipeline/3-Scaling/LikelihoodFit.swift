import Statistics

/// Maximum likelihood, or the mode under a Gaussian prior, of a model with one position for each
/// photo.
///
/// Damped Newton on the exact log-likelihood, its gradient and its Hessian; the objective is
/// concave, so the maximum is the only one.
struct LikelihoodFit<Link: PreferenceLink> {
  let pairs: PairCounts
  /// The inverse of the prior variance, in 1/JOD²; 0 without a prior.
  let ridge: Double

  /// The log-likelihood at positions in JOD.
  func logLikelihood(_ q: [Double]) -> Double {
    var sum = 0.0
    for pair in 0..<pairs.pairs {
      let x = distance(pair, q)
      if pairs.wins[pair] > 0 { sum += pairs.wins[pair] * Link.logProbability(x) }
      if pairs.losses[pair] > 0 { sum += pairs.losses[pair] * Link.logProbability(-x) }
    }
    return sum
  }

  /// The log-likelihood's gradient, and its negative Hessian's weight of each pair, both per JOD.
  func slopes(_ q: [Double]) -> (gradient: [Double], weights: [Double]) {
    var gradient = [Double](repeating: 0, count: pairs.count)
    var weights = [Double](repeating: 0, count: pairs.pairs)
    let unit = Link.unitsPerJOD
    for pair in 0..<pairs.pairs {
      let x = distance(pair, q)
      let better = Link.slopes(x)
      let worse = Link.slopes(-x)
      let (k, l) = (pairs.wins[pair], pairs.losses[pair])
      let slope = (k * better.psi - l * worse.psi) * unit
      weights[pair] = (k * better.lambda + l * worse.lambda) * unit * unit
      gradient[Int(pairs.first[pair])] += slope
      gradient[Int(pairs.second[pair])] -= slope
    }
    return (gradient, weights)
  }

  /// The negative Hessian of the log-likelihood with the prior, row-major.
  ///
  /// Without a prior, the direction in which all photos move together, about which comparisons
  /// carry no information, gets the average weight of the others, so that the matrix can be
  /// factored; it does not touch differences.
  func information(weights: [Double]) -> [Double] {
    let n = pairs.count
    var matrix = [Double](repeating: 0, count: n * n)
    add(weights, to: &matrix)
    if ridge > 0 {
      for i in 0..<n { matrix[i * n + i] += ridge }
    } else {
      let mean = weights.reduce(0, +) * 2 / Double(n * n)
      for place in matrix.indices { matrix[place] += mean / Double(n) }
    }
    return matrix
  }

  /// Adds the negative Hessian of the votes to a matrix of all photos.
  func add(_ weights: [Double], to matrix: inout [Double]) {
    let n = pairs.count
    for pair in 0..<pairs.pairs {
      let (i, j) = (Int(pairs.first[pair]), Int(pairs.second[pair]))
      matrix[i * n + i] += weights[pair]
      matrix[j * n + j] += weights[pair]
      matrix[i * n + j] -= weights[pair]
      matrix[j * n + i] -= weights[pair]
    }
  }

  /// Finds the maximum; a near start saves iterations.
  func maximum(from start: [Double]? = nil) throws -> ScaleFit {
    let n = pairs.count
    var q = start ?? Array(repeating: 0, count: n)
    var value = objective(q)
    let limit = 200
    for iteration in 1...limit {
      let (gradient, weights) = slopes(q)
      let slope = q.indices.map { gradient[$0] - ridge * q[$0] }
      guard let factor = Cholesky(information(weights: weights), count: n) else {
        throw ScalingError.notConverged(iterations: iteration)
      }
      let step = factor.solve(slope)
      let gain = zip(slope, step).reduce(0) { $0 + $1.0 * $1.1 }
      let length = step.reduce(0) { max($0, abs($1)) }
      var fraction = 1.0
      var next = q
      var nextValue = value
      repeat {
        next = q.indices.map { q[$0] + fraction * step[$0] }
        nextValue = objective(next)
        // Near the maximum the gain is below the rounding of the objective, where the full step is
        // the right one.
        if nextValue >= value + 1e-4 * fraction * gain || gain < 1e-9 { break }
        fraction /= 2
      } while fraction > 1e-10
      q = next
      value = nextValue
      // Newton's error after this step is about the square of its length.
      if length * fraction < 1e-7 {
        let information = information(weights: slopes(q).weights)
        guard let factor = Cholesky(information, count: n) else { break }
        return ScaleFit(
          centering: q, covariance: factor.inverse(), logLikelihood: logLikelihood(q),
          iterations: iteration)
      }
    }
    throw ScalingError.notConverged(iterations: limit)
  }

  private func distance(_ pair: Int, _ q: [Double]) -> Double {
    (q[Int(pairs.first[pair])] - q[Int(pairs.second[pair])]) * Link.unitsPerJOD
  }

  /// The logarithm of the posterior, up to a constant.
  func objective(_ q: [Double]) -> Double {
    logLikelihood(q) - 0.5 * ridge * q.reduce(0) { $0 + $1 * $1 }
  }
}

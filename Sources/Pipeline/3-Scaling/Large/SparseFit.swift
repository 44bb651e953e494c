import Statistics

/// The maximum of ``LikelihoodFit`` for very many photos: the same objective, without a matrix of all pairs of photos.
///
/// Newton's steps are solved by conjugate gradients, more exactly the nearer the maximum, so that positions agree with the
/// dense fit's to 1e-8 JOD.
struct SparseFit<Link: PreferenceLink> {
  /// The maximum.
  struct Maximum {
    /// The positions, with mean 0.
    let positions: [Double]
    /// The information there, with the prior.
    let information: SparseInformation
  }

  let pairs: PairCounts
  /// The inverse of the prior variance, in 1/JOD²; 0 without a prior.
  let ridge: Double
  private let graph: ComparisonGraph
  private let table = SlopeTable(Link.self)

  init(pairs: PairCounts, ridge: Double) {
    (self.pairs, self.ridge) = (pairs, ridge)
    graph = ComparisonGraph(count: pairs.count, first: pairs.first, second: pairs.second)
  }

  /// Finds the maximum.
  func maximum(isCancelled: () -> Bool) throws -> Maximum {
    var q = [Double](repeating: 0, count: pairs.count)
    var forcing = 0.05
    let limit = 200
    for _ in 1...limit {
      if isCancelled() { throw CancellationError() }
      let (gradient, information) = newton(q)
      // Comparisons and the prior both hold the mean of the maximum at 0; only the solver's error moves it.
      let step = Self.centered(information.solve(gradient, tolerance: forcing))
      let length = step.reduce(0) { max($0, abs($1)) }
      guard length.isFinite else { break }
      let fraction = length > 0.1 ? fraction(of: step, gradient, from: q) : 1
      for i in q.indices { q[i] += fraction * step[i] }
      // What is left is the larger of Newton's error, about length², and of forcing·length.
      if length < 1e-6, forcing <= 1e-5 {
        let positions = Self.centered(q)
        return Maximum(positions: positions, information: newton(positions).information)
      }
      forcing = min(0.05, max(1e-6, 0.01 * length))
    }
    throw ScalingError.notConverged(iterations: limit)
  }

  private static func centered(_ values: [Double]) -> [Double] {
    let mean = values.reduce(0, +) / Double(max(values.count, 1))
    return values.map { $0 - mean }
  }

  /// How much of a long step raises the objective; the objective is concave, so short ones always do.
  private func fraction(of step: [Double], _ gradient: [Double], from q: [Double]) -> Double {
    let value = objective(q)
    let gain = zip(gradient, step).reduce(0) { $0 + $1.0 * $1.1 }
    var fraction = 1.0
    while fraction > 1e-10 {
      let next = q.indices.map { q[$0] + fraction * step[$0] }
      if objective(next) >= value + 1e-4 * fraction * gain { break }
      fraction /= 2
    }
    return fraction
  }

  /// The gradient of the objective and its negative Hessian, both per JOD.
  private func newton(_ q: [Double]) -> (gradient: [Double], information: SparseInformation) {
    var gradient = q.map { -ridge * $0 }
    var weights = [Double](repeating: 0, count: pairs.pairs)
    let unit = Link.unitsPerJOD
    table.withView { table in
      for pair in 0..<pairs.pairs {
        let (i, j) = (Int(pairs.first[pair]), Int(pairs.second[pair]))
        let x = (q[i] - q[j]) * unit
        let (k, l) = (pairs.wins[pair], pairs.losses[pair])
        var (slope, weight) = (0.0, 0.0)
        if k > 0 {
          let (psi, lambda) = table.slopes(x)
          (slope, weight) = (k * psi, k * lambda)
        }
        if l > 0 {
          let (psi, lambda) = table.slopes(-x)
          slope -= l * psi
          weight += l * lambda
        }
        gradient[i] += slope * unit
        gradient[j] -= slope * unit
        weights[pair] = weight * unit * unit
      }
    }
    return (gradient, SparseInformation(graph, weights: weights, ridge: ridge))
  }

  private func objective(_ q: [Double]) -> Double {
    LikelihoodFit<Link>(pairs: pairs, ridge: ridge).objective(q)
  }
}

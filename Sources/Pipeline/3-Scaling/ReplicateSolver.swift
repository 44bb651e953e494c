import Statistics

/// Fits one bootstrap replicate after another: Newton steps from the full study's scale, solved by
/// conjugate gradients.
///
/// A replicate's Hessian is close to the full study's, whose inverse is therefore a preconditioner
/// with which a handful of products with the sparse Hessian replace its factorization.
struct ReplicateSolver {
  /// What all replicates of a study share.
  struct Study: Sendable {
    /// The number of photos.
    let count: Int
    /// The photos of every pair of the full study, ascending by (first, second).
    let first: [Int32]
    let second: [Int32]
    /// The full study's positions in JOD, mean 0.
    let reference: [Double]
    /// The full study's covariance: the inverse of its information, row-major.
    let preconditioner: [Double]
    /// The inverse of the prior variance.
    let ridge: Double
    /// The units of the link per JOD.
    let unit: Double
    /// The link's slopes.
    let table: SlopeTable
  }

  private let study: Study
  private let n: Int
  private var active = 0
  private var first: [Int32]
  private var second: [Int32]
  private var wins: [Double]
  private var losses: [Double]
  private var weights: [Double]
  private var q: [Double]
  private var residual: [Double]
  private var direction: [Double]
  private var conditioned: [Double]
  private var image: [Double]
  private var step: [Double]

  init(_ study: Study) {
    self.study = study
    n = study.count
    first = Array(repeating: 0, count: study.first.count)
    second = first
    wins = Array(repeating: 0, count: study.first.count)
    losses = wins
    weights = wins
    q = Array(repeating: 0, count: study.count)
    residual = q
    direction = q
    conditioned = q
    image = q
    step = q
  }

  /// The positions that fit counts best, in JOD with mean 0; nil when the search does not settle.
  ///
  /// - Parameter counts: Two numbers for each pair of the study: votes for its first and for its
  ///   second photo.
  /// - Returns: nil for a replicate that needs the slower, damped search.
  mutating func solve(_ counts: [Double]) -> [Double]? {
    select(counts)
    q = study.reference
    var forcing = 0.05
    for _ in 0..<40 {
      gradient()
      solveNewtonStep(forcing: forcing)
      var length = 0.0
      for i in 0..<n {
        length = max(length, abs(step[i]))
        q[i] += step[i]
      }
      guard length.isFinite, length < 1e4 else { return nil }
      // What is left is the larger of Newton's error, about length², and of forcing·length.
      if length < 3e-4 && forcing <= 1e-3 || length < 1e-7 {
        let mean = q.reduce(0, +) / Double(n)
        return q.map { $0 - mean }
      }
      forcing = min(0.05, max(1e-4, 0.02 * length))
    }
    return nil
  }

  /// Keeps the pairs that have votes in this replicate.
  private mutating func select(_ counts: [Double]) {
    active = 0
    for pair in 0..<study.first.count {
      let (k, l) = (counts[2 * pair], counts[2 * pair + 1])
      guard k + l > 0 else { continue }
      first[active] = study.first[pair]
      second[active] = study.second[pair]
      wins[active] = k
      losses[active] = l
      active += 1
    }
  }

  /// Sets `residual` to the gradient of the log-posterior, and `weights` to the pairs' weights in
  /// its negative Hessian.
  private mutating func gradient() {
    let unit = study.unit
    let ridge = study.ridge
    let active = active
    study.table.withView { table in
      q.withUnsafeBufferPointer { q in
        residual.withUnsafeMutableBufferPointer { g in
          weights.withUnsafeMutableBufferPointer { weights in
            first.withUnsafeBufferPointer { first in
              second.withUnsafeBufferPointer { second in
                wins.withUnsafeBufferPointer { wins in
                  losses.withUnsafeBufferPointer { losses in
                    for i in g.indices { g[i] = -ridge * q[i] }
                    for pair in 0..<active {
                      let i = Int(first[pair])
                      let j = Int(second[pair])
                      let x = (q[i] - q[j]) * unit
                      let (k, l) = (wins[pair], losses[pair])
                      var slope = 0.0
                      var weight = 0.0
                      if k > 0 {
                        let (psi, lambda) = table.slopes(x)
                        slope = k * psi
                        weight = k * lambda
                      }
                      if l > 0 {
                        let (psi, lambda) = table.slopes(-x)
                        slope -= l * psi
                        weight += l * lambda
                      }
                      g[i] += slope * unit
                      g[j] -= slope * unit
                      weights[pair] = weight * unit * unit
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// Solves Hessian · step = residual to a relative precision in the norm of the preconditioner.
  private mutating func solveNewtonStep(forcing: Double) {
    precondition()
    var energy = 0.0
    for i in 0..<n {
      step[i] = 0
      direction[i] = conditioned[i]
      energy += residual[i] * conditioned[i]
    }
    let target = energy * forcing * forcing
    guard energy > 0 else { return }
    for _ in 0..<(4 * n + 20) {
      multiply()
      var curvature = 0.0
      for i in 0..<n { curvature += direction[i] * image[i] }
      guard curvature > 0 else { return }
      let length = energy / curvature
      for i in 0..<n {
        step[i] += length * direction[i]
        residual[i] -= length * image[i]
      }
      precondition()
      var next = 0.0
      for i in 0..<n { next += residual[i] * conditioned[i] }
      if next <= target { return }
      let share = next / energy
      energy = next
      for i in 0..<n { direction[i] = conditioned[i] + share * direction[i] }
    }
  }

  /// Sets `conditioned` to preconditioner · residual.
  private mutating func precondition() {
    let n = n
    study.preconditioner.withUnsafeBufferPointer { matrix in
      residual.withUnsafeBufferPointer { r in
        conditioned.withUnsafeMutableBufferPointer { z in
          guard let matrix = matrix.baseAddress, let r = r.baseAddress else { return }
          for i in 0..<n { z[i] = VectorMath.dot(matrix + i * n, r, count: n) }
        }
      }
    }
  }

  /// Sets `image` to Hessian · direction.
  private mutating func multiply() {
    let ridge = study.ridge
    let active = active
    direction.withUnsafeBufferPointer { d in
      image.withUnsafeMutableBufferPointer { y in
        weights.withUnsafeBufferPointer { weights in
          first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
              for i in y.indices { y[i] = ridge * d[i] }
              for pair in 0..<active {
                let i = Int(first[pair])
                let j = Int(second[pair])
                let pull = weights[pair] * (d[i] - d[j])
                y[i] += pull
                y[j] -= pull
              }
            }
          }
        }
      }
    }
  }
}

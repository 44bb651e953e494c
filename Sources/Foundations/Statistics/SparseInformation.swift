/// The information that comparisons give on very many positions, as a sparse matrix:
/// `H = ridge·I + Σ wₚ·(eᵢ − eⱼ)(eᵢ − eⱼ)ᵀ + gauge/n·11ᵀ`.
///
/// Comparisons tell nothing of the direction in which all positions move together. The gauge gives it the average weight of
/// the others, which touches no difference, so that it is not the largest of all errors.
///
/// ```swift
/// let graph = ComparisonGraph(count: 3, first: [0, 1], second: [1, 2])
/// let information = SparseInformation(graph, weights: [4, 2], ridge: 0.04)
/// information.solve([1, 0, -1])
/// ```
public struct SparseInformation: Sendable {
  /// The places of the entries.
  public let graph: ComparisonGraph
  /// The inverse of the prior's variance; 0 without one.
  public let ridge: Double
  /// `Hᵢᵢ`: the information on each position when all others are known.
  public let diagonal: [Double]
  /// The weight of each entry of the graph.
  let weights: [Double]
  /// What the common direction gets, spread over all entries: `gauge/n`.
  let gaugeShare: Double

  /// Makes the matrix from the weight of each pair.
  public init(_ graph: ComparisonGraph, weights pairWeights: [Double], ridge: Double) {
    precondition(pairWeights.count == graph.pairs, "every pair needs a weight")
    self.graph = graph
    self.ridge = ridge
    let weights = graph.pairOfEntry.map { pairWeights[Int($0)] }
    let count = graph.count
    var diagonal = [Double](repeating: ridge, count: count)
    for position in 0..<count {
      for entry in graph.starts[position]..<graph.starts[position + 1] {
        diagonal[position] += weights[entry]
      }
    }
    gaugeShare = diagonal.reduce(0, +) / Double(max(count * count, 1))
    self.diagonal = diagonal.map { [gaugeShare] in $0 + gaugeShare }
    self.weights = weights
  }

  /// The variance of the mean of all positions, which a position against that mean does not have.
  var varianceOfMean: Double {
    let count = Double(max(graph.count, 1))
    return 1 / ((ridge + gaugeShare * count) * count)
  }

  /// The solution x of `H·x = b`, by conjugate gradients (Hestenes and Stiefel 1952) with the diagonal as preconditioner.
  ///
  /// - Parameters:
  ///   - b: The right side, one number for each position.
  ///   - tolerance: What may be left of the residual, in the norm of the preconditioner.
  /// - Returns: The solution.
  public func solve(_ b: [Double], tolerance: Double = 1e-10) -> [Double] {
    conjugateGradients(b, tolerance: tolerance)
  }

  /// The solutions of eight systems side by side, which share every read of the matrix.
  public func solve(_ b: [SIMD8<Double>], tolerance: Double = 1e-10) -> [SIMD8<Double>] {
    conjugateGradients(b, tolerance: tolerance)
  }

  private func conjugateGradients<Lane: SolverLane>(_ b: [Lane], tolerance: Double) -> [Lane] {
    let count = graph.count
    precondition(b.count == count, "a right side needs one number for each position")
    let inverse = diagonal.map { Lane(repeating: 1 / $0) }
    var x = [Lane](repeating: .zero, count: count)
    var residual = b
    var direction = zip(b, inverse).map { $0 * $1 }
    var image = x
    var energy = zip(b, direction).reduce(Lane.zero) { $0 + $1.0 * $1.1 }
    let target = energy * Lane(repeating: tolerance * tolerance)
    // Rounding may keep the residual from falling further; an exact solver would need `count` steps.
    for _ in 0..<(4 * count + 20) where !energy.isAtMost(target) {
      multiply(direction, into: &image)
      energy = x.withUnsafeMutableBufferPointer { x in
        residual.withUnsafeMutableBufferPointer { residual in
          direction.withUnsafeMutableBufferPointer { direction in
            image.withUnsafeBufferPointer { image in
              inverse.withUnsafeBufferPointer { inverse in
                var curvature = Lane.zero
                for i in 0..<count { curvature = curvature + direction[i] * image[i] }
                let length = energy.divided(byPositive: curvature)
                var next = Lane.zero
                for i in 0..<count {
                  x[i] = x[i] + length * direction[i]
                  let left = residual[i] - length * image[i]
                  residual[i] = left
                  next = next + left * left * inverse[i]
                }
                let share = next.divided(byPositive: energy)
                for i in 0..<count {
                  direction[i] = residual[i] * inverse[i] + share * direction[i]
                }
                return next
              }
            }
          }
        }
      }
    }
    return x
  }

  /// Sets `image` to H·x.
  private func multiply<Lane: SolverLane>(_ x: [Lane], into image: inout [Lane]) {
    let total = x.reduce(Lane.zero) { $0 + $1 }
    // The diagonal holds one share of the gauge already, as does its row.
    let common = total * Lane(repeating: gaugeShare)
    x.withUnsafeBufferPointer { x in
      weights.withUnsafeBufferPointer { weights in
        graph.neighbors.withUnsafeBufferPointer { neighbors in
          graph.starts.withUnsafeBufferPointer { starts in
            diagonal.withUnsafeBufferPointer { diagonal in
              image.withUnsafeMutableBufferPointer { image in
                for i in image.indices {
                  var sum = x[i] * Lane(repeating: diagonal[i] - gaugeShare) + common
                  for entry in starts[i]..<starts[i + 1] {
                    sum = sum - x[Int(neighbors[entry])] * Lane(repeating: weights[entry])
                  }
                  image[i] = sum
                }
              }
            }
          }
        }
      }
    }
  }
}

import Domain
import Statistics

/// A mean vector and a covariance matrix, estimated from rows of features.
struct MultivariateGaussian: Codable, Equatable, Sendable {
  let mean: [Double]
  /// Row-major and symmetric.
  let covariance: [Double]

  /// The number of features.
  var count: Int { mean.count }
  /// Whether the sizes fit and all numbers are finite.
  var isValid: Bool {
    count > 0 && covariance.count == count * count && (mean + covariance).allSatisfy(\.isFinite)
  }

  init(mean: [Double], covariance: [Double]) {
    self.mean = mean
    self.covariance = covariance
  }

  /// Estimates from rows; the mean skips missing numbers, the covariance skips rows that have any.
  ///
  /// - Returns: nil when a feature is missing everywhere, or fewer than 2 rows are complete.
  init?(rows: [[Double]]) {
    let count = rows.first?.count ?? 0
    var mean = [Double](repeating: 0, count: count)
    for column in 0..<count {
      let known = rows.map { $0[column] }.filter { !$0.isNaN }
      guard !known.isEmpty else { return nil }
      mean[column] = known.reduce(0, +) / Double(known.count)
    }
    let complete = rows.filter { !$0.contains(where: \.isNaN) }
    guard complete.count >= 2 else { return nil }
    var centre = [Double](repeating: 0, count: count)
    for row in complete { for column in 0..<count { centre[column] += row[column] } }
    for column in 0..<count { centre[column] /= Double(complete.count) }
    var covariance = [Double](repeating: 0, count: count * count)
    for row in complete {
      let delta = zip(row, centre).map { $0 - $1 }
      for i in 0..<count {
        let factor = delta[i]
        for j in 0..<count { covariance[i * count + j] += factor * delta[j] }
      }
    }
    self.mean = mean
    self.covariance = covariance.map { $0 / Double(complete.count - 1) }
  }

  /// √(Δᵀ pinv((Σ + Σ') / 2) Δ) for each Δ.
  func distances(_ deltas: [[Double]], pooledWith other: [Double]) -> [Double] {
    let pooled = zip(covariance, other).map { ($0 + $1) / 2 }
    // Far from singular, the pseudoinverse is the inverse.
    if let cholesky = Cholesky(pooled, count: count), cholesky.isWellConditioned {
      return deltas.map { delta in
        zip(delta, cholesky.solve(delta)).reduce(0) { $0 + $1.0 * $1.1 }.squareRoot()
      }
    }
    let eigen = SymmetricEigen(pooled, count: count)
    let largest = eigen.values.map(abs).max() ?? 0
    let limit = Double(count) * largest.ulp
    return deltas.map { delta in
      var sum = 0.0
      for (value, vector) in zip(eigen.values, eigen.vectors) where abs(value) > limit {
        let along = zip(vector, delta).reduce(0) { $0 + $1.0 * $1.1 }
        sum += along * along / value
      }
      return max(sum, 0).squareRoot()
    }
  }
}

extension Cholesky {
  /// Whether the squared diagonal of the factor stays far above rounding errors.
  fileprivate var isWellConditioned: Bool {
    let diagonal = (0..<count).map { abs(factor[$0 * count + $0]) }
    guard let smallest = diagonal.min(), let largest = diagonal.max() else { return false }
    return smallest * smallest > 1e-11 * largest * largest && smallest.isFinite
  }
}

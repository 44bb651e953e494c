import CEigen

/// Eigenvalues and eigenvectors of a symmetric matrix, by Eigen's tridiagonal QR iteration.
public struct SymmetricEigen: Sendable {
  /// Descending.
  public let values: [Double]
  /// `vectors[i]` belongs to `values[i]`, has length 1, and a sign that means nothing.
  public let vectors: [[Double]]

  /// Decomposes a symmetric `count × count` matrix; numbers that are not finite give NaN.
  public init(_ rowMajor: [Double], count: Int) {
    precondition(rowMajor.count == count * count, "the matrix must be square")
    var matrix = rowMajor
    var values = [Double](repeating: 0, count: count)
    let isDecomposed = matrix.withUnsafeMutableBufferPointer { matrix in
      values.withUnsafeMutableBufferPointer { values in
        guard let matrix = matrix.baseAddress, let values = values.baseAddress else { return true }
        return eigen_symmetric(matrix, Int64(count), values)
      }
    }
    guard isDecomposed else {
      self.values = Array(repeating: .nan, count: count)
      vectors = Array(repeating: Array(repeating: .nan, count: count), count: count)
      return
    }
    self.values = values.reversed()
    vectors = (0..<count).reversed().map { Array(matrix[$0 * count..<($0 + 1) * count]) }
  }
}

import Glibc

/// The Cholesky factor `L` of a symmetric positive definite matrix `A = L·Lᵀ`.
public struct Cholesky: Sendable {
  /// The number of rows.
  public let count: Int
  /// The factor, row-major `count × count`, zero above the diagonal.
  public let factor: [Double]

  /// Factors a matrix given row-major, of which only the lower triangle is read; nil when it is not
  /// positive definite.
  public init?(_ rowMajor: [Double], count: Int) {
    guard count >= 0, rowMajor.count == count * count else { return nil }
    var factor = rowMajor
    let positive = factor.withUnsafeMutableBufferPointer { buffer in
      guard let a = buffer.baseAddress else { return true }
      for i in 0..<count {
        let row = a + i * count
        for j in 0..<i {
          let other = a + j * count
          row[j] = (row[j] - VectorMath.dot(row, other, count: j)) / other[j]
        }
        let pivot = row[i] - VectorMath.dot(row, row, count: i)
        // A pivot lost in the rounding of its own diagonal is a singular matrix.
        guard pivot > 1e-15 * row[i] else { return false }
        row[i] = pivot.squareRoot()
        for j in (i + 1)..<max(count, i + 1) { row[j] = 0 }
      }
      return true
    }
    guard positive else { return nil }
    self.count = count
    self.factor = factor
  }

  /// The solution x of `A·x = b`.
  public func solve(_ b: [Double]) -> [Double] {
    var x = b
    solve(inPlace: &x)
    return x
  }

  /// Replaces `b` by the solution of `A·x = b`; `b` must hold ``count`` numbers.
  public func solve(inPlace b: inout [Double]) {
    b.withUnsafeMutableBufferPointer { x in
      factor.withUnsafeBufferPointer { factor in
        guard let x = x.baseAddress, let l = factor.baseAddress else { return }
        for i in 0..<count {
          let row = l + i * count
          x[i] = (x[i] - VectorMath.dot(row, x, count: i)) / row[i]
        }
        for i in stride(from: count - 1, through: 0, by: -1) {
          let row = l + i * count
          x[i] /= row[i]
          VectorMath.addScaled(row, by: -x[i], to: x, count: i)
        }
      }
    }
  }

  /// The product `L·z`: turns independent standard normal numbers into numbers with covariance `A`.
  public func correlate(_ z: [Double]) -> [Double] {
    (0..<count).map { i in
      var sum = 0.0
      for j in 0...i { sum += factor[i * count + j] * z[j] }
      return sum
    }
  }

  /// The inverse `A⁻¹`, row-major and exactly symmetric.
  public func inverse() -> [Double] {
    // Row j of `columns` is column j of L⁻¹, so A⁻¹ = L⁻ᵀ·L⁻¹ is made of dot products of its rows.
    var columns = [Double](repeating: 0, count: count * count)
    var result = columns
    columns.withUnsafeMutableBufferPointer { columns in
      factor.withUnsafeBufferPointer { factor in
        guard let c = columns.baseAddress, let l = factor.baseAddress else { return }
        for j in 0..<count {
          let column = c + j * count
          column[j] = 1 / l[j * count + j]
          for i in (j + 1)..<max(count, j + 1) {
            let row = l + i * count
            column[i] = -VectorMath.dot(row + j, column + j, count: i - j) / row[i]
          }
        }
        result.withUnsafeMutableBufferPointer { result in
          for i in 0..<count {
            for j in 0...i {
              let value = VectorMath.dot(
                c + i * count + i, c + j * count + i, count: count - i)
              result[i * count + j] = value
              result[j * count + i] = value
            }
          }
        }
      }
    }
    return result
  }

  /// The logarithm of the determinant of `A`.
  public var logDeterminant: Double {
    var sum = 0.0
    for i in 0..<count { sum += log(factor[i * count + i]) }
    return 2 * sum
  }
}

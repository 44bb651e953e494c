/// Eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's rotations.
///
/// Source: Jacobi 1846; the cyclic form with its rotation formulas after Golub and Van Loan,
/// «Matrix Computations», 4th edition, section 8.5.
package struct SymmetricEigen: Sendable {
  /// Descending.
  package let values: [Double]
  /// `vectors[i]` belongs to `values[i]` and has length 1.
  package let vectors: [[Double]]

  /// Decomposes a symmetric `count × count` matrix.
  package init(_ rowMajor: [Double], count: Int) {
    var matrix = rowMajor
    var vectors = [Double](repeating: 0, count: count * count)
    for i in 0..<count { vectors[i * count + i] = 1 }
    matrix.withUnsafeMutableBufferPointer { a in
      vectors.withUnsafeMutableBufferPointer { v in
        for _ in 0..<60 where Self.sweep(a, v, count) == 0 { break }
      }
    }
    let order = (0..<count).sorted { matrix[$0 * count + $0] > matrix[$1 * count + $1] }
    values = order.map { matrix[$0 * count + $0] }
    self.vectors = order.map { Array(vectors[$0 * count..<($0 + 1) * count]) }
  }

  /// Rotates every pair of rows once and returns how many needed it.
  private static func sweep(
    _ a: UnsafeMutableBufferPointer<Double>, _ v: UnsafeMutableBufferPointer<Double>, _ count: Int
  ) -> Int {
    var rotations = 0
    for p in 0..<count {
      for q in (p + 1)..<max(count, p + 1) {
        let app = a[p * count + p]
        let aqq = a[q * count + q]
        let apq = a[p * count + q]
        // What is below a rounding error of both diagonal elements is 0.
        guard abs(apq) > 1e-17 * (abs(app) * abs(aqq)).squareRoot(), abs(apq) > 1e-300 else {
          continue
        }
        rotations += 1
        let ratio = (aqq - app) / (2 * apq)
        let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + (ratio * ratio + 1).squareRoot())
        let cosine = 1 / (tangent * tangent + 1).squareRoot()
        let sine = tangent * cosine
        for k in 0..<count {
          let kp = a[p * count + k]
          let kq = a[q * count + k]
          a[p * count + k] = cosine * kp - sine * kq
          a[q * count + k] = sine * kp + cosine * kq
          let vp = v[p * count + k]
          let vq = v[q * count + k]
          v[p * count + k] = cosine * vp - sine * vq
          v[q * count + k] = sine * vp + cosine * vq
        }
        for k in 0..<count where k != p && k != q {
          a[k * count + p] = a[p * count + k]
          a[k * count + q] = a[q * count + k]
        }
        a[p * count + p] = app - tangent * apq
        a[q * count + q] = aqq + tangent * apq
        a[p * count + q] = 0
        a[q * count + p] = 0
      }
    }
    return rotations
  }
}

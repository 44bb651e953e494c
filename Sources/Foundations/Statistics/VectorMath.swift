/// Dense kernels with several partial sums, so that the processor's vector units are used.
///
/// Swift keeps the order of floating-point additions, hence a plain loop adds one number at a time.
package enum VectorMath {
  /// The scalar product of two vectors.
  @inline(__always)
  package static func dot(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int
  ) -> Double {
    var first = SIMD4<Double>.zero
    var second = SIMD4<Double>.zero
    var i = 0
    while i + 8 <= count {
      first += load(a + i) * load(b + i)
      second += load(a + i + 4) * load(b + i + 4)
      i += 8
    }
    if i + 4 <= count {
      first += load(a + i) * load(b + i)
      i += 4
    }
    var sum = (first + second).sum()
    while i < count {
      sum += a[i] * b[i]
      i += 1
    }
    return sum
  }

  /// Adds `scale · a` to `target`.
  @inline(__always)
  package static func addScaled(
    _ a: UnsafePointer<Double>, by scale: Double, to target: UnsafeMutablePointer<Double>,
    count: Int
  ) {
    for i in 0..<count { target[i] += scale * a[i] }
  }

  /// Four neighboring numbers; they need no alignment.
  @inline(__always)
  package static func load(_ pointer: UnsafePointer<Double>) -> SIMD4<Double> {
    UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Double>.self)
  }
}

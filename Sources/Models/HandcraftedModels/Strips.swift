import Dispatch

/// Memory that the strips of one ``inParallel(count:strip:body:)`` fill.
///
/// Sendable because every strip writes rows of its own, and nobody reads before all have ended.
struct DisjointRows<Value>: @unchecked Sendable {
  let values: UnsafeMutablePointer<Value>

  /// Refers to the memory of a buffer, which outlives the strips; nil where it has none.
  init?(_ buffer: UnsafeMutableBufferPointer<Value>) {
    guard let start = buffer.baseAddress else { return nil }
    values = start
  }
}

/// Calls `body` with consecutive ranges of at most `strip` rows, on all processors.
///
/// The ranges don't depend on the number of processors, so neither do sums over a range.
func inParallel(count: Int, strip: Int, body: @Sendable (Range<Int>) -> Void) {
  let strips = (count + strip - 1) / strip
  DispatchQueue.concurrentPerform(iterations: strips) { index in
    body(index * strip..<min(count, (index + 1) * strip))
  }
}

/// Computes one value for each piece, on all processors, in the order of the pieces.
func mapInParallel<Value: Sendable>(
  count: Int, _ body: @Sendable (Int) -> Value
) -> [Value] {
  [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
    guard let rows = DisjointRows(buffer) else { return }
    DispatchQueue.concurrentPerform(iterations: count) { index in
      (rows.values + index).initialize(to: body(index))
    }
    initialized = count
  }
}

extension UnsafePointer<Double> {
  /// Four values from `index` on, wherever they lie.
  @inline(__always)
  func four(_ index: Int) -> SIMD4<Double> {
    UnsafeRawPointer(self + index).loadUnaligned(as: SIMD4<Double>.self)
  }
}

extension UnsafeMutablePointer<Double> {
  /// Writes four values from `index` on, wherever they lie.
  @inline(__always)
  func put(_ four: SIMD4<Double>, at index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: four, as: SIMD4<Double>.self)
  }
}

/// What a fit of a generalized Gaussian needs to know of a set of values.
struct Moments: Sendable {
  var count = 0.0
  var negativeCount = 0.0
  var positiveCount = 0.0
  /// Σ |x|.
  var absoluteSum = 0.0
  /// Σ x².
  var squareSum = 0.0
  /// Σ x·|x|: the squares of the positive values minus those of the negative ones.
  var signedSquareSum = 0.0

  static func += (a: inout Self, b: Self) {
    a.count += b.count
    a.negativeCount += b.negativeCount
    a.positiveCount += b.positiveCount
    a.absoluteSum += b.absoluteSum
    a.squareSum += b.squareSum
    a.signedSquareSum += b.signedSquareSum
  }

  /// Adds `count` products a·b, or the values a themselves where there is no b.
  mutating func add(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>?, _ count: Int) {
    let magnitude = SIMD4<UInt64>(repeating: 0x7FFF_FFFF_FFFF_FFFF)
    let zero = SIMD4<Double>(repeating: 0)
    var absolute = zero
    var squares = zero
    var signed = zero
    var negative = SIMD4<UInt64>(repeating: 0)
    var positive = SIMD4<UInt64>(repeating: 0)
    @inline(__always)
    func take(_ value: SIMD4<Double>) {
      let size = unsafeBitCast(
        unsafeBitCast(value, to: SIMD4<UInt64>.self) & magnitude, to: SIMD4<Double>.self)
      absolute += size
      squares += size * size
      signed += value * size
      // Sign bits; the additions turn −0 into +0.
      negative &+= unsafeBitCast(value + zero, to: SIMD4<UInt64>.self) &>> 63
      positive &+= unsafeBitCast(zero - value, to: SIMD4<UInt64>.self) &>> 63
    }
    var x = 0
    if let b {
      while x + 4 <= count {
        take(a.four(x) * b.four(x))
        x += 4
      }
    } else {
      while x + 4 <= count {
        take(a.four(x))
        x += 4
      }
    }
    while x < count {
      take(SIMD4(a[x] * (b?[x] ?? 1), 0, 0, 0))
      x += 1
    }
    self.count += Double(count)
    negativeCount += Double(negative.wrappedSum())
    positiveCount += Double(positive.wrappedSum())
    absoluteSum += absolute.sum()
    squareSum += squares.sum()
    signedSquareSum += signed.sum()
  }
}

/// The moments of MSCN coefficients and of their products with 4 neighbors, over a wrapped area.
struct PairStatistics: Sendable {
  /// The coefficients.
  var values = Moments()
  /// Products with the left neighbor, the one above, above to the left and above to the right.
  var products = (Moments(), Moments(), Moments(), Moments())

  /// Adds one row and the row above it, each with its wrapped neighbor before and after it.
  mutating func add(_ row: UnsafePointer<Double>, above: UnsafePointer<Double>, _ count: Int) {
    values.add(row, nil, count)
    products.0.add(row, row - 1, count)
    products.1.add(row, above, count)
    products.2.add(row, above - 1, count)
    products.3.add(row, above + 1, count)
  }

  static func += (a: inout Self, b: Self) {
    a.values += b.values
    a.products.0 += b.products.0
    a.products.1 += b.products.1
    a.products.2 += b.products.2
    a.products.3 += b.products.3
  }
}

/// Mean-subtracted, contrast-normalized (MSCN) coefficients: (I − µ) / (σ + 1).
///
/// µ and σ are the local mean and deviation under a Gaussian window. Source: Mittal, Moorthy and
/// Bovik 2012, IEEE Transactions on Image Processing 21(12), equations 1 to 3.
///
/// Flat regions: there the exact value is 0, yet sums in floating point leave something of the size
/// 1e-14 whose sign depends on the order of the sums, and the models look at signs. A coefficient
/// below 1e-9 is therefore set to 0.
struct ContrastNormalization: Sendable {
  /// What lies beyond the border.
  enum Border: Sendable {
    /// Zeros.
    case zero
    /// The outermost pixel, repeated.
    case replicate
  }

  /// Coefficients of a smaller size are 0.
  static let flatness = 1e-9

  private let border: Border
  /// The window's half: its weight at distance 0, 1, 2 and 3.
  private let weights: (Double, Double, Double, Double)

  /// A 7 × 7 window of σ = 7/6, or a 5 × 5 one of σ = 5/6, which has weight 0 at distance 3.
  init(border: Border, sidePixels: Int = 7) {
    self.border = border
    let sigma = Double(sidePixels) / 6
    var half = (0...3).map {
      2 * $0 < sidePixels ? (-Double($0 * $0) / (2 * sigma * sigma)) : -Double.infinity
    }.map(exponential)
    let sum = half[0] + 2 * (half[1] + half[2] + half[3])
    half = half.map { $0 / sum }
    weights = (half[0], half[1], half[2], half[3])
  }

  /// The doubles of scratch memory that ``row(_:_:_:_:_:into:deviation:)`` needs.
  static func scratchCount(_ width: Int) -> Int { 3 * (width + 8) }

  /// The coefficients of row `y`, and its σ where asked for.
  func row(
    _ image: UnsafePointer<Double>, _ width: Int, _ height: Int, _ y: Int,
    _ scratch: UnsafeMutablePointer<Double>, into out: UnsafeMutablePointer<Double>,
    deviation: UnsafeMutablePointer<Double>? = nil
  ) {
    let sums = scratch
    let squares = sums + (width + 8)
    let zeros = squares + (width + 8)
    if border == .zero { zeros.update(repeating: 0, count: width) }
    func row(_ offset: Int) -> UnsafePointer<Double> {
      let place = y + offset
      if place >= 0 && place < height { return image + place * width }
      return border == .zero
        ? UnsafePointer(zeros) : image + min(max(place, 0), height - 1) * width
    }
    let rows = (row(-3), row(-2), row(-1), row(0), row(1), row(2), row(3))
    combine(rows, width, sums + 4, squares + 4)
    for line in [sums, squares] {
      for x in 0..<4 {
        line[x] = border == .zero ? 0 : line[4]
        line[width + 4 + x] = border == .zero ? 0 : line[width + 3]
      }
    }
    normalise(rows.3, sums + 4, squares + 4, width, out, deviation)
  }

  private typealias Row = UnsafePointer<Double>

  /// The window along the columns, of the values and of their squares.
  private func combine(
    _ rows: (Row, Row, Row, Row, Row, Row, Row), _ width: Int,
    _ sums: UnsafeMutablePointer<Double>, _ squares: UnsafeMutablePointer<Double>
  ) {
    let (w0, w1, w2, w3) = weights
    let (a, b, c, d, e, f, g) = rows
    var x = 0
    while x + 4 <= width {
      let (a, b, c, d) = (a.four(x), b.four(x), c.four(x), d.four(x))
      let (e, f, g) = (e.four(x), f.four(x), g.four(x))
      sums.put(d * w0 + (c + e) * w1 + (b + f) * w2 + (a + g) * w3, at: x)
      let near = d * d * w0 + (c * c + e * e) * w1
      squares.put(near + (b * b + f * f) * w2 + (a * a + g * g) * w3, at: x)
      x += 4
    }
    while x < width {
      let (a, b, c, d, e, f, g) = (a[x], b[x], c[x], d[x], e[x], f[x], g[x])
      sums[x] = d * w0 + (c + e) * w1 + (b + f) * w2 + (a + g) * w3
      let near = d * d * w0 + (c * c + e * e) * w1
      squares[x] = near + (b * b + f * f) * w2 + (a * a + g * g) * w3
      x += 1
    }
  }

  /// The window along the row, then the coefficients.
  private func normalise(
    _ pixels: Row, _ sums: Row, _ squares: Row, _ width: Int,
    _ out: UnsafeMutablePointer<Double>, _ deviation: UnsafeMutablePointer<Double>?
  ) {
    let (w0, w1, w2, w3) = weights
    @inline(__always)
    func window(_ line: Row, _ x: Int) -> SIMD4<Double> {
      let near = line.four(x) * w0 + (line.four(x - 1) + line.four(x + 1)) * w1
      let far = (line.four(x - 2) + line.four(x + 2)) * w2
      return near + far + (line.four(x - 3) + line.four(x + 3)) * w3
    }
    let magnitude = SIMD4<UInt64>(repeating: 0x7FFF_FFFF_FFFF_FFFF)
    let limit = SIMD4<UInt64>(repeating: Self.flatness.bitPattern)
    @inline(__always)
    func absolute(_ four: SIMD4<Double>) -> SIMD4<Double> {
      unsafeBitCast(unsafeBitCast(four, to: SIMD4<UInt64>.self) & magnitude, to: SIMD4.self)
    }
    var x = 0
    // The last group may start earlier and compute some columns twice.
    while x < width {
      if x + 4 > width {
        guard width >= 4 else { break }
        x = width - 4
      }
      let mean = window(sums, x)
      let sigma = absolute(window(squares, x) - mean * mean).squareRoot()
      let value = (pixels.four(x) - mean) / (sigma + 1)
      let bits = unsafeBitCast(value, to: SIMD4<UInt64>.self)
      let kept = bits.replacing(with: 0, where: (bits & magnitude) .< limit)
      out.put(unsafeBitCast(kept, to: SIMD4<Double>.self), at: x)
      deviation?.put(sigma, at: x)
      x += 4
    }
  }
}

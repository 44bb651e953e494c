/// Halves photos with the antialiased bicubic kernel, twice as wide as for enlarging.
///
/// The size is rounded up; beyond the border the photo is mirrored with its outermost pixels
/// repeated. Source: Keys 1981, IEEE Transactions on Acoustics, Speech, and Signal Processing
/// 29(6), a = −0.5.
enum BicubicHalving {
  /// The kernel at distance 0.25, 0.75, 1.25 and 1.75 of an output pixel: the 8 taps sum to 1.
  private static let taps: (Double, Double, Double, Double) = {
    let raw = [0.25, 0.75, 1.25, 1.75].map(cubic)
    let sum = 2 * raw.reduce(0, +)
    return (raw[0] / sum, raw[1] / sum, raw[2] / sum, raw[3] / sum)
  }()

  /// Keys' cubic convolution kernel, 0 beyond a distance of 2.
  static func cubic(_ x: Double) -> Double {
    let x = abs(x)
    if x <= 1 { return (1.5 * x - 2.5) * x * x + 1 }
    if x <= 2 { return ((-0.5 * x + 2.5) * x - 4) * x + 2 }
    return 0
  }

  /// The index inside 0 ..< `count` that stands for `index`.
  static func mirrored(_ index: Int, _ count: Int) -> Int {
    let period = 2 * count
    let place = ((index % period) + period) % period
    return place < count ? place : period - 1 - place
  }

  /// A photo of half the width and half the height.
  static func halved(_ image: GreyPlane) -> GreyPlane {
    let width = image.widthPixels
    let height = image.heightPixels
    let halfWidth = (width + 1) / 2
    let halfHeight = (height + 1) / 2
    let samples = [Double](unsafeUninitializedCapacity: halfWidth * halfHeight) { out, filled in
      guard let rows = DisjointRows(out) else { return }
      inParallel(count: halfHeight, strip: 32) { strip in
        image.samples.withUnsafeBufferPointer { samples in
          guard let source = samples.baseAddress else { return }
          // Even and odd columns with 2 more at each end, so that every tap is inside.
          let lane = halfWidth + 8
          withUnsafeTemporaryAllocation(of: Double.self, capacity: width + 2 * lane) { memory in
            guard let column = memory.baseAddress else { return }
            let even = column + width
            let odd = even + lane
            for y in strip {
              combine(source, width, height, y, into: column)
              for x in 0..<width / 2 {
                even[x + 2] = column[2 * x]
                odd[x + 2] = column[2 * x + 1]
              }
              for x in [-2, -1, halfWidth - 1, halfWidth, halfWidth + 1] {
                even[x + 2] = column[mirrored(2 * x, width)]
                odd[x + 2] = column[mirrored(2 * x + 1, width)]
              }
              narrow(even + 2, odd + 2, halfWidth, into: rows.values + y * halfWidth)
            }
          }
        }
      }
      filled = halfWidth * halfHeight
    }
    return GreyPlane(unchecked: halfWidth, halfHeight, samples)
  }

  /// The 8 rows around output row `y`, weighted.
  private static func combine(
    _ source: UnsafePointer<Double>, _ width: Int, _ height: Int, _ y: Int,
    into out: UnsafeMutablePointer<Double>
  ) {
    func row(_ offset: Int) -> UnsafePointer<Double> {
      source + mirrored(2 * y + offset, height) * width
    }
    let (a, b, c, d) = (row(-3), row(-2), row(-1), row(0))
    let (e, f, g, h) = (row(1), row(2), row(3), row(4))
    let (near, second, third, far) = taps
    var x = 0
    while x + 4 <= width {
      let inner = (d.four(x) + e.four(x)) * near + (c.four(x) + f.four(x)) * second
      let outer = (b.four(x) + g.four(x)) * third + (a.four(x) + h.four(x)) * far
      out.put(inner + outer, at: x)
      x += 4
    }
    while x < width {
      let inner = (d[x] + e[x]) * near + (c[x] + f[x]) * second
      out[x] = inner + ((b[x] + g[x]) * third + (a[x] + h[x]) * far)
      x += 1
    }
  }

  private static func narrow(
    _ even: UnsafePointer<Double>, _ odd: UnsafePointer<Double>, _ count: Int,
    into out: UnsafeMutablePointer<Double>
  ) {
    let (near, second, third, far) = taps
    var x = 0
    while x + 4 <= count {
      let inner =
        (even.four(x) + odd.four(x)) * near + (odd.four(x - 1) + even.four(x + 1)) * second
      let outer =
        (even.four(x - 1) + odd.four(x + 1)) * third + (odd.four(x - 2) + even.four(x + 2)) * far
      out.put(inner + outer, at: x)
      x += 4
    }
    while x < count {
      let inner = (even[x] + odd[x]) * near + (odd[x - 1] + even[x + 1]) * second
      out[x] = inner + ((even[x - 1] + odd[x + 1]) * third + (odd[x - 2] + even[x + 2]) * far)
      x += 1
    }
  }
}

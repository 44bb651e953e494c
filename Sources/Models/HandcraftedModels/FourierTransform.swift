import Foundation

/// A complex image in two arrays.
package struct ComplexImage {
  package var real: [Double]
  package var imaginary: [Double]
}

/// The discrete Fourier transform of square images whose side has small prime factors.
///
/// Source: Stockham 1966 and Cooley and Tukey 1965: each stage splits off one factor of the side.
package struct FourierTransform: Sendable {
  private struct Stage: Sendable {
    let radix: Int
    /// The length that is left after this stage.
    let rest: Int
    /// The number of transforms that are done side by side: the product of the radices before.
    let stride: Int
    /// `cos` and `sin` of −2π·u·v / radix at `[u · radix + v]`.
    let roots: [(Double, Double)]
    /// `cos` and `sin` of −2π·a·v / (radix · rest) at `[a · radix + v]`.
    let twiddles: [(Double, Double)]
  }

  /// The side of the images.
  let side: Int
  private let stages: [Stage]
  /// The columns that are transformed together, few enough for the cache.
  private static let lane = 32

  package init(side: Int) {
    self.side = side
    var stages: [Stage] = []
    var rest = side
    var stride = 1
    while rest > 1 {
      let radix =
        rest % 4 == 0 ? 4 : (2...rest).first { rest % $0 == 0 } ?? rest
      rest /= radix
      stages.append(
        Stage(
          radix: radix, rest: rest, stride: stride,
          roots: Self.roots(radix, count: radix), twiddles: Self.roots(radix, rest: rest)))
      stride *= radix
    }
    self.stages = stages
  }

  private static func root(_ numerator: Int, _ denominator: Int) -> (Double, Double) {
    let angle = -2 * Double.pi * Double(numerator % denominator) / Double(denominator)
    return (cos(angle), sin(angle))
  }

  private static func roots(_ radix: Int, count: Int) -> [(Double, Double)] {
    (0..<count * radix).map { root($0 / radix * ($0 % radix), radix) }
  }

  private static func roots(_ radix: Int, rest: Int) -> [(Double, Double)] {
    (0..<rest * radix).map { root($0 / radix * ($0 % radix), radix * rest) }
  }

  /// The spectrum, transposed: the frequency along the columns runs along the rows.
  package func transposedSpectrum(_ image: [Double]) -> ComplexImage {
    var result = ComplexImage(
      real: image, imaginary: [Double](repeating: 0, count: side * side))
    transformColumns(&result, inverse: false)
    transpose(&result)
    transformColumns(&result, inverse: false)
    return result
  }

  /// The image of a transposed spectrum.
  package func image(ofTransposed spectrum: ComplexImage) -> ComplexImage {
    var result = spectrum
    transformColumns(&result, inverse: true)
    transpose(&result)
    transformColumns(&result, inverse: true)
    let scale = 1 / Double(side * side)
    for i in result.real.indices {
      result.real[i] *= scale
      result.imaginary[i] *= scale
    }
    return result
  }

  private func transpose(_ image: inout ComplexImage) {
    for y in 0..<side {
      for x in 0..<y {
        image.real.swapAt(y * side + x, x * side + y)
        image.imaginary.swapAt(y * side + x, x * side + y)
      }
    }
  }

  private typealias Lane = UnsafeMutablePointer<Double>

  /// Transforms every column; the inverse without its factor.
  private func transformColumns(_ image: inout ComplexImage, inverse: Bool) {
    let lane = Self.lane
    image.real.withUnsafeMutableBufferPointer { real in
      image.imaginary.withUnsafeMutableBufferPointer { imaginary in
        guard let realStart = real.baseAddress, let imaginaryStart = imaginary.baseAddress
        else { return }
        // The inverse transform is the transform with both parts exchanged.
        let first = inverse ? imaginaryStart : realStart
        let second = inverse ? realStart : imaginaryStart
        let size = side * lane
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 4 * size) { memory in
          guard let start = memory.baseAddress else { return }
          for column in stride(from: 0, to: side, by: lane) {
            let width = min(lane, side - column)
            var (a, b) = (start, start + size)
            var (c, d) = (start + 2 * size, start + 3 * size)
            for y in 0..<side {
              (a + y * width).update(from: first + y * side + column, count: width)
              (b + y * width).update(from: second + y * side + column, count: width)
            }
            for stage in stages {
              Self.run(stage, width, a, b, c, d)
              swap(&a, &c)
              swap(&b, &d)
            }
            for y in 0..<side {
              (first + y * side + column).update(from: a + y * width, count: width)
              (second + y * side + column).update(from: b + y * width, count: width)
            }
          }
        }
      }
    }
  }

  /// One stage from `re`, `im` to `outRe`, `outIm`; each element is a group of `width` numbers.
  private static func run(
    _ stage: Stage, _ width: Int, _ re: Lane, _ im: Lane, _ outRe: Lane, _ outIm: Lane
  ) {
    let radix = stage.radix
    for a in 0..<stage.rest {
      for v in 0..<radix {
        let (twiddleRe, twiddleIm) = stage.twiddles[a * radix + v]
        for group in 0..<stage.stride {
          let target = (group + stage.stride * (radix * a + v)) * width
          let (toRe, toIm) = (outRe + target, outIm + target)
          for u in 0..<radix {
            let (c, s) = stage.roots[u * radix + v]
            let factorRe = c * twiddleRe - s * twiddleIm
            let factorIm = c * twiddleIm + s * twiddleRe
            let source = (group + stage.stride * (a + stage.rest * u)) * width
            let (fromRe, fromIm) = (re + source, im + source)
            if u == 0 {
              for k in 0..<width {
                toRe[k] = fromRe[k] * factorRe - fromIm[k] * factorIm
                toIm[k] = fromRe[k] * factorIm + fromIm[k] * factorRe
              }
            } else {
              for k in 0..<width {
                toRe[k] += fromRe[k] * factorRe - fromIm[k] * factorIm
                toIm[k] += fromRe[k] * factorIm + fromIm[k] * factorRe
              }
            }
          }
        }
      }
    }
  }
}

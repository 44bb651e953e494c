import Foundation

/// The planes of a photo that IL-NIQE uses: three colours and three opponent colours, all square.
struct OpponentPlanes: Sendable {
  /// The width and the height.
  let side: Int
  /// Red, green, blue, from 0 to 255.
  let colours: [[Double]]
  /// Two chromatic ones and the grey one.
  let opponents: [[Double]]

  private static let weights = [[0.3, 0.04, -0.35], [0.34, -0.6, 0.17], [0.06, 0.63, 0.27]]

  /// The planes of a photo at 524 × 524 pixels, cropped at the right and at the bottom.
  init(_ photo: ColourPlane) {
    let whole = ILNIQE.sidePixels
    let side = ILNIQE.usedPixels
    let bytes = ByteResizing.resized(photo, widthPixels: whole, heightPixels: whole)
    let colours = (0..<3).map { channel in
      (0..<side * side).map { Double(bytes[3 * ($0 / side * whole + $0 % side) + channel]) }
    }
    self.side = side
    self.colours = colours
    opponents = Self.weights.map { weights in
      colours[0].indices.map { index in
        weights[0] * colours[0][index] + weights[1] * colours[1][index]
          + weights[2] * colours[2][index]
      }
    }
  }

  private init(side: Int, colours: [[Double]], opponents: [[Double]]) {
    self.side = side
    self.colours = colours
    self.opponents = opponents
  }

  /// The planes at half size: a 6 × 6 Gaussian of σ = 0.9 around the middle of 4 pixels, every
  /// other pixel.
  func halved() -> Self {
    let planes = colours + opponents
    let side = side
    let halves = mapInParallel(count: planes.count) { Self.halved(planes[$0], side) }
    return Self(side: side / 2, colours: Array(halves[..<3]), opponents: Array(halves[3...]))
  }

  private static func halved(_ plane: [Double], _ side: Int) -> [Double] {
    let raw = (0..<6).map { exp(-pow(Double($0) - 2.5, 2) / (2 * 0.9 * 0.9)) }
    let taps = raw.map { $0 / raw.reduce(0, +) }
    let half = side / 2
    func along(_ index: Int) -> [Int] { (-2...3).map { min(max(2 * index + $0, 0), side - 1) } }
    var narrow = [Double](repeating: 0, count: half * side)
    for x in 0..<half {
      let places = along(x)
      for y in 0..<side {
        var sum = 0.0
        for k in 0..<6 { sum += taps[k] * plane[y * side + places[k]] }
        narrow[y * half + x] = sum
      }
    }
    var result = [Double](repeating: 0, count: half * half)
    for y in 0..<half {
      let places = along(y)
      for x in 0..<half {
        var sum = 0.0
        for k in 0..<6 { sum += taps[k] * narrow[places[k] * half + x] }
        result[y * half + x] = sum
      }
    }
    return result
  }
}

/// Derivatives of a Gaussian as filters, without their constant factor: x · exp(−(x² + y²) / 2σ²).
struct GaussianDerivative: Sendable {
  /// The smoothing at distance 0, 1 … and the derivative there.
  private let smooth: [Double]
  private let slope: [Double]

  init(sigma: Double) {
    let radius = Int((3 * sigma).rounded(.up))
    let smooth = (0...radius).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    self.smooth = smooth
    slope = smooth.indices.map { Double($0) * smooth[$0] }
  }

  /// The derivatives of a square image along x and along y, with zeros beyond its border.
  func gradient(_ image: [Double], side: Int) -> (x: [Double], y: [Double]) {
    let radius = smooth.count - 1
    var alongX = [Double](repeating: 0, count: side * side)
    var alongY = alongX
    // One row of both, filtered along the columns, between zeros.
    var smoothed = [Double](repeating: 0, count: side + 2 * radius)
    var sloped = smoothed
    image.withUnsafeBufferPointer { image in
      smoothed.withUnsafeMutableBufferPointer { smoothed in
        sloped.withUnsafeMutableBufferPointer { sloped in
          for y in 0..<side {
            for x in 0..<side {
              smoothed[radius + x] = image[y * side + x]
              sloped[radius + x] = 0
            }
            for k in 1...radius {
              for (row, sign) in [(y - k, 1.0), (y + k, -1.0)] where row >= 0 && row < side {
                let (weight, slopeWeight) = (smooth[k], sign * slope[k])
                for x in 0..<side {
                  smoothed[radius + x] += weight * image[row * side + x]
                  sloped[radius + x] += slopeWeight * image[row * side + x]
                }
              }
            }
            filterRow(smoothed, sloped, &alongX, &alongY, y * side, side)
          }
        }
      }
    }
    return (alongX, alongY)
  }

  private func filterRow(
    _ smoothed: UnsafeMutableBufferPointer<Double>, _ sloped: UnsafeMutableBufferPointer<Double>,
    _ alongX: inout [Double], _ alongY: inout [Double], _ start: Int, _ side: Int
  ) {
    let radius = smooth.count - 1
    alongX.withUnsafeMutableBufferPointer { alongX in
      alongY.withUnsafeMutableBufferPointer { alongY in
        for x in 0..<side { alongY[start + x] = sloped[radius + x] }
        for k in 1...radius {
          let (weight, slopeWeight) = (smooth[k], slope[k])
          for x in 0..<side {
            let (before, after) = (radius + x - k, radius + x + k)
            alongX[start + x] += slopeWeight * (smoothed[before] - smoothed[after])
            alongY[start + x] += weight * (sloped[before] + sloped[after])
          }
        }
      }
    }
  }
}

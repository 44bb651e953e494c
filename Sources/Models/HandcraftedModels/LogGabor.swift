import Foundation

/// Log-Gabor filters: Gaussian on the logarithm of the frequency and on its direction.
///
/// Source: Field 1987, Journal of the Optical Society of America A 4(12); constants of Zhang, Zhang
/// and Bovik 2015.
enum LogGabor {
  static let scaleCount = 3
  static let orientationCount = 4

  private static let bandwidth = 0.55
  private static let wavelengthFactor = 1.31
  private static let angularOverlap = 1.10

  /// The gains of one filter for a transposed spectrum of a `side × side` image.
  ///
  /// The shortest wavelength is that of the first scale, in pixels.
  static func transposedGains(
    side: Int, scale: Int, orientation: Int, shortestWavelength: Double
  ) -> [Double] {
    let centre = 1 / (shortestWavelength * pow(wavelengthFactor, Double(scale)))
    let radial = 2 * pow(log(bandwidth), 2)
    let angle = Double(orientation) * Double.pi / Double(orientationCount)
    let spread = Double.pi / Double(orientationCount) / angularOverlap
    var gains = [Double](repeating: 0, count: side * side)
    for column in 0..<side {
      for row in 0..<side where row != 0 || column != 0 {
        let x = frequency(column, side)
        let y = frequency(row, side)
        let direction = atan2(-y, x)
        let distance = abs(remainder(direction - angle, 2 * Double.pi))
        let ratio = log((x * x + y * y).squareRoot() / centre)
        gains[column * side + row] = exp(
          -ratio * ratio / radial - distance * distance / (2 * spread * spread))
      }
    }
    return gains
  }

  /// The frequency at an index of the transform, in cycles for each pixel.
  private static func frequency(_ index: Int, _ side: Int) -> Double {
    let centred = index < (side + 1) / 2 ? index : index - side
    return Double(centred) / Double(side % 2 == 0 ? side : side - 1)
  }
}

public import Domain
import Foundation

/// The features of the integrated local natural image quality evaluator: 468 for each of 36 blocks.
///
/// Source: Zhang, Zhang and Bovik 2015, IEEE Transactions on Image Processing 24(8).
public enum ILNIQE {
  /// The number of features of a block: 234 at full size, 234 at half size.
  public static let featureCount = 468
  /// Photos are resized to this width and height.
  static let sidePixels = 524
  /// Of which this much is used: 6 × 6 blocks.
  static let usedPixels = 504
  static let blockCount = 6
  /// The shortest side of a photo.
  public static let minimumSidePixels = 32
  /// Stands for infinite features, such as the Weibull shape of a flat block.
  static let infinityFeature = 10_000.0

  /// The features of one photo.
  public struct Blocks: Sendable {
    /// For each of the 36 blocks, row by row, 468 features; NaN where a flat block leaves one
    /// undefined.
    public let features: [[Double]]
    /// For each block the mean of the local deviation σ.
    public let sharpness: [Double]
  }

  /// The features of all blocks of the photo, resized to 524 × 524 and cropped to 504 × 504.
  ///
  /// For each block and size, in this order: 18 of the MSCN coefficients as in NIQE; the Weibull
  /// scale and shape of the gradient magnitude of three opponent colours; mean and variance of
  /// three logarithmic colours; shape and mean scale of the opponent colours' derivatives, of 24
  /// log-Gabor responses and of their 48 derivatives; the Weibull scale and shape of the responses'
  /// gradient magnitudes.
  ///
  /// - Throws: `InputError` when the photo is smaller than 32 × 32 pixels.
  public static func blocks(_ photo: ColourPlane) throws(InputError) -> Blocks {
    try requireSide("IL-NIQE", photo.widthPixels, photo.heightPixels, minimumSidePixels)
    let full = OpponentPlanes(photo)
    let half = full.halved()
    let (fullFeatures, sharpness) = sizeFeatures(full, size: 1)
    let (halfFeatures, _) = sizeFeatures(half, size: 2)
    let features = zip(fullFeatures, halfFeatures).map { full, half in
      (full + half).map { $0 == .infinity ? infinityFeature : $0 }
    }
    return Blocks(features: features, sharpness: sharpness)
  }

  /// What one plane gives for one block.
  private struct Part: Sendable {
    /// Shape and mean scale of the values.
    var values: [Double] = []
    /// Shape and mean scale of both derivatives.
    var derivatives: [Double] = []
    /// Weibull scale and shape of the gradient magnitude.
    var magnitude: [Double] = []

    static func + (a: Part, b: Part) -> Part {
      Part(
        values: a.values + b.values, derivatives: a.derivatives + b.derivatives,
        magnitude: a.magnitude + b.magnitude)
    }
  }

  /// The 234 features of each block at one size, 1 for full and 2 for half, and the sharpness.
  private static func sizeFeatures(
    _ planes: OpponentPlanes, size: Int
  ) -> ([[Double]], [Double]) {
    let side = planes.side
    let derivative = GaussianDerivative(sigma: 1.66 / pow(Double(size), 0.28))
    let opponents = mapInParallel(count: 3) { index in
      parts(planes.opponents[index], side, derivative)
    }
    let transform = FourierTransform(side: side)
    let spectrum = transform.transposedSpectrum(planes.opponents[2])
    let filters = mapInParallel(count: LogGabor.scaleCount * LogGabor.orientationCount) { index in
      let gains = LogGabor.transposedGains(
        side: side, scale: index / LogGabor.orientationCount,
        orientation: index % LogGabor.orientationCount,
        shortestWavelength: 2.4 / pow(Double(size), 0.87))
      let response = transform.image(
        ofTransposed: ComplexImage(
          real: zip(spectrum.real, gains).map(*),
          imaginary: zip(spectrum.imaginary, gains).map(*)))
      return zip(
        parts(response.real, side, derivative), parts(response.imaginary, side, derivative)
      ).map(+)
    }
    let (scene, sharpness) = naturalSceneFeatures(planes.opponents[2], side)
    let colours = colourFeatures(planes)
    let features = scene.indices.map { block in
      let opponent = opponents.map { $0[block] }
      let filter = filters.map { $0[block] }
      return scene[block] + opponent.flatMap(\.magnitude) + colours[block]
        + opponent.flatMap(\.derivatives) + filter.flatMap(\.values)
        + filter.flatMap(\.derivatives) + filter.flatMap(\.magnitude)
    }
    return (features, sharpness)
  }

  /// The features of a plane's values and gradients, for each block.
  private static func parts(
    _ plane: [Double], _ side: Int, _ derivative: GaussianDerivative
  ) -> [Part] {
    let (x, y) = derivative.gradient(plane, side: side)
    let logarithms = zip(x, y).map { log(($0 * $0 + $1 * $1).squareRoot() + 1.0.ulp) }
    let values = distribution(plane, side)
    let alongX = distribution(x, side)
    let alongY = distribution(y, side)
    return values.indices.map { index in
      let fit = block(logarithms, side, index).withUnsafeBufferPointer(Weibull.init)
      return Part(
        values: values[index], derivatives: alongX[index] + alongY[index],
        magnitude: [fit.scale, fit.shape])
    }
  }

  /// The pixels of one block, row by row.
  private static func block(_ plane: [Double], _ side: Int, _ index: Int) -> [Double] {
    let length = side / blockCount
    let start = index / blockCount * length * side + index % blockCount * length
    return (0..<length).flatMap { plane[start + $0 * side..<start + $0 * side + length] }
  }

  /// Shape and mean scale of the asymmetric generalised Gaussian, for each block.
  private static func distribution(_ plane: [Double], _ side: Int) -> [[Double]] {
    (0..<blockCount * blockCount).map { index in
      var moments = Moments()
      block(plane, side, index).withUnsafeBufferPointer { values in
        if let start = values.baseAddress { moments.add(start, nil, values.count) }
      }
      let fit = GeneralizedGaussian.asymmetric(moments)
      return [fit.shape, (fit.scales.left + fit.scales.right) / 2]
    }
  }

  /// NIQE's 18 features of each block, with a window of 5 × 5 pixels, and the mean deviation.
  private static func naturalSceneFeatures(
    _ plane: [Double], _ side: Int
  ) -> ([[Double]], [Double]) {
    let filter = ContrastNormalization(border: .replicate, sidePixels: 5)
    var coefficients = [Double](repeating: 0, count: side * side)
    var deviations = coefficients
    var scratch = [Double](repeating: 0, count: ContrastNormalization.scratchCount(side))
    plane.withUnsafeBufferPointer { plane in
      coefficients.withUnsafeMutableBufferPointer { coefficients in
        deviations.withUnsafeMutableBufferPointer { deviations in
          scratch.withUnsafeMutableBufferPointer { scratch in
            guard let image = plane.baseAddress, let line = scratch.baseAddress,
              let out = coefficients.baseAddress, let deviation = deviations.baseAddress
            else { return }
            for y in 0..<side {
              filter.row(
                image, side, side, y, line, into: out + y * side, deviation: deviation + y * side)
            }
          }
        }
      }
    }
    let length = side / blockCount
    let features = (0..<blockCount * blockCount).map { index -> [Double] in
      let values = block(coefficients, side, index)
      var wrapped: [Double] = []
      for y in 0..<length {
        let row = values[y * length..<(y + 1) * length]
        wrapped += [row[row.endIndex - 1]] + row + [row[row.startIndex]]
      }
      return wrapped.withUnsafeBufferPointer { wrapped in
        guard let start = wrapped.baseAddress else { return [] }
        return NIQE.naturalSceneFeatures(start + 1, length + 2, length)
      }
    }
    let sharpness = (0..<blockCount * blockCount).map {
      block(deviations, side, $0).reduce(0, +) / Double(length * length)
    }
    return (features, sharpness)
  }

  /// Mean and variance of three logarithmic opponent colours, for each block.
  private static func colourFeatures(_ planes: OpponentPlanes) -> [[Double]] {
    let side = planes.side
    let logarithms = mapInParallel(count: 3) { index in
      let values = planes.colours[index].map { log($0 + 0.00001) }
      let mean = values.reduce(0, +) / Double(values.count)
      return values.map { $0 - mean }
    }
    let (red, green, blue) = (logarithms[0], logarithms[1], logarithms[2])
    let colours = [
      red.indices.map { (red[$0] + green[$0] + blue[$0]) / 3.0.squareRoot() },
      red.indices.map { (red[$0] + green[$0] - 2 * blue[$0]) / 6.0.squareRoot() },
      red.indices.map { (red[$0] - green[$0]) / 2.0.squareRoot() },
    ]
    return (0..<blockCount * blockCount).map { index in
      colours.flatMap { colour in
        let values = block(colour, side, index)
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return [mean, squares / Double(values.count - 1)]
      }
    }
  }
}

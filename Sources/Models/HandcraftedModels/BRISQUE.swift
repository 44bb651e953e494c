public import Domain

/// The blind/referenceless image spatial quality evaluator: 36 natural-scene statistics.
///
/// Source: Mittal, Moorthy and Bovik 2012, IEEE Transactions on Image Processing 21(12).
public enum BRISQUE {
  /// The number of features: 18 at full size, 18 at half size.
  public static let featureCount = 36
  /// The shortest side of a photo.
  public static let minimumSidePixels = 16

  /// The features of a photo.
  ///
  /// At each size: shape and variance of the MSCN coefficients, then shape, mean, and the mean
  /// squares on the left and on the right of 0 of their products with the left, upper, upper-left
  /// and lower-left neighbour. The photo wraps around at its borders. Flat regions: coefficients
  /// below 1e-9 count as 0.
  ///
  /// - Throws: `InputError` when the photo is too small, or so flat that the features aren't
  ///   defined.
  public static func features(_ grey: GreyPlane) throws(InputError) -> [Double] {
    try grey.require("BRISQUE", sidePixels: minimumSidePixels)
    let features = sizeFeatures(grey) + sizeFeatures(BicubicHalving.halved(grey))
    guard features.allSatisfy(\.isFinite) else {
      throw InputError(
        "photo", "it is too flat for BRISQUE: there is no detail on one side of the mean",
        remedy: "give a photo with visible texture")
    }
    return features
  }

  /// The 18 features of one size.
  private static func sizeFeatures(_ grey: GreyPlane) -> [Double] {
    let statistics = pairStatistics(grey)
    let values = GeneralizedGaussian.symmetric(statistics.values)
    var features = [values.shape, values.variance]
    let products = statistics.products
    // The sum over all pixels is the same whichever of both neighbours comes first, so the product
    // with the upper-right neighbour is the one with the lower-left.
    for moments in [products.0, products.1, products.2, products.3] {
      let fit = GeneralizedGaussian.asymmetric(moments)
      let mean = (fit.right - fit.left) * fit.meanFactor * fit.scaling
      features += [fit.shape, mean, fit.left * fit.left, fit.right * fit.right]
    }
    return features
  }

  /// The statistics of the whole photo, strip by strip.
  private static func pairStatistics(_ grey: GreyPlane) -> PairStatistics {
    let width = grey.widthPixels
    let height = grey.heightPixels
    let filter = ContrastNormalization(border: .zero)
    let stripRows = 64
    let strips = mapInParallel(count: (height + stripRows - 1) / stripRows) { strip in
      var total = PairStatistics()
      grey.samples.withUnsafeBufferPointer { samples in
        guard let image = samples.baseAddress else { return }
        let lane = width + 2
        let needed = ContrastNormalization.scratchCount(width) + 2 * lane
        withUnsafeTemporaryAllocation(of: Double.self, capacity: needed) { memory in
          guard var current = memory.baseAddress else { return }
          var above = current + lane
          let scratch = above + lane
          let first = strip * stripRows
          for y in (first - 1)..<min(height, first + stripRows) {
            swap(&current, &above)
            filter.row(
              image, width, height, y < 0 ? height - 1 : y, scratch, into: current + 1)
            current[0] = current[width]
            current[width + 1] = current[1]
            if y >= first { total.add(current + 1, above: above + 1, width) }
          }
        }
      }
      return total
    }
    return strips.reduce(into: PairStatistics()) { $0 += $1 }
  }
}

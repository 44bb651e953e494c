public import Domain

/// The natural image quality evaluator's features: 36 for each block of 96 × 96 pixels.
///
/// Source: Mittal, Soundararajan and Bovik 2013, IEEE Signal Processing Letters 20(3).
public enum NIQE {
  /// The number of features of a block: 18 at full size, 18 at half size.
  public static let featureCount = 36
  /// The side of a block at full size.
  public static let blockSidePixels = 96
  /// The shortest side of a photo that has 2 blocks in each direction.
  public static let minimumSidePixels = 192

  /// The features of one photo.
  public struct Blocks: Sendable {
    /// For each block, row by row, 36 features; NaN where a flat block leaves one undefined.
    public let features: [[Double]]
    /// For each block the mean of the local deviation σ.
    public let sharpness: [Double]
  }

  /// The features of all whole blocks; what is left at the right and at the bottom isn't used.
  ///
  /// For each block and size: shape and mean scale of the MSCN coefficients, then shape, mean, left
  /// and right scale of their products with the left, upper, upper-left and upper-right neighbour.
  /// Each block wraps around at its borders. Flat regions: coefficients below 1e-9 count as 0.
  ///
  /// - Throws: `InputError` when the photo is smaller than 192 × 192 pixels.
  public static func blocks(_ grey: GreyPlane) throws(InputError) -> Blocks {
    try grey.require("NIQE", sidePixels: minimumSidePixels)
    let columns = grey.widthPixels / blockSidePixels
    let rows = grey.heightPixels / blockSidePixels
    let whole = grey.cropped(
      widthPixels: columns * blockSidePixels, heightPixels: rows * blockSidePixels)
    let full = blockRows(whole, columns, rows, blockSidePixels, withSharpness: true)
    let half = blockRows(
      BicubicHalving.halved(whole), columns, rows, blockSidePixels / 2, withSharpness: false)
    return Blocks(
      features: zip(full, half).map { $0.features + $1.features },
      sharpness: full.map(\.sharpness))
  }

  private struct Block: Sendable {
    var features: [Double]
    var sharpness = 0.0
  }

  private static func blockRows(
    _ grey: GreyPlane, _ columns: Int, _ rows: Int, _ side: Int, withSharpness: Bool
  ) -> [Block] {
    let lines = mapInParallel(count: rows) { row in
      blockRow(grey, columns, row, side, withSharpness: withSharpness)
    }
    return lines.flatMap { $0 }
  }

  /// The blocks of one row of blocks.
  private static func blockRow(
    _ grey: GreyPlane, _ columns: Int, _ row: Int, _ side: Int, withSharpness: Bool
  ) -> [Block] {
    let width = grey.widthPixels
    let filter = ContrastNormalization(border: .replicate)
    var sharpness = [Double](repeating: 0, count: columns)
    // The rows of each block lie apart, with their wrapped neighbours.
    let lane = side + 2
    var coefficients = [Double](repeating: 0, count: columns * side * lane)
    grey.samples.withUnsafeBufferPointer { samples in
      guard let image = samples.baseAddress else { return }
      let needed = ContrastNormalization.scratchCount(width) + 2 * width
      withUnsafeTemporaryAllocation(of: Double.self, capacity: needed) { memory in
        guard let line = memory.baseAddress else { return }
        let deviation = line + width
        for y in 0..<side {
          filter.row(
            image, width, grey.heightPixels, row * side + y, deviation + width, into: line,
            deviation: withSharpness ? deviation : nil)
          for column in 0..<columns {
            let start = (column * side + y) * lane
            for x in 0..<side { coefficients[start + 1 + x] = line[column * side + x] }
            coefficients[start] = line[column * side + side - 1]
            coefficients[start + side + 1] = line[column * side]
            if withSharpness {
              for x in 0..<side { sharpness[column] += deviation[column * side + x] }
            }
          }
        }
      }
    }
    return coefficients.withUnsafeBufferPointer { coefficients in
      guard let start = coefficients.baseAddress else { return [] }
      return (0..<columns).map { column in
        Block(
          features: naturalSceneFeatures(start + column * side * lane + 1, lane, side),
          sharpness: sharpness[column] / Double(side * side))
      }
    }
  }

  /// The 18 features of a square block whose rows start `lane` apart, each between its wrapped
  /// neighbours.
  static func naturalSceneFeatures(
    _ block: UnsafePointer<Double>, _ lane: Int, _ side: Int
  ) -> [Double] {
    var statistics = PairStatistics()
    for y in 0..<side {
      let above = block + (y == 0 ? side - 1 : y - 1) * lane
      statistics.add(block + y * lane, above: above, side)
    }
    let values = GeneralizedGaussian.asymmetric(statistics.values).scales
    let shape = GeneralizedGaussian.asymmetric(statistics.values).shape
    var features = [shape, (values.left + values.right) / 2]
    let products = statistics.products
    for moments in [products.0, products.1, products.2, products.3] {
      let fit = GeneralizedGaussian.asymmetric(moments)
      let (left, right) = fit.scales
      features += [fit.shape, (right - left) * fit.meanFactor, left, right]
    }
    return features
  }
}

extension GreyPlane {
  /// The upper left part.
  func cropped(widthPixels width: Int, heightPixels height: Int) -> GreyPlane {
    guard width < widthPixels || height < heightPixels else { return self }
    let part = [Double](unsafeUninitializedCapacity: width * height) { part, filled in
      samples.withUnsafeBufferPointer { samples in
        guard let source = samples.baseAddress, let target = part.baseAddress else { return }
        for y in 0..<height {
          (target + y * width).update(from: source + y * widthPixels, count: width)
        }
      }
      filled = width * height
    }
    return GreyPlane(unchecked: width, height, part)
  }
}

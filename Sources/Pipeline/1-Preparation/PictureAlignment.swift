public import Pixels

/// Where the content of one picture lies in another: a cross-fade of pictures that don't lie on
/// each other shows ghosts.
///
/// Edges are compared, not levels, so that a different exposure or a degradation doesn't matter:
/// the gradient magnitudes of both pictures, at most 384 pixels long, are correlated at shifts of
/// up to an eighth of the width, first at a quarter of that size, then around the best. Turns and
/// scales are not searched; they lower the correlation.
public struct PictureAlignment: Hashable, Sendable {
  /// How far the second picture's content lies to the right, as a part of the first's width.
  public let across: Double
  /// How far the second picture's content lies below, as a part of the first's height.
  public let down: Double
  /// The correlation of the edges at that shift.
  public let correlation: Double
  /// The correlation of the edges as the pictures are.
  public let correlationInPlace: Double

  /// Below this correlation, edges hardly agree.
  private static let leastAgreement = 0.3

  /// Whether a shift fits better than the pictures as they are, by more than chance.
  public var isShifted: Bool { correlation > correlationInPlace + 0.02 }

  /// Whether the edges agree at the best shift.
  public var agrees: Bool { correlation > Self.leastAgreement }

  /// Whether the pictures lie on each other: they aren't shifted, and their edges agree in place.
  public var isRegistered: Bool { !isShifted && correlationInPlace > Self.leastAgreement }

  /// Compares two pictures; the second is brought to the first's size.
  public init(_ first: RasterImage, _ second: RasterImage) {
    let scale = min(1, 384 / Double(first.longSidePixels))
    let small = first.resizedBicubic(
      widthPixels: max(1, Int((scale * Double(first.widthPixels)).rounded())),
      heightPixels: max(1, Int((scale * Double(first.heightPixels)).rounded())))
    let other = second.resizedBicubic(
      widthPixels: small.widthPixels, heightPixels: small.heightPixels)
    let (fine, fineOther) = (EdgeMap(small), EdgeMap(other))
    let coarse = EdgeMap(Self.quarter(small))
    let coarseOther = EdgeMap(Self.quarter(other))
    let reach = max(2, coarse.width / 8)
    let rough = Self.best(coarse, coarseOther, around: (0, 0), reach: reach).shift
    let found = Self.best(fine, fineOther, around: (4 * rough.x, 4 * rough.y), reach: 4)
    let inPlace = fine.correlation(with: fineOther, x: 0, y: 0)
    let isBetter = found.correlation > inPlace
    correlationInPlace = inPlace
    correlation = isBetter ? found.correlation : inPlace
    across = isBetter ? Double(found.shift.x) / Double(fine.width) : 0
    down = isBetter ? Double(found.shift.y) / Double(fine.height) : 0
  }

  private static func quarter(_ image: RasterImage) -> RasterImage {
    image.resizedBicubic(
      widthPixels: max(3, image.widthPixels / 4), heightPixels: max(3, image.heightPixels / 4))
  }

  private static func best(
    _ first: EdgeMap, _ second: EdgeMap, around center: (x: Int, y: Int), reach: Int
  ) -> (shift: (x: Int, y: Int), correlation: Double) {
    var best = (shift: center, correlation: -2.0)
    for y in (center.y - reach)...(center.y + reach) {
      for x in (center.x - reach)...(center.x + reach) {
        let correlation = first.correlation(with: second, x: x, y: y)
        if correlation > best.correlation { best = ((x, y), correlation) }
      }
    }
    return best
  }
}

/// The gradient magnitudes of a picture's gray levels.
private struct EdgeMap {
  let width: Int
  let height: Int
  private let values: [Float]

  init(_ image: RasterImage) {
    (width, height) = (image.widthPixels, image.heightPixels)
    let samples = image.samples
    let (columns, rows) = (width, height)
    func gray(_ x: Int, _ y: Int) -> Float {
      let place = 3 * (min(max(y, 0), rows - 1) * columns + min(max(x, 0), columns - 1))
      return Float(samples[place]) + 2 * Float(samples[place + 1]) + Float(samples[place + 2])
    }
    var values: [Float] = []
    values.reserveCapacity(columns * rows)
    for y in 0..<rows {
      for x in 0..<columns {
        let (across, down) = (gray(x + 1, y) - gray(x - 1, y), gray(x, y + 1) - gray(x, y - 1))
        values.append((across * across + down * down).squareRoot())
      }
    }
    self.values = values
  }

  /// Pearson's correlation with another map of this size whose content lies `x` to the right and
  /// `y` below, over what both show; 0 where that is less than a quarter, or flat.
  func correlation(with other: EdgeMap, x: Int, y: Int) -> Double {
    let (left, right) = (max(0, -x), min(width, width - x))
    let (top, bottom) = (max(0, -y), min(height, height - y))
    guard right > left, bottom > top, 4 * (right - left) * (bottom - top) >= width * height else {
      return 0
    }
    var (sum, otherSum, squares, otherSquares, products) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for row in top..<bottom {
      let (start, otherStart) = (row * width, (row + y) * width + x)
      for column in left..<right {
        let (one, two) = (
          Double(values[start + column]), Double(other.values[otherStart + column])
        )
        sum += one
        otherSum += two
        squares += one * one
        otherSquares += two * two
        products += one * two
      }
    }
    let count = Double((right - left) * (bottom - top))
    let spread = squares - sum * sum / count
    let otherSpread = otherSquares - otherSum * otherSum / count
    guard spread > 0, otherSpread > 0 else { return 0 }
    return (products - sum * otherSum / count) / (spread * otherSpread).squareRoot()
  }
}

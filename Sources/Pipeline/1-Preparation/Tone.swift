import Foundation
internal import Pixels

/// How the brightness of an image is changed before faces are searched.
enum Tone: String, Sendable, CaseIterable {
  /// Not at all.
  case asIs = "as it is"
  /// The 1st to 99th percentiles of luma are stretched over the range and a power curve lifts the
  /// median to mid grey.
  case brightened = "brightened"
  /// The darkest fifth of the pixels is stretched over the range, which opens the shadows of
  /// backlit photos.
  case opened = "with opened shadows"

  /// The image in this tone; hues are kept because all bands follow one curve.
  func apply(to image: RasterImage) -> RasterImage {
    guard self != .asIs else { return image }
    var curve = [UInt8](repeating: 0, count: 256)
    let cumulative = Self.cumulativeLuma(of: image)
    switch self {
    case .asIs: return image
    case .brightened:
      let low = Double(Self.level(0.01, cumulative))
      let high = max(low + 1, Double(Self.level(0.99, cumulative)))
      let median = (Double(Self.level(0.5, cumulative)) - low) / (high - low)
      let exponent = min(max(log(0.45) / log(min(max(median, 0.01), 0.99)), 0.25), 1.5)
      for level in 0..<256 {
        let value = min(max((Double(level) - low) / (high - low), 0), 1)
        curve[level] = UInt8(clamping: Int((255 * pow(value, exponent)).rounded()))
      }
    case .opened:
      let white = max(6, 1.5 * Double(Self.level(0.2, cumulative)))
      for level in 0..<256 {
        curve[level] = UInt8((255 * pow(min(1, Double(level) / white), 0.7)).rounded())
      }
    }
    var result = image
    result.samples = image.samples.map { curve[Int($0)] }
    return result
  }

  /// The part of the pixels with at most each level of luma, weighted as in BT.601.
  private static func cumulativeLuma(of image: RasterImage) -> [Double] {
    var counts = [Int](repeating: 0, count: 256)
    image.samples.withUnsafeBufferPointer { samples in
      for pixel in stride(from: 0, to: samples.count - 2, by: 3) {
        let luma =
          77 * Int(samples[pixel]) + 150 * Int(samples[pixel + 1]) + 29 * Int(samples[pixel + 2])
        counts[luma >> 8] += 1
      }
    }
    var sum = 0
    return counts.map { count in
      sum += count
      return Double(sum) / Double(max(1, image.pixelCount))
    }
  }

  /// The first level that a part of the pixels doesn't exceed.
  private static func level(_ part: Double, _ cumulative: [Double]) -> Int {
    cumulative.firstIndex { $0 >= part } ?? 255
  }
}

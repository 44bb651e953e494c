public import Domain
public import Pixels

/// Images that bridge the gap between two images of one scene on the quality scale.
///
/// Image i of N is the blend (1 − t) · from + t · to of the coded sRGB levels with t = i / (N − 1),
/// so that the first is the one image and the last the other. Blends of different framings show
/// both; bridge images that were degraded from one photo, or that are aligned.
public struct DegradationBridge: Hashable, Sendable {
  /// The number of images, both ends included.
  public let levels: Int

  /// Makes a bridge.
  ///
  /// - Throws: `InputError` for fewer than two levels.
  public init(levels: Int) throws(InputError) {
    guard (2...10_000).contains(levels) else {
      throw InputError(
        Setting("levels"), "\(levels) levels can't be made", remedy: "give 2 to 10000")
    }
    self.levels = levels
  }

  /// The part of `to` in each image, from 0 to 1.
  public var parts: [Double] { (0..<levels).map { Double($0) / Double(levels - 1) } }

  /// One blend; `to` is brought to the size of `from` with the bicubic kernel where they differ.
  ///
  /// - Parameters:
  ///   - part: the part of `to`, clamped to 0…1.
  ///   - from: one end.
  ///   - to: the other end.
  /// - Returns: the blend, rounded to whole levels.
  public func blend(part: Double, from: RasterImage, to: RasterImage) -> RasterImage {
    let part = Float(min(max(part, 0), 1))
    let other = to.resizedBicubic(widthPixels: from.widthPixels, heightPixels: from.heightPixels)
    var result = from
    result.samples.withUnsafeMutableBufferPointer { samples in
      other.samples.withUnsafeBufferPointer { others in
        for index in samples.indices {
          let level = Float(samples[index])
          samples[index] = UInt8((level + part * (Float(others[index]) - level)).rounded())
        }
      }
    }
    return result
  }
}

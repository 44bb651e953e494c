import Foundation
public import Pixels
public import Statistics

/// Adds Gaussian noise of a fixed variance to images, independent in every sample.
///
/// Normal numbers are drawn from 65,536 equally likely quantiles, four from each 64 random bits,
/// and scaled to variance 1 exactly; they reach ±4.3 standard deviations. Levels are clamped to
/// 0…255, which lowers the variance near black and white.
public struct GaussianNoise: Sendable {
  /// The normal quantiles at (i + ½) / 65,536.
  private let quantiles: [Float]

  /// Works out the table.
  public init() {
    let count = 65_536
    let values = (0..<count).map { StandardNormal.quantile((Double($0) + 0.5) / Double(count)) }
    let variance = values.reduce(0) { $0 + $1 * $1 } / Double(count)
    quantiles = values.map { Float($0 / variance.squareRoot()) }
  }

  /// Adds noise to the coded levels of sRGB.
  ///
  /// - Parameters:
  ///   - image: the image.
  ///   - variance: in squared levels; 0 leaves the image alone.
  ///   - generator: gives the random bits.
  /// - Returns: the noisy image, rounded to whole levels.
  public func adding(
    to image: RasterImage, variance: Double, using generator: inout SeededGenerator
  ) -> RasterImage {
    guard variance > 0 else { return image }
    let deviation = Float(variance.squareRoot())
    return map(image, using: &generator) { level, normal in
      UInt8(min(max((Float(level) + deviation * normal).rounded(), 0), 255))
    }
  }

  /// Adds noise in linear light, where white is 255, as a sensor's read noise would.
  ///
  /// - Parameters:
  ///   - image: the image.
  ///   - variance: in squared levels of linear light; 0 leaves the image alone.
  ///   - generator: gives the random bits.
  /// - Returns: the noisy image in sRGB, rounded to whole levels.
  public func addingLinear(
    to image: RasterImage, variance: Double, using generator: inout SeededGenerator
  ) -> RasterImage {
    guard variance > 0 else { return image }
    let deviation = Float(variance.squareRoot())
    let linear = (0..<256).map { level -> Float in
      let value = Double(level) / 255
      return Float(255 * (value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)))
    }
    // 16 steps to a level of linear light keep the coded level right except in the darkest shadows.
    let steps = 16
    let coded = (0...(255 * steps)).map { step -> UInt8 in
      let value = Double(step) / Double(255 * steps)
      let code = value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
      return UInt8(clamping: Int((255 * code).rounded()))
    }
    return map(image, using: &generator) { level, normal in
      let light = min(max(linear[Int(level)] + deviation * normal, 0), 255)
      return coded[Int((light * Float(steps)).rounded())]
    }
  }

  /// Changes every sample with its own normal number.
  private func map(
    _ image: RasterImage, using generator: inout SeededGenerator,
    _ change: (UInt8, Float) -> UInt8
  ) -> RasterImage {
    var result = image
    result.samples.withUnsafeMutableBufferPointer { samples in
      quantiles.withUnsafeBufferPointer { quantiles in
        var bits: UInt64 = 0
        for index in samples.indices {
          if index & 3 == 0 { bits = generator.next() }
          samples[index] = change(samples[index], quantiles[Int(bits & 0xFFFF)])
          bits >>= 16
        }
      }
    }
    return result
  }
}

/// An image of 8-bit sRGB samples in memory.
///
/// The samples are shared until one of the copies is written to, so that an image is cheap to pass
/// round.
public struct RasterImage: Hashable, Sendable {
  /// The number of columns, at least 1.
  public let widthPixels: Int
  /// The number of rows, at least 1.
  public let heightPixels: Int
  /// The samples: sRGB, red, green and blue interleaved, row after row; `3 · width · height` of
  /// them.
  public var samples: [UInt8]

  /// Makes an image of samples.
  ///
  /// - Returns: nil when a side is below 1 or the count isn't `3 · width · height`.
  public init?(widthPixels: Int, heightPixels: Int, samples: [UInt8]) {
    let (pixels, overflow) = widthPixels.multipliedReportingOverflow(by: heightPixels)
    guard widthPixels > 0, heightPixels > 0, !overflow, samples.count / 3 == pixels,
      samples.count % 3 == 0
    else { return nil }
    self.widthPixels = widthPixels
    self.heightPixels = heightPixels
    self.samples = samples
  }

  /// Makes an image whose samples are written once, in place.
  ///
  /// `fill` writes every sample; the sides are at least 1, which callers inside the module ensure.
  init<Failure: Error>(
    width: Int, height: Int,
    fill: (UnsafeMutableBufferPointer<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    widthPixels = width
    heightPixels = height
    let count = 3 * width * height
    var failure: Failure?
    samples = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
      do throws(Failure) {
        try fill(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
        initialised = count
      } catch {
        failure = error
        initialised = 0
      }
    }
    if let failure { throw failure }
  }

  /// Makes an image of one colour; sides below 1 count as 1.
  public init(widthPixels: Int, heightPixels: Int, red: UInt8, green: UInt8, blue: UInt8) {
    self.init(width: max(1, widthPixels), height: max(1, heightPixels)) { samples in
      for pixel in stride(from: 0, to: samples.count, by: 3) {
        samples[pixel] = red
        samples[pixel + 1] = green
        samples[pixel + 2] = blue
      }
    }
  }

  /// The number of pixels.
  public var pixelCount: Int { widthPixels * heightPixels }

  /// The longer side in pixels.
  public var longSidePixels: Int { max(widthPixels, heightPixels) }
}

/// The size that a picture is brought to, whatever it had.
public struct TargetSize: Hashable, Sendable, Codable {
  /// The length of the longer side.
  public var longSidePixels: Int
  /// The least length of the other, which else keeps the picture's shape.
  public var shortestPixels: Int

  /// Names the longer side.
  public init(longSidePixels: Int, shortestPixels: Int = 1) {
    (self.longSidePixels, self.shortestPixels) = (longSidePixels, shortestPixels)
  }
}

extension RasterImage {
  /// Brings the longer side to a length by bicubic interpolation (a = −0.5).
  public func resized(to size: TargetSize) -> RasterImage {
    let factor = Double(size.longSidePixels) / Double(max(widthPixels, heightPixels))
    func length(_ pixels: Int) -> Int {
      max(size.shortestPixels, Int((Double(pixels) * factor).rounded()))
    }
    return resizedBicubic(widthPixels: length(widthPixels), heightPixels: length(heightPixels))
  }

  /// Resizes with Keys' bicubic kernel, a = −0.5, half-pixel centers, antialiased when shrinking.
  ///
  /// Computed in 32-bit floating point and rounded once: equal to Pillow's bicubic on
  /// floating-point images.
  ///
  /// - Parameters:
  ///   - widthPixels: the new width, at least 1.
  ///   - heightPixels: the new height, at least 1.
  /// - Returns: the resized image.
  public func resizedBicubic(widthPixels: Int, heightPixels: Int) -> RasterImage {
    resized(widthPixels: widthPixels, heightPixels: heightPixels, kernel: .bicubic)
  }

  /// Resizes with a kernel; half-pixel centers, antialiased when shrinking; sides below 1 count
  /// as 1.
  public func resized(
    widthPixels width: Int, heightPixels height: Int, kernel: ResamplingKernel
  ) -> RasterImage {
    let width = max(1, width)
    let height = max(1, height)
    if width == widthPixels, height == heightPixels { return self }
    return filtered(
      horizontal: AxisWeights(kernel, from: widthPixels, to: width),
      vertical: AxisWeights(kernel, from: heightPixels, to: height))
  }

  /// Blurs with a Gaussian that is cut at three standard deviations; 0 leaves the image alone.
  public func blurred(sigmaPixels: Double) -> RasterImage {
    guard sigmaPixels > 0 else { return self }
    return filtered(
      horizontal: AxisWeights(gaussianSigma: sigmaPixels, count: widthPixels),
      vertical: AxisWeights(gaussianSigma: sigmaPixels, count: heightPixels))
  }

  /// Sharpens with an unsharp mask: v + amount · (v − blur(v)), in sRGB levels, rounded once.
  ///
  /// - Parameters:
  ///   - amount: the mask's weight; 0 leaves the image alone.
  ///   - sigmaPixels: the standard deviation of the blur.
  /// - Returns: the sharpened image.
  public func unsharpMasked(amount: Double, sigmaPixels: Double) -> RasterImage {
    guard amount != 0, sigmaPixels > 0 else { return self }
    let count = 3 * widthPixels
    let weight = Float(amount)
    let resampler = RowResampler(
      horizontal: AxisWeights(gaussianSigma: sigmaPixels, count: widthPixels),
      vertical: AxisWeights(gaussianSigma: sigmaPixels, count: heightPixels))
    return RasterImage(width: widthPixels, height: heightPixels) { target in
      withRows { rows in
        guard let target = target.baseAddress else { return }
        let sharp = UnsafeMutablePointer<Float>.allocate(capacity: count)
        defer { sharp.deallocate() }
        for row in 0..<heightPixels {
          resampler.feed(rows + count * row) { (index: Int, blur: UnsafePointer<Float>) in
            let original = rows + count * index
            for sample in 0..<count {
              let value = Float(original[sample])
              sharp[sample] = value + weight * (value - blur[sample])
            }
            RowResampler.round(sharp, to: target + count * index, count: count)
          }
        }
      }
    }
  }

  /// Pulls the image through a separable filter.
  private func filtered(horizontal: AxisWeights, vertical: AxisWeights) -> RasterImage {
    let count = 3 * horizontal.outputCount
    let resampler = RowResampler(horizontal: horizontal, vertical: vertical)
    return RasterImage(width: horizontal.outputCount, height: vertical.outputCount) { target in
      withRows { rows in
        guard let target = target.baseAddress else { return }
        for row in 0..<heightPixels {
          resampler.feed(rows + 3 * widthPixels * row) {
            (index: Int, line: UnsafePointer<UInt8>) in
            (target + count * index).update(from: line, count: count)
          }
        }
      }
    }
  }

  /// Gives a pointer to the first row.
  func withRows(_ body: (UnsafePointer<UInt8>) -> Void) {
    samples.withUnsafeBufferPointer { buffer in
      if let start = buffer.baseAddress { body(start) }
    }
  }
}

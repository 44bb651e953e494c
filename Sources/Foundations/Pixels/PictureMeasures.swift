import Glibc

/// What can be told of a picture's look from its pixels alone.
///
/// Two pictures are comparable where they show the same thing at the same size.
public struct PictureMeasures: Sendable, Hashable {
  /// The mean luminance, linear, 0…1: sRGB decoded, weights of Rec709.
  public let luminance: Double
  /// The standard deviation of the Laplacian of luma, 0…255: fine structure, noise included.
  public let sharpness: Double
  /// The standard deviation of the noise in luma, 0…255: the mean response to a mask in which edges
  /// and slopes cancel.
  ///
  /// Fine texture counts as noise too.
  ///
  /// Source: Immerkær 1996, doi:10.1006/cviu.1996.0060.
  public let noise: Double

  /// Measures a picture of at least 3 by 3 pixels; nil for a smaller one.
  public init?(_ picture: RasterImage) {
    let (width, height) = (picture.widthPixels, picture.heightPixels)
    guard width > 2, height > 2 else { return nil }
    let linear = (0..<256).map { value -> Double in
      let x = Double(value) / 255
      return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4)
    }
    var luma = [Float](repeating: 0, count: width * height)
    var light = 0.0
    picture.samples.withUnsafeBufferPointer { samples in
      for pixel in 0..<width * height {
        let (r, g, b) = (samples[3 * pixel], samples[3 * pixel + 1], samples[3 * pixel + 2])
        luma[pixel] = 0.2126 * Float(r) + 0.7152 * Float(g) + 0.0722 * Float(b)
        light += 0.2126 * linear[Int(r)] + 0.7152 * linear[Int(g)] + 0.0722 * linear[Int(b)]
      }
    }
    var (squares, sum, rough) = (0.0, 0.0, 0.0)
    luma.withUnsafeBufferPointer { luma in
      for y in 1..<height - 1 {
        for x in 1..<width - 1 {
          let place = y * width + x
          let cross =
            luma[place - width] + luma[place + width] + luma[place - 1] + luma[place + 1]
          let corners =
            luma[place - width - 1] + luma[place - width + 1] + luma[place + width - 1]
            + luma[place + width + 1]
          let laplacian = Double(cross - 4 * luma[place])
          sum += laplacian
          squares += laplacian * laplacian
          rough += Double(abs(corners - 2 * cross + 4 * luma[place]))
        }
      }
    }
    let count = Double((width - 2) * (height - 2))
    luminance = light / Double(width * height)
    sharpness = max(0, squares / count - (sum / count) * (sum / count)).squareRoot()
    noise = (Double.pi / 2).squareRoot() * rough / (6 * count)
  }
}

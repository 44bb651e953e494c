public import Domain

/// A colour photo as the models read it: sRGB bytes, red, green, blue interleaved, row by row.
public struct ColourPlane: Hashable, Sendable {
  /// The width.
  public let widthPixels: Int
  /// The height.
  public let heightPixels: Int
  /// 3 · width · height bytes.
  public let samples: [UInt8]

  /// Makes a plane.
  ///
  /// - Throws: `InputError` when the number of samples isn't 3 · width · height.
  public init(widthPixels: Int, heightPixels: Int, samples: [UInt8]) throws(InputError) {
    try checkSamples(samples.count, channels: 3, widthPixels, heightPixels)
    self.widthPixels = widthPixels
    self.heightPixels = heightPixels
    self.samples = samples
  }
}

/// A grey photo as the models read it: values from 0 to 255, row by row.
public struct GreyPlane: Hashable, Sendable {
  /// The width.
  public let widthPixels: Int
  /// The height.
  public let heightPixels: Int
  /// width · height values.
  public let samples: [Double]

  /// Makes a plane.
  ///
  /// - Throws: `InputError` when the number of samples isn't width · height, or one isn't from 0
  ///   to 255.
  public init(widthPixels: Int, heightPixels: Int, samples: [Double]) throws(InputError) {
    try checkSamples(samples.count, channels: 1, widthPixels, heightPixels)
    guard samples.allSatisfy({ $0 >= 0 && $0 <= 255 }) else {
      throw InputError(
        "photo", "a gray value is not from 0 to 255", remedy: "give 8-bit values without scaling")
    }
    self.init(unchecked: widthPixels, heightPixels, samples)
  }

  /// Makes a plane of grey bytes.
  ///
  /// - Throws: `InputError` when the number of samples isn't width · height.
  public init(widthPixels: Int, heightPixels: Int, samples: [UInt8]) throws(InputError) {
    try checkSamples(samples.count, channels: 1, widthPixels, heightPixels)
    self.init(unchecked: widthPixels, heightPixels, samples.map(Double.init))
  }

  /// Takes the luma of a colour photo, rounded to whole numbers as 8-bit grey photos have them.
  ///
  /// The weights are the first row of the inverse of the NTSC matrix, to full precision; the usual
  /// 0.299, 0.587, 0.114 are the same numbers rounded to three digits.
  public init(_ colour: ColourPlane) {
    let count = colour.widthPixels * colour.heightPixels
    let grey = [Double](unsafeUninitializedCapacity: count) { grey, initialized in
      guard let rows = DisjointRows(grey) else { return }
      inParallel(count: colour.heightPixels, strip: 64) { strip in
        colour.samples.withUnsafeBufferPointer { samples in
          for i in strip.lowerBound * colour.widthPixels..<strip.upperBound * colour.widthPixels {
            let luma =
              0.298936021293775 * Double(samples[3 * i])
              + 0.587043074451121 * Double(samples[3 * i + 1])
              + 0.114020904255103 * Double(samples[3 * i + 2])
            rows.values[i] = Double(Int32(luma + 0.5))
          }
        }
      }
      initialized = count
    }
    self.init(unchecked: colour.widthPixels, colour.heightPixels, grey)
  }

  init(unchecked width: Int, _ height: Int, _ samples: [Double]) {
    widthPixels = width
    heightPixels = height
    self.samples = samples
  }

  /// Refuses photos that are smaller than a model can work with.
  func require(_ model: String, sidePixels: Int) throws(InputError) {
    try requireSide(model, widthPixels, heightPixels, sidePixels)
  }
}

func requireSide(
  _ model: String, _ width: Int, _ height: Int, _ sidePixels: Int
) throws(InputError) {
  guard min(width, height) < sidePixels else { return }
  throw InputError(
    "photo", "\(width)×\(height) pixels is too small for \(model)",
    remedy: "give at least \(sidePixels)×\(sidePixels) pixels")
}

private func checkSamples(
  _ count: Int, channels: Int, _ width: Int, _ height: Int
) throws(InputError) {
  let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
  guard width > 0, height > 0, !overflow, count % channels == 0, count / channels == pixels else {
    throw InputError(
      "photo", "\(count) samples don't make \(width)×\(height) pixels of \(channels)",
      remedy: "give width · height · \(channels) samples")
  }
}

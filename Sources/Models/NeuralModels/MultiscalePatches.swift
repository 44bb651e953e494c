import Glibc
public import Tensors

/// The patches of images at several scales, as MUSIQ reads them.
///
/// Source: Ke and others 2021, arXiv:2108.05997, section 3.1; the official code's resampling
/// (Gaussian, as TensorFlow's) and zero padding. Places are looked up as in the public PyTorch
/// port.
public struct MultiscalePatches {
  /// How the smaller scales are made.
  public enum Resampling: String, Hashable, Sendable, Codable {
    /// A Gaussian of deviation half a pixel, as the official code.
    case gaussian
    /// Cubic convolution, as the PyTorch port.
    case bicubic
  }

  /// `[batch, patches, 3, 32, 32]`.
  public let patches: Tensor
  /// The number of each patch's place in the 10 × 10 grid: `[batch, patches]`.
  public let places: Tensor
  /// The number of each patch's scale: `[batch, patches]`.
  public let scales: Tensor
  /// Which patches are real; nothing when all are: `[batch, patches]`.
  public let mask: Tensor?

  /// The number of patches an image.
  var count: Int { patches.shape[1] }

  /// Gathers ready-made patches; shorter images are padded and masked.
  public init(
    patches: Tensor, places: Tensor, scales: Tensor, mask: Tensor? = nil
  ) throws(TensorError) {
    let side = MUSIQ.patchSide
    guard patches.rank == 5, patches.shape.suffix(3) == [3, side, side],
      places.shape == Array(patches.shape.prefix(2)), scales.shape == places.shape,
      mask == nil || mask?.shape == places.shape
    else {
      throw TensorError(
        "patches", shapes: [patches.shape, places.shape, scales.shape],
        reason: "expected [batch, count, 3, \(side), \(side)] and twice [batch, count]")
    }
    self.patches = patches
    self.places = places
    self.scales = scales
    self.mask = mask
  }

  /// Cuts images `[batch, 3, height, width]` of one size, in −1…1, at all scales.
  public init(images: Tensor, resampling: Resampling = .gaussian) throws(TensorError) {
    guard images.rank == 4, images.shape[1] == 3, images.shape[2] > 0, images.shape[3] > 0 else {
      throw TensorError(
        "patches", shapes: [images.shape], reason: "expected [batch, 3, height, width]")
    }
    var scaled: [Tensor] = []
    let (height, width) = (images.shape[2], images.shape[3])
    for side in MUSIQ.longSides {
      let ratio = Double(side) / Double(max(height, width))
      let rows = max(Int((Double(height) * ratio).rounded(.toNearestOrEven)), 1)
      let columns = max(Int((Double(width) * ratio).rounded(.toNearestOrEven)), 1)
      scaled.append(
        resampling == .gaussian
          ? try Self.gaussian(images, rows, columns)
          : try images.resized(height: rows, width: columns, .bicubic))
    }
    scaled.append(images)
    var patches: [Tensor] = []
    var places: [Int64] = []
    var scales: [Int64] = []
    for (scale, image) in scaled.enumerated() {
      patches.append(try Self.cut(image))
      let own = Self.places(image.shape[2], image.shape[3])
      places += own
      scales += own.map { _ in Int64(scale) }
    }
    let batch = images.shape[0]
    let shape = [batch, places.count]
    let device = images.device
    func rows(_ numbers: [Int64]) throws(TensorError) -> Tensor {
      try Tensor(numbers, shape: [1, numbers.count]).placed(on: device).expanded(shape)
        .contiguous()
    }
    try self.init(
      patches: .concatenate(patches, along: 1),
      places: rows(places), scales: rows(scales))
  }

  /// Joins images of different sizes into one batch; the shorter ones are padded and masked.
  public static func batch(_ items: [MultiscalePatches]) throws(TensorError) -> MultiscalePatches {
    let longest = items.map(\.count).max() ?? 0
    var patches: [Tensor] = []
    var places: [Tensor] = []
    var scales: [Tensor] = []
    var masks: [Tensor] = []
    for item in items {
      let more = longest - item.count
      patches.append(try item.patches.padded([0, 0, 0, 0, 0, 0, 0, more]))
      places.append(try item.places.padded([0, more]))
      scales.append(try item.scales.padded([0, more]))
      let real =
        if let mask = item.mask { try mask.to(.float32) } else {
          try Tensor.ones(item.places.shape).placed(on: item.places.device)
        }
      masks.append(try real.padded([0, more]))
    }
    return try MultiscalePatches(
      patches: .concatenate(patches), places: .concatenate(places), scales: .concatenate(scales),
      mask: Tensor.concatenate(masks).isAtLeast(0.5))
  }

  // MARK: One scale

  /// `[batch, 3, height, width] → [batch, patches, 3, 32, 32]`, zeros around the image.
  private static func cut(_ image: Tensor) throws(TensorError) -> Tensor {
    let side = MUSIQ.patchSide
    let (top, bottom) = ConvNorm.sameAmounts(image.shape[2], side, side)
    let (left, right) = ConvNorm.sameAmounts(image.shape[3], side, side)
    return try image.padded([left, right, top, bottom])
      .unfolded(kernel: side, stride: side).transposed(1, 2)
      .reshaped([image.shape[0], -1, 3, side, side])
  }

  /// The place of each patch in the grid of position embeddings: the nearest of 10 × 10.
  static func places(_ height: Int, _ width: Int) -> [Int64] {
    func nearest(_ size: Int) -> [Int] {
      let count = (size + MUSIQ.patchSide - 1) / MUSIQ.patchSide
      // In single precision, as PyTorch computes it.
      let step = Float(MUSIQ.gridSide) / Float(count)
      return (0..<count).map { min(Int(Float($0) * step), MUSIQ.gridSide - 1) }
    }
    let columns = nearest(width)
    return nearest(height).flatMap { row in
      columns.map { Int64(row * MUSIQ.gridSide + $0) }
    }
  }

  // MARK: Resampling

  private static func gaussian(
    _ image: Tensor, _ rows: Int, _ columns: Int
  ) throws(TensorError) -> Tensor {
    let narrow = try resample(image, columns, along: 3)
    return try resample(narrow, rows, along: 2)
  }

  /// Weighted sums of the pixels within 1.5 of each new pixel's center.
  private static func resample(
    _ image: Tensor, _ count: Int, along dimension: Int
  ) throws(TensorError) -> Tensor {
    let taps = gaussianTaps(from: image.shape[dimension], to: count)
    var shape = [1, 1, 1, 1]
    shape[dimension] = count
    let device = image.device
    var result: Tensor?
    for tap in taps {
      let part =
        try image.entries(Tensor(tap.indices).placed(on: device), along: dimension)
        * Tensor(tap.weights, shape: shape).placed(on: device)
      result = if let sum = result { try sum + part } else { part }
    }
    return result ?? image
  }

  /// For each new pixel up to four old ones and their weights, which sum to 1.
  static func gaussianTaps(
    from size: Int, to count: Int
  ) -> [(indices: [Int64], weights: [Float])] {
    let scale = Double(size) / Double(count)
    let radius = 1.5
    var taps = (0..<4).map { _ in
      (indices: [Int64](repeating: 0, count: count), weights: [Float](repeating: 0, count: count))
    }
    for place in 0..<count {
      let centre = (Double(place) + 0.5) * scale
      let first = max(Int((centre - radius - 0.5).rounded(.up)), 0)
      let last = min(Int((centre + radius - 0.5).rounded(.down)), size - 1)
      let near = Array(first...max(first, last)).prefix(taps.count)
      // Deviation 1.5 / 3.
      let weights = near.map {
        exp(-2 * ((Double($0) + 0.5 - centre) * (Double($0) + 0.5 - centre)))
      }
      let sum = weights.reduce(0, +)
      for (tap, (index, weight)) in zip(near, weights).enumerated() {
        taps[tap].indices[place] = Int64(index)
        taps[tap].weights[place] = Float(weight / sum)
      }
    }
    return taps
  }
}

import Tensors

/// A linear layer on the mean and the deviation of every channel of some maps: the head of
/// ``MultiDepthRegressor`` and ``MultiDepthQuality``.
struct MultiDepthHead {
  private let center: Tensor
  private let deviation: Tensor
  private let output: LinearLayer

  /// Takes the head's weights; without a checkpoint it predicts 0.
  init(_ w: Weights, _ count: Int) throws(TensorError) {
    center = try w.buffer("center", [count], .zeros)
    deviation = try w.buffer("deviation", [count], .ones)
    output = try LinearLayer(w / "output", count, 1, start: .zeros, biasStart: .zeros)
  }

  /// Sets the mean and the deviation that features are standardized with.
  func standardize(center: [Float], deviation: [Float]) throws(TensorError) {
    try self.center.assign(Tensor(center))
    try self.deviation.assign(Tensor(deviation.map { max($0, 1e-3) }))
  }

  /// The standardized scores `[batch]` of features `[batch, count]`.
  func callAsFunction(_ features: Tensor) throws(TensorError) -> Tensor {
    // Features far outside the training range are limited, so that no single one runs away with the
    // score.
    try output(((features - center) / deviation).clamped(min: -5, max: 5)).squeezed(-1)
  }

  /// The features of maps `[batch, channels, height, width]`: each channel's mean and deviation.
  ///
  /// - Parameters:
  ///   - maps: the maps.
  ///   - epsilon: what is added to the variances; above 0 where gradients are wanted, since the
  ///     square root is steep at 0.
  /// - Returns: `[batch, features]`, single precision.
  /// - Throws: `TensorError` when libtorch fails.
  static func features(_ maps: [Tensor], epsilon: Double = 0) throws(TensorError) -> Tensor {
    var parts: [Tensor] = []
    for map in maps {
      let precise = try map.to(.float32)
      let mean = try precise.mean([2, 3], keep: true)
      parts.append(try mean.flattened(from: 1))
      // Two plain sums: several times as fast as libtorch's variance in one pass.
      let apart = try precise - mean
      let variance = try (apart * apart).mean([2, 3])
      parts.append(try (epsilon > 0 ? variance + epsilon : variance).sqrt())
    }
    return try Tensor.concatenate(parts, along: 1)
  }
}

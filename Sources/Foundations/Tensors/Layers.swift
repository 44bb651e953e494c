extension Tensor {
  /// The two-dimensional convolution of `[batch, inputs, height, width]`.
  ///
  /// The weight is `[outputs, inputs / groups, kernel height, kernel width]`.
  public func conv2d(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1
  ) throws(TensorError) -> Tensor {
    try conv2d(
      weight, bias: bias, stride: (stride, stride), padding: (padding, padding),
      dilation: dilation, groups: groups)
  }

  /// The two-dimensional convolution with (vertical, horizontal) strides and paddings.
  public func conv2d(
    _ weight: Tensor, bias: Tensor? = nil, stride: (Int, Int), padding: (Int, Int),
    dilation: Int = 1, groups: Int = 1
  ) throws(TensorError) -> Tensor {
    try call1(
      "conv2d", .tensor(self), .tensor(weight), .optional(bias), .ints([stride.0, stride.1]),
      .ints([padding.0, padding.1]), .ints([dilation, dilation]), .int(groups))
  }

  /// Normalises each channel; in training with the batch's statistics, which also enter the running
  /// ones, else with the running ones.
  public func batchNorm(
    weight: Tensor, bias: Tensor, runningMean: Tensor, runningVariance: Tensor, training: Bool,
    momentum: Double = 0.1, epsilon: Double = 1e-5
  ) throws(TensorError) -> Tensor {
    try call1(
      "batch_norm", .tensor(self), .tensor(weight), .tensor(bias), .tensor(runningMean),
      .tensor(runningVariance), .bool(training), .double(momentum), .double(epsilon), .bool(true))
  }

  /// Normalises groups of channels of each sample.
  public func groupNorm(
    groups: Int, weight: Tensor, bias: Tensor, epsilon: Double = 1e-5
  ) throws(TensorError) -> Tensor {
    try call1(
      "group_norm", .tensor(self), .int(groups), .tensor(weight), .tensor(bias), .double(epsilon))
  }

  /// Normalises over the last dimensions, those of the weight.
  public func layerNorm(
    weight: Tensor, bias: Tensor, epsilon: Double = 1e-5
  ) throws(TensorError) -> Tensor {
    try call1(
      "layer_norm", .tensor(self), .ints(weight.shape), .tensor(weight), .tensor(bias),
      .double(epsilon))
  }

  /// max(x, 0).
  public func relu() throws(TensorError) -> Tensor { try call1("relu", .tensor(self)) }
  /// x limited to 0…6.
  public func relu6() throws(TensorError) -> Tensor {
    // As `clamped`, but its derivative is one pass over memory.
    try call1("hardtanh", .tensor(self), .double(0), .double(6))
  }
  /// 1 / (1 + e⁻ˣ).
  public func sigmoid() throws(TensorError) -> Tensor { try call1("sigmoid", .tensor(self)) }
  /// x · Φ(x), exact.
  public func gelu() throws(TensorError) -> Tensor { try call1("gelu", .tensor(self)) }

  /// max(x, slope · x).
  public func leakyRelu(slope: Double = 0.01) throws(TensorError) -> Tensor {
    try call1("leaky_relu", .tensor(self), .double(slope))
  }

  /// Exponentials that sum to 1 along a dimension.
  public func softmax(_ dimension: Int = -1) throws(TensorError) -> Tensor {
    try call1("softmax.int", .tensor(self), .int(dimension))
  }

  /// The largest value of each window; rounding up adds windows that reach over the far edges.
  public func maxPool2d(
    _ kernel: Int, stride: Int, padding: Int = 0, roundingUp: Bool = false
  ) throws(TensorError) -> Tensor {
    try call1(
      "max_pool2d", .tensor(self), .ints([kernel, kernel]), .ints([stride, stride]),
      .ints([padding, padding]), .ints([1, 1]), .bool(roundingUp))
  }

  /// The mean of each window.
  public func avgPool2d(
    _ kernel: Int, stride: Int, padding: Int = 0
  ) throws(TensorError) -> Tensor {
    try call1(
      "avg_pool2d", .tensor(self), .ints([kernel, kernel]), .ints([stride, stride]),
      .ints([padding, padding]))
  }

  /// The means over a grid of `height × width` windows that cover the input.
  public func adaptiveAvgPool2d(_ height: Int, _ width: Int) throws(TensorError) -> Tensor {
    try call1("adaptive_avg_pool2d", .tensor(self), .ints([height, width]))
  }

  /// Softmax(q·kᵀ/√d)·v of `[batch, heads, tokens, d]`.
  ///
  /// The mask is true where a query may look at a key, and broadcasts to `[batch, heads, q, k]`.
  public func attention(
    keys: Tensor, values: Tensor, mask: Tensor? = nil
  ) throws(TensorError) -> Tensor {
    if type == .bfloat16, mask == nil {
      // libtorch's own way multiplies by MKL, which has no 16-bit products for AMD's processors: a
      // third slower (measured).
      let scaled = try self * (1 / Double(shape[3]).squareRoot())
      return try scaled.matmul(keys.permuted([0, 1, 3, 2])).softmax(-1).matmul(values)
    }
    return try call1(
      "scaled_dot_product_attention", .tensor(self), .tensor(keys), .tensor(values),
      .optional(mask))
  }

  /// How `resized` computes new pixels.
  public enum Interpolation: Hashable, Sendable {
    /// Linear in both directions.
    case bilinear
    /// Cubic convolution, a = −0.75 (antialiased: a = −0.5).
    case bicubic
  }

  /// The images of `[batch, channels, height, width]` at another size, pixel centres aligned.
  ///
  /// Antialiased means that the kernel widens when the image shrinks; with aligned corners the
  /// corner pixels' centres stay in place instead of the image's edges.
  public func resized(
    height: Int, width: Int, _ interpolation: Interpolation, antialiased: Bool = false,
    cornersAligned: Bool = false
  ) throws(TensorError) -> Tensor {
    let name =
      switch (interpolation, antialiased) {
      case (.bilinear, false): "upsample_bilinear2d.vec"
      case (.bicubic, false): "upsample_bicubic2d.vec"
      case (.bilinear, true): "_upsample_bilinear2d_aa.vec"
      case (.bicubic, true): "_upsample_bicubic2d_aa.vec"
      }
    return try call1(name, .tensor(self), .ints([height, width]), .bool(cornersAligned), .none)
  }

  /// The images enlarged by whole factors: each pixel repeated.
  public func repeatedPixels(height: Int, width: Int) throws(TensorError) -> Tensor {
    try call1("upsample_nearest2d.vec", .tensor(self), .ints([height, width]), .none)
  }
}

// MARK: - Losses

extension Tensor {
  /// The mean absolute difference.
  public func l1Loss(_ target: Tensor) throws(TensorError) -> Tensor {
    try call1("l1_loss", .tensor(self), .tensor(target))
  }

  /// The mean squared difference.
  public func mseLoss(_ target: Tensor) throws(TensorError) -> Tensor {
    try call1("mse_loss", .tensor(self), .tensor(target))
  }

  /// The mean cross entropy of logits `[batch, classes]` against class numbers `[batch]`.
  public func crossEntropyLoss(_ classes: Tensor) throws(TensorError) -> Tensor {
    try call1("cross_entropy_loss", .tensor(self), .tensor(classes))
  }
}

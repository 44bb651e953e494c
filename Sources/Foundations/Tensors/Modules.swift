/// `x · weightᵀ + bias` over the last dimension.
public struct LinearLayer {
  private enum Form {
    case separate(weight: Tensor, bias: Tensor?)
    case fused(FusedLinear)
  }

  private let form: Form

  /// Takes `weight` and `bias`; without initializers they start as PyTorch's do.
  ///
  /// A layer that meets many rows at once, such as a transformer's tokens, should say so: made for
  /// inference, its weight then lies in memory as oneDNN wants it.
  public init(
    _ w: Weights, _ inputs: Int, _ outputs: Int, bias hasBias: Bool = true,
    start: Initializer? = nil, biasStart: Initializer? = nil, manyRows: Bool = false
  ) throws(TensorError) {
    let usual = Initializer.fanInUniform(inputs)
    if manyRows, case .inference(let type, _) = w.purpose {
      form = .fused(
        try FusedLinear(
          w.material("weight", [outputs, inputs], start ?? usual).to(type),
          hasBias ? w.material("bias", [outputs], biasStart ?? usual).to(type) : nil))
      return
    }
    form = .separate(
      weight: try w.parameter("weight", [outputs, inputs], start ?? usual),
      bias: hasBias ? try w.parameter("bias", [outputs], biasStart ?? usual) : nil)
  }

  /// `[…, inputs] → […, outputs]`.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    switch form {
    case .separate(let weight, let bias): try x.linear(weight, bias: bias)
    case .fused(let linear): try linear(x, gelu: false)
    }
  }

  /// The same, then x · Φ(x).
  public func gelu(_ x: Tensor) throws(TensorError) -> Tensor {
    switch form {
    case .separate(let weight, let bias): try x.linear(weight, bias: bias).gelu()
    case .fused(let linear): try linear(x, gelu: true)
    }
  }
}

/// A two-dimensional convolution.
public struct ConvLayer {
  private enum Form {
    case separate(kernel: Tensor, bias: Tensor?)
    case fused(FusedConv)
  }

  private let form: Form
  private let stride: Int
  private let padding: Int
  private let groups: Int

  /// Takes `weight` and `bias`; without initializers they start as PyTorch's do.
  public init(
    _ w: Weights, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    groups: Int = 1, bias hasBias: Bool = true, start: Initializer? = nil,
    biasStart: Initializer? = nil
  ) throws(TensorError) {
    let usual = Initializer.fanInUniform(inputs / groups * kernel * kernel)
    let shape = [outputs, inputs / groups, kernel, kernel]
    self.stride = stride
    self.padding = padding
    self.groups = groups
    guard case .inference(let type, _) = w.purpose else {
      form = .separate(
        kernel: try w.parameter("weight", shape, start ?? usual),
        bias: hasBias ? try w.parameter("bias", [outputs], biasStart ?? usual) : nil)
      return
    }
    form = .fused(
      try FusedConv(
        w.material("weight", shape, start ?? usual).to(type),
        hasBias ? w.material("bias", [outputs], biasStart ?? usual).to(type) : nil,
        stride: stride, padding: padding, groups: groups))
  }

  /// A layer for inference from a kernel and a bias that are computed, not loaded.
  public init(
    ready kernel: Tensor, bias: Tensor?, stride: Int = 1, padding: Int = 0, groups: Int = 1
  ) throws(TensorError) {
    self.stride = stride
    self.padding = padding
    self.groups = groups
    form = .fused(
      try FusedConv(kernel, bias, stride: stride, padding: padding, groups: groups))
  }

  /// `[batch, inputs, height, width] → [batch, outputs, …]`.
  public func callAsFunction(
    _ x: Tensor, _ activation: Activation = .identity
  ) throws(TensorError) -> Tensor {
    switch form {
    case .fused(let conv): try conv(x, activation)
    case .separate(let kernel, let bias):
      try activation.inPlace(
        x.conv2d(kernel, bias: bias, stride: stride, padding: padding, groups: groups))
    }
  }
}

/// Where a convolution pads its input with zeros.
public enum ConvPadding: Hashable, Sendable {
  /// The same amount at every edge.
  case even(Int)
  /// As TensorFlow's SAME: outputs of ⌈size / stride⌉, the odd row at the bottom and right.
  case same

  /// The even amount; 0 where it depends on the input.
  var amount: Int { if case .even(let amount) = self { amount } else { 0 } }
}

/// A convolution without bias, then batch norm; one convolution with bias when made for inference.
public struct ConvNorm {
  private enum Form {
    case separate(kernel: Tensor, norm: BatchNormLayer)
    case folded(FusedConv)
    /// SAME with stride 2: one for each parity of the input's height and width.
    case foldedByParity([[FusedConv]])
  }

  private let form: Form
  private let kernelSize: Int
  private let stride: Int
  private let padding: ConvPadding
  private let groups: Int

  /// Takes the convolution's `weight` (and `bias`) and the norm's tensors from two places.
  public init(
    _ conv: Weights, _ norm: Weights, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1,
    padding: ConvPadding? = nil, groups: Int = 1, momentum: Double = 0.1, epsilon: Double = 1e-5,
    bias: Bool = false
  ) throws(TensorError) {
    let shape = [outputs, inputs / groups, kernel, kernel]
    let start = Initializer.kaimingNormal(fan: outputs / groups * kernel * kernel)
    kernelSize = kernel
    self.stride = stride
    self.padding = padding ?? .even(kernel / 2)
    self.groups = groups
    guard case .inference(let type, _) = conv.purpose else {
      let weight = try conv.parameter("weight", shape, start)
      // Batch norm takes a bias away again, but checkpoints such as VGG's carry one.
      let shift = bias ? try conv.parameter("bias", [outputs], .zeros) : nil
      form = .separate(
        kernel: weight,
        norm: try BatchNormLayer(
          norm, outputs, momentum: momentum, epsilon: epsilon, shift: shift))
      return
    }
    let weight = try conv.material("weight", shape, start)
    let scale =
      try norm.material("weight", [outputs], .ones)
      / (norm.material("running_var", [outputs], .ones) + epsilon).sqrt()
    var offset = try norm.material("running_mean", [outputs], .zeros)
    if bias { offset = try offset - conv.material("bias", [outputs], .zeros) }
    let folded = try (weight * scale.reshaped([outputs, 1, 1, 1])).to(type)
    let shift = try (norm.material("bias", [outputs], .zeros) - offset * scale).to(type)
    func fused(_ kernel: Tensor, padding: Int) throws(TensorError) -> FusedConv {
      try FusedConv(kernel, shift, stride: stride, padding: padding, groups: groups)
    }
    guard self.padding == .same, stride == 2, kernel % 2 == 1 else {
      // What SAME needs besides, `padded` adds to the input.
      let evenly = stride == 1 && kernel % 2 == 1 ? kernel / 2 : 0
      form = .folded(
        try fused(folded, padding: self.padding == .same ? evenly : self.padding.amount))
      return
    }
    // An even side has one zero less before than after. A kernel with a row of zeros before its
    // first one does the same with equal zeros at both edges, and nothing has to be copied.
    var forms: [[FusedConv]] = []
    for top in [1, 0] {
      var row: [FusedConv] = []
      for left in [1, 0] {
        row.append(try fused(folded.padded([left, 0, top, 0]), padding: kernel / 2))
      }
      forms.append(row)
    }
    form = .foldedByParity(forms)
  }

  /// `[batch, inputs, height, width] → [batch, outputs, …]`, plus another tensor, then activated.
  ///
  /// Made for inference, the layer writes the sum into the other tensor's memory.
  public func callAsFunction(
    _ x: Tensor, _ activation: Activation = .identity, adding other: Tensor? = nil,
    training: Bool = false
  ) throws(TensorError) -> Tensor {
    let (input, edge) = try padded(x)
    switch form {
    case .folded(let conv): return try Self.apply(conv, input, activation, other)
    case .foldedByParity(let forms):
      return try Self.apply(forms[x.shape[2] % 2][x.shape[3] % 2], x, activation, other)
    case .separate(let kernel, let norm):
      let y = try norm(
        input.conv2d(kernel, stride: stride, padding: edge, groups: groups), training: training)
      if let other { return try activation.inPlace(y + other) }
      return try activation.inPlace(y)
    }
  }

  private static func apply(
    _ conv: FusedConv, _ x: Tensor, _ activation: Activation, _ other: Tensor?
  ) throws(TensorError) -> Tensor {
    if let other { return try conv(x, addingInto: other, activation) }
    return try conv(x, activation)
  }

  /// The input with what the convolution itself can't pad, and what is left to it.
  private func padded(_ x: Tensor) throws(TensorError) -> (Tensor, Int) {
    guard padding == .same else { return (x, padding.amount) }
    guard x.rank == 4 else {
      throw TensorError("conv2d", shapes: [x.shape], reason: "expected four dimensions")
    }
    // With stride 1 an odd kernel pads evenly.
    if stride == 1, kernelSize % 2 == 1 { return (x, kernelSize / 2) }
    if case .foldedByParity = form { return (x, 0) }
    let (top, bottom) = Self.sameAmounts(x.shape[2], kernelSize, stride)
    let (left, right) = Self.sameAmounts(x.shape[3], kernelSize, stride)
    return (try x.padded([left, right, top, bottom]), 0)
  }

  /// The zeros before and after an axis of TensorFlow's SAME.
  public static func sameAmounts(_ size: Int, _ kernel: Int, _ stride: Int) -> (Int, Int) {
    let outputs = (size + stride - 1) / stride
    let total = max((outputs - 1) * stride + kernel - size, 0)
    return (total / 2, total - total / 2)
  }
}

/// Batch norm over the channels of images.
public struct BatchNormLayer {
  private let weight: Tensor
  private let bias: Tensor
  private let mean: Tensor
  private let variance: Tensor
  private let momentum: Double
  private let epsilon: Double
  private let shift: Tensor?

  /// Takes `weight`, `bias`, `running_mean` and `running_var`; a shift is added before the norm.
  public init(
    _ w: Weights, _ channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5,
    shift: Tensor? = nil
  ) throws(TensorError) {
    weight = try w.parameter("weight", [channels], .ones)
    bias = try w.parameter("bias", [channels], .zeros)
    mean = try w.buffer("running_mean", [channels], .zeros)
    variance = try w.buffer("running_var", [channels], .ones)
    self.momentum = momentum
    self.epsilon = epsilon
    self.shift = shift
  }

  /// Normalizes; in training with the batch's statistics, which also enter the running ones.
  public func callAsFunction(_ x: Tensor, training: Bool) throws(TensorError) -> Tensor {
    let input = if let shift { try x + shift.reshaped([-1, 1, 1]) } else { x }
    // What runs again must not enter the running statistics twice.
    let isAgain = training && Recomputation.isRunning
    return try input.batchNorm(
      weight: weight, bias: bias, runningMean: isAgain ? mean.copy() : mean,
      runningVariance: isAgain ? variance.copy() : variance,
      training: training, momentum: momentum, epsilon: epsilon)
  }
}

/// Layer norm over the last dimension.
public struct LayerNormLayer {
  private let weight: Tensor
  private let bias: Tensor
  private let epsilon: Double

  /// Takes `weight` and `bias`.
  public init(_ w: Weights, _ size: Int, epsilon: Double = 1e-5) throws(TensorError) {
    weight = try w.parameter("weight", [size], .ones)
    bias = try w.parameter("bias", [size], .zeros)
    self.epsilon = epsilon
  }

  /// Normalizes the last dimension.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    try x.layerNorm(weight: weight, bias: bias, epsilon: epsilon)
  }
}

/// Group norm over the channels of images.
public struct GroupNormLayer {
  private let weight: Tensor
  private let bias: Tensor
  private let groups: Int
  private let epsilon: Double
  private let isFused: Bool

  /// Takes `weight` and `bias`.
  public init(
    _ w: Weights, groups: Int, _ channels: Int, epsilon: Double = 1e-5
  ) throws(TensorError) {
    isFused = !w.purpose.isTraining
    weight = try w.normParameter("weight", [channels], .ones)
    bias = try w.normParameter("bias", [channels], .zeros)
    self.groups = groups
    self.epsilon = epsilon
  }

  /// Normalizes each group of each sample, adds another tensor, then activates.
  ///
  /// Made for inference, the layer writes the result into the input's memory.
  public func callAsFunction(
    _ x: Tensor, _ activation: Activation = .identity, adding other: Tensor? = nil
  ) throws(TensorError) -> Tensor {
    guard isFused else {
      let y = try x.groupNorm(groups: groups, weight: weight, bias: bias, epsilon: epsilon)
      if let other { return try activation(y + other) }
      return try activation(y)
    }
    let y = try x.groupNormalizeInPlace(
      groups: groups, weight: weight, bias: bias, epsilon: epsilon, adding: other,
      relu: activation == .relu)
    return activation == .relu ? y : try activation(y)
  }
}

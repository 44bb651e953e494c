import CTorch

/// What follows a convolution; made for inference, both run as one.
public enum Activation: Hashable, Sendable {
  /// Nothing.
  case identity
  /// max(x, 0).
  case relu
  /// x limited to 0…6.
  case relu6
  /// max(x, slope · x).
  case leakyRelu(Double)

  /// Applies it by itself.
  func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    switch self {
    case .identity: x
    case .relu: try x.relu()
    case .relu6: try x.relu6()
    case .leakyRelu(let slope): try x.leakyRelu(slope: slope)
    }
  }

  /// Applies it into the memory of a tensor that nobody else needs, not even for the gradient.
  ///
  /// So after convolutions, norms and sums, whose gradients need their inputs only.
  func inPlace(_ x: Tensor) throws(TensorError) -> Tensor {
    switch self {
    case .identity: x
    case .relu: try call1("relu_", .tensor(x))
    case .relu6: try call1("hardtanh_", .tensor(x), .double(0), .double(6))
    case .leakyRelu(let slope): try call1("leaky_relu_", .tensor(x), .double(slope))
    }
  }

  /// oneDNN's name of it and its constants.
  fileprivate var fused: (name: String, constants: [Double]) {
    switch self {
    case .identity: ("none", [])
    case .relu: ("relu", [])
    case .relu6: ("hardtanh", [0, 6])
    case .leakyRelu(let slope): ("leaky_relu", [slope])
    }
  }
}

/// What oneDNN's fused layers can do here.
private enum FusedOperators {
  /// Whether the processor computes with 16-bit numbers: AVX-512 or better.
  ///
  /// Without it libtorch's plain operators do, slowly.
  private static let haveBFloat16: Bool = {
    let weight = try? Tensor.zeros([8, 8], type: .bfloat16)
    return (try? weight.map { try call1("mkldnn::_reorder_linear_weight", .tensor($0)) }) != nil
  }()

  /// Whether a layer of this weight can be fused.
  static func take(_ weight: Tensor) -> Bool {
    weight.device == .cpu && (weight.type != .bfloat16 || haveBFloat16)
  }
}

/// A convolution made for inference.
///
/// On the CPU its kernel lies in memory as oneDNN wants it, and an addition and an activation run
/// in the same pass; elsewhere libtorch's plain operators follow each other.
struct FusedConv {
  private let kernel: Tensor
  private let bias: Tensor?
  private let sizes: [OperatorArgument]
  private let isFused: Bool

  init(
    _ kernel: Tensor, _ bias: Tensor?, stride: Int, padding: Int, groups: Int
  ) throws(TensorError) {
    isFused = FusedOperators.take(kernel)
    self.kernel =
      isFused
      ? try call1(
        "mkldnn::_reorder_convolution_weight", .tensor(kernel.channelsLast()),
        .ints([padding, padding]), .ints([stride, stride]), .ints([1, 1]), .int(groups))
      : try kernel.channelsLast()
    self.bias = bias
    sizes = [
      .ints([padding, padding]), .ints([stride, stride]), .ints([1, 1]), .int(groups),
    ]
  }

  /// The convolution, activated.
  func callAsFunction(_ x: Tensor, _ activation: Activation) throws(TensorError) -> Tensor {
    guard isFused else { return try activation.inPlace(plain(x)) }
    let (name, constants) = activation.fused
    return try run(
      "",
      [.tensor(x.channelsLast()), .tensor(kernel), .optional(bias)] + sizes
        + [.text(name), .scalars(constants), .text("")])
  }

  /// The convolution plus another tensor, activated, in the other tensor's memory.
  ///
  /// With memory of its own for the sum, ResNet-50 over 1344² pixels takes a fifth longer
  /// (measured).
  func callAsFunction(
    _ x: Tensor, addingInto other: Tensor, _ activation: Activation
  ) throws(TensorError) -> Tensor {
    guard isFused else { return try activation.inPlace(plain(x) + other) }
    let isActivated = activation == .relu || activation == .identity
    let sum = try run(
      "_.binary",
      [.tensor(other.channelsLast()), .tensor(x.channelsLast()), .tensor(kernel), .optional(bias)]
        + sizes
        + [
          .text("add"), .double(1), activation == .relu ? .text("relu") : .none, .scalars([]),
          .none,
        ])
    return isActivated ? sum : try activation(sum)
  }

  private func plain(_ x: Tensor) throws(TensorError) -> Tensor {
    // padding, stride, dilation, groups → stride, padding, dilation, groups.
    try call1(
      "conv2d", .tensor(x), .tensor(kernel), .optional(bias), sizes[1], sizes[0], sizes[2],
      sizes[3])
  }

  private func run(
    _ suffix: String, _ arguments: [OperatorArgument]
  ) throws(TensorError) -> Tensor {
    let results = try call(
      "mkldnn::_convolution_pointwise\(suffix)", arguments, capacity: 1)
    guard let result = results.first else {
      throw TensorError("conv2d", reason: "the operator gave no tensor")
    }
    return result
  }
}

/// A linear layer made for inference: on the CPU its weight lies in memory as oneDNN wants it.
struct FusedLinear {
  private let weight: Tensor
  private let bias: Tensor?
  private let isFused: Bool

  init(_ weight: Tensor, _ bias: Tensor?) throws(TensorError) {
    isFused = FusedOperators.take(weight)
    self.weight =
      isFused ? try call1("mkldnn::_reorder_linear_weight", .tensor(weight)) : weight
    self.bias = bias
  }

  func callAsFunction(_ x: Tensor, gelu: Bool) throws(TensorError) -> Tensor {
    guard isFused else {
      let y = try x.linear(weight, bias: bias)
      return gelu ? try y.gelu() : y
    }
    return try call1(
      "mkldnn::_linear_pointwise", .tensor(x), .tensor(weight), .optional(bias),
      .text(gelu ? "gelu" : "none"), .scalars([]), .text("none"))
  }
}

extension Tensor {
  /// Group norm over a channels-last image in its own memory, plus another tensor, then max(x, 0).
  ///
  /// On the CPU libtorch's own operator is several times slower where the images are many and
  /// small; elsewhere it does the work, and nothing is written into the input.
  func groupNormalizeInPlace(
    groups: Int, weight: Tensor, bias: Tensor, epsilon: Double, adding other: Tensor?, relu: Bool
  ) throws(TensorError) -> Tensor {
    guard device == .cpu else {
      // Half-precision images have single-precision weights.
      var y = try groupNorm(
        groups: groups, weight: weight.to(type), bias: bias.to(type), epsilon: epsilon)
      if let other { y = try y + other }
      return relu ? try y.relu() : y
    }
    let image = try channelsLast()
    let added = try other?.channelsLast()
    try guarded(
      "group norm", shapes: [shape, weight.shape] + (other.map { [$0.shape] } ?? []),
      ctorch_group_norm(
        image.handle, Int64(groups), weight.handle, bias.handle, epsilon, added?.handle, relu))
    return image
  }
}

extension Tensor {
  /// The sum, with broadcasting.
  public static func + (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    try call1("add.Tensor", .tensor(a), .tensor(b))
  }

  /// The sum with a number.
  public static func + (a: Tensor, b: Double) throws(TensorError) -> Tensor {
    try call1("add.Scalar", .tensor(a), .double(b))
  }

  /// The difference, with broadcasting.
  public static func - (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    try call1("sub.Tensor", .tensor(a), .tensor(b))
  }

  /// The difference from a number.
  public static func - (a: Tensor, b: Double) throws(TensorError) -> Tensor {
    try call1("sub.Scalar", .tensor(a), .double(b))
  }

  /// The number minus the tensor.
  public static func - (a: Double, b: Tensor) throws(TensorError) -> Tensor {
    try call1("rsub.Scalar", .tensor(b), .double(a))
  }

  /// The negative.
  public static prefix func - (a: Tensor) throws(TensorError) -> Tensor {
    try call1("neg", .tensor(a))
  }

  /// The product of elements, with broadcasting.
  public static func * (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    try call1("mul.Tensor", .tensor(a), .tensor(b))
  }

  /// The product with a number.
  public static func * (a: Tensor, b: Double) throws(TensorError) -> Tensor {
    try call1("mul.Scalar", .tensor(a), .double(b))
  }

  /// The quotient of elements, with broadcasting.
  public static func / (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    try call1("div.Tensor", .tensor(a), .tensor(b))
  }

  /// The quotient by a number.
  public static func / (a: Tensor, b: Double) throws(TensorError) -> Tensor {
    try call1("div.Scalar", .tensor(a), .double(b))
  }

  /// The number divided by the tensor.
  public static func / (a: Double, b: Tensor) throws(TensorError) -> Tensor {
    try call1("mul.Scalar", .tensor(call1("reciprocal", .tensor(b))), .double(a))
  }

  /// The absolute value.
  public func abs() throws(TensorError) -> Tensor { try call1("abs", .tensor(self)) }
  /// The exponential function.
  public func exp() throws(TensorError) -> Tensor { try call1("exp", .tensor(self)) }
  /// The natural logarithm.
  public func log() throws(TensorError) -> Tensor { try call1("log", .tensor(self)) }
  /// The square root.
  public func sqrt() throws(TensorError) -> Tensor { try call1("sqrt", .tensor(self)) }
  /// The square.
  public func square() throws(TensorError) -> Tensor { try call1("square", .tensor(self)) }
  /// The standard normal distribution function Φ.
  public func normalDistribution() throws(TensorError) -> Tensor {
    try call1("special_ndtr", .tensor(self))
  }

  /// The values limited to a range; a missing end doesn't limit.
  public func clamped(
    min: Double? = nil, max: Double? = nil
  ) throws(TensorError) -> Tensor {
    try call1("clamp", .tensor(self), .optional(min), .optional(max))
  }

  /// Where each element is ≥ the number.
  public func isAtLeast(_ number: Double) throws(TensorError) -> Tensor {
    try call1("ge.Scalar", .tensor(self), .double(number))
  }
}

// MARK: - Products of matrices

extension Tensor {
  /// The matrix product; leading dimensions broadcast.
  public func matmul(_ other: Tensor) throws(TensorError) -> Tensor {
    try call1("matmul", .tensor(self), .tensor(other))
  }

  /// The product of each pair of matrices: `[b, n, m] × [b, m, p] → [b, n, p]`.
  public func batchMatmul(_ other: Tensor) throws(TensorError) -> Tensor {
    try call1("bmm", .tensor(self), .tensor(other))
  }

  /// `x · weightᵀ + bias` over the last dimension; the weight is `[outputs, inputs]`.
  public func linear(_ weight: Tensor, bias: Tensor? = nil) throws(TensorError) -> Tensor {
    try call1("linear", .tensor(self), .tensor(weight), .optional(bias))
  }
}

extension Tensor {
  /// The sum over dimensions, or over all of them.
  public func sum(
    _ dimensions: [Int]? = nil, keep: Bool = false
  ) throws(TensorError) -> Tensor {
    guard let dimensions else { return try call1("sum", .tensor(self)) }
    return try call1("sum.dim_IntList", .tensor(self), .ints(dimensions), .bool(keep))
  }

  /// The mean over dimensions, or over all of them.
  public func mean(
    _ dimensions: [Int]? = nil, keep: Bool = false
  ) throws(TensorError) -> Tensor {
    guard let dimensions else { return try call1("mean", .tensor(self)) }
    return try call1("mean.dim", .tensor(self), .ints(dimensions), .bool(keep))
  }

  /// The variance over dimensions; `correction` 1 divides by n − 1, 0 by n.
  public func variance(
    _ dimensions: [Int]? = nil, correction: Int = 1, keep: Bool = false
  ) throws(TensorError) -> Tensor {
    try call1(
      "var.correction", .tensor(self), dimensions.map(OperatorArgument.ints) ?? .none,
      .int(correction), .bool(keep))
  }

  /// The largest element over dimensions, or over all of them.
  public func max(
    _ dimensions: [Int] = [], keep: Bool = false
  ) throws(TensorError) -> Tensor {
    try call1("amax", .tensor(self), .ints(dimensions), .bool(keep))
  }

  /// The smallest element over dimensions, or over all of them.
  public func min(
    _ dimensions: [Int] = [], keep: Bool = false
  ) throws(TensorError) -> Tensor {
    try call1("amin", .tensor(self), .ints(dimensions), .bool(keep))
  }

  /// The `count` largest elements along a dimension, from the largest on, and their indices.
  public func top(
    _ count: Int, along dimension: Int = -1
  ) throws(TensorError) -> (values: Tensor, indices: Tensor) {
    try pair("topk", call("topk", .tensor(self), .int(count), .int(dimension)))
  }

  /// The elements sorted along a dimension, and the indices where they were.
  public func sorted(
    along dimension: Int = -1, descending: Bool = false
  ) throws(TensorError) -> (values: Tensor, indices: Tensor) {
    try pair(
      "sort",
      call("sort.stable", .tensor(self), .bool(true), .int(dimension), .bool(descending)))
  }

  /// Whether no element is NaN or infinite.
  public func isFinite() throws(TensorError) -> Bool {
    try call1("all", .tensor(call1("isfinite", .tensor(self)))).item() != 0
  }

  private func pair(
    _ name: String, _ results: [Tensor]
  ) throws(TensorError) -> (Tensor, Tensor) {
    guard results.count == 2 else { throw TensorError(name, reason: "expected two tensors") }
    return (results[0], results[1])
  }
}

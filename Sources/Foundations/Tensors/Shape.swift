extension Tensor {
  /// The same elements under another shape; one size may be −1.
  public func reshaped(_ shape: [Int]) throws(TensorError) -> Tensor {
    try call1("reshape", .tensor(self), .ints(shape))
  }

  /// The dimensions from `first` to `last` joined into one.
  public func flattened(from first: Int = 0, to last: Int = -1) throws(TensorError) -> Tensor {
    try call1("flatten.using_ints", .tensor(self), .int(first), .int(last))
  }

  /// The dimensions in another order.
  public func permuted(_ order: [Int]) throws(TensorError) -> Tensor {
    try call1("permute", .tensor(self), .ints(order))
  }

  /// Two dimensions swapped.
  public func transposed(_ a: Int = -2, _ b: Int = -1) throws(TensorError) -> Tensor {
    try call1("transpose.int", .tensor(self), .int(a), .int(b))
  }

  /// A dimension of size 1 inserted.
  public func unsqueezed(_ dimension: Int) throws(TensorError) -> Tensor {
    try call1("unsqueeze", .tensor(self), .int(dimension))
  }

  /// A dimension of size 1 removed.
  public func squeezed(_ dimension: Int) throws(TensorError) -> Tensor {
    try call1("squeeze.dim", .tensor(self), .int(dimension))
  }

  /// The tensor repeated without copying along dimensions of size 1; −1 keeps a size.
  public func expanded(_ shape: [Int]) throws(TensorError) -> Tensor {
    try call1("expand", .tensor(self), .ints(shape))
  }

  /// The tensors joined along a dimension that they have.
  public static func concatenate(
    _ tensors: [Tensor], along dimension: Int = 0
  ) throws(TensorError) -> Tensor {
    try call1("cat", .tensors(tensors), .int(dimension))
  }

  /// The tensors of one shape joined along a new dimension.
  public static func stack(
    _ tensors: [Tensor], along dimension: Int = 0
  ) throws(TensorError) -> Tensor {
    try call1("stack", .tensors(tensors), .int(dimension))
  }

  /// The part `range` of a dimension.
  public func slice(
    _ range: Range<Int>, along dimension: Int, step: Int = 1
  ) throws(TensorError) -> Tensor {
    guard (-rank..<rank).contains(dimension),
      range.lowerBound >= 0,
      range.upperBound <= shape[dimension < 0 ? dimension + rank : dimension]
    else {
      throw TensorError(
        "slice", shapes: [shape], reason: "\(range) along dimension \(dimension) isn't inside")
    }
    return try call1(
      "slice.Tensor", .tensor(self), .int(dimension), .int(range.lowerBound),
      .int(range.upperBound), .int(step))
  }

  /// The entry `index` of a dimension, which disappears.
  public func entry(_ index: Int, along dimension: Int = 0) throws(TensorError) -> Tensor {
    try call1("select.int", .tensor(self), .int(dimension), .int(index))
  }

  /// The entries of a dimension with the given indices, in that order.
  public func entries(_ indices: Tensor, along dimension: Int = 0) throws(TensorError) -> Tensor {
    try call1("index_select", .tensor(self), .int(dimension), .tensor(indices))
  }

  /// The tensor reversed along dimensions.
  public func flipped(_ dimensions: [Int]) throws(TensorError) -> Tensor {
    try call1("flip", .tensor(self), .ints(dimensions))
  }

  /// How `padded` fills the new places.
  public enum Padding: Hashable, Sendable {
    /// With one value.
    case constant(Double)
    /// With the mirror image, the edge not repeated.
    case reflect
    /// With the value of the edge.
    case replicate
  }

  /// The tensor enlarged at its edges.
  ///
  /// The amounts start with the last dimension: left, right, top, bottom, …
  public func padded(
    _ amounts: [Int], _ padding: Padding = .constant(0)
  ) throws(TensorError) -> Tensor {
    // libtorch mirrors images in both directions or not at all.
    let both = rank == 4 && amounts.count == 2 ? amounts + [0, 0] : amounts
    return switch padding {
    case .constant(let value):
      try call1("pad", .tensor(self), .ints(amounts), .text("constant"), .double(value))
    case .reflect: try call1("pad", .tensor(self), .ints(both), .text("reflect"))
    case .replicate: try call1("pad", .tensor(self), .ints(both), .text("replicate"))
    }
  }

  /// Class numbers as rows with one 1.
  public func oneHot(classes: Int) throws(TensorError) -> Tensor {
    try call1("one_hot", .tensor(self), .int(classes))
  }

  /// Sliding blocks of `[batch, channels, height, width]` as columns
  /// `[batch, channels · kernel², positions]`.
  public func unfolded(
    kernel: Int, padding: Int = 0, stride: Int = 1
  ) throws(TensorError) -> Tensor {
    try call1(
      "im2col", .tensor(self), .ints([kernel, kernel]), .ints([1, 1]), .ints([padding, padding]),
      .ints([stride, stride]))
  }
}

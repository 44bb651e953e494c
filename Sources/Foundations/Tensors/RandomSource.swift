import CTorch

/// A stream of random numbers of libtorch (Mersenne twister), owned by whoever draws from it.
///
/// The same seed gives the same numbers on the same kind of processor; normal deviates may differ
/// in the last digit between kinds.
public final class RandomSource {
  let handle: OpaquePointer

  /// Makes a stream from its seed.
  public init(seed: UInt64) throws(TensorError) {
    try Runtime.check()
    var handle: OpaquePointer?
    try guarded("random source", ctorch_generator_new(seed, &handle))
    guard let handle else { throw TensorError("random source", reason: "none came") }
    self.handle = handle
  }

  deinit { ctorch_generator_free(handle) }

  /// The state, to be saved beside a checkpoint.
  public func state() throws(TensorError) -> Tensor {
    var result: OpaquePointer?
    try guarded("random state", ctorch_generator_get_state(handle, &result))
    guard let result else { throw TensorError("random state", reason: "none came") }
    return try Tensor(owning: result)
  }

  /// Goes on from a saved state.
  public func restore(_ state: Tensor) throws(TensorError) {
    try guarded(
      "random state", shapes: [state.shape], ctorch_generator_set_state(handle, state.handle))
  }

  /// Normal deviates with mean 0 and variance 1.
  public func normal(_ shape: [Int], type: ElementType = .float32) throws(TensorError) -> Tensor {
    try call1("randn.generator", .ints(shape), .generator(self), .type(type))
  }

  /// Uniform deviates in 0…1, without 1.
  public func uniform(_ shape: [Int], type: ElementType = .float32) throws(TensorError) -> Tensor {
    try call1("rand.generator", .ints(shape), .generator(self), .type(type))
  }
}

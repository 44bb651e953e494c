import CTorch
import Glibc

/// What C calls to compute a part of a network.
private final class Segment {
  let body: (Tensor) throws(TensorError) -> Tensor
  /// Where libtorch doesn't know that the input lies.
  let device: Device?

  init(_ device: Device?, _ body: @escaping (Tensor) throws(TensorError) -> Tensor) {
    (self.device, self.body) = (device, body)
  }
}

/// Whether a part of a network runs for the second time, for the gradient.
enum Recomputation {
  @TaskLocal static var isRunning = false
}

extension Tensor {
  /// What the body makes of this tensor, computed again for the gradient instead of keeping what
  /// lies between.
  ///
  /// The result is the same as without it, byte for byte on the CPU, and so is the gradient, except
  /// that those of a result that is used more than twice may be added in another order. Running
  /// statistics of batch norms change once. It costs one more pass forward.
  ///
  /// - Parameter body: a computation of the tensor and of weights, the same each time; its result
  ///   is not the tensor itself.
  /// - Returns: what the body gives.
  /// - Throws: what the body throws; `backward()` throws it where only the second time fails.
  ///
  /// Source: Chen and others 2016, «Training deep nets with sublinear memory cost»,
  /// arXiv:1604.06174 (PyTorch's activation checkpointing).
  public func recomputed(
    _ body: @escaping (Tensor) throws(TensorError) -> Tensor
  ) throws(TensorError) -> Tensor {
    let unknown: Device? = device == .simulated ? device : nil
    var result: OpaquePointer?
    let context = Unmanaged.passRetained(Segment(unknown, body)).toOpaque()
    try guarded(
      "recomputed part", shapes: [shape],
      ctorch_recomputed(
        handle,
        { context, input, again, result in
          guard let context, let input else { return strdup("a part of a network is missing") }
          let segment = Unmanaged<Segment>.fromOpaque(context).takeUnretainedValue()
          do {
            let output = try Recomputation.$isRunning.withValue(again) {
              try segment.body(Tensor(owning: input, on: segment.device))
            }
            return ctorch_tensor_share(output.handle, result)
          } catch { return strdup("\(error)") }
        },
        { context in
          if let context { Unmanaged<Segment>.fromOpaque(context).release() }
        }, context, &result))
    guard let result else { throw TensorError("recomputed part", reason: "no tensor came") }
    return try Tensor(owning: result, on: unknown)
  }
}

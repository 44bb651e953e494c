import CTorch

extension Tensor {
  /// Whether operations on this tensor are recorded for `backward()`.
  public func requiresGradient() throws(TensorError) -> Bool {
    var value = false
    try guarded("requires gradient", shapes: [shape], ctorch_get_requires_grad(handle, &value))
    return value
  }

  /// Switches the recording of operations on this tensor; only leaves may be switched.
  public func setRequiresGradient(_ value: Bool) throws(TensorError) {
    try guarded("set requires gradient", shapes: [shape], ctorch_set_requires_grad(handle, value))
  }

  /// Adds to `gradient()` of every recorded leaf the derivative of this one-element tensor.
  ///
  /// With `retainGraph` the record is kept, so that `backward` can run through it once more.
  public func backward(retainGraph: Bool = false) throws(TensorError) {
    try guarded("backward", shapes: [shape], ctorch_backward(handle, retainGraph))
  }

  /// The derivatives that `backward()` has gathered for this leaf, or nothing.
  public func gradient() throws(TensorError) -> Tensor? {
    var result: OpaquePointer?
    try guarded("gradient", shapes: [shape], ctorch_get_grad(handle, &result))
    guard let result else { return nil }
    return try Tensor(owning: result, on: device == .simulated ? device : nil)
  }

  /// Forgets the derivatives gathered so far.
  public func clearGradient() throws(TensorError) {
    try guarded("clear gradient", shapes: [shape], ctorch_clear_grad(handle))
  }

  /// The same values, cut off from the record of operations.
  public func detached() throws(TensorError) -> Tensor {
    try call1("detach", .tensor(self))
  }
}

/// Runs the body without recording operations for `backward()`.
///
/// The mode belongs to the thread, so the body can't suspend.
public func withoutGradient<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  var previous = true
  // Reading and writing a flag of the thread: the boundary's text can only be nothing.
  ctorch_text_free(ctorch_set_grad_mode(false, &previous))
  defer {
    var ignored = false
    ctorch_text_free(ctorch_set_grad_mode(previous, &ignored))
  }
  return try body()
}

/// Runs the body with convolutions and matrix products in another type, such as `bfloat16`
/// (PyTorch's autocast).
///
/// Parameters and gradients keep their own type. The mode belongs to the thread, so the body can't
/// suspend.
public func withAutocast<Result, Failure: Error>(
  _ type: ElementType = .bfloat16, on device: Device = .cpu, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let onCUDA = if case .cuda = device { true } else { false }
  var previous = false
  // Setting flags of the thread: the boundary's text can only be nothing.
  ctorch_text_free(ctorch_set_autocast(onCUDA, true, type.rawValue, &previous))
  defer {
    var ignored = false
    ctorch_text_free(ctorch_set_autocast(onCUDA, previous, type.rawValue, &ignored))
  }
  return try body()
}

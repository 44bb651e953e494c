import CTorch

/// The processor that holds a tensor and computes with it.
///
/// Random numbers are always drawn on the CPU and then moved, so that a seed gives the same numbers
/// on every device.
public enum Device: Hashable, Sendable, CustomStringConvertible {
  /// The central processor.
  case cpu
  /// A CUDA device by its index.
  case cuda(Int)
  /// A stand-in for a CUDA device, for tests where none is at hand: computed by the CPU with the
  /// operators that CUDA takes, and mixing it with another device is an error, as there.
  case simulated

  /// The number at the C boundary: −1 for the CPU, else CUDA's index.
  init(number: Int) { self = number < 0 ? .cpu : .cuda(number) }

  /// The number at the C boundary.
  var number: Int { if case .cuda(let index) = self { index } else { -1 } }

  /// PyTorch's name of it, such as `cpu` or `cuda:0`.
  public var description: String {
    switch self {
    case .cpu: "cpu"
    case .simulated: "simulated"
    case .cuda(let index): "cuda:\(index)"
    }
  }
}

extension Runtime {
  /// Loads libtorch's CUDA part, which lies beside the CPU part.
  ///
  /// - Returns: the number of CUDA devices, 0 without a driver.
  /// - Throws: `TensorError` when the part isn't installed or can't be loaded.
  public static func cudaDevices() throws(TensorError) -> Int {
    try check()
    var count: Int32 = 0
    try guarded("CUDA", ctorch_load_cuda(&count))
    return Int(count)
  }

  /// Makes CUDA use only kernels that give the same result every time.
  ///
  /// They are slower; an operation that has none throws. On the CPU every kernel of this program is
  /// such a one.
  public static func setDeterministic(_ enabled: Bool) throws(TensorError) {
    try check()
    try guarded("deterministic kernels", ctorch_set_deterministic(enabled))
  }
}

extension Tensor {
  /// Where libtorch says that a tensor lies.
  static func device(of handle: OpaquePointer) throws(TensorError) -> Device {
    var number: Int64 = 0
    try guarded("device", ctorch_tensor_device(handle, &number))
    return Device(number: Int(number))
  }

  /// The same values on a device; the tensor itself where it lies there already.
  ///
  /// From the CPU to CUDA through page-locked memory, so that computing goes on meanwhile.
  public func placed(on device: Device) throws(TensorError) -> Tensor {
    if self.device == device { return self }
    guard case .cuda = device, self.device == .cpu else { return try to(device) }
    let locked = try call1("pin_memory", .tensor(self))
    return try call1(
      "to.device", .tensor(locked), .device(device), .type(type), .bool(true))
  }
}

extension Device {
  /// Where the results of an operator lie that libtorch can't know: on the simulated device.
  ///
  /// - Returns: nil where libtorch knows.
  /// - Throws: `TensorError` when tensors of the simulated device meet others.
  static func common(
    _ arguments: [OperatorArgument], _ operation: String
  ) throws(TensorError) -> Device? {
    var (isSimulated, other): (Bool, Tensor?) = (false, nil)
    func look(_ tensor: Tensor) {
      if tensor.device == .simulated { isSimulated = true } else { other = tensor }
    }
    for argument in arguments {
      switch argument {
      case .device(let device): return device == .simulated ? .simulated : nil
      case .tensor(let tensor): look(tensor)
      case .tensors(let tensors): tensors.forEach(look)
      case .optionalTensors(let tensors): tensors.compactMap(\.self).forEach(look)
      default: break
      }
    }
    guard isSimulated else { return nil }
    // Assigning copies from device to device; a number without dimensions may come from the CPU.
    if let other, operation != "copy_", other.rank > 0 {
      throw TensorError(
        operation, shapes: [other.shape],
        reason: "tensors of \(other.device) and of the simulated device meet")
    }
    return .simulated
  }
}

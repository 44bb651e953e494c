public import Domain
public import Tensors

/// Where a user wants networks to compute.
public enum DeviceChoice: Hashable, Sendable, CustomStringConvertible {
  /// On the central processor.
  case cpu
  /// On a CUDA device by its index.
  case cuda(Int)
  /// On the first CUDA device if there is one, else on the central processor.
  case automatic

  /// Reads `cpu`, `cuda`, `cuda:N` or `auto`; nil for another text.
  public init?(_ text: String) {
    switch text.lowercased() {
    case "cpu": self = .cpu
    case "auto": self = .automatic
    case "cuda": self = .cuda(0)
    case let name where name.hasPrefix("cuda:"):
      guard let index = Int(name.dropFirst(5)), (0..<128).contains(index) else { return nil }
      self = .cuda(index)
    default: return nil
    }
  }

  /// The text that it is read from.
  public var description: String {
    switch self {
    case .cpu: "cpu"
    case .cuda(let index): "cuda:\(index)"
    case .automatic: "auto"
    }
  }

  /// The device, once it is known to be there.
  ///
  /// - Throws: `InputError` when a CUDA device is asked for that can't be used.
  public func device() throws(InputError) -> Device {
    try device(counting: Runtime.cudaDevices)
  }

  /// The same with another way to count CUDA devices.
  package func device(counting count: () throws(TensorError) -> Int) throws(InputError) -> Device {
    guard self != .cpu else { return .cpu }
    let found: Int
    do throws(TensorError) { found = try count() } catch {
      if self == .automatic { return .cpu }
      throw InputError(
        Setting("device"), "\(self) cannot be used: \(error.reason)",
        remedy: "install it by Scripts/setup --cuda, or choose cpu")
    }
    switch self {
    case .cpu: return .cpu
    case .automatic: return found > 0 ? .cuda(0) : .cpu
    case .cuda(let index):
      guard index < found else {
        throw InputError(
          Setting("device"),
          "\(self) is not there; this machine's NVIDIA driver shows \(found) CUDA devices",
          remedy: "choose cpu or auto")
      }
      return .cuda(index)
    }
  }
}

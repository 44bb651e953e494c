import CTorch

/// Settings of libtorch that hold for the whole process.
public enum Runtime {
  /// Why libtorch can't be used.
  struct Fault: Sendable {
    let problem: String
    let remedy: String
  }

  /// What came of loading libtorch and of comparing it with the one that this program was built
  /// against.
  static let fault: Fault? = {
    do throws(TensorError) {
      try guarded("libtorch", ctorch_check_version())
      try guarded("libtorch", ctorch_use_large_pages())
      return nil
    } catch { return Fault(problem: error.reason, remedy: TorchSource.remedy) }
  }()

  /// Throws when libtorch is missing or isn't the version that this program was built against.
  ///
  /// Every operation checks it by itself: another version would compute garbage silently.
  public static func check() throws(TensorError) {
    if let fault { throw TensorError("libtorch", reason: "\(fault.problem); \(fault.remedy)") }
  }

  /// Sets how many bytes of freed tensors may wait for the next ones of their size.
  ///
  /// Every step of a training asks for the same memory again; without this, the kernel clears it
  /// anew each time.
  public static func keepMemory(_ bytes: Int) throws(TensorError) {
    try check()
    try guarded("keep memory", ctorch_keep_memory(max(0, bytes)))
  }

  /// Sets the number of threads that one operation may use.
  public static func setThreads(_ count: Int) throws(TensorError) {
    try check()
    try guarded("set threads", ctorch_set_threads(Int32(clamping: count)))
  }

  /// The number of threads that one operation may use.
  public static func threads() throws(TensorError) -> Int {
    var count: Int32 = 0
    try guarded("threads", ctorch_get_threads(&count))
    return Int(count)
  }
}

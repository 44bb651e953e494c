public import Domain
internal import Foundation
internal import Glibc

/// Keeps two runs out of one folder; ends with the process, however that ends.
public final class RunLock {
  private let descriptor: Int32

  /// Locks a folder that exists.
  ///
  /// - Throws: `InputError` when another run holds it.
  public init(_ folder: String) throws(InputError) {
    descriptor = try Self.open("\(folder)/.lock", for: folder)
  }

  deinit { close(descriptor) }

  /// Opens a file for this process alone; the file is made if need be.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - flags: more flags of `open(2)`.
  ///   - result: what the run writes, as errors name it.
  /// - Returns: the file's descriptor; closing it gives the lock back.
  /// - Throws: `InputError` when it can't be written, or another run holds it.
  public static func open(
    _ path: String, flags: Int32 = 0, for result: String
  ) throws(InputError) -> Int32 {
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, 0o666)
    guard descriptor >= 0 else {
      throw InputError(
        result, "can't be written there (\(String(cString: strerror(errno))))",
        remedy: "check the folder's permissions and the free space")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw InputError(
        result, "another run is writing it",
        remedy: "wait for that one, or choose another \(Setting("out"))")
    }
    return descriptor
  }
}

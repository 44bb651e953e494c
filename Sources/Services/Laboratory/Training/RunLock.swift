import Domain
import Foundation

/// Keeps two runs out of one folder; ends with the process, however that ends.
final class RunLock {
  private let descriptor: Int32

  /// Locks a folder that exists.
  ///
  /// - Throws: `InputError` when another run holds it.
  init(_ folder: String) throws(InputError) {
    descriptor = open("\(folder)/.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else {
      throw InputError(
        folder, "can't be written there (\(String(cString: strerror(errno))))",
        remedy: "check the folder's permissions and the free space")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw InputError(
        folder, "another run is writing it", remedy: "wait for that one, or choose another --out")
    }
  }

  deinit { close(descriptor) }
}

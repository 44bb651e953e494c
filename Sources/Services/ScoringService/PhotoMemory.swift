import Domain
import Foundation
import Glibc

/// A photo in memory that other modules read as a file: nothing of it ever lies on a disk.
final class PhotoMemory: Sendable {
  private let descriptor: Int32

  /// The path that the photo is read by.
  var path: String { "/proc/self/fd/\(descriptor)" }

  /// Holds a photo.
  ///
  /// - Throws: `InputError` when the memory can't be had.
  init(_ bytes: some Sequence<UInt8>) throws(InputError) {
    // A file of the memory file system that has no name.
    var name = Array("/dev/shm/vernier-XXXXXX\0".utf8CString)
    descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw Self.failure() }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(name)
    let data = Array(bytes)
    var written = 0
    while written < data.count {
      let count = data.withUnsafeBytes { buffer in
        write(descriptor, buffer.baseAddress?.advanced(by: written), data.count - written)
      }
      guard count > 0 else {
        close(descriptor)
        throw Self.failure()
      }
      written += count
    }
  }

  deinit { close(descriptor) }

  private static func failure() -> InputError {
    InputError(
      "/dev/shm", "a photo can't be held there: \(String(cString: strerror(errno)))",
      remedy: "give the service more shared memory")
  }
}

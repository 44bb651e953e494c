internal import Crypto
internal import Domain
internal import Glibc

/// The hash by which a photo's content is known.
enum ContentHash {
  /// The SHA-256 of a file in hexadecimal digits, read piece by piece.
  static func sha256(ofFile path: String) throws(InputError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { close(descriptor) }
    var hash = SHA256()
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(path) }
      guard count > 0 else { break }
      piece.withUnsafeBytes {
        hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count]))
      }
    }
    let digits = Array("0123456789abcdef")
    return String(hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  /// The error for the system's latest failure.
  private static func unreadable(_ path: String) -> InputError {
    InputError(
      path, "can't be read (\(String(cString: strerror(errno))))", remedy: "check the path")
  }
}

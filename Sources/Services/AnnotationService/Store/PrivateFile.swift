import Domain
import Foundation

/// Writes files that only their owner may read.
public enum PrivateFile {
  /// Replaces a file, with the permissions 600 from its first byte on.
  ///
  /// - Throws: `InputError` when the file can't be written.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    let temporary = "\(path).\(Token.random(bytes: 6)).tmp"
    let descriptor = Foundation.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
      try file.write(contentsOf: Data(bytes))
      try file.synchronize()
      guard rename(temporary, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    } catch {
      unlink(temporary)
      throw InputError(
        path, "the file can't be written", remedy: "check the folder's permissions and space")
    }
  }
}

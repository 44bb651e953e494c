internal import Glibc

/// Writes files that are either complete or absent.
public enum AtomicFile {
  /// Writes a temporary file beside `path`, forces it to disk and renames it into place.
  ///
  /// A process that is killed at any moment leaves the old file, or the new one; never half of one.
  ///
  /// - Throws: `PhotoError.Kind.unwritable` with the system's reason, such as a full disk.
  public static func write(_ bytes: [UInt8], to path: String) throws(PhotoError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw PhotoError(path, .unwritable, "is not a file name", remedy: "give another path")
    }
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(path[...$0]) } ?? "./"
    // The random part keeps two writers of one path apart; nothing else depends on it.
    let temporary = "\(folder).vernier-\(getpid())-\(UInt64.random(in: .min ... .max))"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(path) }
    do throws(PhotoError) {
      defer { close(descriptor) }
      try writeAll(bytes, to: descriptor, path: path)
      guard fsync(descriptor) == 0 else { throw failure(path) }
      guard rename(temporary, path) == 0 else { throw failure(path) }
    } catch {
      unlink(temporary)
      throw error
    }
    let folderDescriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folderDescriptor >= 0 {
      fsync(folderDescriptor)
      close(folderDescriptor)
    }
  }

  /// Writes every byte.
  private static func writeAll(
    _ bytes: [UInt8], to descriptor: Int32, path: String
  ) throws(PhotoError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      if count > 0 {
        written += count
      } else if count < 0, errno != EINTR {
        throw failure(path)
      }
    }
  }

  /// The error for the system's latest failure.
  private static func failure(_ path: String) -> PhotoError {
    let remedy =
      switch errno {
      case ENOSPC, EDQUOT: "free some space on the disk"
      case ENOENT, ENOTDIR: "make its folder first"
      case EACCES, EPERM, EROFS: "choose a folder that may be written to"
      default: "choose another path"
      }
    return PhotoError(
      path, .unwritable, "can't be written (\(String(cString: strerror(errno))))", remedy: remedy)
  }
}

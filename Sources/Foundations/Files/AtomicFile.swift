public import Domain
internal import Foundation

/// Writes files so that a reader, a crash or a full disk sees the old content or the new, never a
/// part.
public enum AtomicFile {
  /// Writes bytes to a temporary file in the same folder, syncs it and renames it into place.
  ///
  /// Folders on the way are made. A symbolic link keeps pointing where it did: its target is
  /// replaced. Devices and pipes, such as `/dev/stdout`, are written to directly.
  ///
  /// - Throws: `InputError` when the file can't be written; what was there before is then still
  ///   there.
  public static func write(_ bytes: [UInt8], to path: String) throws(InputError) {
    try write(bytes, to: path, temporaryPrefix: ".vernier-")
  }

  /// Writes text as UTF-8.
  public static func write(_ text: String, to path: String) throws(InputError) {
    try write(Array(text.utf8), to: path)
  }

  /// Writes bytes; the temporary file's name begins with `temporaryPrefix`, so that a folder's
  /// owner can find what a kill left.
  package static func write(
    _ bytes: [UInt8], to path: String, temporaryPrefix: String
  ) throws(InputError) {
    try FileFault.checkName(path)
    let target = resolved(path)
    var status = stat()
    if stat(target, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFREG: break
      case S_IFDIR: throw FileFault.writing(path, code: EISDIR)
      default: return try writeDirectly(bytes, to: target)
      }
    } else {
      status.st_mode = 0o666
    }
    let folder = parent(of: target)
    try makeFolder(folder)
    let name = String(UInt64.random(in: .min ... .max), radix: 16)
    let temporary = "\(folder)/\(temporaryPrefix)\(name).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileFault.writing(path, code: errno) }
    var fault = bytes.withUnsafeBytes { put($0, into: descriptor) }
    if fault == 0, status.st_mode & S_IFMT == S_IFREG {
      _ = fchmod(descriptor, status.st_mode & 0o777)
    }
    if fault == 0, fsync(descriptor) != 0 { fault = errno }
    if close(descriptor) != 0, fault == 0 { fault = errno }
    if fault == 0, rename(temporary, target) != 0 { fault = errno }
    guard fault == 0 else {
      unlink(temporary)
      throw FileFault.writing(path, code: fault)
    }
    syncFolder(folder)
  }

  /// Makes a folder and the folders above it; one that is there already is fine.
  public static func makeFolder(_ path: String) throws(InputError) {
    try FileFault.checkName(path)
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw FileFault.writing(path, code: ENOTDIR) }
      return
    }
    let above = parent(of: path)
    if above != path { try makeFolder(above) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
      throw FileFault.writing(path, code: errno)
    }
  }

  /// The folder that holds a path; `.` for a bare name.
  private static func parent(of path: String) -> String {
    // Bytes, not characters: a combining mark behind a slash would hide it.
    let slash = UInt8(ascii: "/")
    var rest = Array(path.utf8)[...]
    while rest.count > 1, rest.last == slash { rest.removeLast() }
    guard let cut = rest.lastIndex(of: slash) else { return "." }
    return cut == rest.startIndex ? "/" : String(decoding: rest[..<cut], as: UTF8.self)
  }

  /// Where a path leads once its symbolic links are followed; the path itself when nothing is there
  /// yet.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func writeDirectly(_ bytes: [UInt8], to path: String) throws(InputError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFault.writing(path, code: errno) }
    var fault = bytes.withUnsafeBytes { put($0, into: descriptor) }
    if close(descriptor) != 0, fault == 0 { fault = errno }
    if fault != 0 { throw FileFault.writing(path, code: fault) }
  }

  /// Writes all bytes; returns 0 or the error code.
  package static func put(_ buffer: UnsafeRawBufferPointer, into descriptor: Int32) -> Int32 {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
      let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
      if count > 0 {
        done += count
      } else if count < 0, errno != EINTR {
        return errno
      }
    }
    return 0
  }

  /// Makes the rename itself survive a power cut; file systems that can't sync a folder are left
  /// alone.
  private static func syncFolder(_ folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

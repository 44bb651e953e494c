public import Domain
internal import Foundation

/// Reads files that a user named: bounded, and with errors that name the file.
public enum InputFile {
  /// The largest file that is read unless the caller says otherwise: 256 MiB.
  public static let defaultMaximumBytes = 256 << 20

  /// Reads a whole file; pipes such as `/dev/stdin` are read to their end.
  ///
  /// - Throws: `InputError` for a missing, unreadable or too large file, and for a folder.
  public static func read(
    _ path: String, maximumBytes: Int = defaultMaximumBytes
  ) throws(InputError) -> [UInt8] {
    let descriptor = try openForReading(path)
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileFault.reading(path, code: errno) }
    if status.st_mode & S_IFMT == S_IFDIR { throw FileFault.reading(path, code: EISDIR) }
    let size = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
    guard size <= maximumBytes else { throw tooLarge(path, maximumBytes) }
    var bytes = try readKnownSize(size, from: descriptor, of: path)
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while let count = try fill(&chunk, from: descriptor, of: path) {
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= maximumBytes else { throw tooLarge(path, maximumBytes) }
    }
    return bytes
  }

  /// Reads up to `size` bytes straight into their place; fewer when the file is shorter than it was.
  private static func readKnownSize(
    _ size: Int, from descriptor: Int32, of path: String
  ) throws(InputError) -> [UInt8] {
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      while filled < size {
        let count = Foundation.read(
          descriptor, buffer.baseAddress.map { $0 + filled }, size - filled)
        if count < 0, errno == EINTR { continue }
        if count < 0 { code = errno }
        if count <= 0 { return }
        filled += count
      }
    }
    if code != 0 { throw FileFault.reading(path, code: code) }
    return bytes
  }

  /// Opens a file; refuses names that C would cut at a NUL.
  static func openForReading(_ path: String) throws(InputError) -> Int32 {
    try FileFault.checkName(path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFault.reading(path, code: errno) }
    return descriptor
  }

  /// Reads the next bytes into `chunk`; nil at the end of the file.
  package static func fill(
    _ chunk: inout [UInt8], from descriptor: Int32, of path: String
  ) throws(InputError) -> Int? {
    while true {
      let count = chunk.withUnsafeMutableBytes {
        Foundation.read(descriptor, $0.baseAddress, $0.count)
      }
      if count > 0 { return count }
      if count == 0 { return nil }
      if errno != EINTR { throw FileFault.reading(path, code: errno) }
    }
  }

  private static func tooLarge(_ path: String, _ maximumBytes: Int) -> InputError {
    InputError(
      path, "is larger than the \(maximumBytes) bytes that this program reads at once",
      remedy: "split it into smaller files")
  }
}

/// Turns the operating system's error codes into errors that say what to do.
package enum FileFault {
  package static func reading(_ path: String, code: Int32) -> InputError {
    switch code {
    case ENOENT, ENOTDIR: InputError(path, "there is no such file", remedy: "check the path")
    case EISDIR: InputError(path, "is a folder", remedy: "give the path of a file")
    case EACCES, EPERM:
      InputError(path, "is not readable for you", remedy: "change its permissions")
    default:
      InputError(path, "can't be read (\(text(code)))", remedy: "check the disk and the path")
    }
  }

  /// A folder whose names can't be read.
  package static func listing(_ path: String, code: Int32) -> InputError {
    switch code {
    case ENOENT: InputError(path, "there is no such folder", remedy: "check the path")
    case ENOTDIR: InputError(path, "is not a folder", remedy: "give a folder")
    case ELOOP: InputError(path, "is a link to itself", remedy: "check the path")
    default: reading(path, code: code)
    }
  }

  package static func writing(_ path: String, code: Int32) -> InputError {
    switch code {
    case ENOSPC, EDQUOT:
      InputError(
        path, "the disk is full; nothing was changed", remedy: "free some space and run it again",
        reason: .diskFull)
    case EACCES, EPERM, EROFS:
      InputError(
        path, "is not writable for you", remedy: "change the permissions or choose another folder"
      )
    case EISDIR: InputError(path, "is a folder", remedy: "give the path of a file")
    case ENOENT, ENOTDIR, EEXIST:
      InputError(path, "a part of the path is not a folder", remedy: "choose another path")
    case ENAMETOOLONG: InputError(path, "the name is too long", remedy: "choose a shorter name")
    default:
      InputError(path, "can't be written (\(text(code)))", remedy: "check the disk and the path")
    }
  }

  /// Refuses a name that is empty or holds a NUL, at which C would cut it.
  package static func checkName(_ path: String) throws(InputError) {
    if path.isEmpty { throw InputError("a path", "is empty", remedy: "give the path of a file") }
    if path.utf8.contains(0) {
      throw InputError(path, "holds a NUL character", remedy: "choose another name")
    }
  }

  private static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}

import Glibc

/// A regular file that is read in parts, each checked against the file's size.
final class ByteFile {
  /// The file's path.
  let path: String
  /// The number of bytes.
  let count: Int
  private let descriptor: Int32

  init(_ path: String) throws(CheckpointError) {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CheckpointError(path, "can't be opened", remedy: "check the path and its permissions")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw CheckpointError(path, "isn't a regular file", remedy: "give a file of weights")
    }
    self.path = path
    self.descriptor = descriptor
    self.count = status.st_size
  }

  deinit { close(descriptor) }

  /// Tells that the file ends too early or contradicts itself.
  func damaged(_ detail: String) -> CheckpointError {
    CheckpointError(path, "damaged or truncated: \(detail)", remedy: "get the file again")
  }

  /// Tells why a tensor of this file could not be made: the file is damaged, or libtorch is missing.
  func unmade(_ name: String, _ error: TensorError) -> CheckpointError {
    if let fault = Runtime.fault {
      return CheckpointError("libtorch", fault.problem, remedy: fault.remedy)
    }
    return damaged("\(name): \(error.reason)")
  }

  /// The bytes from `offset` on.
  func read(_ offset: Int, _ length: Int) throws(CheckpointError) -> [UInt8] {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else {
      throw damaged("\(length) bytes at \(offset) of \(count)")
    }
    var failure: CheckpointError?
    let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, filled in
      do throws(CheckpointError) {
        try fill(UnsafeMutableRawBufferPointer(buffer), from: offset)
        filled = length
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Fills a buffer with the bytes from `offset` on.
  func read(_ offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(CheckpointError) {
    guard offset >= 0, offset <= count, buffer.count <= count - offset else {
      throw damaged("\(buffer.count) bytes at \(offset) of \(count)")
    }
    try fill(buffer, from: offset)
  }

  private func fill(
    _ buffer: UnsafeMutableRawBufferPointer, from offset: Int
  ) throws(CheckpointError) {
    var done = 0
    while done < buffer.count {
      let part = pread(
        descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, offset + done)
      if part < 0 && errno == EINTR { continue }
      guard part > 0 else { throw damaged("reading stopped at \(offset + done)") }
      done += part
    }
  }

  /// Writes parts to a file that appears under its name only when it is complete.
  static func write(_ parts: [[UInt8]], to path: String) throws(CheckpointError) {
    let temporary = "\(path).\(getpid()).part"
    let failure = CheckpointError(
      path, "can't be written", remedy: "check the folder, its permissions and the space left")
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure }
    var written = true
    for part in parts where written {
      written = part.withUnsafeBytes { bytes in
        var done = 0
        while done < bytes.count {
          let step = Glibc.write(
            descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
          if step < 0 && errno == EINTR { continue }
          guard step > 0 else { return false }
          done += step
        }
        return true
      }
    }
    written = written && fsync(descriptor) == 0
    written = close(descriptor) == 0 && written
    guard written, rename(temporary, path) == 0 else {
      unlink(temporary)
      throw failure
    }
  }
}

extension [UInt8] {
  /// The little-endian number of `count` bytes at an offset that the caller has checked.
  func littleEndian(_ offset: Int, _ count: Int) -> UInt64 {
    self[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}

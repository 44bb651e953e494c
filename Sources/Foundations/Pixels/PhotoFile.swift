internal import CVips
import Glibc

/// The bytes of a photo: a file that is held open, or a buffer in memory.
///
/// Only regular files are opened, so that neither a folder nor a pipe can stall the reader.
final class PhotoFile {
  /// The name for errors.
  let path: String
  /// The format, recognized by its content.
  let format: ImageFormat
  /// The number of bytes.
  let byteCount: Int
  /// Where the bytes are.
  private let storage: Storage

  /// A descriptor or memory.
  private enum Storage {
    case descriptor(Int32)
    case memory([UInt8])
  }

  /// Opens a file and detects its format.
  init(path: String) throws(PhotoError) {
    self.path = path
    let descriptor = try Self.open(path)
    do throws(PhotoError) {
      byteCount = try Self.checkedSize(of: descriptor, path: path)
      var bytes = [UInt8](repeating: 0, count: ImageFormat.signatureLength)
      let count = pread(descriptor, &bytes, bytes.count, 0)
      guard count > 0 else {
        throw PhotoError(
          path, .unreadable, "can't be read (\(Self.reason()))", remedy: "check the disk")
      }
      format = try Self.format(of: Array(bytes.prefix(count)), path: path)
    } catch {
      close(descriptor)
      throw error
    }
    storage = .descriptor(descriptor)
  }

  /// Takes bytes in memory and detects their format.
  init(bytes: [UInt8], name: String) throws(PhotoError) {
    path = name
    guard !bytes.isEmpty else { throw Self.emptyError(name) }
    format = try Self.format(of: Array(bytes.prefix(ImageFormat.signatureLength)), path: name)
    byteCount = bytes.count
    storage = .memory(bytes)
  }

  deinit {
    if case .descriptor(let descriptor) = storage { close(descriptor) }
  }

  /// Opens the image's header, gives it to `body` and closes it again.
  ///
  /// - Parameters:
  ///   - shrink: 1, 2, 4 or 8, for formats that shrink while they are read.
  ///   - body: uses the image; the handle is invalid afterwards.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws, and `PhotoError.Kind.damaged` for a header that can't be read.
  func withImage<Result>(
    shrink: Int, _ body: (VipsHandle) throws(PhotoError) -> Result
  ) throws(PhotoError) -> Result {
    switch storage {
    case .descriptor(let descriptor):
      lseek(descriptor, 0, SEEK_SET)
      return try body(
        VipsHandle(path: path) { messages in
          cvips_open_descriptor(descriptor, format.loader, Int32(shrink), messages)
        })
    case .memory(let bytes):
      var outcome: Swift.Result<Result, PhotoError>?
      bytes.withUnsafeBytes { buffer in
        guard let start = buffer.baseAddress else { return }
        do throws(PhotoError) {
          let handle = try VipsHandle(path: path) { messages in
            cvips_open_memory(start, buffer.count, format.loader, Int32(shrink), messages)
          }
          outcome = .success(try body(handle))
        } catch {
          outcome = .failure(error)
        }
      }
      guard let outcome else { throw Self.emptyError(path) }
      return try outcome.get()
    }
  }

  /// Opens a path for reading without waiting for pipes.
  private static func open(_ path: String) throws(PhotoError) -> Int32 {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw PhotoError(
        path, .missing, "is not a file name", remedy: "give the path of a photo")
    }
    let descriptor = Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor < 0 else { return descriptor }
    switch errno {
    case ENOENT, ENOTDIR:
      var facts = stat()
      let isLink = lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFLNK
      throw PhotoError(
        path, .missing, isLink ? "is a link to a file that doesn't exist" : "doesn't exist",
        remedy: "check the path")
    case ELOOP:
      throw PhotoError(path, .missing, "is a link to itself", remedy: "check the path")
    case EACCES, EPERM:
      throw PhotoError(
        path, .unreadable, "is not readable", remedy: "allow reading it (chmod +r)")
    default:
      throw PhotoError(path, .unreadable, "can't be opened (\(reason()))", remedy: "check the path")
    }
  }

  /// The size of a regular file that isn't empty.
  private static func checkedSize(
    of descriptor: Int32, path: String
  ) throws(PhotoError) -> Int {
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else {
      throw PhotoError(path, .unreadable, "can't be read (\(reason()))", remedy: "check the disk")
    }
    switch facts.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR:
      throw PhotoError(path, .notAFile, "is a folder", remedy: "give the photos inside it")
    default:
      throw PhotoError(
        path, .notAFile, "is a device or a pipe", remedy: "give the path of a photo")
    }
    guard facts.st_size > 0 else { throw emptyError(path) }
    return Int(facts.st_size)
  }

  /// The format, or the error that names those that are read.
  private static func format(
    of bytes: [UInt8], path: String
  ) throws(PhotoError) -> ImageFormat {
    if let format = ImageFormat.detect(bytes) { return format }
    throw PhotoError(
      path, .unknownFormat, "is not a JPEG, PNG, TIFF, WebP, HEIC or AVIF image",
      remedy: "convert it to one of these")
  }

  /// The error of a file without bytes.
  private static func emptyError(_ path: String) -> PhotoError {
    PhotoError(path, .empty, "is empty", remedy: "copy it again from its source")
  }

  /// The system's words for the latest failure.
  private static func reason() -> String { String(cString: strerror(errno)) }
}

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
  /// What the file states that the decoder doesn't report.
  let structure: FileStructure
  /// Where the bytes are.
  private let storage: Storage

  /// A descriptor or memory.
  private enum Storage {
    case descriptor(Int32)
    case memory([UInt8])
  }

  /// Opens a file and detects its format.
  convenience init(path: String) throws(PhotoError) {
    try self.init(descriptor: try Self.open(path), path: path)
  }

  /// Takes an open file, which is closed with this, and detects its format; `path` stands for it in
  /// errors.
  init(descriptor: Int32, path: String) throws(PhotoError) {
    self.path = path
    do throws(PhotoError) {
      byteCount = try Self.checkedSize(of: descriptor, path: path)
      var bytes = [UInt8](repeating: 0, count: ImageFormat.signatureLength)
      let count = pread(descriptor, &bytes, bytes.count, 0)
      guard count > 0 else {
        throw PhotoError(
          path, .unreadable, "can't be read (\(Self.reason()))", remedy: "check the disk")
      }
      let outer = try Self.format(of: Array(bytes.prefix(count)), path: path)
      let reader = FileBytes(count: byteCount) { offset, length in
        PhotoFile.read(descriptor, at: offset, length)
      }
      structure = FileStructure(reader, format: outer)
      format = try Self.format(outer, structure, path)
      if let repaired = structure.repaired(reader) {
        close(descriptor)
        storage = .memory(repaired)
      } else {
        storage = .descriptor(descriptor)
      }
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Takes bytes in memory and detects their format.
  init(bytes: [UInt8], name: String) throws(PhotoError) {
    path = name
    guard !bytes.isEmpty else { throw Self.emptyError(name) }
    let outer = try Self.format(of: Array(bytes.prefix(ImageFormat.signatureLength)), path: name)
    byteCount = bytes.count
    let reader = FileBytes(count: bytes.count) { Array(bytes[$0..<($0 + $1)]) }
    structure = FileStructure(reader, format: outer)
    format = try Self.format(outer, structure, name)
    storage = .memory(structure.repaired(reader) ?? bytes)
  }

  /// Reads bytes at a place; fewer where the file ends or can't be read.
  private static func read(_ descriptor: Int32, at offset: Int, _ length: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length)
    var done = 0
    while done < length {
      let count = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress.map { $0 + done }, length - done, off_t(offset + done))
      }
      if count <= 0 { break }
      done += count
    }
    return Array(bytes.prefix(done))
  }

  deinit {
    if case .descriptor(let descriptor) = storage { close(descriptor) }
  }

  /// The number of the photo among a TIFF's images.
  private var page: Int32 { Int32(structure.pages?.main ?? 0) }

  /// Reads the header.
  func header() throws(PhotoError) -> PhotoHeader {
    switch format {
    case .bmp:
      let head = bytes(at: 0, BitmapHeader.lengthLimit)
      let bitmap = try BitmapHeader(head, byteCount: byteCount, path: path)
      return PhotoHeader(bitmap, profile: profile(of: bitmap), of: self)
    case .raw:
      return PhotoHeader(try withRaw { raw throws(PhotoError) in try raw.facts() }, of: self)
    default: return try withImage(shrink: 1) { PhotoHeader($0, of: self) }
    }
  }

  /// Bytes at a place; fewer where the file ends.
  private func bytes(at offset: Int, _ length: Int) -> [UInt8] {
    switch storage {
    case .memory(let bytes): Array(bytes.dropFirst(offset).prefix(length))
    case .descriptor(let descriptor): Self.read(descriptor, at: offset, length)
    }
  }

  /// The profile that a BMP embeds.
  private func profile(of bitmap: BitmapHeader) -> [UInt8]? {
    bitmap.profile.map { bytes(at: $0.lowerBound, $0.count) }
  }

  /// The format by what the file holds, since camera raw is often a TIFF.
  ///
  /// - Throws: `PhotoError` for files whose images are all something else than the photo.
  private static func format(
    _ outer: ImageFormat, _ structure: FileStructure, _ path: String
  ) throws(PhotoError) -> ImageFormat {
    guard let pages = structure.pages else { return outer }
    if pages.isRaw { return .raw }
    guard !pages.holdsOnlyPreviews else {
      throw PhotoError(
        path, .unsupported, "holds no image that isn't marked as a reduced-size copy",
        remedy: "save the photo itself as TIFF or PNG")
    }
    return outer
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
    case _ where format == .bmp: return try withBitmap(body)
    case _ where format == .raw:
      let photo = try withRaw { raw throws(PhotoError) in try raw.develop(isHalf: shrink > 1) }
      return try withSamples(
        photo.samples, width: photo.width, height: photo.height, bands: 3, profile: nil, body)
    case .descriptor(let descriptor):
      lseek(descriptor, 0, SEEK_SET)
      return try body(
        VipsHandle(path: path) { messages in
          cvips_open_descriptor(
            descriptor, format.loader, Int32(shrink), page, messages)
        })
    case .memory(let bytes):
      var outcome: Swift.Result<Result, PhotoError>?
      bytes.withUnsafeBytes { buffer in
        guard let start = buffer.baseAddress else { return }
        do throws(PhotoError) {
          let handle = try VipsHandle(path: path) { messages in
            cvips_open_memory(
              start, buffer.count, format.loader, Int32(shrink), page, messages)
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

  /// Decodes a BMP and gives it to `body`.
  private func withBitmap<Result>(
    _ body: (VipsHandle) throws(PhotoError) -> Result
  ) throws(PhotoError) -> Result {
    let bitmap = try Bitmap(bytes(at: 0, byteCount), path: path)
    return try withSamples(
      bitmap.samples, width: bitmap.header.width, height: bitmap.header.height,
      bands: bitmap.header.bands, profile: profile(of: bitmap.header), body)
  }

  /// Gives the developer of a camera raw file to `body`.
  private func withRaw<Result>(
    _ body: (RawDeveloper) throws(PhotoError) -> Result
  ) throws(PhotoError) -> Result {
    switch storage {
    case .descriptor(let descriptor): return try body(RawDeveloper(descriptor, path: path))
    case .memory(let bytes):
      // The developer is another process, which takes files only; this one has no name.
      guard let stream = tmpfile() else { throw Self.temporaryFileError(path) }
      defer { fclose(stream) }
      guard fwrite(bytes, 1, bytes.count, stream) == bytes.count, fflush(stream) == 0 else {
        throw Self.temporaryFileError(path)
      }
      return try body(RawDeveloper(fileno(stream), path: path))
    }
  }

  /// The error of a photo in memory that can't be handed on.
  private static func temporaryFileError(_ path: String) -> PhotoError {
    PhotoError(
      path, .library, "no temporary file can be written (\(reason()))", remedy: "make room in /tmp")
  }

  /// Gives decoded pixels to `body` as an image.
  private func withSamples<Result>(
    _ samples: [UInt8], width: Int, height: Int, bands: Int, profile: [UInt8]?,
    _ body: (VipsHandle) throws(PhotoError) -> Result
  ) throws(PhotoError) -> Result {
    var outcome: Swift.Result<Result, PhotoError>?
    samples.withUnsafeBufferPointer { samples in
      guard let start = samples.baseAddress else { return }
      do throws(PhotoError) {
        let handle = try VipsHandle(path: path) { messages in
          cvips_wrap(start, Int32(width), Int32(height), Int32(bands), messages)
        }
        if let profile { cvips_set_profile(handle.pointer, profile, profile.count) }
        outcome = .success(try body(handle))
      } catch {
        outcome = .failure(error)
      }
    }
    guard let outcome else { throw Self.emptyError(path) }
    return try outcome.get()
  }

  /// Opens a path for reading without waiting for pipes.
  static func open(_ path: String) throws(PhotoError) -> Int32 {
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
    let name = ImageFormat.otherFormat(bytes)
    throw PhotoError(
      path, .unknownFormat,
      (name.map { "is \($0), which is not read" })
        ?? "is not a JPEG, PNG, TIFF, WebP, HEIC, AVIF, BMP, JPEG 2000 or camera raw image",
      remedy: name == nil ? "convert it to one of these" : "convert it to PNG or TIFF")
  }

  /// The error of a file without bytes.
  private static func emptyError(_ path: String) -> PhotoError {
    PhotoError(path, .empty, "is empty", remedy: "copy it again from its source")
  }

  /// The system's words for the latest failure.
  private static func reason() -> String { String(cString: strerror(errno)) }
}

internal import Crypto
public import Domain
internal import Files
internal import Foundation

/// A folder of files that are named by the SHA-256 of their content.
///
/// A file is written under a temporary name, synced and renamed: a name in the folder always means whole content.
public struct ContentStore: Hashable, Sendable {
  /// A file that was copied in and has no name yet; commit or discard it.
  public struct Staged: Hashable, Sendable {
    /// Where the copy lies.
    public let path: String
    /// The SHA-256 of what was copied.
    public let sha256: String
    /// The number of bytes.
    public let byteCount: Int
  }

  /// The folder.
  public let folder: String

  /// How the names of unfinished files begin.
  static let prefix = ".study-"

  /// Names a folder.
  public init(_ folder: String) { self.folder = folder }

  /// Where content lies, whether or not it is there.
  public func path(_ sha256: String) -> String { "\(folder)/\(sha256)" }

  /// Whether content is there.
  public func contains(_ sha256: String) -> Bool { access(path(sha256), F_OK) == 0 }

  /// Copies a file in and hashes what it copies, so that the name fits the copy whatever happens to the source.
  ///
  /// - Throws: `InputError` for a source that is not a regular file or can't be read, and for a full disk.
  public func stage(_ source: String) throws(InputError) -> Staged {
    let input = try Self.openRegular(source)
    defer { close(input) }
    let temporary =
      "\(folder)/\(Self.prefix)\(String(UInt64.random(in: .min ... .max), radix: 16)).tmp"
    let output = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard output >= 0 else { throw FileFault.writing(folder, code: errno) }
    var isOpen = true
    do throws(InputError) {
      let (sha256, count) = try Self.copy(from: input, source, to: output, folder)
      var fault: Int32 = fsync(output) == 0 ? 0 : errno
      isOpen = false
      if close(output) != 0, fault == 0 { fault = errno }
      guard fault == 0 else { throw FileFault.writing(folder, code: fault) }
      return Staged(path: temporary, sha256: sha256, byteCount: count)
    } catch {
      // Closed twice, it could be another thread's file.
      if isOpen { close(output) }
      unlink(temporary)
      throw error
    }
  }

  /// Gives a staged file its name; content that is there already stays as it is.
  public func commit(_ staged: Staged) throws(InputError) {
    guard rename(staged.path, path(staged.sha256)) == 0 else {
      throw FileFault.writing(folder, code: errno)
    }
    try syncFolder()
  }

  /// Removes a staged file.
  public func discard(_ staged: Staged) { unlink(staged.path) }

  /// Stores bytes; content that is there already is left alone.
  ///
  /// - Returns: the SHA-256.
  public func insert(_ bytes: [UInt8]) throws(InputError) -> String {
    let sha256 = FileDigest.sha256(bytes)
    if !contains(sha256) {
      try AtomicFile.write(bytes, to: path(sha256), temporaryPrefix: Self.prefix)
    }
    return sha256
  }

  /// Writes bytes under a temporary name; `prefix` says whose unfinished file it is.
  package func stage(_ bytes: [UInt8], prefix: String) throws(InputError) -> Staged {
    let name = String(UInt64.random(in: .min ... .max), radix: 16)
    let path = "\(folder)/\(prefix)\(name).tmp"
    try AtomicFile.write(bytes, to: path, temporaryPrefix: prefix)
    return Staged(path: path, sha256: FileDigest.sha256(bytes), byteCount: bytes.count)
  }

  /// Removes content; content that isn't there is fine.
  public func remove(_ sha256: String) throws(InputError) {
    guard unlink(path(sha256)) == 0 || errno == ENOENT else {
      throw FileFault.writing(path(sha256), code: errno)
    }
  }

  /// Removes what killed writers left behind; nobody else may be writing.
  public func removeAbandoned() throws(InputError) {
    for name in try names() where name.hasPrefix(Self.prefix) { unlink("\(folder)/\(name)") }
  }

  /// The names of all content, ascending.
  public func content() throws(InputError) -> [String] {
    try names().filter { !$0.hasPrefix(".") }.sorted()
  }

  /// The size of content in bytes; nil when it isn't there or no regular file.
  public func byteCount(_ sha256: String) -> Int? {
    var status = stat()
    guard lstat(path(sha256), &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// Makes renames survive a power cut.
  func syncFolder() throws(InputError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFault.listing(folder, code: errno) }
    fsync(descriptor)
    close(descriptor)
  }

  /// Every name in the folder, those of unfinished files too.
  func names() throws(InputError) -> [String] {
    guard let handle = opendir(folder) else { throw FileFault.listing(folder, code: errno) }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let bytes = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if let name = String(validating: bytes, as: UTF8.self), name != ".", name != ".." {
        names.append(name)
      }
    }
    return names
  }

  /// Opens a regular file, never waiting for a pipe.
  private static func openRegular(_ path: String) throws(InputError) -> Int32 {
    try FileFault.checkName(path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ELOOP { throw InputError(path, "is a link to itself", remedy: "remove it") }
      throw FileFault.reading(path, code: errno)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      close(descriptor)
      throw isFolder
        ? FileFault.reading(path, code: EISDIR)
        : InputError(path, "is a device or a pipe", remedy: "give the path of a file")
    }
    return descriptor
  }

  private static func copy(
    from input: Int32, _ source: String, to output: Int32, _ target: String
  ) throws(InputError) -> (sha256: String, count: Int) {
    var hash = SHA256()
    var total = 0
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while let count = try InputFile.fill(&chunk, from: input, of: source) {
      total += count
      let fault = chunk.withUnsafeBytes { bytes in
        let part = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        hash.update(bufferPointer: part)
        return AtomicFile.put(part, into: output)
      }
      guard fault == 0 else { throw FileFault.writing(target, code: fault) }
    }
    return (FileDigest.text(hash.finalize()), total)
  }
}

import Domain
import Files
import Foundation

/// The scores that a long run has finished, so that the same command resumes where it was stopped.
///
/// It lies beside the result as `<result>.partial`: one line about the settings, then one line a
/// photo. A line that was cut off when the run was killed is dropped; a journal of other settings
/// is begun anew. It is locked while a run writes it.
final class ScoreJournal: Sendable {
  private struct Head: Codable, Equatable {
    var format = 1
    let settings: [String: SettingValue]
  }

  private struct Line: Codable {
    let sha256: String
    let record: PhotoScore
  }

  /// The journal's path.
  let path: String
  private let descriptor: Int32
  private let known: [String: Line]

  /// The number of photos that were finished before.
  var knownCount: Int { known.count }

  /// Where the journal of a result lies; nil for results that aren't files, such as `/dev/stdout`.
  static func path(beside result: String) -> String? {
    var status = stat()
    guard stat(result, &status) == 0, status.st_mode & S_IFMT != S_IFREG else {
      return "\(result).partial"
    }
    return nil
  }

  /// Opens the journal of a result, or begins it.
  ///
  /// - Parameters:
  ///   - path: the journal's path.
  ///   - settings: everything that scores depend on but the photos.
  /// - Throws: `InputError` when it can't be written, or another run is writing it.
  init(_ path: String, settings: [String: SettingValue]) throws {
    self.path = path
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try AtomicFile.makeFolder(folder)
    let result = String(path.dropLast(".partial".count))
    descriptor = try RunLock.open(path, flags: O_APPEND, for: result)
    do {
      known = try Self.restore(path, descriptor, Head(settings: settings))
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// The score of a photo of this content, if an earlier run finished it.
  func record(of request: PhotoRequest, sha256: String) -> PhotoScore? {
    guard let line = known[Self.key(request)], line.sha256 == sha256 else { return nil }
    return line.record
  }

  /// Keeps a finished photo.
  func add(_ record: PhotoScore, of request: PhotoRequest, sha256: String) throws {
    try Self.append(
      try CanonicalJSON.line(Line(sha256: sha256, record: record)), path, descriptor)
  }

  /// Removes the journal once the result is written.
  func finish() { unlink(path) }

  private static func key(_ request: PhotoRequest) -> String { request.photo }

  private static func restore(
    _ path: String, _ descriptor: Int32, _ head: Head
  ) throws -> [String: Line] {
    let bytes = try InputFile.read(path, maximumBytes: 1 << 30)
    // What follows the last line end was cut off.
    let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let lines = bytes[..<whole].split(separator: UInt8(ascii: "\n"))
    let decoder = JSONDecoder()
    let found = lines.first.flatMap { try? decoder.decode(Head.self, from: Data($0)) }
    guard found == head else {
      ftruncate(descriptor, 0)
      try append(try CanonicalJSON.line(head), path, descriptor)
      return [:]
    }
    var known: [String: Line] = [:]
    for line in lines.dropFirst() {
      guard let line = try? decoder.decode(Line.self, from: Data(line)) else { continue }
      known[line.record.photo] = line
    }
    ftruncate(descriptor, off_t(whole))
    return known
  }

  private static func append(_ text: String, _ path: String, _ descriptor: Int32) throws {
    let bytes = Array((text + "\n").utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw InputError(
          path, "can't be written (\(String(cString: strerror(errno))))",
          remedy: "free some space and run the same command again")
      }
      done += count
    }
  }
}

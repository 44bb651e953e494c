public import Domain
internal import Files
internal import Foundation

/// The right to change a study; held by one process at a time and given back when the process ends, however it ends.
public final class StudyLock {
  private let file: LockFile

  /// Takes the lock.
  ///
  /// - Throws: `InputError` when another process holds it.
  public init(_ study: StudyStore) throws(InputError) {
    file = try LockFile(
      "\(study.folder)/.lock",
      otherwise: InputError(
        study.folder, "another vernier is changing this study", remedy: "wait until it has ended"))
    try study.files.removeAbandoned()
    // The study's own tables lie in its folder; what else is written there has other names, and may be under way.
    try ContentStore(study.folder).removeAbandoned()
  }
}

/// The right to serve a study: two servers would hand out pairs by two plans and each hold its own limits.
public final class ServingLock: Sendable {
  private let file: LockFile

  /// Takes the lock; commands may change the study meanwhile.
  ///
  /// - Throws: `InputError` when another process holds it.
  public init(_ study: StudyStore) throws(InputError) {
    file = try LockFile(
      "\(study.folder)/.serving",
      otherwise: InputError(
        study.folder, "another vernier serves this study", remedy: "use that server, or stop it"))
  }
}

/// A file that one process at a time may hold locked.
private final class LockFile: Sendable {
  private let descriptor: Int32

  init(_ path: String, otherwise error: @autoclosure () -> InputError) throws(InputError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileFault.writing(path, code: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      Foundation.close(descriptor)
      throw error()
    }
  }

  deinit { Foundation.close(descriptor) }
}

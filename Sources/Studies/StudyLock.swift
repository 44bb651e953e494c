public import Domain
internal import Files
internal import Foundation

/// The right to change a study; held by one process at a time and given back when the process ends, however it ends.
public final class StudyLock {
  private let descriptor: Int32

  /// Takes the lock.
  ///
  /// - Throws: `InputError` when another process holds it.
  public init(_ study: StudyStore) throws(InputError) {
    let path = "\(study.folder)/.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileFault.writing(path, code: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      Foundation.close(descriptor)
      throw InputError(
        study.folder, "another vernier is changing this study", remedy: "wait until it has ended")
    }
    try study.files.removeAbandoned()
    // The study's own tables lie in its folder; what else is written there has other names, and may be under way.
    try ContentStore(study.folder).removeAbandoned()
  }

  deinit { Foundation.close(descriptor) }
}

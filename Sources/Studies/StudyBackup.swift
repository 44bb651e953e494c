internal import Domain
internal import Files
internal import Foundation
internal import GRDB

extension StudyStore {
  /// Copies the study to a new folder, which is either complete or absent.
  ///
  /// The database is copied by SQLite's online backup while others may write; the files are those
  /// that the copy names, each hashed while it is copied. Everything is synced before the folder
  /// gets its name.
  ///
  /// - Parameters:
  ///   - target: the new folder; its parent must exist.
  ///   - progress: called with the number of copied files, and of all.
  /// - Returns: the number of files.
  /// - Throws: `InputError` when the target exists, the disk is full, or a file of the study is
  ///   damaged.
  @discardableResult
  public func backUp(to target: String, progress: (Int, Int) -> Void = { _, _ in }) throws -> Int {
    var target = target
    while target.utf8.count > 1, target.utf8.last == UInt8(ascii: "/") { target.removeLast() }
    guard access(target, F_OK) != 0 else {
      throw InputError(target, "is there already", remedy: "name a new folder")
    }
    let partial = "\(target).partial"
    try? FileManager.default.removeItem(atPath: partial)
    let copies = ContentStore("\(partial)/files")
    try AtomicFile.makeFolder(copies.folder)
    do {
      let contents = try copyDatabase(to: "\(partial)/study.sqlite")
      for (done, sha256) in contents.enumerated() {
        let staged = try copies.stage(files.path(sha256))
        guard staged.sha256 == sha256 else {
          throw InputError(
            files.path(sha256), "is damaged: its content has another hash",
            remedy: "run vernier study verify and restore the file")
        }
        try copies.commit(staged)
        progress(done + 1, contents.count)
      }
      let regions = "\(folder)/regions.csv"
      if access(regions, F_OK) == 0 {
        try AtomicFile.write(InputFile.read(regions), to: "\(partial)/regions.csv")
      }
      guard rename(partial, target) == 0 else { throw FileFault.writing(target, code: errno) }
      let parent = URL(fileURLWithPath: target).deletingLastPathComponent().path
      try ContentStore(parent).syncFolder()
      return contents.count
    } catch {
      try? FileManager.default.removeItem(atPath: partial)
      throw error
    }
  }

  /// Copies the database and returns the contents that the copy names.
  private func copyDatabase(to path: String) throws -> [String] {
    try Self.translated(path) {
      let copy = try DatabaseQueue(path: path)
      try pool.backup(to: copy)
      let contents = try copy.read { try Self.contents($0).keys.sorted() }
      try copy.close()
      return contents
    }
  }
}

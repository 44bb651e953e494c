public import Domain
import Foundation
import GRDB

/// What the commands of a study ask of its annotation: a study that was never annotated has none, and none is made.
extension AnnotationStudy {
  /// Whether a study folder has an annotation.
  public static func exists(in folder: String) -> Bool {
    let path = folder + "/study.sqlite"
    guard FileManager.default.fileExists(atPath: path) else { return false }
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    let found = try? DatabaseQueue(path: path, configuration: configuration).read { db in
      try db.tableExists("annotation_study")
    }
    return found ?? false
  }

  /// Verifies the annotation of a study folder: the audit trail, the votes against it, the files against their hashes.
  ///
  /// - Returns: one line per problem; none for a folder without annotation.
  public static func verify(folder: String) throws -> [String] {
    guard exists(in: folder) else { return [] }
    let study = try open(folder)
    defer { try? study.close() }
    return try study.verify()
  }

  /// Withdraws photos from the annotation of a study folder; see ``withdraw(photos:actor:)``.
  ///
  /// - Returns: the number of photos withdrawn by this call.
  @discardableResult
  public static func withdraw(
    photos: [(scene: SceneID, photo: PhotoID)], folder: String, actor: String = "program"
  ) throws -> Int {
    guard exists(in: folder) else { return 0 }
    let study = try open(folder)
    defer { try? study.close() }
    return try study.withdraw(photos: photos, actor: actor)
  }
}

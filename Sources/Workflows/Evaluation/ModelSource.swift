public import Domain
import Foundation

/// Where a model's scores come from, and how they are meant.
public struct ModelSource: Hashable, Sendable {
  /// The model's name in tables.
  public let name: String
  /// The attribute that the scores are for, if it was said.
  public let attribute: Attribute?
  /// A file of scores, or the folder of a training run.
  public let path: String
  /// Whether `path` is the folder of a training run.
  public let isRun: Bool
  /// Whether less is better; such scores are turned round and have another unit.
  public var isLessBetter = false
  /// Whether the scores have another unit than the scale, so that raw errors mean nothing.
  public var hasOtherUnit = false

  /// Understands `FILE`, `NAME=FILE` and `NAME@ATTRIBUTE=FILE`; a folder is a training run.
  ///
  /// - Throws: `InputError` for an empty name or path.
  public init(parsing text: String) throws(InputError) {
    var isFolder: ObjCBool = false
    let whole = FileManager.default.fileExists(atPath: text)
    var (head, path) = (Substring(""), text)
    if !whole, let equals = text.firstIndex(of: "=") {
      head = text[..<equals]
      path = String(text[text.index(after: equals)...])
    }
    let parts = head.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let given = parts.first.map(String.init) ?? ""
    guard !path.isEmpty, parts.count < 2 || !parts[1].isEmpty else {
      throw InputError(
        Setting("scores"), "«\(text)» names no file",
        remedy: "write FILE, NAME=FILE or NAME@ATTRIBUTE=FILE")
    }
    self.path = path
    isRun =
      FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    attribute = parts.count == 2 ? Attribute(String(parts[1])) : nil
    let stem = (path as NSString).lastPathComponent
    name = given.isEmpty ? (isRun ? stem : (stem as NSString).deletingPathExtension) : given
  }

  /// A training run.
  public init(run: String, name: String? = nil) {
    path = run
    isRun = true
    attribute = nil
    self.name = name ?? (run as NSString).lastPathComponent
  }
}

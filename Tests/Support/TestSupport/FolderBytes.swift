public import Foundation

/// Every byte of a folder: what must be gone is looked for in whole files, databases and logs included.
public enum FolderBytes {
  /// The files that hold one of the contents, or carry it in their name, as `file: content`.
  ///
  /// Contents have a name for the message. Hidden files and folders of the folder are looked into too.
  public static func traces(of contents: [String: Data], in folder: String) throws -> [String] {
    var found: [String] = []
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() {
      var isFolder: ObjCBool = false
      let path = "\(folder)/\(name)"
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
      let bytes = isFolder.boolValue ? Data() : try Data(contentsOf: URL(fileURLWithPath: path))
      for (label, content) in contents.sorted(by: { $0.key < $1.key })
      where bytes.range(of: content) != nil || Data(name.utf8).range(of: content) != nil {
        found.append("\(name): \(label)")
      }
    }
    return found
  }

  /// The same for texts.
  public static func traces(of texts: [String], in folder: String) throws -> [String] {
    try traces(
      of: Dictionary(texts.map { ($0, Data($0.utf8)) }, uniquingKeysWith: { one, _ in one }),
      in: folder)
  }
}

public import Domain
import Files

/// A file of a folder that was dropped into a browser: what it is called there, never a path on this
/// machine.
public struct DroppedFile: Hashable, Sendable {
  /// The names of its folders and its own, between slashes, such as `Trip/Garden/1.jpg`.
  public var path: String
  /// The number of bytes.
  public var byteCount: Int

  /// Names a file.
  public init(path: String, byteCount: Int) {
    self.path = path
    self.byteCount = byteCount
  }
}

/// What a drop comes to.
public struct DroppedList: Sendable {
  /// The photos in the order of an import from a folder or a manifest: the file's place in the drop
  /// and its candidate, whose path is empty until the bytes are here.
  public var items: [(file: Int, candidate: StudyCandidate)] = []
  /// One error for every file or row that can't be a photo.
  public var refused: [InputError] = []
  /// What a user should know though nothing is wrong.
  public var notes: [String] = []
}

/// Turns the names of dropped files into candidates, by the rules of a folder or a manifest.
public enum DroppedFiles {
  /// Lists the photos of a dropped folder: one folder for each scene, or one scene's folder.
  ///
  /// - Parameters:
  ///   - files: the files; hidden ones are refused by name.
  ///   - scene: takes the photos in the dropped folder itself, all of one scene.
  /// - Returns: the photos, ascending by scene and name, and one error for everything else.
  public static func list(_ files: [DroppedFile], scene: SceneID? = nil) -> DroppedList {
    var list = DroppedList()
    let parts = files.map { $0.path.split(separator: "/", omittingEmptySubsequences: false) }
    // A dropped folder that holds folders is one of scenes; otherwise it is a scene itself.
    let roots = Set(parts.filter { $0.count > 2 }.compactMap(\.first))
    var seen: Set<String> = []
    for (index, file) in files.enumerated() {
      let names = parts[index]
      if let fault = Self.fault(file.path) {
        list.refused.append(fault)
      } else if !seen.insert(file.path).inserted {
        list.refused.append(
          InputError(file.path, "is there twice", remedy: "leave one of them out"))
      } else if names.count > (scene == nil ? 3 : 2) {
        list.refused.append(
          InputError(
            file.path, "lies in a folder inside a scene's folder",
            remedy: "give each scene one folder, or name the photos in a manifest"))
      } else if let place = scene ?? Self.scene(of: names, roots) {
        add(file, index, place, to: &list)
      } else {
        list.refused.append(
          InputError(
            file.path, "lies beside the scenes' folders, so its scene isn't known",
            remedy: "move it into the folder of its scene, or name one scene for all photos"))
      }
    }
    func key(_ candidate: StudyCandidate) -> [String.UnicodeScalarView] {
      [candidate.scene.text.unicodeScalars, candidate.photo.text.unicodeScalars]
    }
    list.items.sort { one, other in
      let (left, right) = (key(one.candidate), key(other.candidate))
      for (a, b) in zip(left, right) where !a.elementsEqual(b) {
        return a.lexicographicallyPrecedes(b)
      }
      return false
    }
    return list
  }

  /// Lists the photos that a manifest among the dropped files names; the others are passed over.
  ///
  /// - Parameters:
  ///   - files: the files beside the manifest.
  ///   - manifest: the manifest's names in the drop, and its bytes.
  /// - Returns: the photos in the manifest's order, and one error for every row that can't be one.
  /// - Throws: `InputError` when the manifest is not a table or lacks a needed column.
  public static func list(
    _ files: [DroppedFile], manifest: (path: String, bytes: [UInt8])
  ) throws(InputError) -> DroppedList {
    if let fault = Self.fault(manifest.path) { throw fault }
    let slash = manifest.path.lastIndex(of: "/")
    let folder = slash.map { String(manifest.path[..<$0]) } ?? "."
    let table = try CSVTable(bytes: manifest.bytes, file: manifest.path)
    let read = try StudyManifest.parse(table, folder: folder)
    var list = DroppedList()
    (list.refused, list.notes) = (read.refused, read.notes)
    var places: [String: Int] = [:]
    for (index, file) in files.enumerated() where Self.fault(file.path) == nil {
      places[file.path] = index
    }
    var used: Set<Int> = []
    for row in read.candidates {
      guard let path = inside(row.path) else {
        list.refused.append(
          InputError(
            row.path, "leads out of the dropped folder",
            remedy: "write it relative to the manifest, and drop the folder that holds both"))
        continue
      }
      guard let index = places[path] else {
        list.refused.append(
          InputError(
            path, "is named by the manifest and was not dropped with it",
            remedy: "drop the folder that holds the manifest and its photos"))
        continue
      }
      used.insert(index)
      add(
        files[index], index, row.scene, to: &list, photo: row.photo, metadata: row.metadata)
    }
    let others = files.count - used.count
    if others > 0 {
      list.notes.append("passed over, because the manifest doesn't name them: \(others) files")
    }
    return list
  }

  /// The scene that a file's folder names; nil for a file beside scenes' folders or in none.
  private static func scene(of names: [Substring], _ roots: Set<Substring>) -> SceneID? {
    switch names.count {
    case 3: SceneID(String(names[1]))
    case 2 where !roots.contains(names[0]): SceneID(String(names[0]))
    default: nil
    }
  }

  /// Adds a file under its own or a given name, or refuses it.
  private static func add(
    _ file: DroppedFile, _ index: Int, _ scene: SceneID, to list: inout DroppedList,
    photo: PhotoID? = nil, metadata: PhotoMetadata? = nil
  ) {
    let own = file.path.split(separator: "/").last.map(String.init) ?? ""
    let photo = photo ?? PhotoID(own)
    let fault =
      CandidateList.fault(scene: scene.text, photo: photo.text, subject: file.path)
      ?? nameFault(scene.text, subject: file.path) ?? nameFault(photo.text, subject: file.path)
    if let fault {
      list.refused.append(fault)
      return
    }
    // What a manifest names is meant to be a photo; in a folder other files may lie.
    let isGuess = metadata == nil && !SceneFolders.suffixes.contains(SceneFolders.fileSuffix(own))
    list.items.append(
      (
        file: index,
        candidate: StudyCandidate(
          path: "", scene: scene, photo: photo, metadata: metadata ?? PhotoMetadata(),
          isGuess: isGuess, shown: file.path)
      ))
  }

  /// Why the names of a dropped file are refused; nil when they are fine.
  static func fault(_ path: String) -> InputError? {
    let subject = path.isEmpty ? "a dropped file" : String(path.prefix(120))
    if path.utf8.first == UInt8(ascii: "/") {
      return InputError(subject, "is an absolute path", remedy: "drop a folder, or choose one")
    }
    if path.utf8.count > 4096 {
      return InputError(subject, "its folders' names are too long", remedy: "shorten them")
    }
    for name in path.split(separator: "/", omittingEmptySubsequences: false) {
      if name.isEmpty {
        return InputError(subject, "it or its folder has no name", remedy: "give it one")
      }
      if name.utf8.count > 255 {
        return InputError(subject, "a name in it is longer than 255 bytes", remedy: "shorten it")
      }
      if let fault = nameFault(String(name), subject: subject) { return fault }
    }
    return nil
  }

  /// Why one name, of a scene or a photo, is refused; nil when it is fine.
  package static func nameFault(_ name: String, subject: String) -> InputError? {
    if name == "." || name == ".." {
      return InputError(
        subject, "«\(name)» leads to another folder", remedy: "drop a folder, or choose one")
    }
    if name.utf8.first == UInt8(ascii: ".") {
      return InputError(
        subject, "begins with a dot, as hidden files do", remedy: "rename it, or leave it out")
    }
    if name.utf8.contains(UInt8(ascii: "/")) || name.utf8.contains(UInt8(ascii: "\\")) {
      return InputError(subject, "a name in it holds a slash", remedy: "rename it")
    }
    if name.unicodeScalars.contains(where: \.isControl) {
      return InputError(subject, "a name in it holds a control character", remedy: "rename it")
    }
    return nil
  }

  /// A path without `.` and `..`; nil when it is absolute or leads out.
  private static func inside(_ path: String) -> String? {
    guard path.utf8.first != UInt8(ascii: "/") else { return nil }
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." {
        guard parts.popLast() != nil else { return nil }
      } else {
        parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }
}

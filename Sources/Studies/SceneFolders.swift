public import Domain
internal import Files
internal import Foundation

/// Finds the photos of a folder that holds one folder for each scene.
public enum SceneFolders {
  /// The suffixes of photos that are read.
  public static let suffixes: Set<String> = [
    "jpg", "jpeg", "png", "tif", "tiff", "webp", "heic", "heif", "avif", "bmp", "dib", "jp2", "j2k",
    // Cameras' raw files.
    "3fr", "arw", "cr2", "cr3", "crw", "dng", "erf", "iiq", "kdc", "mrw", "nef", "nrw", "orf",
    "pef", "raf", "raw", "rw2", "rwl", "sr2", "srf", "srw", "x3f",
  ]

  /// Lists a folder's photos, ascending by scene and name.
  ///
  /// Links to files are followed; folders are never entered deeper than the scenes', so no loop of
  /// links can trap it.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - scene: takes the photos in the folder itself, all of one scene.
  /// - Returns: the photos, and one error for everything that can't be one.
  /// - Throws: `InputError` when the folder can't be read.
  public static func list(_ path: String, scene: SceneID? = nil) throws(InputError) -> CandidateList
  {
    var list = CandidateList()
    var folder = path
    while folder.utf8.count > 1, folder.utf8.last == UInt8(ascii: "/") { folder.removeLast() }
    if let scene {
      collect(try FolderListing.entries(of: folder), in: folder, scene: scene, into: &list)
      return list
    }
    for entry in try FolderListing.entries(of: folder) {
      let place = "\(folder)/\(entry.shown)"
      switch entry.kind {
      case .folder:
        do throws(InputError) {
          guard let name = entry.name else { throw FolderListing.nameFault(place) }
          let inside = try FolderListing.entries(of: "\(folder)/\(name)")
          collect(inside, in: "\(folder)/\(name)", scene: SceneID(name), into: &list)
        } catch {
          list.refused.append(error)
        }
      case .file:
        list.refused.append(
          InputError(
            place, "lies beside the scenes' folders, so its scene isn't known",
            remedy: "move it into the folder of its scene, or name one scene for all photos"))
      default: list.refused.append(FolderListing.fault(entry, place))
      }
    }
    return list
  }

  /// Adds the files of one scene's folder.
  private static func collect(
    _ entries: [FolderListing.Entry], in folder: String, scene: SceneID,
    into list: inout CandidateList
  ) {
    for entry in entries {
      let place = "\(folder)/\(entry.shown)"
      guard let name = entry.name, entry.kind == .file else {
        list.refused.append(FolderListing.fault(entry, place))
        continue
      }
      let suffix = fileSuffix(name)
      if let fault = CandidateList.fault(scene: scene.text, photo: name, subject: place) {
        list.refused.append(fault)
      } else {
        list.candidates.append(
          StudyCandidate(
            path: place, scene: scene, photo: PhotoID(name), isGuess: !suffixes.contains(suffix)))
      }
    }
  }

  /// The lower-case suffix of a file name, without the dot.
  public static func fileSuffix(_ name: String) -> String {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else {
      return ""
    }
    return String(name[name.utf8.index(after: dot)...]).lowercased()
  }
}

/// Lists folders with names as the file system has them.
enum FolderListing {
  /// What a name leads to.
  enum Kind: Hashable {
    case file
    case folder
    case other
    case unreachable(code: Int32)
  }

  /// One name in a folder.
  struct Entry: Hashable {
    /// The name, nil when it isn't UTF-8.
    let name: String?
    /// The name for messages.
    let shown: String
    let kind: Kind
  }

  /// The names in a folder, ascending, hidden ones left out.
  static func entries(of path: String) throws(InputError) -> [Entry] {
    try FileFault.checkName(path)
    guard let folder = opendir(path) else { throw FileFault.listing(path, code: errno) }
    defer { closedir(folder) }
    var entries: [Entry] = []
    while let entry = readdir(folder) {
      let bytes = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      guard bytes.first != UInt8(ascii: ".") else { continue }
      let shown = String(decoding: bytes, as: UTF8.self)
      let name = String(validating: bytes, as: UTF8.self)
      var status = stat()
      let kind: Kind
      if fstatat(dirfd(folder), bytes.map { CChar(bitPattern: $0) } + [0], &status, 0) != 0 {
        kind = .unreachable(code: errno)
      } else {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .folder
        default: kind = .other
        }
      }
      entries.append(Entry(name: name, shown: shown, kind: kind))
    }
    return entries.sorted {
      $0.shown.unicodeScalars.lexicographicallyPrecedes($1.shown.unicodeScalars)
    }
  }

  /// Why an entry is not a photo.
  static func fault(_ entry: Entry, _ place: String) -> InputError {
    switch entry.kind {
    case .unreachable(let code) where code == ELOOP:
      InputError(place, "is a link to itself", remedy: "remove it")
    case .unreachable(let code) where code == ENOENT:
      InputError(place, "is a link to a file that doesn't exist", remedy: "remove it or mend it")
    case .unreachable(let code): FileFault.reading(place, code: code)
    case .folder:
      InputError(
        place, "is a folder inside a scene's folder",
        remedy: "give each scene one folder, or name the photos in a manifest")
    case .other: InputError(place, "is a device or a pipe", remedy: "give photos only")
    case .file: nameFault(place)
    }
  }

  /// The error of a name that isn't text.
  static func nameFault(_ place: String) -> InputError {
    InputError(place, "its name is not UTF-8 text", remedy: "rename it")
  }
}

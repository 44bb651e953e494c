internal import Domain
internal import Files
internal import Foundation

/// What an export wrote.
public struct StudyExportReport: Hashable, Sendable {
  /// The tables, by file name.
  public var tables: [String] = []
  /// The number of pictures.
  public var pictures = 0
  /// The pictures that the tables name and the study lacks.
  public var missing: [String] = []
  /// The photos that were left out, because nobody's consent for the purpose is on record.
  public var leftOut: [UnconfirmedPhoto] = []
  /// What a user should know though nothing is wrong.
  public var notes: [String] = []
}

extension StudyStore {
  /// Writes the study in the public data set's layout: what ``PIQLayout`` reads.
  ///
  /// Tables that came from such a folder are written as they were, byte for byte, but for withdrawn
  /// people and photos that are left out. A study of another origin gets its lists from the photos'
  /// metadata, and folders of regions.
  ///
  /// - Parameters:
  ///   - folder: where to write.
  ///   - permission: what the photos are for; those without consent for it are left out.
  ///   - progress: called with the number of finished pictures, and of all.
  /// - Returns: what was written and what was left out.
  /// - Throws: `InputError` when a file can't be written, is damaged, or would lie outside the
  ///   folder.
  public func exportPIQ(
    to folder: String, _ permission: ExportPermission = ExportPermission(),
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> StudyExportReport {
    var report = StudyExportReport()
    try AtomicFile.makeFolder(folder)
    let (photos, leftOut, excepted) = try permitted(permission)
    try write(permission, leftOut: leftOut, excepted: excepted, to: folder, &report)
    let known = PIQLayout.without(leftOut, kept: photos, try publicTables())
    let regions = try regions()
    for table in known.scores { try write(table, to: folder, &report) }
    let own = PIQLayout.lists(of: photos)
    for (file, _) in PIQLayout.listColumns {
      guard let list = known.lists.first(where: { $0.file == file }) ?? own[file] else { continue }
      let rows = list.entries.map { [$0.name, $0.value] + ($0.extra.map { [$0] } ?? []) }
      try AtomicFile.write(list.shape.bytes(rows), to: "\(folder)/\(file)")
      report.tables.append(file)
    }
    let wanted = pictures(photos, regions, known.scores, &report)
    for (done, picture) in wanted.enumerated() {
      let path = try ImageFolder(folder).file(at: picture.path)
      try copy(picture.sha256, to: path)
      report.pictures += 1
      progress(done + 1, wanted.count)
    }
    return report
  }

  private func write(
    _ table: PIQLayout.ScoreTable, to folder: String, _ report: inout StudyExportReport
  ) throws {
    guard !table.scores.isEmpty else { return }
    let path = "\(folder)/\(table.file)"
    let bytes = table.shape.bytes(table.scores.map { $0.fields(table.attribute) })
    try AtomicFile.write(bytes, to: path)
    report.tables.append(table.file)
    // Without some of its photos a scene no longer shows its unit: then a sidecar says it.
    let groups = Dictionary(grouping: table.scores.map(\.photo), by: \.scene)
    let shown = ScoreRows.isStandardised(Array(groups.values)) ? ScaleConvention.piq23 : .jod
    if let unit = table.shape.unit, unit != shown {
      try Provenance(command: ["study", "export"], unit: unit.unit(of: .eachScene))
        .write(beside: path)
      report.tables.append("\(table.file).provenance.json")
    }
  }

  /// The pictures to write and their places in the folder.
  private func pictures(
    _ photos: [StudyPhoto], _ regions: [Int64: [Attribute: StudyRegion]],
    _ tables: [PIQLayout.ScoreTable], _ report: inout StudyExportReport
  ) -> [(path: String, sha256: String)] {
    var named: [Attribute: [ScenePhoto: String]] = [:]
    for table in tables {
      for score in table.scores {
        let place = ScenePhoto(scene: score.photo.scene, photo: score.photo.photo)
        named[table.attribute, default: [:]][place] = score.path(table.attribute, table.shape)
      }
    }
    var result: [(path: String, sha256: String)] = []
    var taken: [String: ScenePhoto] = [:]
    for photo in photos {
      let place = ScenePhoto(scene: photo.scene, photo: photo.photo)
      let own = regions[photo.id] ?? [:]
      for (attribute, paths) in named where paths[place] != nil && own[attribute] == nil {
        report.missing.append(paths[place] ?? "\(attribute.title)\\\(photo.photo)")
      }
      for (attribute, region) in own.sorted(by: { $0.key < $1.key }) {
        let path = named[attribute]?[place] ?? "\(attribute.title)\\\(photo.photo)"
        if let other = taken[path] {
          report.missing.append("\(path) of \(place.crossName): \(other.crossName) has that name")
        } else {
          taken[path] = place
          result.append((path, region.sha256))
        }
      }
    }
    report.missing.sort()
    return result
  }

  /// Copies a content to a path and checks its hash on the way.
  func copy(_ sha256: String, to path: String) throws {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
    let parent = String(path[..<slash])
    try AtomicFile.makeFolder(parent)
    let target = ContentStore(parent)
    let staged = try target.stage(files.path(sha256))
    guard staged.sha256 == sha256 else {
      target.discard(staged)
      throw InputError(
        files.path(sha256), "is damaged: its content has another hash",
        remedy: "run vernier study verify and restore the file")
    }
    guard rename(staged.path, path) == 0 else {
      let code = errno
      target.discard(staged)
      throw FileFault.writing(path, code: code)
    }
  }
}

extension PIQLayout {
  /// The lists of a study that came from no such folder, by file name.
  static func lists(of photos: [StudyPhoto]) -> [String: List] {
    var devices: [Entry] = []
    var images: [Entry] = []
    var parts: [SceneID: Set<SplitPart?>] = [:]
    var counts: [SceneID: Int] = [:]
    for photo in photos {
      if let device = photo.metadata.device {
        devices.append(Entry(name: photo.photo.text, value: device))
      }
      if let part = photo.metadata.part {
        images.append(Entry(name: photo.photo.text, value: title(part)))
      }
      parts[photo.scene, default: []].insert(photo.metadata.part)
      counts[photo.scene, default: 0] += 1
    }
    // Scenes are split only where each lies in one part.
    let scenes = parts.sorted { $0.key < $1.key }.compactMap { scene, found -> Entry? in
      guard found.count == 1, let part = found.first ?? nil else { return nil }
      return Entry(name: scene.text, value: title(part), extra: "\(counts[scene, default: 0])")
    }
    let isByScene = scenes.count == parts.count
    var lists: [String: List] = [:]
    for (file, columns) in listColumns {
      let entries =
        switch file {
        case "Device Split.csv": images
        case "Scene Split.csv": isByScene ? scenes : []
        default: devices
        }
      guard !entries.isEmpty else { continue }
      lists[file] = List(file: file, shape: TableShape(columns: columns), entries: entries)
    }
    return lists
  }

  private static func title(_ part: SplitPart) -> String {
    part.rawValue.prefix(1).uppercased() + part.rawValue.dropFirst()
  }
}

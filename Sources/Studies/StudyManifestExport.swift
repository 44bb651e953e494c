internal import Domain
internal import Files
internal import Foundation

extension StudyStore {
  /// Writes the photos' files and a manifest that makes the same study again: `manifest.csv` and
  /// `photos/SCENE/NAME`.
  ///
  /// - Parameters:
  ///   - folder: where to write.
  ///   - permission: what the photos are for; those without consent for it are left out.
  ///   - progress: called with the number of finished photos, and of all.
  /// - Returns: what was written and what was left out.
  /// - Throws: `InputError` when a file can't be written or is damaged.
  public func exportManifest(
    to folder: String, _ permission: ExportPermission = ExportPermission(),
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> StudyExportReport {
    try AtomicFile.makeFolder(folder)
    var report = StudyExportReport()
    let (photos, leftOut, excepted) = try permitted(permission)
    try write(permission, leftOut: leftOut, excepted: excepted, to: folder, &report)
    let notes = Set(photos.flatMap(\.metadata.notes.keys)).sorted()
    var table = CSVWriter(columns: StudyManifest.columns + notes)
    var taken: Set<String> = []
    let derived = try lineages()
    for (done, photo) in photos.enumerated() {
      guard let facts = photo.facts else {
        // Derived photos have regions only, and can be made again.
        if derived[photo.id] == nil { report.missing.append("\(photo.scene)/\(photo.photo)") }
        continue
      }
      var path = "photos/\(Self.fileName(photo.scene.text))/\(Self.fileName(photo.photo.text))"
      // Names that differ only in what file names can't hold, or in case, are distinguished by
      // content.
      if !taken.insert(path.lowercased()).inserted {
        path = "photos/\(facts.sha256)"
      }
      try copy(facts.sha256, to: "\(folder)/\(path)")
      table.append(Self.fields(photo, path) + notes.map { photo.metadata.notes[$0] ?? "" })
      report.pictures += 1
      progress(done + 1, photos.count)
    }
    try table.write(to: "\(folder)/manifest.csv")
    report.tables.append("manifest.csv")
    return report
  }

  /// A photo's fields in the order of ``StudyManifest/columns``.
  private static func fields(_ photo: StudyPhoto, _ path: String) -> [String] {
    let data = photo.metadata
    return [
      path, photo.scene.text, photo.photo.text, data.device ?? "", data.brand ?? "",
      data.lens ?? "", data.mode ?? "", CSVWriter.text(data.iso),
      CSVWriter.text(data.exposureSeconds), data.condition?.rawValue ?? "",
      data.skinType.map { "\($0)" } ?? "", data.lighting ?? "", CSVWriter.text(data.distanceMetres),
      data.person ?? "", data.consent?.rawValue ?? "",
      data.purposes?.sorted().map(\.rawValue).joined(separator: " ") ?? "",
      data.part?.rawValue ?? "",
      data.isReference == true ? "yes" : "no",
    ]
  }

  /// A name that any file system takes; `_` stands for what it can't hold.
  private static func fileName(_ name: String) -> String {
    var clean = String.UnicodeScalarView()
    for scalar in name.unicodeScalars {
      let isBad = scalar.isControl || scalar == "/" || scalar == "\\"
      clean.append(isBad ? "_" : scalar)
    }
    let text = String(clean)
    return text.hasPrefix(".") || text.hasPrefix("-") ? "_" + text : text
  }
}

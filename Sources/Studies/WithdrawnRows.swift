internal import Domain
internal import Files
internal import Foundation
internal import GRDB

/// Removes the rows of withdrawn people from the lists that lie in a study's folder.
///
/// A list that isn't a table stops the withdrawal with its error: nobody could tell what it says
/// about the person.
struct WithdrawnRows {
  /// How a list names photos.
  private enum Naming {
    /// A column with the scene, and columns with photos of it.
    case scene(String, photos: [String])
    /// A column with paths.
    case path(String)
  }

  private static let lists: [(file: String, naming: Naming)] = [
    ("regions.csv", .scene("SCENE", photos: ["IMAGE"])),
    ("golden.csv", .scene("scene", photos: ["better", "worse"])),
    ("cross-set.csv", .scene("scene", photos: ["image"])),
    ("pairs.csv", .scene("scene", photos: ["image_a", "image_b"])),
    ("missing.csv", .path("IMAGE")),
  ]

  private let study: StudyStore
  private let photos: Set<ScenePhoto>
  /// The hashes of removed contents.
  private let buried: Set<String>

  init(_ study: StudyStore) throws {
    self.study = study
    (photos, buried) = try study.read { db in
      let rows = try Row.fetchAll(db, sql: "SELECT scene, name FROM study_withdrawn_photo")
      let places = rows.map {
        ScenePhoto(scene: SceneID($0["scene"]), photo: PhotoID($0["name"]))
      }
      let hashes = try String.fetchSet(
        db, sql: "SELECT sha256 FROM study_tombstone WHERE sha256 <> ''")
      return (Set(places), hashes)
    }
  }

  /// Removes every row that names one of the photos, a removed content or one of the people.
  func remove(people: [String]) throws {
    for (file, naming) in Self.lists {
      let path = "\(study.folder)/\(file)"
      guard access(path, F_OK) == 0 else { continue }
      let bytes = try InputFile.read(path)
      let table = try CSVTable(bytes: bytes, file: path)
      let shows = try filter(table, naming, people: Set(people))
      let gone = table.rows.filter(shows)
      guard !gone.isEmpty else { continue }
      let kept = table.rows.filter { !shows($0) }
      try removePictures(table, gone: gone, kept: kept)
      let columns = try table.columns(table.columns)
      let rows = kept.map { row in columns.map { row.rawText($0) } }
      try AtomicFile.write(
        TableShape(bytes, columns: table.columns).bytes(rows), to: path,
        temporaryPrefix: ContentStore.prefix)
    }
  }

  /// What tells a row that must go.
  private func filter(
    _ table: CSVTable, _ naming: Naming, people: Set<String>
  ) throws(InputError) -> (CSVRow) -> Bool {
    switch naming {
    case .path(let name):
      let column = try table.column(name)
      let names = Set(photos.map(\.photo.text))
      return { row in
        let last = row.rawText(column).split(whereSeparator: { $0 == "/" || $0 == "\\" }).last
        return last.map { names.contains(String($0)) } ?? false
      }
    case .scene(let scene, let names):
      let place = try table.column(scene)
      let columns = try table.columns(names)
      let region = table.column(ifPresent: "REGION")
      let person = table.column(ifPresent: "PERSON")
      return { row in
        let scene = SceneID(row.rawText(place))
        return columns.contains { column in
          photos.contains(ScenePhoto(scene: scene, photo: PhotoID(row.rawText(column))))
        } || person.map { people.contains(row.rawText($0)) } == true
          || region.map { isBuried(row.rawText($0)) } == true
      }
    }
  }

  private func isBuried(_ region: String) -> Bool {
    region.hasPrefix("files/") && buried.contains(String(region.dropFirst("files/".count)))
  }

  /// Removes pictures in the study's folder that only removed rows name; what lies elsewhere
  /// belongs to somebody else.
  private func removePictures(_ table: CSVTable, gone: [CSVRow], kept: [CSVRow]) throws {
    guard let region = table.column(ifPresent: "REGION"), let root = real(study.folder) else {
      return
    }
    let needed = Set(kept.compactMap { real("\(study.folder)/\($0.rawText(region))") })
    for row in gone {
      guard let path = real("\(study.folder)/\(row.rawText(region))"),
        path.hasPrefix(root + "/"), !path.hasPrefix(root + "/files/"), !needed.contains(path)
      else { continue }
      guard unlink(path) == 0 || errno == ENOENT else {
        throw FileFault.writing(path, code: errno)
      }
    }
  }

  /// A path without links; nil for what isn't there.
  private func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}

public import Domain

/// Which part of a data set each scene or each photo belongs to.
public enum DataSplit: Hashable, Sendable {
  /// Whole scenes are kept apart: the test scenes are never seen in training.
  case scenes([SceneID: SplitPart])
  /// Photos are kept apart, by camera: the scenes are known, the test devices are not.
  case photos([PhotoID: SplitPart])

  /// The part of a photo, if the split names it; names are compared exactly.
  public func part(of photo: PhotoID, in scene: SceneID) -> SplitPart? {
    switch self {
    case .scenes(let parts): parts[scene]
    case .photos(let parts): parts[photo]
    }
  }

  /// The part of every photo, in their order.
  ///
  /// - Throws: `InputError` that names the first photo or scene that the split lacks.
  public func parts(of photos: [ScaledPhoto]) throws(InputError) -> [SplitPart] {
    var parts: [SplitPart] = []
    for photo in photos {
      guard let part = part(of: photo.photo, in: photo.scene) else {
        switch self {
        case .scenes:
          throw InputError(
            "scene \(photo.scene)", "is in no part of the split",
            remedy: "add it to the split file, with the same letters")
        case .photos:
          throw InputError(
            "photo \(photo.photo)", "is in no part of the split",
            remedy: "add it to the split file, with the same letters")
        }
      }
      parts.append(part)
    }
    return parts
  }
}

/// The data set's split files: `Scene Split.csv` (`SCENE,SPLIT[,NB IMAGES]`) and `Device Split.csv` (`IMAGE,SPLIT`).
///
/// `SPLIT` is `Train`, `Valid` or `Test`, in any case.
public enum SplitFile {
  /// Reads a split by scenes or by photos, whichever column the file has.
  ///
  /// - Throws: `InputError` that names the file, the row and the column; also for a name in two parts.
  public static func read(_ path: String) throws(InputError) -> DataSplit {
    let table = try CSVTable(path: path)
    let scenes = table.column(ifPresent: "SCENE")
    let photos = table.column(ifPresent: "IMAGE")
    guard let name = scenes ?? photos, scenes == nil || photos == nil else {
      throw InputError(
        path, "needs one of the columns SCENE and IMAGE",
        remedy: "split by scenes (SCENE,SPLIT) or by photos (IMAGE,SPLIT)")
    }
    let part = try table.column("SPLIT")
    var parts: [String: SplitPart] = [:]
    for row in table.rows {
      let known = try read(row, part)
      let text = try row.text(name)
      if let earlier = parts.updateValue(known, forKey: text), earlier != known {
        throw row.error(
          name,
          "\(CSVTable.quoted(text)) is in two parts, \(earlier.rawValue) and \(known.rawValue)",
          remedy: "keep one of the rows")
      }
    }
    guard !parts.isEmpty else {
      throw InputError(path, "holds no rows", remedy: "name the part of each scene or photo")
    }
    return scenes == nil
      ? .photos(Dictionary(uniqueKeysWithValues: parts.map { (PhotoID($0.key), $0.value) }))
      : .scenes(Dictionary(uniqueKeysWithValues: parts.map { (SceneID($0.key), $0.value) }))
  }

  private static func read(
    _ row: CSVRow, _ column: CSVTable.Column
  ) throws(InputError) -> SplitPart {
    guard let part = SplitPart(rawValue: row.rawText(column).lowercased()) else {
      throw row.error(
        column, "\(CSVTable.quoted(row.rawText(column))) is no part",
        remedy: "write Train, Valid or Test")
    }
    return part
  }

  /// Writes a split, ascending by name.
  ///
  /// The number of photos of each scene goes into the column `NB IMAGES`, which is left out when none is given.
  public static func write(
    _ split: DataSplit, imageCounts: [SceneID: Int] = [:], to path: String
  ) throws(InputError) {
    var table: CSVWriter
    switch split {
    case .scenes(let parts):
      let counted = !imageCounts.isEmpty
      table = CSVWriter(columns: ["SCENE", "SPLIT"] + (counted ? ["NB IMAGES"] : []))
      for (scene, part) in parts.sorted(by: { $0.key < $1.key }) {
        table.append(
          [scene.text, title(part)] + (counted ? ["\(imageCounts[scene, default: 0])"] : []))
      }
    case .photos(let parts):
      table = CSVWriter(columns: ["IMAGE", "SPLIT"])
      for (photo, part) in parts.sorted(by: { $0.key < $1.key }) {
        table.append([photo.text, title(part)])
      }
    }
    try table.write(to: path)
  }

  private static func title(_ part: SplitPart) -> String {
    part.rawValue.prefix(1).uppercased() + part.rawValue.dropFirst()
  }
}

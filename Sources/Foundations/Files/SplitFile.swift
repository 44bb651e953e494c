public import Domain

/// The data set's split files: `Scene Split.csv` (`SCENE,SPLIT[,NB IMAGES]`) and `Device Split.csv`
/// (`IMAGE,SPLIT`).
///
/// `SPLIT` is `Train`, `Valid` or `Test`, in any case.
public enum SplitFile {
  /// Reads a split by scenes or by photos, whichever column the file has.
  ///
  /// - Throws: `InputError` that names the file, the row and the column; also for a name in two
  ///   parts.
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
        column, "\(CSVTable.quoted(row.rawText(column))) is not a part",
        remedy: "write Train, Valid or Test")
    }
    return part
  }

  /// Writes a split, ascending by name.
  ///
  /// The number of photos of each scene goes into the column `NB IMAGES`, which is left out when
  /// none is given.
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

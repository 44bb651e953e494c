public import Domain

/// The file of true qualities, `truth.csv`: `scene,attribute,image,quality`, quality in JOD.
public enum TruthFile {
  private static let names = ["scene", "attribute", "image", "quality"]

  /// Reads every row, in the order of the file.
  ///
  /// - Throws: `InputError` that names the file, the row and the column; a photo given twice is an
  ///   error.
  public static func read(_ path: String) throws(InputError) -> [TrueQuality] {
    let table = try CSVTable(path: path)
    let column = try table.columns(names)
    var rows: [TrueQuality] = []
    var once = OnceOnly<[String]>()
    for row in table.rows {
      let truth = TrueQuality(
        scene: SceneID(try row.text(column[0])), attribute: Attribute(try row.text(column[1])),
        photo: PhotoID(try row.text(column[2])), quality: JOD(try row.number(column[3])))
      let key = [truth.scene.text, truth.attribute.text, truth.photo.text]
      try once.check(key, row, column[2])
      rows.append(truth)
    }
    guard !rows.isEmpty else {
      throw InputError(table.file, "holds no photos", remedy: "add a row for each photo")
    }
    return rows
  }

  /// Writes rows.
  public static func write(_ rows: [TrueQuality], to path: String) throws(InputError) {
    var table = CSVWriter(columns: names)
    for row in rows {
      table.append([
        row.scene.text, row.attribute.text, row.photo.text, CSVWriter.text(row.quality.value),
      ])
    }
    try table.write(to: path)
  }
}

/// Refuses what a file may name only once.
package struct OnceOnly<Key: Hashable> {
  private var rows: [Key: Int] = [:]

  /// Knows no key yet.
  package init() {}

  /// Remembers a key; throws where an earlier row had it.
  package mutating func check(
    _ key: Key, _ row: CSVRow, _ column: CSVTable.Column
  ) throws(InputError) {
    if let first = rows.updateValue(row.number, forKey: key) {
      throw row.error(
        column, "\(CSVTable.quoted(row.rawText(column))) was given in row \(first) already",
        remedy: "keep one of the two rows")
    }
  }
}

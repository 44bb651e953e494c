public import Domain

/// Files that say where photos come from: the data set's `Image Metadata.csv`, and who is shown.
public enum OriginFile {
  /// Reads `Image,Device`: the camera of each photo.
  ///
  /// - Throws: `InputError` that names the file, the row and the column; also for a photo with two
  ///   cameras.
  public static func devices(_ path: String) throws(InputError) -> [PhotoID: String] {
    let table = try CSVTable(path: path)
    let photo = try column(table, ["Image", "IMAGE", "image"])
    return try values(table, by: photo, try column(table, ["Device", "DEVICE", "device"]))
  }

  /// Reads who is shown: `IMAGE,PERSON`, or `SCENE,PERSON` where a scene shows one person.
  ///
  /// - Throws: `InputError` that names the file, the row and the column; also for two persons under
  ///   one name.
  public static func persons(
    _ path: String
  ) throws(InputError) -> (photos: [PhotoID: String], scenes: [SceneID: String]) {
    let table = try CSVTable(path: path)
    let person = try column(table, ["PERSON", "Person", "person"])
    if let scene = ["SCENE", "Scene", "scene"].lazy.compactMap({ table.column(ifPresent: $0) })
      .first
    {
      return ([:], try values(table, by: scene, person))
    }
    return (try values(table, by: try column(table, ["IMAGE", "Image", "image"]), person), [:])
  }

  private static func column(
    _ table: CSVTable, _ names: [String]
  ) throws(InputError) -> CSVTable.Column {
    for name in names { if let column = table.column(ifPresent: name) { return column } }
    return try table.column(names[0])
  }

  private static func values<Key: Identifier>(
    _ table: CSVTable, by key: CSVTable.Column, _ value: CSVTable.Column
  ) throws(InputError) -> [Key: String] {
    var result: [Key: String] = [:]
    for row in table.rows {
      let (name, text) = (try row.text(key), try row.text(value))
      if let known = result.updateValue(text, forKey: Key(name)), known != text {
        throw row.error(
          value,
          """
          \(CSVTable.quoted(name)) has both \(CSVTable.quoted(known)) and \(CSVTable.quoted(text))
          """,
          remedy: "keep one of the rows")
      }
    }
    return result
  }
}

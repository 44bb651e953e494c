public import Domain

/// The file of single ratings, `ratings.csv`: `observer,scene,attribute,image,rating`, larger being better.
///
/// A photo may be rated several times by one observer.
public enum RatingsFile {
  private static let names = ["observer", "scene", "attribute", "image", "rating"]

  /// Reads every rating, in the order of the file.
  ///
  /// - Throws: `InputError` that names the file, the row and the column.
  public static func read(_ path: String) throws(InputError) -> [Rating] {
    let table = try CSVTable(path: path)
    let column = try table.columns(names)
    var ratings: [Rating] = []
    ratings.reserveCapacity(table.rowCount)
    for row in table.rows {
      ratings.append(
        Rating(
          observer: ObserverID(try row.text(column[0])), scene: SceneID(try row.text(column[1])),
          attribute: Attribute(try row.text(column[2])), photo: PhotoID(try row.text(column[3])),
          value: try row.number(column[4])))
    }
    guard !ratings.isEmpty else {
      throw InputError(table.file, "holds no ratings", remedy: "add a row for each rating")
    }
    return ratings
  }

  /// Writes ratings.
  public static func write(_ ratings: [Rating], to path: String) throws(InputError) {
    var table = CSVWriter(columns: names)
    for rating in ratings {
      table.append([
        rating.observer.text, rating.scene.text, rating.attribute.text, rating.photo.text,
        CSVWriter.text(rating.value),
      ])
    }
    try table.write(to: path)
  }
}

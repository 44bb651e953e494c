public import Domain

/// Ratings in a table, single or averaged.
///
/// Single ratings: `scene,attribute,image,rating,observer`, a row for each. Averages:
/// `scene,attribute,image,mos,sd,count`, a row for each photo; `sd` is the standard deviation of
/// the photo's ratings, not of their mean.
extension RatingsFile {
  /// Reads the ratings of every scene and attribute.
  ///
  /// - Returns: The scenes in the order of their first row.
  /// - Throws: `InputError` that names the file, the row and the column.
  public static func scenes(_ path: String) throws(InputError) -> [SceneRatings] {
    let table = try CSVTable(path: path)
    let keys = try table.columns(["scene", "attribute", "image"])
    let rating = table.column(ifPresent: "rating")
    guard (rating == nil) != (table.column(ifPresent: "mos") == nil) else {
      throw InputError(
        path,
        rating == nil ? "there is no column rating or mos" : "it has the columns rating and mos",
        remedy: "give scene,attribute,image,rating,observer or scene,attribute,image,mos,sd,count")
    }
    if let rating {
      let observer = try table.columns(["observer"])[0]
      return try grouped(table, keys) { key, row throws(InputError) in
        Rating(
          observer: ObserverID(try row.text(observer)), scene: key.scene,
          attribute: key.attribute, photo: PhotoID(try row.text(keys[2])),
          value: try row.number(rating))
      } content: {
        .ratings($0)
      }
    }
    let summary = try table.columns(["mos", "sd", "count"])
    return try grouped(table, keys) { _, row throws(InputError) in
      try opinion(row, keys[2], summary)
    } content: {
      .opinions($0)
    }
  }

  /// The rows of each scene and attribute, in the order of their first row.
  private static func grouped<Element>(
    _ table: CSVTable, _ keys: [CSVTable.Column],
    _ read: (Key, CSVRow) throws(InputError) -> Element,
    content: ([Element]) -> SceneRatings.Content
  ) throws(InputError) -> [SceneRatings] {
    var order: [Key] = []
    var groups: [Key: [Element]] = [:]
    for row in table.rows {
      let key = Key(
        scene: SceneID(try row.text(keys[0])), attribute: Attribute(try row.text(keys[1])))
      let element = try read(key, row)
      if groups[key, default: []].isEmpty { order.append(key) }
      groups[key, default: []].append(element)
    }
    return order.map { key in
      SceneRatings(
        scene: key.scene, attribute: key.attribute, content: content(groups[key] ?? []))
    }
  }

  private struct Key: Hashable {
    let scene: SceneID
    let attribute: Attribute
  }

  private static func opinion(
    _ row: CSVRow, _ image: CSVTable.Column, _ summary: [CSVTable.Column]
  ) throws(InputError) -> SceneRatings.Opinion {
    let opinion = SceneRatings.Opinion(
      photo: PhotoID(try row.text(image)), mean: try row.number(summary[0]),
      deviation: try row.number(summary[1]), count: try row.number(summary[2]))
    guard opinion.deviation >= 0 else {
      throw row.error(
        summary[1], "a standard deviation can't be negative",
        remedy: "give the standard deviation of the photo's ratings")
    }
    guard opinion.count >= 1 else {
      throw row.error(
        summary[2], "a mean of fewer than one rating is none", remedy: "give the number of ratings")
    }
    return opinion
  }
}

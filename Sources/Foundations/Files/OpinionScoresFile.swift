public import Domain

/// A file of mean opinion scores, as rating data sets come: `IMAGE,MOS[,SCENE][,ATTRIBUTE][,MOS STD]`.
///
/// The scores have the data set's own unit, larger being better, and are one scale for all photos: ratings, unlike
/// comparisons inside a scene, share their zero. Without `SCENE` all photos are of one scene named `all`; without
/// `ATTRIBUTE` they are of `overall`. `MOS STD` is the standard deviation of the mean; intervals are ± 1.96 of it.
public enum OpinionScoresFile {
  /// Whether a table holds mean opinion scores.
  public static func isOpinionScores(_ table: CSVTable) -> Bool {
    table.column(ifPresent: "MOS") != nil && table.column(ifPresent: "JOD") == nil
  }

  /// Reads every row, in the order of the file.
  ///
  /// - Throws: `InputError` that names the file, the row and the column; a photo given twice or a second attribute is an error.
  public static func read(
    _ path: String
  ) throws(InputError) -> (attribute: Attribute, photos: [ScaledPhoto]) {
    let table = try CSVTable(path: path)
    let needed = try table.columns(["IMAGE", "MOS"])
    let scene = table.column(ifPresent: "SCENE")
    let kind = table.column(ifPresent: "ATTRIBUTE")
    let deviation = table.column(ifPresent: "MOS STD")
    var photos: [ScaledPhoto] = []
    var attribute: Attribute?
    var once = OnceOnly<[String]>()
    for row in table.rows {
      let own = try kind.map { column throws(InputError) in Attribute(try row.text(column)) }
      if let kind, let attribute, let own, own != attribute {
        throw row.error(kind, "is another attribute", remedy: "give a file for each attribute")
      }
      attribute = attribute ?? own
      let name = try row.text(needed[0])
      let place = try scene.map { column throws(InputError) in try row.text(column) } ?? "all"
      try once.check([place, name], row, needed[0])
      let score = try row.number(needed[1])
      let spread =
        try deviation.map { column throws(InputError) in try row.number(column) } ?? 0
      if let deviation, spread < 0 {
        throw row.error(deviation, "is negative", remedy: "write 0 or more")
      }
      photos.append(
        ScaledPhoto(
          photo: PhotoID(name), scene: SceneID(place), score: score,
          standardDeviation: spread,
          interval: ConfidenceInterval(
            low: score - 1.96 * spread, high: score + 1.96 * spread),
          comparisons: 0))
    }
    guard !photos.isEmpty else {
      throw InputError(table.file, "holds no scores", remedy: "add a row for each photo")
    }
    return (attribute ?? .overall, photos)
  }

  /// Writes the mean opinion score of every photo of single ratings; larger is better.
  ///
  /// The column `MOS STD`, the standard error of the mean, is there when every photo has two ratings or more.
  ///
  /// - Throws: `InputError` for ratings of several attributes, and when the file can't be written.
  public static func write(_ ratings: [Rating], to path: String) throws(InputError) {
    let attributes = Set(ratings.map(\.attribute)).sorted()
    guard let attribute = attributes.first, attributes.count == 1 else {
      let names = attributes.map(\.text).joined(separator: ", ")
      throw InputError(
        path, "the ratings are of several attributes (\(names)), and this file holds one",
        remedy: "take the rows of one attribute")
    }
    struct Key: Hashable {
      let scene: SceneID
      let photo: PhotoID
    }
    let groups = Dictionary(grouping: ratings) { Key(scene: $0.scene, photo: $0.photo) }
      .mapValues { $0.map(\.value) }
    let hasErrors = groups.values.allSatisfy { $0.count > 1 }
    var table = CSVWriter(
      columns: ["IMAGE", "MOS", "SCENE", "ATTRIBUTE"] + (hasErrors ? ["MOS STD"] : []))
    for (key, values) in groups.sorted(by: {
      ($0.key.scene, $0.key.photo) < ($1.key.scene, $1.key.photo)
    }) {
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let error = (squares / (count - 1) / count).squareRoot()
      table.append(
        [key.photo.text, CSVWriter.text(mean), key.scene.text, attribute.text]
          + (hasErrors ? [CSVWriter.text(error)] : []))
    }
    try table.write(to: path)
  }
}

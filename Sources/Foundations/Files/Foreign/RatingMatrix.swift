public import Domain

/// Matrices of ratings as the reference code of ITU-T P.910, P.913 and ITU-R BT.500 takes them: a row for each stimulus, a
/// column for each subject, `nan` where a subject gave none.
public enum RatingMatrix {
  /// Reads a matrix as ratings.
  ///
  /// - Throws: `InputError` for text that is no matrix, and for names that do not fit it.
  public static func read(
    _ path: String, settings: ImportSettings
  ) throws(InputError) -> ImportedOpinions {
    let matrix = try NumberMatrix(path: path)
    let photoCount = settings.observersInRows ? matrix.width : matrix.rows.count
    let own = settings.observersInRows ? matrix.columnNames : matrix.rowNames
    let others = settings.observersInRows ? matrix.rowNames : matrix.columnNames
    let names = settings.photoNames ?? own ?? (1...photoCount).map { "\($0)" }
    guard names.count == photoCount else {
      throw InputError(
        Setting("names"), "there are \(names.count) names for \(photoCount) photos",
        remedy: "give one name a line, in the order of \(path)")
    }
    var result = ImportedOpinions()
    var missing = 0
    for (i, row) in matrix.rows.enumerated() {
      for (j, value) in row.enumerated() {
        let (photo, observer) = settings.observersInRows ? (j, i) : (i, j)
        guard let value else {
          missing += 1
          continue
        }
        let name = others.flatMap { $0.indices.contains(observer) ? $0[observer] : nil }
        result.ratings.append(
          Rating(
            observer: ObserverID(name ?? "\(observer + 1)"), scene: settings.sceneOrAll,
            attribute: settings.attributeOrOverall, photo: PhotoID(names[photo]), value: value))
      }
    }
    result.note(missing, "rating is", "ratings are", "missing.")
    guard !result.ratings.isEmpty else {
      throw InputError(path, "holds no ratings", remedy: "give a matrix with numbers")
    }
    return result
  }
}

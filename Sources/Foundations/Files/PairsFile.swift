public import Domain

/// Pairs of photos by name, `image_a,image_b`.
public enum PairsFile {
  /// Reads every pair, in the order of the file.
  ///
  /// - Throws: `InputError` that names the file, the row and the column.
  public static func read(
    _ path: String
  ) throws(InputError) -> [(first: PhotoID, second: PhotoID)] {
    let table = try CSVTable(path: path)
    let columns = try table.columns(["image_a", "image_b"])
    var pairs: [(first: PhotoID, second: PhotoID)] = []
    for row in table.rows {
      pairs.append((PhotoID(try row.text(columns[0])), PhotoID(try row.text(columns[1]))))
    }
    return pairs
  }
}

public import Domain

/// A file of scores per scene in the public data set's 14 columns, such as `Scores_Details.csv`.
///
/// The unit stands beside the file, in `<file>.provenance.json`. Without it the unit is detected:
/// files whose every scene has `√(Var(JOD) + mean(JOD STD²)) = 1.4826` are in PIQ23's z-scored
/// unit, all others in JOD. A part of a scene does not show it: keep the sidecar with a file that
/// holds only some photos of a scene.
public enum ScoresFile {
  /// The columns in their order.
  public static let columns = ScoreRows.names

  /// Reads the scales, one for each scene and attribute, in the order in which the file first names
  /// them.
  ///
  /// - Throws: `InputError` that names the file, the row and the column; also for a unified file.
  public static func read(_ path: String) throws(InputError) -> [SceneScale] {
    let table = try CSVTable(path: path)
    if UnifiedScoresFile.isUnified(table) {
      throw InputError(
        path, "holds one unified scale, not scores per scene",
        remedy: "give the file that `vernier scale` wrote")
    }
    return try scales(of: ScoreRows(table).read(table), beside: path)
  }

  /// Writes scales and, beside the file, their provenance with the unit.
  ///
  /// - Throws: `InputError` when the file can't be written, and for scales of two units.
  public static func write(
    _ scales: [SceneScale], to path: String, provenance: Provenance = Provenance()
  ) throws(InputError) {
    var table = CSVWriter(columns: columns, lineEnd: .carriageReturnLineFeed)
    var sceneIndices: [SceneID: Int] = [:]
    for scale in scales {
      let index = sceneIndices[scale.scene] ?? sceneIndices.count
      sceneIndices[scale.scene] = index
      guard scale.convention == scales[0].convention, scale.origin == scales[0].origin else {
        throw InputError(path, "scales of two units", remedy: "write each unit to its own file")
      }
      for photo in scale.photos {
        try ScoreRows.checkFinite(photo, path: path)
        table.append(ScoreRows.row(photo, attribute: scale.attribute, sceneIndex: index))
      }
    }
    try provenance.with(unit: scales.first?.unit.with(reference: .eachScene)).write(beside: path)
    try table.write(to: path)
  }

  private static func scales(
    of rows: [(attribute: Attribute, photo: ScaledPhoto)], beside path: String
  ) throws(InputError) -> [SceneScale] {
    struct Key: Hashable {
      let scene: SceneID
      let attribute: Attribute
    }
    var order: [Key] = []
    var groups: [Key: [ScaledPhoto]] = [:]
    for row in rows {
      let key = Key(scene: row.photo.scene, attribute: row.attribute)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(row.photo)
    }
    let unit = try ScoreRows.unit(of: Array(groups.values), beside: path)
    return order.map { key in
      SceneScale(
        scene: key.scene, attribute: key.attribute, convention: unit.convention,
        origin: unit.origin, photos: groups[key] ?? [])
    }
  }
}

/// The file of a cross-scene set's scores, such as `Cross.csv`: the same 14 columns, one scale.
public enum CrossScoresFile {
  /// Reads the one scale; each photo carries its scene.
  ///
  /// - Throws: `InputError` that names the file, the row and the column; also for a file of two
  ///   attributes.
  public static func read(_ path: String) throws(InputError) -> CrossScale {
    let table = try CSVTable(path: path)
    let rows = try ScoreRows(table).read(table)
    let attribute = try rows.singleAttribute(of: path)
    let photos = rows.map(\.photo)
    let unit = try ScoreRows.unit(of: [photos], beside: path)
    return CrossScale(
      attribute: attribute, convention: unit.convention, origin: unit.origin, photos: photos)
  }

  /// Writes the scale and, beside the file, its provenance with the unit.
  public static func write(
    _ scale: CrossScale, to path: String, provenance: Provenance = Provenance()
  ) throws(InputError) {
    var table = CSVWriter(columns: ScoreRows.names, lineEnd: .carriageReturnLineFeed)
    for (photo, index) in zip(scale.photos, scale.photos.sceneIndices) {
      try ScoreRows.checkFinite(photo, path: path)
      table.append(ScoreRows.row(photo, attribute: scale.attribute, sceneIndex: index))
    }
    try provenance.with(unit: scale.unit).write(beside: path)
    try table.write(to: path)
  }
}

extension [ScaledPhoto] {
  /// The index of each photo's scene, scenes counted in the order in which they first appear.
  var sceneIndices: [Int] {
    var indices: [SceneID: Int] = [:]
    return map { photo in
      let index = indices[photo.scene] ?? indices.count
      indices[photo.scene] = index
      return index
    }
  }
}

extension [(attribute: Attribute, photo: ScaledPhoto)] {
  /// The attribute of all rows.
  package func singleAttribute(of path: String) throws(InputError) -> Attribute {
    let attributes = Set(map(\.attribute)).sorted()
    guard attributes.count == 1 else {
      let names = attributes.map(\.text).joined(separator: " and ")
      throw InputError(path, "mixes the attributes \(names)", remedy: "give one file for each")
    }
    return attributes[0]
  }
}

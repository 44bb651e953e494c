import Domain
import Files

/// Which photo a row of a model's scores is about: by its path, its folder and name, or its name.
enum ScoreNames {
  /// Finds the photo.
  ///
  /// - Parameters:
  ///   - row: the score.
  ///   - file: its file, for errors.
  ///   - scenes: the scenes in which a photo's name occurs.
  ///   - isKnown: whether something is known about a photo of a scene.
  /// - Returns: the photo; nil for one that nothing is known about.
  /// - Throws: `InputError` for a name that occurs in several scenes.
  static func place(
    of row: ModelScoreRow, in file: String, scenes: (PhotoID) -> [SceneID],
    isKnown: (ScenePhoto) -> Bool
  ) throws(InputError) -> ScenePhoto? {
    let parts = row.photo.split(separator: "/").map(String.init)
    let names =
      [row.photo]
      + (1...max(1, min(2, parts.count))).reversed().map { count in
        parts.suffix(count).joined(separator: "/")
      }
    let folder = parts.count > 1 ? SceneID(parts[parts.count - 2]) : nil
    for name in names {
      let photo = PhotoID(name)
      var found = row.scene.map { [$0] } ?? scenes(photo)
      if found.count > 1, let folder, found.contains(folder) { found = [folder] }
      if found.isEmpty, let folder { found = [folder] }
      if found.count > 1 {
        throw InputError(
          "\(file), row \(row.row)", "photo «\(row.photo)» is in \(found.count) scenes",
          remedy: "score with the scenes given, so that the column scene tells which")
      }
      guard let scene = found.first else { continue }
      let place = ScenePhoto(scene: scene, photo: photo)
      if isKnown(place) { return place }
    }
    return nil
  }
}

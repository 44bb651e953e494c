import Domain
import Files
import ScalingWorkflow

/// The scenes of a votes file.
enum SceneChoice {
  /// All scenes and attributes, or those of one scene.
  ///
  /// - Throws: `InputError` when the scene isn't in the file.
  static func scenes(_ votes: String, only scene: String?) throws -> [SceneJudgements] {
    try SceneVotes.read(votes, only: scene.map { SceneID($0) })
  }
}

/// Files of pairs and groups of photos.
enum PairList {
  /// Reads `image_a,image_b`.
  static func read(_ path: String) throws -> [(PhotoID, PhotoID)] {
    let table = try CSVTable(path: path)
    let columns = try table.columns(["image_a", "image_b"])
    return try table.rows.map {
      (PhotoID(try $0.text(columns[0])), PhotoID(try $0.text(columns[1])))
    }
  }

  /// Reads `image,group`.
  static func groups(_ path: String) throws -> [PhotoID: String] {
    let table = try CSVTable(path: path)
    let columns = try table.columns(["image", "group"])
    var groups: [PhotoID: String] = [:]
    for row in table.rows {
      let (photo, group) = (PhotoID(try row.text(columns[0])), try row.text(columns[1]))
      if let known = groups.updateValue(group, forKey: photo), known != group {
        throw row.error("the photo \(photo) is in two groups", remedy: "keep one of the rows")
      }
    }
    return groups
  }
}

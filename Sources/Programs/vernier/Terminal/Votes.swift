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

  /// Reads `image,group` or `scene,image,group`; the result is nil for photos of no group.
  static func groups(_ path: String) throws -> (SceneID, PhotoID) -> String? {
    struct Key: Hashable {
      let scene: SceneID?
      let photo: PhotoID
    }
    let table = try CSVTable(path: path)
    let columns = try table.columns(["image", "group"])
    let sceneColumn = table.columns.contains("scene") ? try table.columns(["scene"])[0] : nil
    var groups: [Key: String] = [:]
    for row in table.rows {
      let (photo, group) = (PhotoID(try row.text(columns[0])), try row.text(columns[1]))
      let key = Key(scene: try sceneColumn.map { SceneID(try row.text($0)) }, photo: photo)
      if let known = groups.updateValue(group, forKey: key), known != group {
        throw row.error("the photo \(photo) is in two groups", remedy: "keep one of the rows")
      }
    }
    return { scene, photo in
      groups[Key(scene: sceneColumn == nil ? nil : scene, photo: photo)]
    }
  }
}

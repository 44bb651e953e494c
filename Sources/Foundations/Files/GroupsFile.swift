public import Domain

/// Groups of photos, such as devices or builds: `image,group` or `scene,image,group`.
public enum GroupsFile {
  private struct Key: Hashable {
    let scene: SceneID?
    let photo: PhotoID
  }

  /// Reads every photo's group.
  ///
  /// - Returns: the group of a scene's photo; nil for photos of no group. Without the column `scene` a photo has its group in
  ///   every scene.
  /// - Throws: `InputError` that names the file and the row, also for a photo in two groups.
  public static func read(
    _ path: String
  ) throws(InputError) -> (SceneID, PhotoID) -> String? {
    let table = try CSVTable(path: path)
    let columns = try table.columns(["image", "group"])
    let sceneColumn = table.column(ifPresent: "scene")
    var groups: [Key: String] = [:]
    for row in table.rows {
      let (photo, group) = (PhotoID(try row.text(columns[0])), try row.text(columns[1]))
      var scene: SceneID?
      if let sceneColumn { scene = SceneID(try row.text(sceneColumn)) }
      let known = groups.updateValue(group, forKey: Key(scene: scene, photo: photo))
      if let known, known != group {
        throw row.error("the photo \(photo) is in two groups", remedy: "keep one of the rows")
      }
    }
    return { scene, photo in
      groups[Key(scene: sceneColumn == nil ? nil : scene, photo: photo)]
    }
  }
}

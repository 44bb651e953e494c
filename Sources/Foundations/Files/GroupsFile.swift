public import Domain

/// Groups of photos, such as devices or builds: `image,group` or `scene,image,group`.
///
/// Other columns are facts about a photo, such as `person` or `condition`.
public enum GroupsFile {
  /// A photo's group, and what else the file says about the photo.
  public struct Member: Hashable, Sendable {
    /// The group.
    public let group: String
    /// The other columns that aren't empty, by their names.
    public let facts: [String: String]
  }

  /// The photos of a file.
  public struct Members: Sendable {
    fileprivate struct Key: Hashable {
      let scene: SceneID?
      let photo: PhotoID
    }

    fileprivate var members: [Key: Member] = [:]
    fileprivate var scenes: [PhotoID: [SceneID]] = [:]
    fileprivate let hasScenes: Bool

    /// A scene's photo; nil for photos of no group.
    ///
    /// Without the column `scene` a photo has its group in every scene.
    public subscript(scene: SceneID, photo: PhotoID) -> Member? {
      members[Key(scene: hasScenes ? scene : nil, photo: photo)]
    }

    /// The scenes of a photo as the file names them; empty without the column `scene`.
    public func scenes(of photo: PhotoID) -> [SceneID] { scenes[photo] ?? [] }

    /// The names of all groups, ascending.
    public var groups: [String] { Set(members.values.map(\.group)).sorted() }
  }

  /// Reads every photo's group.
  ///
  /// - Returns: the group of a scene's photo; nil for photos of no group. Without the column
  ///   `scene` a photo has its group in every scene.
  /// - Throws: `InputError` that names the file and the row, also for a photo in two groups.
  public static func read(
    _ path: String
  ) throws(InputError) -> (SceneID, PhotoID) -> String? {
    let members = try members(path)
    return { members[$0, $1]?.group }
  }

  /// Reads every photo's group with the other columns.
  ///
  /// - Throws: `InputError` that names the file and the row, also for a photo in two groups.
  public static func members(_ path: String) throws(InputError) -> Members {
    let table = try CSVTable(path: path)
    let columns = try table.columns(["image", "group"])
    let sceneColumn = table.column(ifPresent: "scene")
    let others = table.columns.filter { !["scene", "image", "group"].contains($0) }
      .compactMap { table.column(ifPresent: $0) }
    var result = Members(hasScenes: sceneColumn != nil)
    for row in table.rows {
      let (photo, group) = (PhotoID(try row.text(columns[0])), try row.text(columns[1]))
      var scene: SceneID?
      if let sceneColumn { scene = SceneID(try row.text(sceneColumn)) }
      var facts: [String: String] = [:]
      for column in others where !row.rawText(column).isEmpty {
        facts[column.name] = row.rawText(column)
      }
      let known = result.members.updateValue(
        Member(group: group, facts: facts), forKey: Members.Key(scene: scene, photo: photo))
      if known == nil, let scene { result.scenes[photo, default: []].append(scene) }
      if let known, known.group != group {
        throw row.error("the photo \(photo) is in two groups", remedy: "keep one of the rows")
      }
    }
    return result
  }
}

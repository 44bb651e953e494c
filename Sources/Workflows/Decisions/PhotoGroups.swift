import Domain
import Files

/// Where it stands which photos belong to which group.
public enum GroupSource: Hashable, Sendable {
  /// A list: `scene,image,group` or `image,group`, and facts about photos in other columns.
  case list(String)
  /// A study's folder: groups by device or build, or by another fact.
  case study(String, by: String?)
}

/// Which photos belong to which group, and what is known about them.
struct PhotoGroups {
  private let find: (SceneID, PhotoID) -> (group: String, facts: Facts)?
  private let findScenes: (PhotoID) -> [SceneID]
  private let findReference: (SceneID, PhotoID) -> Bool
  /// The file or folder that said so.
  let place: String
  /// The names of all groups, ascending.
  let names: [String]

  /// Reads the groups.
  ///
  /// - Parameters:
  ///   - source: where they stand.
  ///   - needed: groups that must be there.
  /// - Throws: `InputError` when the source can't be read, or lacks a group.
  init(_ source: GroupSource, needed: [String] = []) throws {
    switch source {
    case .list(let path):
      let members = try GroupsFile.members(path)
      try Self.check(needed, among: members.groups, in: path)
      (place, names) = (path, members.groups)
      find = { scene, photo in
        members[scene, photo].map { ($0.group, Facts($0.facts)) }
      }
      findScenes = { members.scenes(of: $0) }
      findReference = { scene, photo in
        members[scene, photo].map { Facts($0.facts).isReference } ?? false
      }
    case .study(let folder, let field):
      let study = try StudyGroups(folder, field: field, groups: needed)
      (place, names) = (folder, study.names)
      find = { study.member($0, $1) }
      findScenes = { study.scenes[$0] ?? [] }
      findReference = { study.isReference($0, $1) }
    }
  }

  /// The group of a scene's photo with what is known; nil for photos of no group.
  subscript(scene: SceneID, photo: PhotoID) -> (group: String, facts: Facts)? {
    find(scene, photo)
  }

  /// Whether a photo is a reference, also one of no group.
  func isReference(_ scene: SceneID, _ photo: PhotoID) -> Bool { findReference(scene, photo) }

  /// The scenes of a photo by its name.
  func scenes(of photo: PhotoID) -> [SceneID] { findScenes(photo) }

  /// Refuses names of groups that aren't there.
  static func check(
    _ groups: [String], among known: [String], in place: String
  ) throws(InputError) {
    guard let missing = groups.first(where: { !known.contains($0) }) else { return }
    let shown = known.prefix(12).joined(separator: ", ")
    throw InputError(
      place, "holds no photo of «\(missing)»",
      remedy: known.isEmpty
        ? "say which photos belong to it"
        : "give one of \(shown)\(known.count > 12 ? ", …" : "")")
  }
}

/// What is known about a photo, by names that are spelled with or without capitals, spaces, hyphens
/// and underscores.
struct Facts: Hashable, Sendable {
  private let values: [String: String]

  init(_ values: [String: String]) {
    self.values = Dictionary(values.map { (Self.key($0.key), $0.value) }) { first, _ in first }
  }

  subscript(name: String) -> String? { values[Self.key(name)] }

  /// The value of a fact; the field `scene` is the scene itself.
  func value(of field: String, scene: SceneID) -> String? {
    field.lowercased() == "scene" ? scene.text : self[field]
  }

  /// Whether the photo is a high-quality reference.
  var isReference: Bool { ["yes", "true", "1"].contains(self["reference"]?.lowercased()) }

  private static let aliases = [
    "skin": "skintype", "devicemode": "mode", "lightingcondition": "condition",
  ]

  private static func key(_ name: String) -> String {
    let plain = name.lowercased().filter { $0 != " " && $0 != "-" && $0 != "_" }
    return aliases[plain] ?? plain
  }
}

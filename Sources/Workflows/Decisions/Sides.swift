public import Domain
import Files
import Studies

/// Where it stands which photos belong to which group.
public enum GroupSource: Hashable, Sendable {
  /// A list: `scene,image,group` or `image,group`, and facts about photos in other columns.
  case list(String)
  /// A study's folder: groups by device or build, or by another fact.
  case study(String, by: String?)
}

/// Which photos stand on which side, and what is known about them.
struct Sides {
  /// One photo of either side.
  struct Member {
    let isCandidate: Bool
    let facts: Facts

    /// Who is shown and how it is framed; nil where nothing is known.
    ///
    /// Photos of the two sides are compared where these agree.
    var content: String? {
      let parts = ["person", "framing", "content"].compactMap { facts[$0] }
      return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
  }

  let baseline: String
  let candidate: String
  private let find: (SceneID, PhotoID) -> (group: String, facts: Facts)?
  private let findScenes: (PhotoID) -> [SceneID]

  /// Finds the two groups.
  ///
  /// - Throws: `InputError` when one of them isn't there, or both are the same.
  init(_ source: GroupSource, baseline: String, candidate: String) throws {
    guard baseline != candidate else {
      throw InputError(
        Setting("candidate"), "«\(candidate)» is the baseline too", remedy: "give two groups")
    }
    (self.baseline, self.candidate) = (baseline, candidate)
    switch source {
    case .list(let path):
      let members = try GroupsFile.members(path)
      try Self.check([baseline, candidate], among: members.groups, in: path)
      find = { scene, photo in
        members[scene, photo].map { ($0.group, Facts($0.facts)) }
      }
      findScenes = { members.scenes(of: $0) }
    case .study(let folder, let field):
      let study = try StudyGroups(folder, field: field, groups: [baseline, candidate])
      find = { study.member($0, $1) }
      findScenes = { study.scenes[$0] ?? [] }
    }
  }

  /// A photo of either side; nil for photos of neither.
  func member(_ scene: SceneID, _ photo: PhotoID) -> Member? {
    guard let found = find(scene, photo) else { return nil }
    guard found.group == candidate || found.group == baseline else { return nil }
    return Member(isCandidate: found.group == candidate, facts: found.facts)
  }

  /// The group of a photo, also of those on neither side.
  func group(_ scene: SceneID, _ photo: PhotoID) -> String? { find(scene, photo)?.group }

  /// The scenes of a photo by its name.
  func scenes(of photo: PhotoID) -> [SceneID] { findScenes(photo) }

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

/// What is known about a photo, by names that are spelled with or without capitals, spaces, hyphens and underscores.
struct Facts: Hashable, Sendable {
  private let values: [String: String]

  init(_ values: [String: String]) {
    self.values = Dictionary(values.map { (Self.key($0.key), $0.value) }) { first, _ in first }
  }

  subscript(name: String) -> String? { values[Self.key(name)] }

  private static let aliases = [
    "skin": "skintype", "devicemode": "mode", "lightingcondition": "condition",
  ]

  private static func key(_ name: String) -> String {
    let plain = name.lowercased().filter { $0 != " " && $0 != "-" && $0 != "_" }
    return aliases[plain] ?? plain
  }
}

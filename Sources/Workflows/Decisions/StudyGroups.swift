import Domain
import Studies

/// The groups of a study's photos.
struct StudyGroups {
  private struct Place: Hashable {
    let scene: SceneID
    let photo: PhotoID
  }

  private let facts: [Place: Facts]
  private let field: String
  /// The scenes in which a photo's name occurs.
  let scenes: [PhotoID: [SceneID]]

  /// Reads a study.
  ///
  /// - Parameters:
  ///   - folder: the study's folder.
  ///   - field: the fact that parts the photos; without it the first of build, device and mode that has both groups.
  ///   - groups: the groups that must be there.
  /// - Throws: `InputError` when the study or one of the groups isn't there.
  init(_ folder: String, field: String?, groups: [String]) throws {
    let study = try StudyStore.open(folder)
    let photos = try study.photos()
    try study.close()
    facts = Dictionary(
      photos.map { (Place(scene: $0.scene, photo: $0.photo), $0.metadata.facts) }
    ) { first, _ in first }
    scenes = Dictionary(grouping: photos, by: \.photo).mapValues { $0.map(\.scene) }
    let facts = self.facts.values
    func names(_ field: String) -> [String] { Set(facts.compactMap { $0[field] }).sorted() }
    if let field {
      try PhotoGroups.check(groups, among: names(field), in: "\(folder), \(field)")
      self.field = field
      return
    }
    let fields = ["build", "device", "mode"]
    guard
      let found = fields.first(where: { field in
        let known = names(field)
        return !known.isEmpty && groups.allSatisfy(known.contains)
      })
    else {
      let known = Array(fields.prefix(2).map { names($0) }.joined())
      try PhotoGroups.check(groups, among: known, in: folder)
      throw InputError(
        folder,
        groups.isEmpty
          ? "no photo has a build, device or mode"
          : "«\(groups.joined(separator: "» and «"))» are not groups of the same kind",
        remedy: "compare devices or builds, or say with \(Setting("by")) what groups photos")
    }
    self.field = found
  }

  func member(_ scene: SceneID, _ photo: PhotoID) -> (group: String, facts: Facts)? {
    guard let facts = facts[Place(scene: scene, photo: photo)], let group = facts[field] else {
      return nil
    }
    return (group, facts)
  }
}

extension PhotoMetadata {
  /// What is known, by the names of a manifest's columns.
  fileprivate var facts: Facts {
    var values = notes
    values["device"] = device
    values["brand"] = brand
    values["lens"] = lens
    values["mode"] = mode
    values["condition"] = condition?.rawValue
    values["lighting"] = lighting
    values["person"] = person
    values["skin_type"] = skinType.map { "\($0)" }
    values["distance"] = distanceMetres.map { "\($0) m" }
    return Facts(values)
  }
}

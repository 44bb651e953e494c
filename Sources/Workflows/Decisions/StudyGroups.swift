import Domain
import Files
import Studies

/// The groups of a study's photos.
struct StudyGroups {
  private let facts: [ScenePhoto: Facts]
  /// The fact that groups photos.
  let field: String
  /// The names of the groups, ascending.
  let names: [String]
  /// The scenes in which a photo's name occurs.
  let scenes: [PhotoID: [SceneID]]

  /// Reads a study.
  ///
  /// - Parameters:
  ///   - folder: the study's folder.
  ///   - field: the fact that parts the photos; without it the first of build, device and mode that
  ///     has both groups.
  ///   - groups: the groups that must be there.
  /// - Throws: `InputError` when the study or one of the groups isn't there.
  init(_ folder: String, field: String?, groups: [String]) throws {
    let study = try StudyStore.open(folder)
    let photos = try study.photos()
    try study.close()
    facts = Dictionary(
      photos.map { (ScenePhoto(scene: $0.scene, photo: $0.photo), $0.metadata.facts) }
    ) { first, _ in first }
    scenes = Dictionary(grouping: photos, by: \.photo).mapValues { $0.map(\.scene) }
    let facts = self.facts.values
    func values(_ field: String) -> [String] { Set(facts.compactMap { $0[field] }).sorted() }
    if let field {
      try PhotoGroups.check(groups, among: values(field), in: "\(folder), \(field)")
      (self.field, self.names) = (field, values(field))
      return
    }
    let fields = ["build", "device", "mode"]
    guard
      let found = fields.first(where: { field in
        let known = values(field)
        return !known.isEmpty && groups.allSatisfy(known.contains)
      })
    else {
      let known = Array(fields.prefix(2).map { values($0) }.joined())
      try PhotoGroups.check(groups, among: known, in: folder)
      throw InputError(
        folder,
        groups.isEmpty
          ? "no photo has a build, device or mode"
          : "«\(groups.joined(separator: "» and «"))» are not groups of the same kind",
        remedy: "compare devices or builds, or say with \(Setting("by")) what groups photos")
    }
    (self.field, self.names) = (found, values(found))
  }

  func member(_ scene: SceneID, _ photo: PhotoID) -> (group: String, facts: Facts)? {
    guard let facts = facts[ScenePhoto(scene: scene, photo: photo)], let group = facts[field] else {
      return nil
    }
    return (group, facts)
  }

  /// Whether a photo is a reference, also one of no group.
  func isReference(_ scene: SceneID, _ photo: PhotoID) -> Bool {
    facts[ScenePhoto(scene: scene, photo: photo)]?.isReference ?? false
  }

  /// The photos of a group.
  func places(in group: String) -> Set<ScenePhoto> {
    Set(facts.lazy.filter { $0.value[field] == group }.map(\.key))
  }

  /// The photo that a model's score is about; nil for one that the study lacks.
  func place(of row: ModelScoreRow, in file: String) throws(InputError) -> ScenePhoto? {
    try ScoreNames.place(
      of: row, in: file, scenes: { scenes[$0] ?? [] }, isKnown: { facts[$0] != nil })
  }
}

extension PhotoMetadata {
  /// What is known, by the names of a manifest's columns.
  fileprivate var facts: Facts {
    var values = notes
    values["device"] = device
    values["brand"] = brand
    values["lens"] = lens
    values["reference"] = isReference == true ? "yes" : nil
    values["mode"] = mode
    values["condition"] = condition?.rawValue
    values["lighting"] = lighting
    values["person"] = person
    values["skin_type"] = skinType.map { "\($0)" }
    values["distance"] = distanceMetres.map { "\($0) m" }
    return Facts(values)
  }
}

public import Domain
import Files
public import Studies

extension GroupSource {
  /// The study's baseline of this name; nil for lists, and where no baseline has the name.
  func baseline(_ name: String) throws -> StudyBaseline? {
    guard case .study(let folder, _) = self else { return nil }
    let study = try StudyStore.open(folder)
    defer { try? study.close() }
    return try study.baselines().first { $0.name == name }
  }

  /// The same source with groups by a fact, unless another one was asked for.
  func grouped(by field: String?) -> Self {
    guard case .study(let folder, nil) = self, let field else { return self }
    return .study(folder, by: field)
  }
}

/// Named baselines of a study: made from a group of its photos, with a model's scores of them.
public enum NamedBaselines {
  /// Makes a baseline; nothing is kept yet.
  ///
  /// - Parameters:
  ///   - name: its name, which no group of the study may have.
  ///   - group: the group of photos, such as a build.
  ///   - field: the fact that groups photos; nil takes the first of build, device and mode that has
  ///     the group.
  ///   - folder: the study's folder.
  ///   - scores: files of one model's scores of these photos; none for a baseline that votes are
  ///     about.
  /// - Returns: the baseline, and the number of its photos.
  /// - Throws: `InputError` for a name or a group that can't be used, and for scores that are not
  ///   of these photos.
  public static func make(
    _ name: String, group: String, by field: String?, in folder: String, scores: [String] = []
  ) throws -> (baseline: StudyBaseline, photos: Int) {
    guard !name.isEmpty, name.allSatisfy({ !$0.isNewline && $0 != "," }) else {
      throw InputError(
        "baseline", "«\(name)» is no name", remedy: "give letters and digits without commas")
    }
    let groups = try StudyGroups(folder, field: field, groups: [group])
    guard !groups.names.contains(name) || name == group else {
      throw InputError(
        "baseline", "«\(name)» is a \(groups.field) of the study", remedy: "choose another name")
    }
    var baseline = StudyBaseline(name: name, field: groups.field, group: group)
    let members = groups.places(in: group)
    var models = OneModel()
    for file in scores {
      for row in try ModelScoresFile.read(file) {
        guard let place = try groups.place(of: row, in: file), members.contains(place) else {
          continue
        }
        let attribute = row.attribute ?? .overall
        try models.check(row, attribute, in: file)
        baseline.model = StudyBaseline.Model(name: row.model ?? "", sha256: row.modelSHA256)
        baseline.scores.append(
          StudyBaseline.Score(
            scene: place.scene, photo: place.photo,
            score: PhotoScore(
              photo: "\(place.scene)/\(place.photo)", model: row.model ?? "", attribute: attribute,
              score: row.score, low: row.interval?.low, high: row.interval?.high, unit: row.unit,
              spread: row.spread, isOutside: row.isOutside ? true : nil,
              modelSHA256: row.modelSHA256)))
      }
    }
    guard scores.isEmpty || !baseline.scores.isEmpty else {
      throw InputError(
        scores.joined(separator: ", "), "no score is of a photo of «\(group)»",
        remedy: "name photos as the study does (vernier study list)")
    }
    return (baseline, members.count)
  }

  /// One photo of a baseline that is to be scored again.
  public struct Photo: Sendable, Hashable {
    /// The scene.
    public let scene: SceneID
    /// The photo.
    public let photo: PhotoID
    /// The path of its file in the study.
    public let path: String
    /// Whether the file is a region that was cut already.
    public let isRegion: Bool
  }

  /// The files of a baseline's photos: the originals, and regions of an attribute where the study
  /// holds no original.
  public static func photos(
    of baseline: StudyBaseline, attribute: Attribute, in study: StudyStore
  ) throws -> [Photo] {
    let groups = try StudyGroups(study.folder, field: baseline.field, groups: [baseline.group])
    let members = groups.places(in: baseline.group)
    let regions = try study.regions()
    return try study.photos().compactMap { photo in
      guard members.contains(ScenePhoto(scene: photo.scene, photo: photo.photo)) else { return nil }
      if let facts = photo.facts {
        return Photo(
          scene: photo.scene, photo: photo.photo, path: study.files.path(facts.sha256),
          isRegion: false)
      }
      return regions[photo.id]?[attribute].map {
        Photo(
          scene: photo.scene, photo: photo.photo, path: study.files.path($0.sha256),
          isRegion: true)
      }
    }
  }
}

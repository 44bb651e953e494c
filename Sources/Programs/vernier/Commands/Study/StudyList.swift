import ArgumentParser
import Domain
import Files
import Studies

/// Lists what a study holds.
struct StudyList: ParsableCommand {
  /// What can be listed.
  enum Subject: String, ExpressibleByArgument, CaseIterable {
    case photos, scenes, persons, attributes
  }

  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List photos, scenes, people or attributes.",
    discussion: "An aligned table on a terminal, CSV in a pipe.")

  @Argument(help: "The study's folder.")
  var study: String
  @Option(help: "photos, scenes, persons or attributes.")
  var of = Subject.photos
  @Option(help: "Only photos of this scene.")
  var scene: String?

  func run() throws {
    try StudyAccess.read(study) { opened in
      switch of {
      case .attributes: try showAttributes(opened)
      case .photos: try showPhotos(opened)
      case .scenes:
        try showGroups(opened, "scene") { $0.scene.text }
      case .persons:
        try showGroups(opened, "person") { $0.metadata.person ?? "" }
      }
    }
  }

  private func showPhotos(_ study: StudyStore) throws {
    let regions = try study.regions()
    let photos = try study.photos(scene: scene.map { SceneID($0) })
    TableOutput.show(
      columns: [
        "scene", "name", "width", "height", "device", "condition", "person", "consent", "split",
        "reference", "regions",
      ],
      rows: photos.map { photo in
        let data = photo.metadata
        return [
          photo.scene.text, photo.photo.text, photo.facts.map { "\($0.widthPixels)" } ?? "",
          photo.facts.map { "\($0.heightPixels)" } ?? "", data.device ?? "",
          data.condition?.rawValue ?? "", data.person ?? "", data.consent?.rawValue ?? "",
          data.part?.rawValue ?? "", data.isReference == true ? "yes" : "no",
          (regions[photo.id] ?? [:]).keys.sorted().map(\.text).joined(separator: " "),
        ]
      })
  }

  private func showGroups(
    _ study: StudyStore, _ title: String, _ key: (StudyPhoto) -> String
  ) throws {
    let groups = Dictionary(
      grouping: try study.photos(scene: scene.map { SceneID($0) }), by: key)
    TableOutput.show(
      columns: [title, "photos", "devices", "conditions"],
      rows: groups.sorted { $0.key < $1.key }.map { name, photos in
        let conditions = Set(photos.compactMap(\.metadata.condition?.rawValue)).sorted()
        return [
          name, "\(photos.count)", "\(Set(photos.compactMap(\.metadata.device)).count)",
          conditions.joined(separator: " "),
        ]
      })
  }

  private func showAttributes(_ study: StudyStore) throws {
    TableOutput.show(
      columns: ["attribute", "region", "pixels", "guidelines"],
      rows: try study.attributes().map {
        [
          $0.attribute.text, $0.rule.isCutAroundFace ? "face" : "full", "\($0.rule.targetPixels)",
          $0.guidelines,
        ]
      })
  }
}

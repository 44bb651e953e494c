public import Domain
import Files
import Foundation

/// Photos with scores, as `vernier fit brisque` reads them.
public struct ScoredPhotos: Hashable, Sendable {
  /// The path of each photo.
  public let photos: [String]
  /// The score of each photo.
  public let scores: [Double]
  /// The scene of each photo; each photo's own name where the file has no scenes.
  public let groups: [String]
  /// The column that the scores come from.
  public let column: String
  /// The unit of the scores: the file's own, else the column's name.
  public let unit: ScoreUnit
  /// Whether the file has scenes.
  public let hasScenes: Bool

  private static let imageNames = ["IMAGE PATH", "IMAGE", "image", "photo"]
  private static let scoreNames = ["JOD", "SCORE", "MOS", "jod", "score", "mos"]
  private static let sceneNames = ["SCENE", "scene"]

  /// Reads a table of scores: PIQ23's files, our unified scores, or any table with a photo and a
  /// score.
  ///
  /// - Parameters:
  ///   - path: the table.
  ///   - images: the folder of the photos.
  ///   - column: the column of the scores; nil for the first of JOD, SCORE, MOS.
  ///   - attribute: the attribute to take; nil when the file holds only one, or none.
  /// - Throws: `InputError` that names the column, the row or the photo.
  public init(
    path: String, images: String, column: String? = nil, attribute: Attribute? = nil
  ) throws {
    let table = try CSVTable(path: path)
    let folder = ImageFolder(images)
    let image = try Self.column(table, Self.imageNames, "the photos' names", Setting("scores"))
    let score =
      try column.map { try table.column($0) }
      ?? Self.column(table, Self.scoreNames, "scores", Setting("column"))
    let scene = Self.sceneNames.compactMap { table.column(ifPresent: $0) }.first
    let kind = table.column(ifPresent: "ATTRIBUTE")
    var photos: [String] = []
    var scores: [Double] = []
    var groups: [String] = []
    var attributes: Set<Attribute> = []
    for row in table.rows {
      let own = try kind.map { Attribute(try row.text($0)) }
      if let attribute, let own, own != attribute { continue }
      if let own { attributes.insert(own) }
      let name = try row.text(image)
      let file =
        image.name == "IMAGE PATH"
        ? try folder.file(at: name)
        : try folder.file(of: PhotoID(name), attribute: own ?? .overall)
      photos.append(file)
      scores.append(try row.number(score))
      groups.append(try scene.map { try row.text($0) } ?? name)
    }
    guard attributes.count <= 1 else {
      throw InputError(
        path, "it holds \(attributes.sorted().map(\.text).joined(separator: ", "))",
        remedy: "choose one with \(Setting("attribute"))")
    }
    guard !photos.isEmpty else {
      throw InputError(path, "no row is left", remedy: "check \(Setting("attribute")) and the file")
    }
    guard photos.contains(where: { FileManager.default.fileExists(atPath: $0) }) else {
      throw InputError(
        images, "none of the \(photos.count) photos of \(path) is there, such as \(photos[0])",
        remedy: "give the folder that the file's image names start from")
    }
    self.photos = photos
    self.scores = scores
    self.groups = groups
    self.column = score.name
    unit = try table.unit(of: score.name)
    hasScenes = scene != nil
  }

  private static func column(
    _ table: CSVTable, _ names: [String], _ what: String, _ setting: Setting
  ) throws(InputError) -> CSVTable.Column {
    if let column = names.compactMap({ table.column(ifPresent: $0) }).first { return column }
    throw InputError(
      table.file, "no column holds \(what) (it has: \(table.columns.joined(separator: ", ")))",
      remedy: "name one of \(names.prefix(4).joined(separator: ", "))"
        + (setting == Setting("column") ? ", or give \(Setting("column"))" : ""))
  }
}

public import Domain
import Files
public import Scaling
import Statistics

/// Recomputes the quality levels of a score file from its intervals alone: `SCENE,IMAGE,QUALITY LEVEL`, row by row.
public struct LevelsFromScores: Sendable {
  private let scores: String
  private let rule: LevelRule
  private let seed: UInt64

  /// Plans a run.
  ///
  /// - Parameters:
  ///   - scores: a score file in PIQ23's columns.
  ///   - rule: the number of levels.
  ///   - seed: of k-means' starts.
  public init(scores: String, rule: LevelRule, seed: UInt64) {
    (self.scores, self.rule, self.seed) = (scores, rule, seed)
  }

  /// Writes the levels.
  ///
  /// - Parameters:
  ///   - path: the CSV file to write.
  ///   - observer: receives the number of levels of every scale.
  /// - Throws: `InputError` when the scores can't be read or the file not be written.
  public func run(
    to path: String, observer: WorkflowObserver = .silent
  ) throws(InputError) {
    var levels: [Place: Int] = [:]
    for scale in try ScoresFile.read(scores) {
      let separated = QualityLevels(scale, rule: rule, generator: .init(seed: seed))
      for (photo, level) in zip(scale.photos, separated.levels) {
        levels[Place(scale.attribute, scale.scene, photo.photo)] = level
      }
      observer.message("\(scale.scene), \(scale.attribute): \(separated.count) levels")
    }
    let table = try CSVTable(path: scores)
    let columns = try table.columns(["SCENE", "IMAGE", "ATTRIBUTE"])
    var written = CSVWriter(columns: ["SCENE", "IMAGE", "QUALITY LEVEL"])
    for row in table.rows {
      let (scene, image) = (try row.text(columns[0]), try row.text(columns[1]))
      let place = Place(Attribute(try row.text(columns[2])), SceneID(scene), PhotoID(image))
      written.append([scene, image, levels[place].map(String.init) ?? ""])
    }
    try written.write(to: path)
    try Provenance(
      command: ["levels"], seed: seed, settings: ["rule": .text(rule.label)],
      inputs: Provenance.digests(of: [scores])
    ).write(beside: path)
  }

  /// Which photo of which scale a level belongs to.
  private struct Place: Hashable {
    let attribute: Attribute
    let scene: SceneID
    let photo: PhotoID

    init(_ attribute: Attribute, _ scene: SceneID, _ photo: PhotoID) {
      (self.attribute, self.scene, self.photo) = (attribute, scene, photo)
    }
  }
}

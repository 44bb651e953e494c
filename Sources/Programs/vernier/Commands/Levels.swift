import ArgumentParser
import Domain
import Files
import Scaling
import Statistics

/// Separates quality levels from a score file alone.
struct Levels: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recompute the quality levels of a score file from its intervals alone.",
    discussion: """
      k-means on the points (CI LOW, CI HIGH) of every scene and attribute (paper 1, section 4.2). The output has one row \
      per input row, in its order: SCENE, IMAGE, QUALITY LEVEL; level 0 is the worst.
      """)

  @Option(help: "A score file in PIQ23's columns.")
  var scores: String
  @Option(help: "The CSV file to write.")
  var out: String
  @Option(help: "How many levels: reach, range, range+1 or a number.")
  var rule = "reach"
  @Option(help: "Seed of k-means' starts.")
  var seed: UInt64 = 1

  func run() throws {
    let rule = try ScalingOptions.levelRule(rule)
    var levels: [LevelKey: Int] = [:]
    for scale in try ScoresFile.read(scores) {
      let separated = QualityLevels(scale, rule: rule, generator: .init(seed: seed))
      for (photo, level) in zip(scale.photos, separated.levels) {
        levels[LevelKey(scale.attribute, scale.scene, photo.photo)] = level
      }
      Messages.say("\(scale.scene), \(scale.attribute): \(separated.count) levels")
    }
    let table = try CSVTable(path: scores)
    let columns = try table.columns(["SCENE", "IMAGE", "ATTRIBUTE"])
    var written = CSVWriter(columns: ["SCENE", "IMAGE", "QUALITY LEVEL"])
    for row in table.rows {
      let (scene, image) = (try row.text(columns[0]), try row.text(columns[1]))
      let key = LevelKey(Attribute(try row.text(columns[2])), SceneID(scene), PhotoID(image))
      written.append([scene, image, levels[key].map(String.init) ?? ""])
    }
    try written.write(to: out)
    try Provenance(
      command: ["levels"], seed: seed, settings: ["rule": .text(self.rule)],
      inputs: Provenance.digests(of: [scores])
    ).write(beside: out)
  }
}

/// Which photo of which scale a level belongs to.
private struct LevelKey: Hashable {
  let attribute: Attribute
  let scene: SceneID
  let photo: PhotoID

  init(_ attribute: Attribute, _ scene: SceneID, _ photo: PhotoID) {
    (self.attribute, self.scene, self.photo) = (attribute, scene, photo)
  }
}

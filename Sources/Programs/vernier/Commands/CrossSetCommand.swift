import ArgumentParser
import Domain
import Files
import Unification

/// Chooses the photos to be judged across scenes.
struct CrossSetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cross-set",
    abstract: "Choose photos along every scene's scale, to be judged across scenes (paper 2).",
    discussion:
      "CSV on standard output: scene,attribute,image,cross_name,jod; both ends of each scale are in."
  )

  @Option(help: "The per-scene scores (Scores_<Attribute>.csv).")
  var scales: String
  @Option(help: "The number of photos of each scene, at least 2.")
  var perScene = 8

  func run() throws {
    let scales = try ScoresFile.read(self.scales)
    var table = CSVWriter(columns: ["scene", "attribute", "image", "cross_name", "jod"])
    let groups = Dictionary(grouping: scales, by: \.attribute)
    for (attribute, group) in groups.sorted(by: { $0.key < $1.key }) {
      let chosen = try crossSet(scales: group, perScene: perScene)
      for warning in chosen.warnings { Messages.say("Note: \(warning)") }
      for photo in chosen.photos {
        let name = ScenePhoto(scene: photo.scene, photo: photo.photo).crossName
        table.append([
          photo.scene.text, attribute.text, photo.photo.text, name.text, "\(photo.jod.value)",
        ])
      }
    }
    print(String(decoding: table.bytes, as: UTF8.self), terminator: "")
  }
}

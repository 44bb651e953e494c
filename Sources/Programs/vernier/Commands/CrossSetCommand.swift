import ArgumentParser
import ScalingWorkflow
import Studies

/// Chooses the photos to be judged across scenes.
struct CrossSetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cross-set",
    abstract: "Choose photos along every scene's scale, to be compared across scenes (paper 2).",
    discussion: """
      CSV on standard output: scene,attribute,image,cross_name,jod; the worst and the best photo \
      of each scene are included, and with --study the references of every scene.
      """)

  @Option(help: "The per-scene scores (Scores_<Attribute>.csv).")
  var scales: String
  @Option(help: "The number of photos of each scene, at least 2.")
  var perScene = 8
  @Option(help: "The study's folder: its references are always among the chosen.")
  var study: String?

  func run() throws {
    let references = try study.map { try StudyAccess.read($0) { try $0.references() } } ?? []
    Messages.show(
      try CrossSetTable.choose(
        scales: scales, perScene: perScene, references: references, observer: Screen().observer))
  }
}

import ArgumentParser
import Documents
import Domain
import Storage
import Unification

/// Brings per-scene scales onto one scale.
struct Unify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring per-scene scales onto one scale through photos judged across scenes.",
    discussion: """
      Per scene, least squares y = a·x + b from its own scores to the cross-scene scores (paper 2, equation 1); then every \
      score in the unit of the reference scene. Writes DIR/coefficients.csv and DIR/Scores_Unified.csv.
      """)

  @Option(help: "The per-scene scores (Scores_<Attribute>.csv).")
  var scales: String
  @Option(
    help: """
      The cross-scene scores, in the same columns; SCENE names each photo's own scene, or the cross-scene set where IMAGE \
      is written scene/photo.
      """)
  var cross: String
  @Option(help: "The scene whose scale is the unit; chosen, and the reason printed, if not given.")
  var reference: String?
  @Option(help: "The fit: ols (least squares, the paper's) or deming (errors in both scales).")
  var method = "ols"
  @Option(help: "The folder to write to.")
  var out: String

  func run() throws {
    let fit: AlignmentMethod
    switch method {
    case "ols": fit = .leastSquares
    case "deming": fit = .deming(errorVarianceRatio: nil)
    default:
      throw InputError("--method", "«\(method)» is not known", remedy: "give ols or deming")
    }
    let scenes = try ScoresFile.read(scales)
    let linked = try CrossScoresFile.read(cross).naming(scenes: scenes, path: cross)
    let result = try alignScenes(
      scales: scenes.filter { $0.attribute == linked.attribute }, cross: linked, method: fit,
      reference: reference.map { SceneID($0) })
    for warning in result.warnings { Messages.say("Note: \(warning)") }
    let provenance = Provenance(
      command: ["unify"], settings: ["method": .text(fit.description)],
      inputs: try Provenance.digests(of: [scales, cross]))
    try CoefficientsFile.write(result.scale.alignments, to: "\(out)/coefficients.csv")
    try UnifiedScoresFile.write(
      UnifiedScores(scale: result.scale, sceneScales: scenes), to: "\(out)/Scores_Unified.csv",
      provenance: provenance)
    Messages.say(
      "Reference scene \(result.scale.referenceScene): \(result.scale.referenceReason)")
    Messages.say("\(result.scale.photos.count) photos on one scale: \(out)/Scores_Unified.csv")
  }
}

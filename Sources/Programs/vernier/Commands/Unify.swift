import ArgumentParser
import Documents
import Domain
import Files
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
  @Option(
    help: """
      Where the lines' errors come from: scores (correlations inferred from scores, standard deviations and comparisons, \
      the stretch of whole scales among them; JOD only), pooled (residuals of all scenes) or scene (each scene's own \
      residuals, as textbooks do). Default: scores where they can tell, or else pooled.
      """)
  var errors: String?
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
    let ownScales = scenes.filter { $0.attribute == linked.attribute }
    let source = try source(scales: ownScales, cross: linked)
    let result = try alignScenes(
      scales: ownScales, cross: linked, method: fit, reference: reference.map { SceneID($0) },
      residualVariance: source.residuals, covariances: source.covariances)
    for warning in result.warnings { Messages.say("Note: \(warning)") }
    let provenance = Provenance(
      command: ["unify"],
      settings: ["method": .text(fit.description), "errors": .text(source.name)],
      inputs: try Provenance.digests(of: [scales, cross]))
    try CoefficientsFile.write(result.scale.alignments, to: "\(out)/coefficients.csv")
    try UnifiedScoresFile.write(
      UnifiedScores(scale: result.scale, sceneScales: scenes), to: "\(out)/Scores_Unified.csv",
      provenance: provenance)
    Messages.say(
      "Reference scene \(result.scale.referenceScene): \(result.scale.referenceReason)")
    Messages.say("Errors of the lines: \(source.reason)")
    Messages.say("\(result.scale.photos.count) photos on one scale: \(out)/Scores_Unified.csv")
  }

  /// Where the lines' errors come from.
  private struct ErrorSource {
    let name: String
    let reason: String
    var residuals = ResidualVariance.pooled
    var covariances: ScaleCovariances?
  }

  private func source(scales: [SceneScale], cross: CrossScale) throws(InputError) -> ErrorSource {
    switch errors {
    case nil, "scores":
      if let covariances = ScaleCovariances.inferred(scales: scales, cross: cross) {
        return ErrorSource(
          name: "scores", reason: "inferred from scores, deviations and comparisons",
          covariances: covariances)
      }
      guard errors == nil else {
        throw InputError(
          self.scales, "does not tell the errors of its scores",
          remedy: "give scales in JOD with a standard deviation and comparisons for every photo, "
            + "or --errors pooled")
      }
      return ErrorSource(
        name: "pooled",
        reason: "residuals of all scenes; these scores do not tell theirs (another unit than JOD, "
          + "or photos without deviation or comparisons)")
    case "pooled": return ErrorSource(name: "pooled", reason: "residuals of all scenes")
    case "scene":
      return ErrorSource(name: "scene", reason: "each scene's residuals", residuals: .perScene)
    default:
      throw InputError(
        "--errors", "«\(errors ?? "")» is not known", remedy: "give scores, pooled or scene")
    }
  }
}

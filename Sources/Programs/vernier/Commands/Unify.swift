import ArgumentParser
import Domain
import ScalingWorkflow
import Unification

/// Brings per-scene scales onto one scale.
struct Unify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring per-scene scales onto one scale through photos compared across scenes.",
    discussion: """
      Per scene, a line y = a·x + b from its own scores to the cross-scene scores (paper 2, \
      equation 1); then every score is expressed in the unit of the reference scene. Writes \
      DIR/coefficients.csv and DIR/Scores_Unified.csv.
      """)

  @Option(help: "The per-scene scores (Scores_<Attribute>.csv).")
  var scales: String
  @Option(
    help: """
      The cross-scene scores, in the same columns; SCENE names each photo's own scene, or the \
      cross-scene set where IMAGE is written scene/photo.
      """)
  var cross: String
  @Option(
    help: "The scene whose scale is the unit; if not given, it is chosen and the reason is printed."
  )
  var reference: String?
  @Option(
    help: """
      How lines are fitted: calibrated (least squares on the qualities that the scores let expect, \
      because lines from scores with errors are too flat), deming (errors in both scales) or ols \
      (least squares on the scores, the paper's). Default: calibrated where the errors of the \
      scores are known, else ols.
      """)
  var method: Method?
  @Option(
    help: """
      Where the lines' errors come from: scores (correlations inferred from scores, standard \
      deviations and comparisons, including the stretch of whole scales; JOD only), pooled \
      (residuals of all scenes) or scene (each scene's own residuals). Default: scores where \
      possible, else pooled.
      """)
  var errors: AlignmentErrors?
  @Option(help: "The folder to write to.")
  var out: String

  func run() throws {
    let unification = UnifiedFromScales(
      scales: scales, cross: cross, method: method?.alignment, errors: errors,
      reference: reference.map { SceneID($0) })
    let scale = try unification.run(to: out, observer: Screen().observer)
    Messages.say("\(scale.photos.count) photos on one scale: \(out)/Scores_Unified.csv")
  }

  /// How lines are fitted.
  enum Method: String, CaseIterable, ExpressibleByArgument {
    case calibrated, deming, ols

    /// The stage's method.
    var alignment: AlignmentMethod {
      switch self {
      case .calibrated: .calibrated
      case .ols: .leastSquares
      case .deming: .deming(errorVarianceRatio: nil)
      }
    }
  }
}

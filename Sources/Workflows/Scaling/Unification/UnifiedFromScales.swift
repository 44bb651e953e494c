public import Domain
import Files
public import Unification

/// Brings per-scene scales onto one scale through photos judged across scenes.
public struct UnifiedFromScales: Sendable {
  private let scales: String
  private let cross: String
  private let method: AlignmentMethod?
  private let errors: AlignmentErrors?
  private let reference: SceneID?

  /// Plans a unification.
  ///
  /// - Parameters:
  ///   - scales: the path of the per-scene scores.
  ///   - cross: the path of the cross-scene scores.
  ///   - method: how lines are fitted; nil takes expected qualities where the errors of the scores
  ///     are known, else least squares.
  ///   - errors: where the lines' errors come from; nil chooses the best that the scores allow.
  ///   - reference: the scene whose scale is the unit; nil lets it be chosen.
  public init(
    scales: String, cross: String, method: AlignmentMethod? = nil,
    errors: AlignmentErrors? = nil, reference: SceneID? = nil
  ) {
    (self.scales, self.cross, self.method) = (scales, cross, method)
    (self.errors, self.reference) = (errors, reference)
  }

  /// Writes `coefficients.csv` and `Scores_Unified.csv`.
  ///
  /// - Parameters:
  ///   - folder: where they go.
  ///   - observer: receives remarks about the lines, the reference scene, and the source of errors.
  /// - Returns: the unified scale.
  /// - Throws: an error when scores can't be read or scenes not be aligned.
  public func run(
    to folder: String, observer: WorkflowObserver = .silent
  ) throws -> UnifiedScale {
    let scenes = try ScoresFile.read(scales)
    let linked = try CrossScoresFile.read(cross).naming(scenes: scenes, path: cross)
    let ownScales = scenes.filter { $0.attribute == linked.attribute }
    let source = try AlignmentErrorSource(
      errors, scales: ownScales, cross: linked, path: scales, crossPath: cross)
    let method = method ?? (source.covariances == nil ? .leastSquares : .calibrated)
    let result = try alignScenes(
      scales: ownScales, cross: linked, method: method, reference: reference,
      residualVariance: source.residuals, covariances: source.covariances)
    for warning in result.warnings { observer.note(warning) }
    let provenance = Provenance(
      command: ["unify"],
      settings: ["method": .text(method.description), "errors": .text(source.name.rawValue)],
      inputs: try Provenance.digests(of: [scales, cross]))
    try CoefficientsFile.write(result.scale.alignments, to: "\(folder)/coefficients.csv")
    try UnifiedScoresFile.write(
      UnifiedScores(scale: result.scale, sceneScales: scenes), to: "\(folder)/Scores_Unified.csv",
      provenance: provenance)
    observer.message(
      "Reference scene \(result.scale.referenceScene): \(result.scale.referenceReason)")
    observer.message("Lines: \(method)")
    observer.message("Errors of the lines: \(source.reason)")
    return result.scale
  }
}

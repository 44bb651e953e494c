import Domain
import Unification

/// Where the errors of the scenes' lines come from.
public enum AlignmentErrors: String, Hashable, Sendable, CaseIterable {
  /// Correlations inferred from scores, standard deviations and comparisons; JOD only.
  case scores
  /// The residuals of all scenes.
  case pooled
  /// Each scene's own residuals.
  case scene
}

/// The errors of lines, and why these.
struct AlignmentErrorSource {
  let name: AlignmentErrors
  let reason: String
  var residuals = ResidualVariance.pooled
  var covariances: ScaleCovariances?

  /// Uses the requested errors; by default those of the scores where they can be inferred, else
  /// pooled residuals.
  ///
  /// - Parameters:
  ///   - wanted: what was asked for.
  ///   - scales: the per-scene scales of the attribute.
  ///   - cross: the cross-scene scale.
  ///   - path: the per-scene scores, for errors.
  /// - Throws: `InputError` when the scores' own errors are requested and cannot be inferred.
  init(
    _ wanted: AlignmentErrors?, scales: [SceneScale], cross: CrossScale, path: String
  ) throws(InputError) {
    switch wanted {
    case .pooled:
      (name, reason) = (.pooled, "residuals of all scenes")
    case .scene:
      (name, reason, residuals) = (.scene, "each scene's residuals", .perScene)
    case .scores, nil:
      if let inferred = ScaleCovariances.inferred(scales: scales, cross: cross) {
        (name, reason) = (.scores, "inferred from scores, deviations and comparisons")
        covariances = inferred
        return
      }
      guard wanted == nil else {
        throw InputError(
          path, "does not determine the errors of its scores",
          remedy: "give scales in JOD with a standard deviation and comparisons for every photo, "
            + "or \(Setting("errors")) pooled")
      }
      name = .pooled
      reason =
        "residuals of all scenes; these scores do not determine theirs (another unit than JOD, "
        + "or photos without deviation or comparisons)"
    }
  }
}

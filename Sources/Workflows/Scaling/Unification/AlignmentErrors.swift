import Domain
import Files
import Unification

/// Where the errors of the scenes' lines come from.
public enum AlignmentErrors: String, Hashable, Sendable, CaseIterable {
  /// The covariances beside the score files, else those inferred from scores, deviations and comparisons; JOD only.
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
  ///   - path: the file of the per-scene scores.
  ///   - crossPath: the file of the cross-scene scores.
  /// - Throws: `InputError` when the scores' own errors are requested and cannot be inferred.
  init(
    _ wanted: AlignmentErrors?, scales: [SceneScale], cross: CrossScale, path: String,
    crossPath: String
  ) throws(InputError) {
    switch wanted {
    case .pooled:
      (name, reason) = (.pooled, "residuals of all scenes")
    case .scene:
      (name, reason, residuals) = (.scene, "each scene's residuals", .perScene)
    case .scores, nil:
      let known = try CovariancesFile.read(beside: path) ?? [:]
      let ownMatrices = Dictionary(
        uniqueKeysWithValues: scales.compactMap { scale in
          known[scale.scene]?.matrix(of: scale.photos).map { (scale.scene, $0) }
        })
      // The cross-scene set is one scene of its own file.
      let crossMatrix = try CovariancesFile.read(beside: crossPath)?.values.lazy
        .compactMap { $0.matrix(of: cross.photos) }.first
      if let found = ScaleCovariances.inferred(
        scales: scales, cross: cross, known: ownMatrices, knownCross: crossMatrix)
      {
        name = .scores
        reason = Self.reason(
          known: ownMatrices.count + (crossMatrix == nil ? 0 : 1), of: scales.count + 1)
        covariances = found
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

  private static func reason(known: Int, of count: Int) -> String {
    let inferred = "inferred from scores, deviations and comparisons"
    return known == count
      ? "covariances beside the scores"
      : known == 0
        ? inferred
        : "covariances beside the scores of \(known) scales of \(count), others \(inferred)"
  }
}

import Domain

/// The criteria for a scene as the reference.
struct ReferenceCandidate {
  let alignment: SceneAlignment
  /// The scene's whole range, in JOD of the cross-scene scale.
  let crossRange: Double
  /// The share of variance that the line explains; nil where no line was fitted.
  let rSquared: Double?

  /// The standard error of the slope as a share of the slope.
  var relativeError: Double { alignment.aStandardError / alignment.a }
}

/// Chooses the scene whose scale becomes the unit, and says why.
///
/// Paper 2 asks for a scene with a wide JOD range. Ranges of different scenes are compared on the
/// cross-scene scale, because their own units differ. The errors of the reference's line enter
/// every score, so only scenes with a good link take part: at least 3 shared photos, R² of at least
/// 0.7, and a slope whose relative error is at most twice the median's. When no scene qualifies,
/// the best of all is taken and the reason says so.
func chooseReference(_ candidates: [ReferenceCandidate]) -> (scene: SceneID, reason: String)? {
  let errors = candidates.map(\.relativeError).filter(\.isFinite).sorted()
  let median = errors.isEmpty ? Double.infinity : errors[errors.count / 2]
  let good = candidates.filter {
    $0.alignment.sharedPhotos >= 3 && ($0.rSquared ?? 1) >= 0.7 && $0.relativeError <= 2 * median
  }
  let field = good.isEmpty ? candidates : good
  // The widest range; between equals the first name.
  let ordered = field.sorted {
    ($1.crossRange, $0.alignment.scene) < ($0.crossRange, $1.alignment.scene)
  }
  guard let best = ordered.first else { return nil }
  let range = "\(short(best.crossRange)) JOD on the cross-scene scale"
  let link =
    "\(best.alignment.sharedPhotos) shared photos, "
    + (best.rSquared.map { "R² \(short($0)), " } ?? "")
    + "slope known to ±\(percent(best.relativeError.isFinite ? best.relativeError : 1))"
  let reason =
    good.isEmpty
    ? "widest range (\(range)) of \(field.count) scenes, none of which has a good link (\(link))"
    : "widest range (\(range)) of the \(field.count) of \(candidates.count) scenes "
      + "with a good link (\(link))"
  return (best.alignment.scene, reason)
}

public import Domain

/// How well one scene hangs on the cross-scene set.
public struct LinkDiagnostics: Hashable, Sendable, Codable {
  /// A photo with both scores and what the line leaves unexplained.
  public struct Residual: Hashable, Sendable, Codable {
    /// The photo.
    public let photo: PhotoID
    /// Its score on the scene's own scale.
    public let x: Double
    /// Its score on the cross-scene scale.
    public let y: Double
    /// What `a·x + b` leaves of `y`, in JOD of the cross-scene scale; for a line on expected
    /// qualities with those in place of `x`.
    public let residual: Double
  }

  /// The scene.
  public let scene: SceneID
  /// The shared photos, ascending by `x`.
  public let residuals: [Residual]
  /// The range of `x` over all photos of the scene.
  public let sceneRange: Double
  /// The share of the scene's range that the shared photos span, 0…1.
  public let coveredShare: Double
  /// The share of the variance of `y` that the line explains.
  public let rSquared: Double
  /// What to look at, one sentence each; empty for a good link.
  public let warnings: [String]
}

extension LinkDiagnostics {
  /// Judges the link of one scene.
  init(link: Link, fit: LineFit, slopeStandardError: Double) {
    scene = link.scale.scene
    residuals = link.shared.indices
      .map { index in
        Residual(
          photo: link.shared[index], x: link.x[index], y: link.y[index],
          residual: link.y[index] - (fit.a * link.fitted[index] + fit.b))
      }
      .sorted { ($0.x, $0.photo) < ($1.x, $1.photo) }
    let values = link.scale.photos.map(\.score)
    sceneRange = (values.max() ?? 0) - (values.min() ?? 0)
    let sharedRange = (link.x.max() ?? 0) - (link.x.min() ?? 0)
    coveredShare = sceneRange > 0 ? sharedRange / sceneRange : 1
    rSquared = fit.explained
    warnings = Self.warnings(
      link: link, fit: fit, slopeStandardError: slopeStandardError, residuals: residuals,
      coveredShare: coveredShare)
  }

  private static func warnings(
    link: Link, fit: LineFit, slopeStandardError: Double, residuals: [Residual],
    coveredShare: Double
  ) -> [String] {
    let scene = link.scale.scene
    var warnings: [String] = []
    if fit.count == 2 {
      warnings.append(
        "\(scene): only 2 shared photos, so the line cannot be checked; "
          + "add a third from the middle of the scene's scale to the cross-scene set")
    }
    if coveredShare < 0.7 {
      warnings.append(
        "\(scene): the shared photos span \(percent(coveredShare)) of the scene's range, the rest "
          + "is extrapolated; add the scene's best and worst photos to the cross-scene set")
    }
    if fit.count > 2, fit.explained < 0.7 {
      warnings.append(
        "\(scene): the line explains \(percent(fit.explained)) of the cross-scene scores "
          + "(R² below 70 %); collect more cross-scene votes or look for an outlier")
    }
    if slopeStandardError.isFinite, fit.a < 2 * slopeStandardError {
      warnings.append(
        "\(scene): the slope \(short(fit.a)) is less than twice its standard error "
          + "\(short(slopeStandardError)); add shared photos farther apart in quality")
    }
    if fit.count > 4 {
      let scale = (fit.residualSquares / Double(fit.count - 2)).squareRoot()
      for point in residuals where abs(point.residual) > 2 * scale && abs(point.residual) > 0.75 {
        warnings.append(
          "\(scene): \(point.photo) lies \(short(point.residual)) JOD off the line; check whether "
            + "it was judged consistently in both tasks")
      }
    }
    if link.scale.convention == .piq23 {
      warnings.append(
        "\(scene): its scale is in \(ScaleConvention.piq23.unitLabel), so its slope also turns "
          + "that unit into JOD and cannot be compared with 1")
    }
    if !link.unknown.isEmpty {
      warnings.append(
        "\(scene): \(link.unknown.count) photos of the cross-scene set are not on the scene's "
          + "scale and were left out: \(listed(link.unknown.map(\.text)))")
    }
    return warnings
  }
}

/// A share as a whole percentage.
func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

/// A number with at most two decimals.
func short(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
  return "\((value * 100).rounded() / 100)"
}

/// The first five names of a list.
func listed(_ names: [String]) -> String {
  let shown = names.prefix(5).joined(separator: ", ")
  return names.count > 5 ? shown + " and \(names.count - 5) more" : shown
}

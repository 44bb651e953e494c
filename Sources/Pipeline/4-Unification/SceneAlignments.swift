public import Domain
import Glibc
import Statistics

/// Where the variance of the residuals comes from, on which the standard errors of the lines rest.
public enum ResidualVariance: String, Hashable, Sendable, Codable, CaseIterable {
  /// From all scenes together: few photos are shared per scene, and all were judged in the same
  /// cross-scene task.
  case pooled
  /// From each scene alone, as textbooks do; infinite errors for scenes with 2 shared photos.
  case perScene
}

/// A unified scale together with how it came about.
public struct UnificationResult: Hashable, Sendable, Codable {
  /// The unified scale.
  public let scale: UnifiedScale
  /// How each scene hangs on the cross-scene set, in the order of `scale.alignments`.
  public let links: [LinkDiagnostics]
  /// Everything worth a look, one sentence each: the links' warnings and those of the whole.
  public let warnings: [String]
}

/// Brings the scales of several scenes onto one scale through photos judged across scenes.
///
/// Per scene a line `y = a·x + b` leads from its own scale to the cross-scene scale; the scores of
/// scene `j` on the scale of the reference scene `r` are `x′ = (a_j·x + b_j − b_r)/a_r`. Photos are
/// matched by scene and name.
///
/// Standard deviations and intervals: the photo's own, scaled by `a_j/a_r`, and that of the two
/// lines are independent and add as squares. The lines' part is `[x 1]·V_j·[x 1]ᵀ/a_r² + [x′
/// 1]·V_r·[x′ 1]ᵀ/a_r²`, the first order of their error; it is 0 in the reference scene, whose
/// scale is the unit. Its share of the interval is as wide as Student's t for the residuals'
/// degrees of freedom asks for. The part of `V_r` is common to all photos of a scene: differences
/// inside a scene are surer than their intervals say. Quality levels and clusters belong to a
/// scene's own scale and are left out.
///
/// Source: Carfora Ventura et al., «Image Quality Assessment for Natural Scene Portraits» (paper
/// 2), equation 1.
///
/// - Parameters:
///   - scales: one scale per scene, all of one attribute.
///   - cross: the scale of the cross-scene set.
///   - method: how the lines are fitted.
///   - reference: the scene whose scale is the unit and origin; nil chooses one and says why.
///   - residualVariance: where the lines' standard errors come from when `covariances` is nil.
///   - covariances: the joint uncertainty of all scales; when given, all errors are carried from it
///     to the first order, with what scores and lines share, and intervals keep the skewness of the
///     photo's own. Residuals alone do not show a stretch of a whole scale, so the errors without
///     covariances are somewhat too small.
/// - Returns: the unified scale in the unit of the reference scene, with diagnostics.
/// - Throws: `InputError` that names the scene: fewer than 2 shared photos, no spread, a falling
///   line, photos or scenes that occur twice, mixed attributes, an unknown reference.
public func alignScenes(
  scales: [SceneScale], cross: CrossScale, method: AlignmentMethod = .leastSquares,
  reference: SceneID? = nil, residualVariance: ResidualVariance = .pooled,
  covariances: ScaleCovariances? = nil
) throws(InputError) -> UnificationResult {
  let scales = scales.sorted { $0.scene < $1.scene }
  var warnings = try check(scales: scales, cross: cross, reference: reference)
  let byScene = Dictionary(
    grouping: cross.photos.enumerated().map { (place: $0, photo: $1) }, by: \.photo.scene)
  var links: [Link] = []
  var fits: [LineFit] = []
  var expected: [ExpectedQualities?] = []
  for scale in scales {
    var link = try Link(scale: scale, cross: byScene[scale.scene] ?? [])
    let qualities = try expectedQualities(scale, method, covariances)
    if let qualities { link = link.fitted(to: qualities) }
    fits.append(try link.fit(method))
    links.append(link)
    expected.append(qualities)
  }
  let errors = LineErrors(links: links, fits: fits, source: residualVariance)
  var propagated: PropagatedErrors?
  if let covariances {
    propagated = try PropagatedErrors(
      links: links, fits: fits, method: method, covariances: covariances, expected: expected,
      crossCount: cross.photos.count)
  }
  let alignments = links.indices.map {
    propagated?.alignment(at: $0) ?? errors.alignment(of: links[$0], fit: fits[$0], at: $0)
  }
  let diagnostics = links.indices.map {
    LinkDiagnostics(
      link: links[$0], fit: fits[$0], slopeStandardError: alignments[$0].aStandardError)
  }
  let candidates = links.indices.map {
    ReferenceCandidate(
      alignment: alignments[$0], crossRange: alignments[$0].a * diagnostics[$0].sceneRange,
      rSquared: diagnostics[$0].rSquared)
  }
  let (scene, reason) =
    reference.map { ($0, "given by the user") }
    ?? chooseReference(candidates) ?? (SceneID(""), "")
  guard let r = alignments.firstIndex(where: { $0.scene == scene }) else {
    throw InputError("scales", "there are none", remedy: "give the scores of at least 1 scene")
  }
  let photos = scales.indices.flatMap { j in
    scales[j].photos.enumerated().map { index, photo in
      place(
        photo, by: alignments[j], on: alignments[r], isReference: j == r,
        deviation: propagated?.deviation(photo: index, scene: j, reference: r),
        quantile: errors.quantile(at: j, level: photo.interval.level))
    }
  }
  warnings += diagnostics.flatMap(\.warnings)
  return UnificationResult(
    scale: UnifiedScale(
      attribute: cross.attribute, referenceScene: scene, referenceReason: reason,
      alignments: alignments, photos: photos, convention: scales[r].convention,
      origin: (scales.map(\.origin) + [cross.origin]).contains(.simulated) ? .simulated : .people),
    links: diagnostics, warnings: warnings)
}

/// What a scene's line is fitted to instead of the scores; nil where a method takes the scores.
private func expectedQualities(
  _ scale: SceneScale, _ method: AlignmentMethod, _ covariances: ScaleCovariances?
) throws(InputError) -> ExpectedQualities? {
  guard method == .calibrated else { return nil }
  guard let covariances else {
    throw InputError(
      "scene \(scale.scene)",
      "the errors of its scores are not known, which expected qualities need",
      remedy: "fit the lines by least squares, or give scores in JOD with deviations")
  }
  return ExpectedQualities(
    scores: scale.photos.map(\.score), covariance: covariances.scenes[scale.scene] ?? [])
}

private func check(
  scales: [SceneScale], cross: CrossScale, reference: SceneID?
) throws(InputError) -> [String] {
  for (scale, next) in zip(scales, scales.dropFirst()) where scale.scene == next.scene {
    throw InputError("scene \(scale.scene)", "it occurs twice", remedy: "give each scene once")
  }
  for scale in scales where scale.attribute != cross.attribute {
    throw InputError(
      "scene \(scale.scene)",
      "its scale is of «\(scale.attribute)», the cross-scene set of «\(cross.attribute)»",
      remedy: "unify one attribute at a time")
  }
  let scenes = scales.map(\.scene)
  if let reference, !scenes.contains(reference) {
    throw InputError(
      "reference scene \(reference)", "there is no such scene",
      remedy: "choose one of \(listed(scenes.map(\.text)))")
  }
  var seen: Set<ScenePhoto> = []
  for photo in cross.photos {
    guard seen.insert(ScenePhoto(scene: photo.scene, photo: photo.photo)).inserted else {
      throw InputError(
        "cross-scene set", "\(photo.photo) of scene \(photo.scene) occurs twice",
        remedy: "keep one of its rows")
    }
    guard photo.score.isFinite else {
      throw InputError(
        "cross-scene set", "the score of \(photo.photo) of scene \(photo.scene) is not finite",
        remedy: "scale the set again, or leave the photo out")
    }
  }
  var warnings: [String] = []
  let strangers = Set(cross.photos.map(\.scene)).subtracting(scenes).sorted()
  if !strangers.isEmpty {
    warnings.append(
      "the cross-scene set holds photos of scenes without a scale, which were left out: "
        + listed(strangers.map(\.text)))
  }
  if Set(scales.map(\.convention)).count > 1 {
    warnings.append(
      "the scenes' scales are in different units; each line turns its scene's unit into the "
        + "reference scene's")
  }
  return warnings
}

/// The errors of the lines of all scenes.
private struct LineErrors {
  let variances: [Double]
  let freedoms: [Int]

  init(links: [Link], fits: [LineFit], source: ResidualVariance) {
    let pooledFreedom = fits.reduce(0) { $0 + $1.count - 2 }
    let pooledSquares = fits.reduce(0) { $0 + $1.residualSquares }
    let usesPool = source == .pooled && pooledFreedom > 0
    var variances: [Double] = []
    var freedoms: [Int] = []
    for (link, fit) in zip(links, fits) {
      if usesPool {
        variances.append(pooledSquares / Double(pooledFreedom))
        freedoms.append(pooledFreedom)
      } else if fit.count > 2 {
        variances.append(fit.residualSquares / Double(fit.count - 2))
        freedoms.append(fit.count - 2)
      } else if source == .pooled, let known = link.errorVariances {
        // No scene leaves a residual: the photos' own standard deviations are all there is.
        variances.append(known.y + fit.a * fit.a * known.x)
        freedoms.append(0)
      } else {
        variances.append(.infinity)
        freedoms.append(0)
      }
    }
    self.variances = variances
    self.freedoms = freedoms
  }

  /// The half width of an interval in standard errors; the normal's when the variance was not
  /// estimated.
  func quantile(at index: Int, level: Double) -> Double {
    let p = 0.5 + 0.5 * min(max(level, 0), 0.999_999)
    let freedom = freedoms[index]
    return freedom > 0
      ? StudentT(degreesOfFreedom: Double(freedom)).quantile(p) : StandardNormal.quantile(p)
  }

  func alignment(of link: Link, fit: LineFit, at index: Int) -> SceneAlignment {
    let known = variances[index].isFinite
    let covariance = fit.covariance(residualVariance: known ? variances[index] : 0)
    return SceneAlignment(
      scene: link.scale.scene, a: fit.a, b: fit.b,
      aStandardError: known ? covariance.aa.squareRoot() : .infinity,
      bStandardError: known ? covariance.bb.squareRoot() : .infinity,
      abCovariance: known ? covariance.ab : 0, sharedPhotos: fit.count,
      residualStandardDeviation: (fit.residualSquares / Double(fit.count)).squareRoot(),
      sharedRange: (link.x.max() ?? 0) - (link.x.min() ?? 0),
      degreesOfFreedom: freedoms[index] > 0 ? freedoms[index] : nil)
  }
}

/// Brings one photo onto the reference scene's scale.
private func place(
  _ photo: ScaledPhoto, by own: SceneAlignment, on reference: SceneAlignment, isReference: Bool,
  deviation: Double?, quantile: Double
) -> ScaledPhoto {
  guard !isReference else { return photo.with(level: nil, cluster: nil) }
  let x = photo.score
  let score = (own.a * x + own.b - reference.b) / reference.a
  let scale = own.a / reference.a
  let lines =
    (own.predictionVariance(at: x) + reference.predictionVariance(at: score)).squareRoot()
    / reference.a
  let ownBelow = scale * (x - photo.interval.low)
  let ownAbove = scale * (photo.interval.high - x)
  var below = hypot(ownBelow, quantile * lines)
  var above = hypot(ownAbove, quantile * lines)
  if let deviation {
    let own = scale * photo.standardDeviation
    let normal = StandardNormal.quantile(0.5 + 0.5 * photo.interval.level)
    below = own > 0 ? ownBelow * deviation / own : normal * deviation
    above = own > 0 ? ownAbove * deviation / own : normal * deviation
  }
  return ScaledPhoto(
    photo: photo.photo, scene: photo.scene, score: score,
    standardDeviation: deviation ?? hypot(scale * photo.standardDeviation, lines),
    interval: ConfidenceInterval(
      low: score - below, high: score + above, level: photo.interval.level),
    comparisons: photo.comparisons, condition: photo.condition)
}

extension SceneAlignment {
  /// The variance of `a·x + b` at one `x`, from the errors of the line alone.
  public func predictionVariance(at x: Double) -> Double {
    let aa = aStandardError * aStandardError
    let bb = bStandardError * bStandardError
    guard aa.isFinite, bb.isFinite else { return .infinity }
    return max(0, aa * x * x + bb + 2 * abCovariance * x)
  }
}

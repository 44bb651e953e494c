public import Domain
public import Statistics

/// A comparison of two photos or two groups of photos, in true JOD: «A is x JOD better than B».
public struct QualityContrast: Sendable, Hashable, Codable {
  /// What is compared: a photo, or a group such as a device.
  public let first: String
  /// What it is compared with.
  public let second: String
  /// How much better the first is; negative when it is worse.
  public let difference: JOD
  /// The standard error of the difference, in JOD.
  public let standardError: Double
  /// The interval of the difference.
  public let interval: ConfidenceInterval
  /// The two-sided p-value of no difference.
  public let p: Double
  /// The p-value after the correction for the number of contrasts.
  public let adjustedP: Double
  /// Whether the difference is shown at the level asked for.
  public let isShown: Bool
  /// The chance that an observer chooses the first: Φ(difference/1.4826).
  public let preference: Double
  /// P(visible): how probable it is that the true difference reaches the visible one, in the
  /// direction found.
  public let probabilityVisible: Double
  /// The number of scenes that the contrast averages over.
  public let scenes: Int
  /// How the scenes differ, when they are taken as a sample; nil for one scene and for «these
  /// scenes only».
  public let heterogeneity: SceneHeterogeneity?
}

/// How the difference of two groups varies from scene to scene.
public struct SceneHeterogeneity: Sendable, Hashable, Codable {
  /// τ: the standard deviation of the true difference over scenes, in JOD.
  public let tau: Double
  /// I²: the share of the found variance between scenes that is not error of the votes, 0…1.
  public let share: Double
  /// The p-value of no heterogeneity (Cochran's Q).
  public let p: Double
  /// The interval of the true difference in a new scene.
  public let newScene: ConfidenceInterval
}

/// How contrasts are tested.
public struct ContrastSettings: Sendable, Hashable, Codable {
  /// The correction for the number of contrasts.
  public var correction = MultipleTesting.fdr
  /// The level of the tests.
  public var significance = 0.05
  /// The probability that an interval covers the true difference.
  public var confidenceLevel = 0.95
  /// The difference that counts as visible.
  public var visible = JOD(1)
  /// What the scenes of a group contrast represent.
  public var scenes = SceneInference.sample

  /// Makes the default settings: false discovery rate 5 %, 1 JOD visible.
  public init() {}
}

/// Compares photos of one scene with one another.
///
/// - Parameters:
///   - scaled: The scale with its joint uncertainty; differences are in true JOD whatever its
///     convention.
///   - pairs: The pairs to compare, each better photo first or not; nil compares all.
///   - settings: The correction, the levels and what is visible.
/// - Returns: The contrasts in the order of `pairs`.
/// - Throws: `InputError` for photos that the scene does not have.
public func contrasts(
  _ scaled: ScaledScene, pairs: [(first: PhotoID, second: PhotoID)]? = nil,
  settings: ContrastSettings = ContrastSettings()
) throws -> [QualityContrast] {
  let photos = scaled.scale.photos.map(\.photo)
  let place = Dictionary(zip(photos, photos.indices)) { first, _ in first }
  let chosen =
    pairs
    ?? photos.indices.flatMap { i in
      photos.indices.dropFirst(i + 1).map { (photos[i], photos[$0]) }
    }
  let estimates = scaled.estimates
  let raw = try chosen.map { first, second -> RawContrast in
    guard let i = place[first], let j = place[second] else {
      throw InputError(
        "contrast of \(first) and \(second)", "not both are photos of \(scaled.scale.scene)",
        remedy: "name photos that were compared in this scene")
    }
    return RawContrast(
      first: first.text, second: second.text,
      EffectEstimate(.difference(i, j), in: estimates), scenes: 1, settings: settings)
  }
  return corrected(raw, settings: settings)
}

/// A contrast before the correction for the number of contrasts.
struct RawContrast {
  let first: String
  let second: String
  let difference: Double
  let standardError: Double
  let interval: (low: Double, high: Double)
  let p: Double
  let probabilityVisible: Double
  let scenes: Int
  let heterogeneity: SceneHeterogeneity?
}

extension RawContrast {
  /// A difference with the law of its error.
  init(
    first: String, second: String, _ found: EffectEstimate, scenes: Int,
    heterogeneity: SceneHeterogeneity? = nil, settings: ContrastSettings
  ) {
    let visible = settings.visible.value
    self.init(
      first: first, second: second, difference: found.value,
      standardError: found.standardError,
      interval: found.interval(level: settings.confidenceLevel), p: found.pValue(),
      probabilityVisible: found.value < 0
        ? 1 - found.probability(above: -visible) : found.probability(above: visible),
      scenes: scenes, heterogeneity: heterogeneity)
  }
}

/// Corrects the p-values of contrasts for their number.
func corrected(_ raw: [RawContrast], settings: ContrastSettings) -> [QualityContrast] {
  zip(raw, settings.correction.adjust(raw.map(\.p))).map { contrast, adjusted in
    QualityContrast(
      first: contrast.first, second: contrast.second, difference: JOD(contrast.difference),
      standardError: contrast.standardError,
      interval: ConfidenceInterval(
        low: contrast.interval.low, high: contrast.interval.high,
        level: settings.confidenceLevel),
      p: contrast.p, adjustedP: adjusted, isShown: adjusted < settings.significance,
      preference: StandardNormal.cdf(contrast.difference / JOD.differenceSigma),
      probabilityVisible: contrast.probabilityVisible, scenes: contrast.scenes,
      heterogeneity: contrast.heterogeneity)
  }
}

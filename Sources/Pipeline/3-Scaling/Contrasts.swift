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
  /// P(visible): how probable it is that the true difference reaches the visible one, in the direction found.
  public let probabilityVisible: Double
  /// The number of scenes that the contrast averages over.
  public let scenes: Int
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

  /// Makes the default settings: false discovery rate 5 %, 1 JOD visible.
  public init() {}
}

/// Compares photos of one scene with one another.
///
/// - Parameters:
///   - scaled: The scale with its joint uncertainty; differences are in true JOD whatever its convention.
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
  let test = scaled.differenceTest
  let raw = try chosen.map { first, second -> RawContrast in
    guard let i = place[first], let j = place[second] else {
      throw InputError(
        "contrast of \(first) and \(second)", "not both are photos of \(scaled.scale.scene)",
        remedy: "name photos that were compared in this scene")
    }
    return RawContrast(
      first: first.text, second: second.text, difference: scaled.fit.jod[i] - scaled.fit.jod[j],
      standardError: test.standardError(i, j), scenes: 1, test: test)
  }
  return finished(raw, settings: settings)
}

/// Compares groups of photos, such as the devices of a campaign, over one or several scenes.
///
/// In each scene that has photos of both groups, the means of the groups are compared; a contrast over several scenes is the
/// plain mean of those differences, which holds for these scenes. Errors of different scenes are taken as independent.
///
/// - Parameters:
///   - scenes: The scaled scenes.
///   - settings: The correction, the levels and what is visible.
///   - group: The group of a photo, nil for photos of none.
/// - Returns: One contrast for each pair of groups that share a scene, ordered by the groups' names.
public func groupContrasts(
  _ scenes: [ScaledScene], settings: ContrastSettings = ContrastSettings(),
  group: (ScaledPhoto) -> String?
) -> [QualityContrast] {
  struct Pair: Hashable {
    let first: String
    let second: String
  }
  var found: [Pair: [(difference: Double, variance: Double, test: DifferenceTest)]] = [:]
  for scene in scenes {
    var members: [String: [Int]] = [:]
    for (index, photo) in scene.scale.photos.enumerated() {
      if let name = group(photo) { members[name, default: []].append(index) }
    }
    let test = scene.differenceTest
    let names = members.keys.sorted()
    for (place, first) in names.enumerated() {
      for second in names.dropFirst(place + 1) {
        let weights =
          (members[first] ?? []).map { ($0, 1 / Double(members[first]?.count ?? 1)) }
          + (members[second] ?? []).map { ($0, -1 / Double(members[second]?.count ?? 1)) }
        let difference = weights.reduce(0) { $0 + scene.fit.jod[$1.0] * $1.1 }
        found[Pair(first: first, second: second), default: []].append(
          (difference, test.variance(weights.map { (photo: $0.0, weight: $0.1) }), test))
      }
    }
  }
  let pairs = found.keys.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  let raw = pairs.compactMap { pair -> RawContrast? in
    guard let parts = found[pair], let first = parts.first else { return nil }
    let count = Double(parts.count)
    let variance = parts.reduce(0) { $0 + $1.variance } / (count * count)
    return RawContrast(
      first: pair.first, second: pair.second,
      difference: parts.reduce(0) { $0 + $1.difference } / count,
      standardError: variance.squareRoot(), scenes: parts.count, test: first.test)
  }
  return finished(raw, settings: settings)
}

private struct RawContrast {
  let first: String
  let second: String
  let difference: Double
  let standardError: Double
  let scenes: Int
  let test: DifferenceTest
}

private func finished(_ raw: [RawContrast], settings: ContrastSettings) -> [QualityContrast] {
  let p = raw.map { contrast in
    contrast.standardError > 0
      ? contrast.test.p(contrast.difference / contrast.standardError)
      : contrast.difference == 0 ? 1 : 0
  }
  return zip(raw, zip(p, settings.correction.adjust(p))).map { contrast, probabilities in
    let half = contrast.test.reach(level: settings.confidenceLevel) * contrast.standardError
    let beyond = abs(contrast.difference) - settings.visible.value
    return QualityContrast(
      first: contrast.first, second: contrast.second, difference: JOD(contrast.difference),
      standardError: contrast.standardError,
      interval: ConfidenceInterval(
        low: contrast.difference - half, high: contrast.difference + half,
        level: settings.confidenceLevel),
      p: probabilities.0, adjustedP: probabilities.1,
      isShown: probabilities.1 < settings.significance,
      preference: StandardNormal.cdf(contrast.difference / JOD.differenceSigma),
      probabilityVisible: contrast.standardError > 0
        ? contrast.test.cdf(beyond / contrast.standardError) : beyond >= 0 ? 1 : 0,
      scenes: contrast.scenes)
  }
}

extension ScaledScene {
  /// Tests of differences in true JOD under the joint covariance.
  var differenceTest: DifferenceTest {
    DifferenceTest(
      covariance: covariance, count: scale.photos.count, observers: resampledObservers)
  }
}

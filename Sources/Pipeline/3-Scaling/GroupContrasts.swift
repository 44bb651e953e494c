public import Domain
import Statistics

/// Compares groups of photos, such as the devices of a campaign, over one or several scenes.
///
/// In each scene that has photos of both groups, the means of the groups are compared. By default
/// the scenes are a sample: the mean difference is that of a random-effects ``MetaAnalysis``, whose
/// error holds how much the scenes differ and how few they are. With ``SceneInference/theseScenes``
/// it is the plain mean over the scenes, which says nothing about other scenes. Either way the
/// errors of scenes that the same observers judged are taken as dependent, observer by observer.
/// Groups that share one scene only have the answer of that scene.
///
/// - Parameters:
///   - scenes: The scaled scenes.
///   - settings: The correction, the levels, what is visible and what scenes represent.
///   - group: The group of a photo, nil for photos of none.
/// - Returns: One contrast for each pair of groups that share a scene, ordered by the groups'
///   names.
public func groupContrasts(
  _ scenes: [ScaledScene], settings: ContrastSettings = ContrastSettings(),
  group: (ScaledPhoto) -> String?
) -> [QualityContrast] {
  var found: [GroupPair: [SceneDifference]] = [:]
  for (index, scene) in scenes.enumerated() {
    var members: [String: [Int]] = [:]
    for (photo, place) in scene.scale.photos.enumerated() {
      if let name = group(place) { members[name, default: []].append(photo) }
    }
    let names = members.keys.sorted()
    for (place, first) in names.enumerated() {
      for second in names.dropFirst(place + 1) {
        let sum = LinearCombination.difference(
          meanOf: members[first] ?? [], members[second] ?? [])
        found[GroupPair(first: first, second: second), default: []].append(
          SceneDifference(scene: index, sum: sum, in: scene))
      }
    }
  }
  let raw = found.keys.sorted().compactMap { pair -> RawContrast? in
    guard let parts = found[pair], let only = parts.first else { return nil }
    if parts.count == 1 {
      return RawContrast(
        first: pair.first, second: pair.second, of: only.sum, in: scenes[only.scene].estimates,
        settings: settings)
    }
    return settings.scenes == .sample
      ? sampled(pair, parts, settings: settings) : fixed(pair, parts, settings: settings)
  }
  return corrected(raw, settings: settings)
}

private struct GroupPair: Hashable, Comparable {
  let first: String
  let second: String

  static func < (left: Self, right: Self) -> Bool {
    (left.first, left.second) < (right.first, right.second)
  }
}

/// The difference of two groups inside one scene.
private struct SceneDifference {
  let scene: Int
  let sum: LinearCombination
  let value: Double
  let variance: Double
  let degrees: Double
  let observers: Int?
  let influences: [ObserverID: Double]

  init(scene: Int, sum: LinearCombination, in scaled: ScaledScene) {
    self.scene = scene
    self.sum = sum
    value = scaled.estimates.value(sum)
    variance = scaled.estimates.variance(sum)
    degrees = scaled.estimates.degreesOfFreedom(sum)
    observers = scaled.estimates.units
    influences = scaled.influences.of(sum)
  }
}

/// The covariance of the scenes' errors: products of what each observer does to both, and on the diagonal no less than each
/// scene's own variance.
private func covariance(_ parts: [SceneDifference]) -> [Double] {
  let count = parts.count
  var result = [Double](repeating: 0, count: count * count)
  for i in 0..<count {
    for j in 0...i {
      var sum = 0.0
      for (observer, influence) in parts[i].influences.sorted(by: { $0.key < $1.key }) {
        sum += influence * (parts[j].influences[observer] ?? 0)
      }
      if i == j { sum = max(sum, parts[i].variance) }
      result[i * count + j] = sum
      result[j * count + i] = sum
    }
  }
  return result
}

private func sampled(
  _ pair: GroupPair, _ parts: [SceneDifference], settings: ContrastSettings
) -> RawContrast? {
  guard
    let analysis = MetaAnalysis(
      effects: parts.map(\.value), covariance: covariance(parts))
  else { return nil }
  let ends = analysis.predictionInterval(level: settings.confidenceLevel)
  let t = StudentT(degreesOfFreedom: analysis.degreesOfFreedom)
  return RawContrast(
    first: pair.first, second: pair.second, difference: analysis.mean,
    standardError: analysis.standardError,
    interval: analysis.interval(level: settings.confidenceLevel), p: analysis.pValue,
    probabilityVisible: visible(analysis.mean, analysis.standardError, t, settings),
    scenes: parts.count,
    heterogeneity: SceneHeterogeneity(
      tau: analysis.tau, share: analysis.heterogeneityShare, p: analysis.heterogeneityP,
      newScene: ConfidenceInterval(
        low: ends.low, high: ends.high, level: settings.confidenceLevel)))
}

private func fixed(
  _ pair: GroupPair, _ parts: [SceneDifference], settings: ContrastSettings
) -> RawContrast {
  let count = Double(parts.count)
  let mean = Descriptive.mean(parts.map(\.value))
  let error = covariance(parts).reduce(0, +).squareRoot() / count
  // The same observers judged the scenes, so they are as few as in one scene; votes add up.
  let answers = parts.reduce(0) { $0 + $1.degrees + 1 } - 1
  let observers = Set(parts.flatMap(\.influences.keys)).count
  let known = parts.allSatisfy { $0.observers != nil }
  let t = StudentT(degreesOfFreedom: max(1, known ? Double(observers - 1) : answers))
  let half = t.quantile((1 + settings.confidenceLevel) / 2) * error
  return RawContrast(
    first: pair.first, second: pair.second, difference: mean, standardError: error,
    interval: (mean - half, mean + half),
    p: error > 0 ? t.twoSided(mean / error) : mean == 0 ? 1 : 0,
    probabilityVisible: visible(mean, error, t, settings), scenes: parts.count,
    heterogeneity: nil)
}

/// The probability that the true difference reaches the visible one, in the direction found.
private func visible(
  _ mean: Double, _ error: Double, _ t: StudentT, _ settings: ContrastSettings
) -> Double {
  let beyond = abs(mean) - settings.visible.value
  return error > 0 ? t.cdf(beyond / error) : beyond >= 0 ? 1 : 0
}

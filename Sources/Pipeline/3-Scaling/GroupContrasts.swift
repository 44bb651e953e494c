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
  for scene in scenes {
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
          SceneDifference(sum, in: scene))
      }
    }
  }
  let raw = found.keys.sorted().compactMap { pair -> RawContrast? in
    guard let parts = found[pair], let only = parts.first else { return nil }
    if parts.count == 1 {
      return RawContrast(
        first: pair.first, second: pair.second, only.effect, scenes: 1, settings: settings)
    }
    guard let pooled = pooledDifference(parts, scenes: settings.scenes) else { return nil }
    return RawContrast(
      first: pair.first, second: pair.second, pooled.estimate, scenes: parts.count,
      heterogeneity: pooled.analysis.map {
        SceneHeterogeneity($0, level: settings.confidenceLevel)
      }, settings: settings)
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

extension SceneHeterogeneity {
  /// Takes what an analysis found.
  init(_ analysis: MetaAnalysis, level: Double) {
    let ends = analysis.predictionInterval(level: level)
    self.init(
      tau: analysis.tau, share: analysis.heterogeneityShare, p: analysis.heterogeneityP,
      newScene: ConfidenceInterval(low: ends.low, high: ends.high, level: level))
  }
}

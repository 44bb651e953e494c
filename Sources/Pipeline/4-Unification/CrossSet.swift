public import Domain

/// The photos to be judged across scenes.
public struct CrossSet: Hashable, Sendable, Codable {
  /// The chosen photos with their scores on their own scene's scale, ascending by scene, then by
  /// score.
  public let photos: [ScaledPhoto]
  /// What to look at, one sentence each.
  public let warnings: [String]
}

/// Chooses photos of every scene along its quality scale, to be judged across scenes (paper 2,
/// «Annotations»).
///
/// `perScene` targets are at equal distances from the scene's worst to its best score, both
/// included. The photos are the distinct ones, in the order of their scores, with the least sum of
/// squared distances to the targets; the worst and the best photo are always among them, for a
/// line's slope is known from its ends.
///
/// - Parameters:
///   - scales: one scale per scene.
///   - perScene: how many photos of each scene; at least 2.
///   - keeping: photos that are always among the chosen, such as references; a scene with too many
///     of them gets more photos than `perScene` (with a warning).
/// - Returns: `perScene` photos of every scene, all of a scene that has fewer (with a warning).
/// - Throws: `InputError` for fewer than 2 photos per scene, a scene that occurs twice, scores that
///   are not finite, or no spread.
public func crossSet(
  scales: [SceneScale], perScene: Int, keeping: Set<ScenePhoto> = []
) throws(InputError) -> CrossSet {
  guard perScene >= 2 else {
    throw InputError(
      "photos per scene", "\(perScene) cannot link a scene, a line needs 2",
      remedy: "ask for at least 2, better 5 or more")
  }
  guard !scales.isEmpty else {
    throw InputError("scales", "there are none", remedy: "give the scores of at least 1 scene")
  }
  let scales = scales.sorted { $0.scene < $1.scene }
  for (scale, next) in zip(scales, scales.dropFirst()) where scale.scene == next.scene {
    throw InputError("scene \(scale.scene)", "it occurs twice", remedy: "give each scene once")
  }
  var chosen: [ScaledPhoto] = []
  var warnings: [String] = []
  for scale in scales {
    let photos = scale.photos.sorted { ($0.score, $0.photo) < ($1.score, $1.photo) }
    let values = photos.map(\.score)
    guard values.allSatisfy(\.isFinite) else {
      throw InputError(
        "scene \(scale.scene)", "it has scores that are not finite numbers",
        remedy: "scale the scene again")
    }
    guard let first = values.first, let last = values.last, last > first else {
      throw InputError(
        "scene \(scale.scene)", "its photos have no spread in quality",
        remedy: "leave the scene out, or add photos of other quality")
    }
    if photos.count < perScene {
      warnings.append(
        "\(scale.scene): it has \(photos.count) photos, all were chosen; "
          + "\(perScene) were asked for")
    }
    let kept = Set(
      photos.indices.filter {
        keeping.contains(ScenePhoto(scene: scale.scene, photo: photos[$0].photo))
      })
    // Both ends are chosen anyway.
    let inner = kept.subtracting([0, photos.count - 1]).count
    let count = min(max(perScene, inner + 2), photos.count)
    if count > perScene {
      warnings.append(
        "\(scale.scene): \(count) photos were chosen, \(perScene) asked for: \(kept.count) photos "
          + "are always among the chosen")
    }
    chosen += spread(values, count: count, keeping: kept).map { photos[$0] }
  }
  return CrossSet(photos: chosen, warnings: warnings)
}

/// Indices of `count` of the ascending values that stand nearest to equally spaced targets, ends
/// included.
///
/// Exact, by dynamic programming over (target, value): choosing greedily can take a value that the
/// next target needs. The values of `keeping` are always among them, if so many fit.
func spread(_ values: [Double], count: Int, keeping: Set<Int> = []) -> [Int] {
  let n = values.count
  guard count >= 2, n > count, let low = values.first, let high = values.last else {
    return Array(values.indices.prefix(max(count, 0)))
  }
  let step = (high - low) / Double(count - 1)
  // More than all distances together: no sum without a kept value is smaller than one with it.
  let reward = Double(count + 1) * (high - low) * (high - low)
  // cost[t][i]: the least sum with target t at value i; from[t][i]: the value of target t − 1 in
  // it.
  var cost = [[Double]](repeating: [Double](repeating: .infinity, count: n), count: count)
  var from = [[Int]](repeating: [Int](repeating: 0, count: n), count: count)
  cost[0][0] = 0
  for target in 1..<count {
    let place = target == count - 1 ? high : low + Double(target) * step
    var best = Double.infinity
    var bestIndex = 0
    for i in target..<n {
      if cost[target - 1][i - 1] < best {
        best = cost[target - 1][i - 1]
        bestIndex = i - 1
      }
      let distance = values[i] - place
      cost[target][i] = best + distance * distance - (keeping.contains(i) ? reward : 0)
      from[target][i] = bestIndex
    }
  }
  var picks = [n - 1]
  for target in stride(from: count - 1, to: 0, by: -1) {
    picks.append(from[target][picks[picks.count - 1]])
  }
  return picks.reversed()
}

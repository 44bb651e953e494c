public import Domain
public import Statistics

/// The difference of two groups of photos inside one scene, in true JOD.
public struct SceneDifference: Sendable, Hashable {
  /// The scene.
  public let scene: SceneID
  /// The difference with the law of its error.
  public let effect: EffectEstimate
  /// How many observers the error's spread was estimated from; nil where single votes are the
  /// units.
  let observers: Int?
  /// What each observer's answers do to the difference.
  let influences: [ObserverID: Double]
  /// The variance of the error.
  let variance: Double

  /// Takes a difference of positions, such as that of two groups' means.
  public init(_ sum: LinearCombination, in scaled: ScaledScene) {
    scene = scaled.scale.scene
    effect = EffectEstimate(sum, in: scaled.estimates)
    observers = scaled.estimates.units
    influences = scaled.influences.of(sum)
    variance = scaled.estimates.variance(sum)
  }
}

/// The covariance of scenes' errors, row-major.
///
/// On the diagonal stands each scene's own variance, no less than what its observers do to it.
/// Scenes that the same observers judged share errors; one correlation for all pairs of scenes
/// keeps the sum of what each observer does to both. Pair by pair, few observers would give a
/// matrix of too low a rank: singular with more scenes than observers, and weights that follow its
/// noise with fewer.
public func errorCovariance(_ parts: [SceneDifference]) -> [Double] {
  let count = parts.count
  func product(_ i: Int, _ j: Int) -> Double {
    parts[i].influences.sorted { $0.key < $1.key }.reduce(0) { sum, own in
      sum + own.value * (parts[j].influences[own.key] ?? 0)
    }
  }
  let variances = parts.indices.map { max(parts[$0].variance, product($0, $0)) }
  var (shared, most) = (0.0, 0.0)
  for i in 0..<count {
    for j in 0..<i {
      shared += product(i, j)
      most += (variances[i] * variances[j]).squareRoot()
    }
  }
  // Below 1, so that the matrix can be inverted; a negative one would promise too much.
  let correlation = most > 0 ? min(max(0, shared / most), 0.999) : 0
  return (0..<count * count).map { place in
    let (i, j) = (place / count, place % count)
    return i == j
      ? variances[i] : correlation * (variances[i] * variances[j]).squareRoot()
  }
}

/// The degrees of freedom of a plain mean over these scenes.
///
/// The same observers judged the scenes, so they are as few as in one scene; votes add up.
public func commonDegreesOfFreedom(_ parts: [SceneDifference]) -> Double {
  let answers = parts.reduce(0) { $0 + $1.effect.degreesOfFreedom + 1 } - 1
  let observers = Set(parts.flatMap(\.influences.keys)).count
  let known = parts.allSatisfy { $0.observers != nil }
  return max(1, known ? Double(observers - 1) : answers)
}

/// The mean difference over scenes; nil for a sample of fewer than two.
public func pooledDifference(
  _ parts: [SceneDifference], scenes: SceneInference
) -> PooledEffect? {
  let (effects, covariance) = (parts.map(\.effect.value), errorCovariance(parts))
  return switch scenes {
  case .sample: PooledEffect(sample: effects, covariance: covariance)
  case .theseScenes:
    PooledEffect(
      these: effects, covariance: covariance, degreesOfFreedom: commonDegreesOfFreedom(parts))
  }
}

public import Domain
public import Statistics

/// The difference of two groups of photos inside one scene, in true JOD.
public struct SceneDifference: Sendable, Hashable {
  /// The scene.
  public let scene: SceneID
  /// The difference with the law of its error.
  public let effect: EffectEstimate
  /// How many observers the error's spread was estimated from; nil where single votes are the units.
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

/// The covariance of scenes' errors, row-major: products of what each observer does to both, and on the diagonal no less than each
/// scene's own variance.
public func errorCovariance(_ parts: [SceneDifference]) -> [Double] {
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

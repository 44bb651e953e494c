public import Domain
public import Statistics

/// The differences of all scenes for one attribute, candidate minus baseline, in JOD.
public struct AttributeEvidence: Sendable, Hashable {
  /// One scene that shows both sides.
  public struct Scene: Sendable, Hashable {
    /// The scene.
    public var scene: SceneID
    /// The difference with the law of its error.
    public var effect: EffectEstimate
    /// The number of votes; 0 from scores.
    public var votes: Int
    /// The number of photos of the baseline.
    public var baselinePhotos: Int
    /// The number of photos of the candidate.
    public var candidatePhotos: Int

    /// Makes a scene.
    public init(
      scene: SceneID, effect: EffectEstimate, votes: Int = 0, baselinePhotos: Int = 1,
      candidatePhotos: Int = 1
    ) {
      (self.scene, self.effect, self.votes) = (scene, effect, votes)
      (self.baselinePhotos, self.candidatePhotos) = (baselinePhotos, candidatePhotos)
    }
  }

  /// The attribute.
  public var attribute: Attribute
  /// The scenes, ascending by name.
  public var scenes: [Scene]
  /// The covariance of the scenes' errors, row-major.
  public var covariance: [Double]
  /// The degrees of freedom of a plain mean over these scenes.
  public var degreesOfFreedom: Double
  /// The degrees of freedom behind the errors' size; infinite where it is known.
  public var errorDegreesOfFreedom: Double
  /// The number of observers; 0 from scores.
  public var observers: Int
  /// The votes that put the two sides against each other; nil from scores.
  public var directVotes: DirectVotes?
  /// What was left out, each in one sentence.
  public var excluded: [String]

  /// Makes evidence; the covariance must belong to the scenes.
  public init(
    attribute: Attribute, scenes: [Scene], covariance: [Double], degreesOfFreedom: Double,
    errorDegreesOfFreedom: Double = .infinity, observers: Int = 0,
    directVotes: DirectVotes? = nil, excluded: [String] = []
  ) {
    (self.attribute, self.scenes, self.covariance) = (attribute, scenes, covariance)
    self.degreesOfFreedom = degreesOfFreedom
    self.errorDegreesOfFreedom = errorDegreesOfFreedom
    (self.observers, self.directVotes, self.excluded) = (observers, directVotes, excluded)
  }

  /// The number of votes.
  public var votes: Int { scenes.reduce(0) { $0 + $1.votes } }

  /// The mean difference, for one scene its own; nil without scenes.
  func pooled(_ inference: SceneInference) -> PooledDifference? {
    guard let only = scenes.first else { return nil }
    if scenes.count == 1 { return PooledDifference(estimate: only.effect, analysis: nil) }
    let effects = scenes.map(\.effect.value)
    let pooled: PooledEffect? =
      switch inference {
      case .sample: PooledEffect(sample: effects, covariance: covariance)
      case .theseScenes:
        PooledEffect(
          these: effects, covariance: covariance, degreesOfFreedom: degreesOfFreedom)
      }
    guard let pooled else { return nil }
    return PooledDifference(
      estimate: pooled.estimate.limited(degreesOfFreedom: errorDegreesOfFreedom),
      analysis: pooled.analysis)
  }

  /// The evidence without one scene.
  func without(_ index: Int) -> Self {
    var rest = self
    let count = scenes.count
    rest.scenes.remove(at: index)
    rest.covariance = (0..<count * count)
      .filter { $0 / count != index && $0 % count != index }.map { covariance[$0] }
    return rest
  }

  /// The mean variance of a scene's error, and the mean covariance of two scenes' errors.
  var errorVariance: (own: Double, shared: Double) {
    let count = scenes.count
    guard count > 0 else { return (0, 0) }
    let trace = (0..<count).reduce(0) { $0 + covariance[$1 * count + $1] }
    let own = trace / Double(count)
    guard count > 1 else { return (own, 0) }
    let shared = (covariance.reduce(0, +) - trace) / Double(count * (count - 1))
    return (own, min(max(0, shared), own))
  }
}

/// A mean difference, and how the difference varies where scenes are a sample.
struct PooledDifference {
  let estimate: EffectEstimate
  let analysis: MetaAnalysis?
}

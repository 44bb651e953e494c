public import Domain

/// A unified scale from one likelihood of all votes.
public struct JointUnification: Hashable, Sendable, Codable {
  /// The unified scale; its alignments are those that the model implies, for comparison with the
  /// two-step way.
  public let scale: UnifiedScale
  /// The logarithm of the probability of all votes, without the priors.
  public let logLikelihood: Double
  /// The steps that the search took.
  public let iterations: Int
  /// Everything worth a look, one sentence each.
  public let warnings: [String]
}

/// Brings several scenes onto one scale by one likelihood over the votes within and across scenes.
///
/// Every photo has one position in JOD of the reference scene. Votes within scene `j` see the
/// differences multiplied by a sensitivity `t_j` (1 in the reference scene), votes across scenes by
/// `t_0`; so a line `y = a_j·x + b_j` with `a_j = t_0/t_j` leads from each scene's own scale to the
/// cross-scene scale, as in paper 2, but positions and lines are found together: cross-scene votes
/// also sharpen the order within a scene, every vote has its proper weight, and errors in `x` do
/// not flatten the slopes. The origin is the mean of the reference scene's photos.
///
/// Standard deviations come from the observed information (the inverse Hessian at the maximum);
/// intervals are normal. They hold for votes that are independent given the qualities; a bootstrap
/// over observers, which repeats this function on resampled judgements, also covers differences
/// between observers.
///
/// - Parameters:
///   - within: the judgements of each scene, one attribute.
///   - cross: the judgements across scenes. Photos are named `scene/photo`
///     (``ScenePhoto/crossName``), or by their own name when only one scene has it.
///   - reference: the scene whose scale is the unit; nil chooses the widest well-linked one.
///   - priorVariance: of the scores on each task's own scale, in JOD²; keeps photos that won all
///     their votes finite.
///   - sensitivitySpread: how far the tasks' sensitivities lie apart, as the standard deviation of
///     the prior on their logarithms: with 0.5, 95 % of the tasks are within a factor of 2.7 of the
///     reference scene.
///   - level: the probability of the intervals.
/// - Returns: the unified scale in true JOD of the reference scene.
/// - Throws: `InputError` that names the scene: fewer than 2 photos judged across scenes, scenes
///   that are not connected, unknown photos or reference, mixed attributes.
public func unifyJointly(
  within: [SceneJudgements], cross: SceneJudgements, reference: SceneID? = nil,
  priorVariance: Double = 100, sensitivitySpread: Double = 0.5, level: Double = 0.95
) throws(InputError) -> JointUnification {
  guard priorVariance > 0, priorVariance.isFinite, sensitivitySpread > 0,
    sensitivitySpread.isFinite, level > 0, level < 1
  else {
    throw InputError(
      "joint unification",
      "the priors' variance and spread must be above 0 and the level between 0 and 1",
      remedy: "give 100 JOD², 0.5 and 0.95")
  }
  let fit = try JointFit(
    JointStudy(within: within, cross: cross), reference: reference, priorVariance: priorVariance,
    sensitivitySpread: sensitivitySpread)
  return fit.unification(level: level)
}

public import Domain
import Statistics

/// The scale of one scene with very many photos.
public struct LargeScale: Sendable, Hashable {
  /// The scale; its photos have neither levels nor clusters.
  public let scale: SceneScale
  /// What the intervals take the choice of pairs for.
  public let choice: PairChoice
  /// What a reader of the result must know, each in one sentence.
  public let notes: [String]
}

extension ScalingSettings {
  /// Whether ``scaleLargeScene(_:settings:isAdaptive:progress:)`` has a solver for the model and its prior.
  public var allowsLargeScenes: Bool {
    let isSmooth =
      switch prior {
      case .none, .gaussian: true
      case .pwcmp, .pwcmpRepaired: false
      }
    return isSmooth && model != .trueSkill && ties == .halfVotes && convention == .jod
      && effectiveIntervalRule == .joint
  }
}

/// Places very many photos of one scene on a quality scale: time and memory grow with the compared pairs, not with the
/// square of the photos.
///
/// Positions are those of ``scaleScene(_:settings:simulation:progress:)`` to 1e-8 JOD. Standard deviations hold the
/// observed information and, from ``ScalingSettings/minimumObservers`` on, the spread between observers, whichever is
/// larger, by random samples of the errors (``SampledVariances``); the notes say how exact they are. Intervals have
/// the shape of each photo's own deviance and that variance. There are no replicates, levels or clusters, because they need
/// the joint errors of all pairs of photos.
///
/// - Parameters:
///   - judgements: The votes of one scene and one attribute.
///   - settings: The model and its prior; see ``ScalingSettings/allowsLargeScenes``.
///   - isAdaptive: Whether earlier answers chose the pairs; the result then says that nothing was corrected for it.
///   - progress: Can stop the work.
/// - Returns: The scale.
/// - Throws: ``ScalingError`` for designs without a finite scale, `InputError` for settings without a meaning,
///   `CancellationError` when stopped.
public func scaleLargeScene(
  _ judgements: SceneJudgements, settings: ScalingSettings = ScalingSettings(),
  isAdaptive: Bool = false, progress: ScalingProgress = ScalingProgress()
) throws -> LargeScale {
  try settings.validate()
  guard settings.allowsLargeScenes else {
    throw InputError(
      "scale of \(judgements.photos.count) photos",
      "its model or prior has no solver for so many photos",
      remedy: "choose the model thurstone or bradley-terry with a Gaussian prior")
  }
  return settings.model == .bradleyTerry
    ? try LargeScaling<LogisticLink>(judgements, settings, progress).scale(isAdaptive)
    : try LargeScaling<ThurstoneLink>(judgements, settings, progress).scale(isAdaptive)
}

/// The steps of ``scaleLargeScene(_:settings:isAdaptive:progress:)`` under one model.
private struct LargeScaling<Link: PreferenceLink> {
  /// Enough that standard deviations are within a few percent where positions have few neighbors.
  private static var samples: Int { 128 }

  private let judgements: SceneJudgements
  private let settings: ScalingSettings
  private let progress: ScalingProgress
  private let comparisons: [Double]
  private let pairs: PairCounts
  private let ridge: Double

  init(
    _ judgements: SceneJudgements, _ settings: ScalingSettings, _ progress: ScalingProgress
  ) throws {
    (self.judgements, self.settings, self.progress) = (judgements, settings, progress)
    let matrix = ComparisonMatrix(judgements)
    comparisons = matrix.comparisonsPerPhoto
    pairs = try PairCounts(matrix, ties: settings.ties)
    ridge = PairFitter(settings).ridge
    try checkDesign(pairs, settings: settings, names: judgements.photos)
  }

  func scale(_ isAdaptive: Bool) throws -> LargeScale {
    let fit = try SparseFit<Link>(pairs: pairs, ridge: ridge)
      .maximum(isCancelled: progress.isCancelled)
    let generator = SeededGenerator(seed: settings.seed)
    let sampled = try SampledVariances(
      fit.information, samples: Self.samples, generator: generator.stream(1),
      threads: settings.threads, isCancelled: progress.isCancelled)
    let spread = try spread(fit, generator: generator.stream(2))
    let variances = spread.map { zip($0, sampled.variances).map { max($0, $1) } }
    let photos = try photos(fit, variances: variances ?? sampled.variances)
    var notes = designNotes(judgements, pairs: pairs, settings: settings)
    notes.append(note(sampled, hasSpread: spread != nil))
    if isAdaptive {
      notes.append(
        "Earlier answers chose the pairs; positions and intervals are not corrected for it.")
    }
    return LargeScale(
      scale: SceneScale(
        scene: judgements.scene, attribute: judgements.attribute,
        convention: settings.convention, photos: photos),
      choice: isAdaptive ? .uncorrected : .beforehand, notes: notes)
  }

  /// The variances over observers; nil with too few to show how observers differ.
  private func spread(
    _ fit: SparseFit<Link>.Maximum, generator: SeededGenerator
  ) throws -> [Double]? {
    guard judgements.observers.count >= settings.minimumObservers else { return nil }
    let votes = judgements.votes.filter { $0.a != $0.b }
    let table = AnswerSlopeTable(judgements, positions: fit.positions, model: settings.model)
    let slopes = AnswerSlopes(
      units: judgements.observers.count, unit: votes.map { Int32($0.observer) },
      first: votes.map { Int32($0.a) }, second: votes.map { Int32($0.b) },
      slopes: votes.map(table.slope))
    return try slopes.variances(
      fit.information, samples: Self.samples, generator: generator, threads: settings.threads,
      isCancelled: progress.isCancelled)
  }

  /// The photos with their intervals.
  private func photos(
    _ fit: SparseFit<Link>.Maximum, variances: [Double]
  ) throws -> [ScaledPhoto] {
    let likelihood = PairLikelihood(
      mode: fit.positions, first: pairs.first, second: pairs.second, wins: pairs.wins,
      losses: pairs.losses, link: Link.self == LogisticLink.self ? .logit : .probit,
      unit: Link.unitsPerJOD)
    let observers = judgements.observers.count
    let most =
      observers >= settings.minimumObservers ? Double(observers - 1) : Double.infinity
    let portion = 256
    let count = pairs.count
    return try Parallel.map(
      count: (count + portion - 1) / portion, threads: settings.threads,
      isCancelled: progress.isCancelled, state: {},
      body: { _, part in
        (part * portion..<min(count, (part + 1) * portion)).map { photo in
          let ends = likelihood.interval(
            of: photo, conditionalInformation: fit.information.diagonal[photo],
            variance: variances[photo],
            degreesOfFreedom: max(1, min(most, comparisons[photo] - 1)),
            level: settings.confidenceLevel)
          return ScaledPhoto(
            photo: judgements.photos[photo], scene: judgements.scene,
            score: fit.positions[photo], standardDeviation: variances[photo].squareRoot(),
            interval: ConfidenceInterval(
              low: ends.low, high: ends.high, level: settings.confidenceLevel),
            comparisons: Int(comparisons[photo].rounded()))
        }
      }
    ).flatMap { $0 }
  }

  private func note(_ sampled: SampledVariances, hasSpread: Bool) -> String {
    let error = Descriptive.quantile(sampled.relativeErrors, 0.95)
    let percent = (error * 1000).rounded(.up) / 10
    return "\(pairs.count) photos make a large study: intervals come from the observed information"
      + (hasSpread ? " and the spread between \(judgements.observers.count) observers" : "")
      + " by \(Self.samples) random samples of the errors, which leave a standard error of at most "
      + "\(percent) % in 95 % of the standard deviations; there are no bootstrap replicates, "
      + "levels or clusters."
  }
}

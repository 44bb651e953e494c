public import Domain
public import Statistics

/// What replicates of a scale were drawn from.
public enum IntervalSource: Sendable, Hashable, Codable {
  /// Whole observers, with replacement.
  case observerBootstrap(observers: Int)
  /// The study's own choice of pairs, run again on simulated answers.
  case choiceReplay
  /// Single votes, because there are fewer than `minimum` observers.
  case voteBootstrap(observers: Int, minimum: Int)
  /// There are no replicates.
  case observedInformation
}

/// What the intervals of a scale take the choice of its pairs for.
public enum PairChoice: Sendable, Hashable, Codable {
  /// The pairs were chosen beforehand, or at random.
  case beforehand
  /// Earlier answers chose the pairs: replicates of the choice corrected positions and intervals by
  /// a stretch.
  case corrected(replicates: Int, stretch: Double)
  /// Earlier answers are said to have chosen the pairs, but replicates of that choice do not
  /// resemble the study; nothing was corrected.
  case notReproduced(DesignMismatch)
  /// Earlier answers chose the pairs, and nothing was corrected for it.
  case uncorrected

  /// The factor by which positions were divided.
  var stretch: Double {
    if case .corrected(_, let stretch) = self { stretch } else { 1 }
  }

  /// The choice in words, for provenance.
  public var label: String {
    switch self {
    case .beforehand: "chosen beforehand"
    case .corrected(let replicates, let stretch):
      "chosen by earlier answers; \(replicates) replicates, stretch \(stretch) taken out"
    case .notReproduced(let mismatch):
      "said to be chosen by earlier answers, not corrected: \(mismatch.sentence)"
    case .uncorrected: "chosen by earlier answers, not corrected"
    }
  }
}

/// The scale of one scene with what later steps need: joint uncertainty and every bootstrap
/// replicate.
public struct ScaledScene: Sendable, Hashable {
  /// The scale in the convention asked for.
  public let scale: SceneScale
  /// The joint estimates in true JOD: every interval, difference, contrast and cluster comes from
  /// them.
  public let estimates: Estimates
  /// How each observer's answers move the positions, in true JOD.
  public let influences: ObserverInfluences
  /// The fit of all votes, in true JOD with its covariance from the observed information.
  public let fit: ScaleFit
  /// The bootstrap replicates in true JOD; nil when the bootstrap was skipped.
  public let bootstrap: BootstrapScores?
  /// What the replicates were drawn from.
  public let intervals: IntervalSource
  /// What the intervals take the choice of pairs for.
  public let choice: PairChoice
  /// The settings that gave the numbers.
  public let settings: ScalingSettings
  /// What a reader of the result must know, each in one sentence.
  public let notes: [String]

  /// The bootstrap replicates in the unit of ``scale``.
  public var scores: BootstrapScores? { bootstrap?.converted(to: scale.convention) }

  /// Makes a result; ``scaleScene(_:settings:progress:)`` is the usual way to one.
  public init(
    scale: SceneScale, estimates: Estimates, influences: ObserverInfluences, fit: ScaleFit,
    bootstrap: BootstrapScores?, intervals: IntervalSource, choice: PairChoice = .beforehand,
    settings: ScalingSettings, notes: [String]
  ) {
    self.choice = choice
    self.scale = scale
    self.estimates = estimates
    self.influences = influences
    self.fit = fit
    self.bootstrap = bootstrap
    self.intervals = intervals
    self.settings = settings
    self.notes = notes
  }
}

/// Places the photos of one scene on a quality scale, with bootstrapped intervals.
///
/// The positions are those of all votes together, shifted to mean 0. Intervals come from the joint
/// ``Estimates``, the same with and without a bootstrap; standard deviations are those of the
/// replicates where there are any, and never below the observed information. With
/// ``IntervalRule/percentile`` both come from the replicates alone. In PIQ23's convention every
/// replicate is z-scored over the photos, and the positions are the replicates' means.
///
/// The same seed gives the same numbers for any number of threads.
///
/// Source: Perez-Ortiz and Mantiuk 2017, arXiv:1712.03686; Chahine et al. 2023, section 4.1.
///
/// - Parameters:
///   - judgements: The votes of one scene and one attribute.
///   - settings: The model, its prior, the number of replicates and so on.
///   - simulation: The study's own choice of pairs where earlier answers chose them: positions and
///     intervals are then corrected by replicates of it (``PairChoice``). PIQ23's unit has no such
///     correction.
///   - progress: Told of finished replicates; can stop the work.
/// - Returns: The scale without levels and clusters, and what they are computed from.
/// - Throws: ``ScalingError`` for designs without a finite scale, `InputError` for settings without
///   a meaning, `CancellationError` when stopped.
public func scaleScene(
  _ judgements: SceneJudgements, settings: ScalingSettings = ScalingSettings(),
  simulation: StudySimulation? = nil, progress: ScalingProgress = ScalingProgress()
) throws -> ScaledScene {
  try settings.validate()
  let comparisons = ComparisonMatrix(judgements)
  let selfVotes = judgements.selfVotes
  let full = try fitScale(
    comparisons, model: settings.model, prior: settings.prior, ties: settings.ties,
    disconnected: settings.disconnected, names: judgements.photos,
    selfVotes: selfVotes)
  let pairs = try PairCounts(comparisons, ties: settings.ties, selfVotes: selfVotes)
  if settings.observers == .model {
    return try scaleWithObservers(
      judgements, fit: full, notes: designNotes(judgements, pairs: pairs, settings: settings),
      settings: settings, simulation: simulation, progress: progress)
  }
  var notes = designNotes(judgements, pairs: pairs, settings: settings)
  var bootstrap: BootstrapScores?
  var source = IntervalSource.observedInformation
  var influences = ObserverInfluences(judgements, fit: full, model: settings.model)
  var estimates = sceneEstimates(
    judgements, pairs: pairs, fit: full, influences: influences, settings: settings)
  let correction = try corrected(
    estimates, judgements, fit: full, simulation: simulation, settings: settings,
    progress: progress)
  let choice = correction?.choice ?? (simulation == nil ? .beforehand : .uncorrected)
  if let correction, correction.mismatch == nil {
    influences = influences.scaled(by: 1 / correction.stretch)
    (estimates, bootstrap, source) = (correction.estimates, correction.scores, .choiceReplay)
  } else if settings.bootstraps > 0 {
    let observers = judgements.observers.count
    let overObservers = observers >= settings.minimumObservers
    let run = try Bootstrap(
      judgements, pairs: pairs, ties: settings.ties, overObservers: overObservers
    ).run(fitter: PairFitter(settings), full: full, progress: progress)
    bootstrap = run.scores
    if overObservers {
      source = .observerBootstrap(observers: observers)
    } else {
      source = .voteBootstrap(observers: observers, minimum: settings.minimumObservers)
      notes.append(
        "Intervals take votes as independent, because the study has \(observers) observers, fewer "
          + "than \(settings.minimumObservers); differences between observers are not included.")
    }
    if run.redrawn > 0 {
      notes.append(
        "\(run.redrawn) replicates had no finite scale and were drawn again; a Gaussian prior "
          + "makes that unnecessary.")
    }
  } else {
    notes.append(
      "Standard deviations come from the observed information, because the bootstrap was skipped.")
  }
  if let note = choiceNote(choice, settings: settings) { notes.append(note) }
  let places = Placement(
    estimates, deviations: full.standardDeviations.map { $0 / choice.stretch },
    bootstrap: bootstrap, settings: settings)
  let totals = comparisons.comparisonsPerPhoto
  let photos = judgements.photos.indices.map { photo in
    ScaledPhoto(
      photo: judgements.photos[photo], scene: judgements.scene, score: places.center[photo],
      standardDeviation: places.deviation[photo],
      interval: ConfidenceInterval(
        low: places.low[photo], high: places.high[photo],
        level: settings.confidenceLevel),
      comparisons: Int(totals[photo].rounded()))
  }
  return ScaledScene(
    scale: SceneScale(
      scene: judgements.scene, attribute: judgements.attribute, convention: settings.convention,
      photos: photos),
    estimates: estimates, influences: influences, fit: full, bootstrap: bootstrap,
    intervals: source, choice: choice, settings: settings, notes: notes)
}

/// The correction for pairs that earlier answers chose; nil where none is to be made.
func corrected(
  _ plain: Estimates, _ judgements: SceneJudgements, fit: ScaleFit, simulation: StudySimulation?,
  settings: ScalingSettings, progress: ScalingProgress
) throws -> ReplayCorrection? {
  guard let simulation, settings.replays > 0, settings.convention == .jod else { return nil }
  let fitter = PairFitter(settings)
  return try ReplayCorrection(
    plain, comparisons: ComparisonMatrix(judgements),
    opinionDeviation: ObserverOpinions(judgements, fit: fit, model: settings.model).deviation,
    simulate: simulation,
    refit: { try fitter.positions(PairCounts($0, ties: settings.ties), near: fit) },
    settings: settings, progress: progress)
}

/// What was made of the choice of pairs, in one sentence; nil where no earlier answers chose them.
func choiceNote(_ choice: PairChoice, settings: ScalingSettings) -> String? {
  switch choice {
  case .beforehand: nil
  case .corrected(_, let stretch):
    "Earlier answers chose the pairs, which stretched the scale by "
      + "\(Int(((stretch - 1) * 100).rounded())) %; positions and intervals are corrected for it."
  case .notReproduced(let mismatch):
    "The stated choice of pairs does not reproduce this study (\(mismatch.sentence)), so nothing "
      + "is corrected for it: scores may be stretched and intervals too narrow. Check "
      + "\(Setting("pairsChosenBy")) and \(Setting("batchSize")), or the columns criterion and "
      + "batch of the votes."
  case .uncorrected:
    "Earlier answers chose the pairs; positions and intervals are not corrected for it"
      + (settings.convention == .piq23 ? " in PIQ23's unit." : ".")
  }
}

extension SceneJudgements {
  /// The votes of each photo against itself.
  ///
  /// They come from pairs of identical photos, such as one reference under two names.
  public var selfVotes: [Double] {
    var counts = [Double](repeating: 0, count: photos.count)
    for vote in votes where vote.a == vote.b { counts[vote.a] += 1 }
    return counts
  }
}

/// What the design and the settings imply for the reader.
func designNotes(
  _ judgements: SceneJudgements, pairs: PairCounts, settings: ScalingSettings
) -> [String] {
  var notes: [String] = []
  let groups = DesignGraph(pairs).connectedGroups()
  if groups.count > 1 {
    notes.append(
      "\(groups.count) groups of photos were never compared with one another; the prior alone "
        + "places each around 0.")
  }
  let ties = judgements.votes.count { $0.choice == .tie }
  if ties > 0 {
    notes.append(
      settings.ties == .halfVotes
        ? "\(ties) ties count as half a vote for each photo."
        : "\(ties) ties are a third answer of Davidson's model.")
  }
  let selfVotes = pairs.selfVotes.reduce(0, +)
  if selfVotes > 0 {
    notes.append(
      "\(Int(selfVotes)) votes compare a photo with itself; "
        + (settings.prior == .pwcmp
          ? "pwcmp's prior counts them as a pair at distance 0." : "they have no effect."))
  }
  if settings.convention == .piq23 {
    notes.append(
      "The unit is PIQ23's: z-scored over the photos of the scene, not true JOD.")
  }
  return notes
}

public import Domain
import Statistics

/// Where the intervals of a scale come from.
public enum IntervalSource: Sendable, Hashable, Codable {
  /// Percentiles over replicates that drew whole observers with replacement.
  case observerBootstrap(observers: Int)
  /// Percentiles over replicates that drew single votes, because there are fewer than `minimum` observers.
  case voteBootstrap(observers: Int, minimum: Int)
  /// The observed information of the fit, without a bootstrap.
  case observedInformation
}

/// The scale of one scene with what later steps need: joint uncertainty and every bootstrap replicate.
public struct ScaledScene: Sendable, Hashable {
  /// The scale in the convention asked for.
  public let scale: SceneScale
  /// The fit of all votes, in true JOD with its covariance from the observed information.
  public let fit: ScaleFit
  /// The bootstrap replicates in true JOD; nil when the bootstrap was skipped.
  public let bootstrap: BootstrapScores?
  /// Where the intervals come from.
  public let intervals: IntervalSource
  /// The settings that gave the numbers.
  public let settings: ScalingSettings
  /// What a reader of the result must know, each in one sentence.
  public let notes: [String]

  /// The standard deviations from the observed information, in true JOD, beside those of the bootstrap.
  public var informationDeviations: [Double] { fit.standardDeviations }

  /// The bootstrap replicates in the unit of ``scale``.
  public var scores: BootstrapScores? { bootstrap?.converted(to: scale.convention) }

  /// The joint covariance in squared true JOD: of the bootstrap if there is one, else of the observed information.
  public var covariance: [Double] { bootstrap?.covariance() ?? fit.covariance }

  /// Makes a result; ``scaleScene(_:settings:progress:)`` is the usual way to one.
  public init(
    scale: SceneScale, fit: ScaleFit, bootstrap: BootstrapScores?, intervals: IntervalSource,
    settings: ScalingSettings, notes: [String]
  ) {
    self.scale = scale
    self.fit = fit
    self.bootstrap = bootstrap
    self.intervals = intervals
    self.settings = settings
    self.notes = notes
  }
}

/// Places the photos of one scene on a quality scale, with bootstrapped intervals.
///
/// The positions are those of all votes together, shifted to mean 0. Intervals come from percentiles over bootstrap
/// replicates (see ``IntervalRule``), standard deviations are those of the replicates; without a bootstrap both come from the observed information. In PIQ23's convention
/// every replicate is z-scored over the photos, and the positions are the replicates' means.
///
/// The same seed gives the same numbers for any number of threads.
///
/// Source: Perez-Ortiz and Mantiuk 2017, arXiv:1712.03686; Chahine et al. 2023, section 4.1.
///
/// - Parameters:
///   - judgements: The votes of one scene and one attribute.
///   - settings: The model, its prior, the number of replicates and so on.
///   - progress: Told of finished replicates; can stop the work.
/// - Returns: The scale without levels and clusters, and what they are computed from.
/// - Throws: ``ScalingError`` for designs without a finite scale, `InputError` for settings without a meaning,
///   `CancellationError` when stopped.
public func scaleScene(
  _ judgements: SceneJudgements, settings: ScalingSettings = ScalingSettings(),
  progress: ScalingProgress = ScalingProgress()
) throws -> ScaledScene {
  try settings.validate()
  let comparisons = ComparisonMatrix(judgements)
  let selfVotes = judgements.selfVotes
  let full = try fitScale(
    comparisons, model: settings.model, prior: settings.prior, ties: settings.ties,
    disconnected: settings.disconnected, names: judgements.photos,
    selfVotes: selfVotes)
  let pairs = try PairCounts(comparisons, ties: settings.ties, selfVotes: selfVotes)
  var notes = designNotes(judgements, pairs: pairs, settings: settings)
  var bootstrap: BootstrapScores?
  var source = IntervalSource.observedInformation
  if settings.bootstraps > 0 {
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
        "Intervals resample votes, because the study has \(observers) observers, fewer than "
          + "\(settings.minimumObservers); differences between observers are not in them.")
    }
    if run.redrawn > 0 {
      notes.append(
        "\(run.redrawn) replicates had no finite scale and were drawn again; a Gaussian prior "
          + "makes that unnecessary.")
    }
  } else {
    notes.append("Intervals come from the observed information, because the bootstrap was skipped.")
  }
  let places = Placement(full: full, bootstrap: bootstrap, source: source, settings: settings)
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
    fit: full, bootstrap: bootstrap, intervals: source, settings: settings, notes: notes)
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
private func designNotes(
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

/// Centers, deviations and interval ends of all photos in the unit asked for.
private struct Placement {
  var center: [Double]
  var deviation: [Double]
  var low: [Double] = []
  var high: [Double] = []

  init(
    full: ScaleFit, bootstrap: BootstrapScores?, source: IntervalSource, settings: ScalingSettings
  ) {
    let tail = (1 - settings.confidenceLevel) / 2
    let reach = StandardNormal.quantile(1 - tail)
    center = full.jod
    deviation = full.standardDeviations
    if settings.convention == .piq23 {
      // Replicates spread like the scale plus its errors, so this is the factor that they would get in the mean.
      let spread =
        Descriptive.populationVariance(center)
        + Descriptive.mean(deviation.map { $0 * $0 })
      let factor = spread > 0 ? JOD.differenceSigma / spread.squareRoot() : 0
      center = center.map { $0 * factor }
      deviation = deviation.map { $0 * factor }
    }
    guard let scores = bootstrap?.converted(to: settings.convention) else {
      low = zip(center, deviation).map { $0 - reach * $1 }
      high = zip(center, deviation).map { $0 + reach * $1 }
      return
    }
    let columns = (0..<scores.photos).map { scores.column($0) }
    if settings.convention == .piq23 { center = columns.map(Descriptive.mean) }
    for (photo, column) in columns.enumerated() {
      let sorted = column.sorted()
      var ends = (
        Descriptive.quantile(sorted: sorted, tail), Descriptive.quantile(sorted: sorted, 1 - tail)
      )
      if settings.effectiveIntervalRule == .corrected {
        let median = Descriptive.quantile(sorted: sorted, 0.5)
        let width = ends.1 - ends.0
        let least = 2 * reach * deviation[photo]
        let factor = max(
          Self.smallSampleFactor(source, tail: tail), width > 0 ? least / width : 1)
        ends = (
          center[photo] + factor * (ends.0 - median), center[photo] + factor * (ends.1 - median)
        )
      }
      low.append(ends.0)
      high.append(ends.1)
      deviation[photo] =
        settings.convention == .piq23
        ? Descriptive.populationStandardDeviation(column) : Descriptive.standardDeviation(column)
    }
  }

  /// How much a bootstrap over K observers understates: √(K/(K − 1)) in the deviation, t in place of z beside it.
  private static func smallSampleFactor(_ source: IntervalSource, tail: Double) -> Double {
    guard case .observerBootstrap(let observers) = source, observers > 1 else { return 1 }
    let degrees = Double(observers - 1)
    let quantile = StudentT(degreesOfFreedom: degrees).quantile(1 - tail)
    return (Double(observers) / degrees).squareRoot() * quantile / StandardNormal.quantile(1 - tail)
  }
}

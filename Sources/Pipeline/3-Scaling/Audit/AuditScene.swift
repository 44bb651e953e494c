public import Domain
import Statistics

/// How votes are audited.
public struct AuditSettings: Sendable, Hashable {
  /// The number of simulated replicates without defects behind every p-value.
  public var replicates = 400
  /// An answer faster than this is implausible, in milliseconds.
  public var fastMilliseconds = 300.0
  /// The number of scenes audited together, for which p-values are corrected.
  public var scenes = 1
  /// The seed of all randomness.
  public var seed: UInt64 = 1
  /// The number of threads, nil for one each processor; the numbers don't depend on it.
  public var threads: Int?

  /// Makes the default settings.
  public init() {}
}

/// Looks at the votes of one scene from every side.
///
/// Each probe computes statistics of the votes at their scale (Thurstone's Case V under the default
/// prior) and of replicates: the same observers, pairs, sides and order, with answers drawn from
/// the scale and scaled again. So a p-value holds however sparse the votes are, and positions that
/// were estimated from the same votes are allowed for. Inside a probe p-values are corrected for
/// the number of photos and observers (Holm). A probe's verdict is `look` below .01 and `fault`
/// below .001 where the effect matters; clean votes therefore get a `look` from about one probe in
/// 100.
///
/// - Parameters:
///   - judgements: The votes.
///   - settings: Replicates, seed, limits.
///   - simulation: The study's own choice of pairs, where earlier answers made it: the scale is
///     corrected for it.
///   - progress: Told of finished replicates; can stop the work.
/// - Returns: What was found. The probe ``AuditProbe/pairChoice`` belongs to the Comparison stage.
/// - Throws: ``ScalingError`` for votes without a scale, `CancellationError` when stopped.
public func auditScene(
  _ judgements: SceneJudgements, settings: AuditSettings = AuditSettings(),
  simulation: StudySimulation? = nil, progress: ScalingProgress = ScalingProgress()
) throws -> AuditedScene {
  var scaling = ScalingSettings()
  (scaling.seed, scaling.threads, scaling.bootstraps) = (settings.seed, settings.threads, 0)
  scaling.disconnected = .usePrior
  let scaled = try scaleScene(
    judgements, settings: scaling, simulation: simulation, progress: progress)
  let (layout, ridge) = (VoteLayout(judgements), PairFitter(scaling).ridge)
  let results = layout.results(judgements)
  let votes = ScoredVotes(layout, results: results, positions: scaled.fit.jod)
  let reliability = ScaleReliability(scaled, layout: layout, results: results, ridge: ridge)
  let replicates = AuditSimulation(
    layout, results: results, fit: scaled.fit, positions: scaled.estimates.positions,
    reliability: reliability.separation,
    opinionDeviation: opinionDeviation(judgements, votes: votes, fit: scaled.fit), ridge: ridge)
  let probes: [any VoteProbe] = [
    SideBiasProbe(), LapseProbe(), SurpriseProbe(), TurnedRowsProbe(), FatigueProbe(),
    SensitivityProbe(), ObserverFitProbe(), PhotoFitProbe(), PairFitProbe(),
    TriadProbe(votes, covariance: scaled.fit.covariance), AgreementProbe(),
  ]
  let found = probes.map { $0.statistics(votes) }
  let rows = try replicates.statistics(
    replicates: settings.replicates, name: "\(judgements.scene)\u{0}\(judgements.attribute)",
    settings: scaling, progress: progress
  ) { votes in probes.flatMap { $0.statistics(votes) } }
  let study = AuditedStudy(
    judgements: judgements, votes: votes, fit: scaled.fit,
    common: CommonObserverTraits(
      CommonObserverFit<ThurstoneLink>(layout: layout, results: results, ridge: ridge),
      near: scaled.fit.jod),
    model: judgements.observers.count > 1
      ? try? ObserverModel(judgements, fit: scaled.fit, ridge: ridge, link: ThurstoneLink.self)
      : nil,
    scenes: settings.scenes)
  let pairs = try PairCounts(ComparisonMatrix(judgements), ties: .halfVotes)
  var findings = [
    PlainProbes.connection(judgements, pairs), PlainProbes.repeatedRows(judgements),
    PlainProbes.responseTimes(judgements, fastMilliseconds: settings.fastMilliseconds),
  ]
  var offset = 0
  var ofObservers: [ObserverStatistic] = []
  for (probe, statistics) in zip(probes, found) {
    let references = statistics.indices.map { index in
      ReferenceDistribution(rows.map { $0[offset + index] })
    }
    findings.append(probe.finding(statistics, references, study))
    if let kind = ObserverStatistic.Kind(probe: probe) {
      ofObservers.append(
        ObserverStatistic(kind, votes, statistics, rows.map { Array($0[offset...]) }))
    }
    offset += statistics.count
  }
  findings.append(reliability.finding(observers: judgements.observers.count))
  return AuditedScene(
    audit: study.audit(findings, scaled: scaled, replicates: settings.replicates),
    choice: scaled.choice, observers: judgements.observers, statistics: ofObservers)
}

/// The spread of observers' own opinions among those who follow the scale at all, in JOD.
///
/// A clicker, or an observer who answers the other way round, would widen it for all replicates and
/// hide in them.
private func opinionDeviation(
  _ judgements: SceneJudgements, votes: ScoredVotes, fit: ScaleFit
) -> Double {
  let kept = votes.layout.byObserver.map { list in
    let score = list.reduce(0) { $0 + votes.distance[$1] * votes.score[$1] }
    let information = list.reduce(0) {
      $0 + votes.distance[$1] * votes.distance[$1] * votes.information[$1]
    }
    return score > -3 * information.squareRoot()
  }
  let trusted = SceneJudgements(
    scene: judgements.scene, attribute: judgements.attribute, photos: judgements.photos,
    observers: judgements.observers, votes: judgements.votes.filter { kept[$0.observer] })
  return ObserverOpinions(trusted, fit: fit, model: .thurstone).deviation
}

import Domain
import Statistics

/// The differences of a part of the photos.
public struct SliceEvidence: Sendable, Hashable {
  /// What the photos are parted by, such as `condition`.
  public var field: String
  /// The value that these photos share.
  public var value: String
  /// Their differences.
  public var evidence: AttributeEvidence

  /// Makes evidence of a slice.
  public init(field: String, value: String, evidence: AttributeEvidence) {
    (self.field, self.value, self.evidence) = (field, value, evidence)
  }
}

/// Judges every slice, corrected by Holm for the number of slices; those that are worse come first.
///
/// A slice of at least three scenes has its own heterogeneity, one of fewer that of the whole.
/// Beside it stands the difference shrunk towards the mean of all slices of the field, by empirical
/// Bayes: as far as the slices' spread is explained by their errors.
///
/// Source: Morris 1983, doi:10.1080/01621459.1983.10477920.
func sliceVerdicts(
  _ slices: [SliceEvidence], wholes: some Sequence<(AttributeEvidence, Tested?)>,
  settings: DecisionSettings
) -> [SliceVerdict] {
  let wholes = Dictionary(wholes.map { ($0.0.attribute, $0.1) }) { first, _ in first }
  let found = slices.compactMap { slice -> (slice: SliceEvidence, test: Tested)? in
    let whole = wholes[slice.evidence.attribute] ?? nil
    guard let pooled = slice.evidence.pooled(settings.scenes, like: whole?.pooled) else {
      return nil
    }
    // A lone scene is a sample of one: it can be decided only with the spread of the whole.
    let isDecidable =
      settings.scenes == .theseScenes || slice.evidence.scenes.count > 2
      || whole?.pooled.analysis != nil
    return (slice, Tested(pooled, isDecidable: isDecidable, settings: settings))
  }
  let corrected = CorrectedTests(found.map(\.test))
  let verdicts = found.indices.map { index -> SliceVerdict in
    let (slice, test) = found[index]
    let (p, equivalenceP) = (corrected.p[index], corrected.equivalenceP[index])
    let family = found.filter {
      $0.slice.field == slice.field && $0.slice.evidence.attribute == slice.evidence.attribute
    }.map(\.test.pooled.estimate)
    let shrunken = shrunk(test.pooled.estimate, among: family)
    let ends = settings.inference(shrunken).interval(level: settings.confidenceLevel)
    return SliceVerdict(
      field: slice.field, value: slice.value, attribute: slice.evidence.attribute,
      outcome: test.outcome(
        adjustedP: p, adjustedEquivalenceP: equivalenceP, settings: settings),
      finding: test.finding(adjustedP: p, adjustedEquivalenceP: equivalenceP, settings: settings),
      shrunken: shrunken.value, shrunkenLow: ends.low, shrunkenHigh: ends.high,
      scenes: slice.evidence.scenes.count)
  }
  let ranks: [Outcome: Int] = [.worse: 0, .inconclusive: 1, .equivalent: 2, .better: 3]
  return verdicts.sorted {
    (ranks[$0.outcome, default: 4], $0.shrunken) < (ranks[$1.outcome, default: 4], $1.shrunken)
  }
}

extension AttributeEvidence {
  /// The mean difference; that of fewer than three scenes takes τ from the whole.
  func pooled(_ inference: SceneInference, like whole: PooledDifference?) -> PooledDifference? {
    guard inference == .sample, scenes.count < 3, let analysis = whole?.analysis,
      let whole, !scenes.isEmpty
    else { return pooled(inference) }
    let count = Double(scenes.count)
    let variance = analysis.tau * analysis.tau / count + covariance.reduce(0, +) / (count * count)
    return PooledDifference(
      estimate: EffectEstimate(
        value: Descriptive.mean(scenes.map(\.effect.value)),
        standardError: variance.squareRoot(),
        degreesOfFreedom: whole.estimate.degreesOfFreedom), analysis: nil)
  }
}

/// An estimate moved towards the mean of its family.
private func shrunk(_ estimate: EffectEstimate, among family: [EffectEstimate]) -> EffectEstimate {
  let variances = family.map { $0.standardError * $0.standardError }
  let count = family.count
  var covariance = [Double](repeating: 0, count: count * count)
  for index in 0..<count { covariance[index * count + index] = variances[index] }
  guard let analysis = MetaAnalysis(effects: family.map(\.value), covariance: covariance) else {
    return estimate
  }
  let own = estimate.standardError * estimate.standardError
  let between = analysis.tau * analysis.tau
  let share = own + between > 0 ? between / (own + between) : 1
  let mean = analysis.standardError * analysis.standardError
  let variance = share * own + (1 - share) * (1 - share) * mean
  return EffectEstimate(
    value: analysis.mean + share * (estimate.value - analysis.mean),
    standardError: variance.squareRoot(), degreesOfFreedom: estimate.degreesOfFreedom)
}

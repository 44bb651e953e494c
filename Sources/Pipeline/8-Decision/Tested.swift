import Domain
import Statistics

/// A difference with its tests, before the correction for their number.
struct Tested {
  let pooled: PooledDifference
  let inference: any EffectInference
  /// Whether the difference can be decided: one scene of a sample tells nothing about the others.
  let isDecidable: Bool
  let p: Double
  let equivalenceP: Double
  let nonInferiorityP: Double

  init(_ pooled: PooledDifference, isDecidable: Bool, settings: DecisionSettings) {
    self.pooled = pooled
    self.isDecidable = isDecidable
    inference = settings.inference(pooled.estimate)
    p = inference.pValue(of: 0)
    equivalenceP = inference.equivalencePValue(margin: settings.margin)
    nonInferiorityP = inference.pValue(atMost: -settings.margin)
  }

  /// Tests the mean difference of an attribute; nil without scenes.
  init?(_ evidence: AttributeEvidence, settings: DecisionSettings) {
    guard let pooled = evidence.pooled(settings.scenes) else { return nil }
    self.init(
      pooled, isDecidable: evidence.scenes.count > 1 || settings.scenes == .theseScenes,
      settings: settings)
  }

  /// What the tests show, given p-values corrected for their number.
  ///
  /// Equivalence goes first: a difference that is shown to be within the margin is one that the
  /// user called no difference, also where many votes show that it isn't 0.
  func outcome(
    adjustedP: Double, adjustedEquivalenceP: Double, settings: DecisionSettings
  ) -> Outcome {
    guard isDecidable else { return .inconclusive }
    if adjustedEquivalenceP < settings.significance { return .equivalent }
    guard adjustedP < settings.significance else { return .inconclusive }
    return inference.value > 0 ? .better : .worse
  }

  /// The numbers for a reader.
  func finding(
    adjustedP: Double, adjustedEquivalenceP: Double, settings: DecisionSettings
  ) -> DifferenceFinding {
    let ends = inference.interval(level: settings.confidenceLevel)
    let (value, visible) = (inference.value, settings.visible)
    let estimate = pooled.estimate
    let visibility: Visibility =
      ends.low >= visible || ends.high <= -visible
      ? .yes : ends.low > -visible && ends.high < visible ? .no : .open
    return DifferenceFinding(
      difference: value, low: ends.low, high: ends.high, standardError: estimate.standardError,
      degreesOfFreedom: estimate.degreesOfFreedom.isFinite ? estimate.degreesOfFreedom : nil,
      p: p, adjustedP: adjustedP, equivalenceP: equivalenceP,
      adjustedEquivalenceP: adjustedEquivalenceP, nonInferiorityP: nonInferiorityP,
      preference: StandardNormal.cdf(value / JOD.differenceSigma),
      probabilityVisible: value < 0
        ? 1 - estimate.probability(above: -visible) : estimate.probability(above: visible),
      visible: visibility)
  }
}

/// The p-values of several tests, corrected by Holm; those that can't be decided take no part and
/// stay at 1.
struct CorrectedTests {
  let p: [Double]
  let equivalenceP: [Double]

  init(_ tests: [Tested?]) {
    func adjust(_ value: (Tested) -> Double) -> [Double] {
      let counted = tests.indices.filter { tests[$0]?.isDecidable == true }
      let adjusted = MultipleTesting.holm.adjust(counted.map { tests[$0].map(value) ?? 1 })
      var all = tests.map { _ in 1.0 }
      for (index, p) in zip(counted, adjusted) { all[index] = p }
      return all
    }
    p = adjust(\.p)
    equivalenceP = adjust(\.equivalenceP)
  }
}

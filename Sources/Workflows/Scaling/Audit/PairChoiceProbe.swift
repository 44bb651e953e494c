import Comparison
import Domain
import Scaling

/// Whether earlier answers chose the pairs, and whether the votes say so.
struct PairChoiceProbe {
  /// Whether the votes say that earlier answers chose their pairs.
  let isKnown: Bool

  /// Looks at the design of a scene.
  ///
  /// - Throws: what the scale throws.
  func finding(_ judgements: SceneJudgements) throws -> AuditFinding {
    let positions = try SceneVotes.posterior(ComparisonMatrix(judgements)).means
    let diagnosis = DesignDiagnosis(judgements, positions: positions)
    let measures =
      diagnosis.map {
        [
          AuditMeasure(
            "mean distance in rank of the judged pairs, random pairs = 1", $0.closeness,
            expected: 1)
        ]
      } ?? []
    if isKnown {
      return AuditFinding(
        .pairChoice, .fine,
        "Earlier answers chose the pairs, and the votes say how: the scale allows for it.",
        measures: measures)
    }
    if let diagnosis, diagnosis.looksAdaptive {
      let percent = Int((100 * (1 - diagnosis.closeness)).rounded())
      return AuditFinding(
        .pairChoice, .look,
        "The judged pairs are \(percent) % closer on the scale than random ones, as if earlier answers "
          + "had chosen them, and the votes do not say so: scores may be stretched, intervals too "
          + "narrow and reliability too high. Add the columns criterion and batch of "
          + "`vernier next-pairs`.", measures: measures)
    }
    return AuditFinding(
      .pairChoice, .fine, "The pairs look chosen beforehand.", measures: measures)
  }
}

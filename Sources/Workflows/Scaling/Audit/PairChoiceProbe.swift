import Comparison
import Domain
import Scaling

/// Whether earlier answers chose the pairs, and whether the votes say so.
struct PairChoiceProbe {
  /// What the scale takes the choice of pairs for.
  let choice: PairChoice

  /// Looks at the design of a scene.
  ///
  /// - Throws: what the scale throws.
  func finding(_ judgements: SceneJudgements) throws -> AuditFinding {
    let positions = try qualityPosterior(ComparisonMatrix(judgements)).means
    let diagnosis = DesignDiagnosis(judgements, positions: positions)
    let measures =
      diagnosis.map {
        [
          AuditMeasure(
            "mean distance in rank of the judged pairs, unrelated pairs = 1", $0.closeness,
            expected: 1)
        ]
      } ?? []
    switch choice {
    case .notReproduced(let mismatch):
      return AuditFinding(
        .pairChoice, .look,
        "The votes say how earlier answers chose their pairs, but the study does not look like "
          + "that: \(mismatch.sentence). The scale is not corrected; scores may be stretched. "
          + "Check the columns criterion and batch.", measures: measures)
    case .corrected(_, let stretch):
      let percent = Int(((stretch - 1) * 100).rounded())
      return AuditFinding(
        .pairChoice, .fine,
        "Earlier answers chose the pairs, and the votes say how: the scale, which this stretched "
          + "by \(percent) %, is corrected for it.", measures: measures)
    case .beforehand, .uncorrected: break
    }
    if let diagnosis, diagnosis.looksAdaptive {
      let percent = Int((100 * (1 - diagnosis.closeness)).rounded())
      return AuditFinding(
        .pairChoice, .look,
        "The judged pairs are \(percent) % closer on the scale than unrelated ones, as if earlier "
          + "answers had chosen them, and the votes do not say so: scores may be stretched, "
          + "intervals too narrow and reliability too high. Add the columns criterion and batch of "
          + "`vernier next-pairs`.", measures: measures)
    }
    return AuditFinding(
      .pairChoice, .fine, "The pairs look chosen beforehand.", measures: measures)
  }
}

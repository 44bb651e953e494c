import Domain
import Statistics

/// Whether observers agree about pairs as much as the model expects: Krippendorff's α.
///
/// Close photos make observers disagree, so α alone says little; what counts is α against that of
/// replicates. Observers who differ from one another lower it for all pairs, and the scale gets
/// narrower with it: that is found by ``SensitivityProbe``.
struct AgreementProbe: VoteProbe {
  func statistics(_ votes: ScoredVotes) -> [Double] { [KrippendorffAlpha(votes).value] }

  func finding(
    _ found: [Double], _ references: [ReferenceDistribution], _ study: AuditedStudy
  ) -> AuditFinding {
    guard found[0].isFinite else {
      return AuditFinding(.agreement, .fine, "No pair was judged twice, so agreement is unknown.")
    }
    let p = references[0].twoSided(found[0])
    let expected = references[0].mean
    let verdict = study.verdict(p, size: abs(expected - found[0]) / 0.05)
    return AuditFinding(
      .agreement, verdict,
      (verdict == .fine
        ? "Observers agree about pairs as much as the model expects: "
        : found[0] < expected
          ? "Observers agree less about pairs than one common scale explains: "
          : "Observers agree on something about pairs that one common scale does not hold: ")
        + "Krippendorff's α is \(AuditText.number(found[0])), and "
        + "\(AuditText.number(expected)) is expected.", p: p,
      measures: [AuditMeasure("Krippendorff's alpha", found[0], expected: expected)])
  }
}

/// Krippendorff's α of the answers on pairs, nominal: how much less answers on one pair differ than
/// any two answers.
///
/// Which photo of a pair comes first is arbitrary, so each answer enters for both orders: the
/// shares of «first» and «second» among all answers are equal, and α does not depend on the photos'
/// names. «Neither» is an answer of its own.
///
/// Source: Krippendorff 2011, «Computing Krippendorff's Alpha-Reliability».
struct KrippendorffAlpha {
  /// 1 for perfect agreement, 0 for chance; NaN when no pair was judged twice.
  let value: Double

  init(_ votes: ScoredVotes) {
    let layout = votes.layout
    var first = [Double](repeating: 0, count: layout.first.count)
    var second = first
    var neither = first
    for vote in 0..<layout.count {
      let pair = layout.pair[vote]
      let result = votes.results[vote]
      if result == 0.5 {
        neither[pair] += 1
      } else if (result == 1) == (layout.a[vote] < layout.b[vote]) {
        first[pair] += 1
      } else {
        second[pair] += 1
      }
    }
    var (answers, ties, observed) = (0.0, 0.0, 0.0)
    for pair in first.indices {
      let (k, l, t) = (first[pair], second[pair], neither[pair])
      let total = k + l + t
      guard total > 1 else { continue }
      answers += total
      ties += t
      observed += 2 * (k * l + k * t + l * t) / (total - 1)
    }
    let half = (answers - ties) / 2
    let expected = 2 * (half * half + 2 * half * ties) / (answers - 1)
    value = answers > 1 && expected > 0 ? 1 - observed / expected : .nan
  }
}

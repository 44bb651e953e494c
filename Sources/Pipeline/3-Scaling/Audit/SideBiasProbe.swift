import Domain
import Statistics

/// Whether one side is chosen more often than the photos explain, by all observers or by some.
///
/// The statistics are the slopes of the log-likelihood by a side bias: of all votes, then of each
/// observer's.
struct SideBiasProbe: VoteProbe {
  /// The side bias that matters, in JOD: it moves 4 votes in 100 between equal photos.
  private static let limit = 0.15

  func statistics(_ votes: ScoredVotes) -> [Double] {
    let own = votes.layout.byObserver.map { $0.reduce(0) { $0 + votes.score[$1] } }
    return [own.reduce(0, +)] + own
  }

  func finding(
    _ found: [Double], _ references: [ReferenceDistribution], _ study: AuditedStudy
  ) -> AuditFinding {
    let p = zip(found, references).map { $1.twoSided($0) }
    let own = MultipleTesting.holm.adjust(Array(p.dropFirst()))
    let unit = ThurstoneLink.unitsPerJOD
    var items: [(item: AuditItem, verdict: AuditVerdict)] = []
    for (observer, votes) in study.votes.layout.byObserver.enumerated() where !votes.isEmpty {
      let information = votes.reduce(0) { $0 + study.votes.information[$1] } * unit
      let plain = information > 0 ? found[observer + 1] / information : 0
      let bias = study.model?.observers[observer].sideBias ?? plain
      let verdict = study.verdict(own[observer], size: abs(bias) / (2 * Self.limit))
      guard verdict > .fine else { continue }
      let side = bias > 0 ? "A" : "B"
      let share =
        votes.reduce(0) { $0 + study.votes.results[$1] } / Double(votes.count)
      items.append(
        (
          AuditItem(
            study.observer(observer), p: own[observer],
            "\(study.observer(observer)) chooses photo A in \(AuditText.percent(share)) of "
              + "\(votes.count) votes; photo \(side) has an advantage of "
              + "\(AuditText.number(abs(bias))) JOD."), verdict
        ))
    }
    items.sort { ($0.item.p ?? 1) < ($1.item.p ?? 1) }
    let common = study.common?.sideBias
    let all = study.verdict(p[0], size: abs(common?.value ?? 0) / Self.limit)
    let verdict = max(all, items.map(\.verdict).max() ?? .fine)
    let sentence: String
    if all > .fine, let common {
      sentence =
        "All observers together favor photo \(common.value > 0 ? "A" : "B"), as if it were "
        + "\(AuditText.number(abs(common.value))) JOD better than it is."
    } else if items.isEmpty {
      sentence = "Neither side is favored beyond chance."
    } else {
      sentence = "One side is favored by \(AuditText.listed(items.map(\.item.name)))."
    }
    var measures: [AuditMeasure] = []
    if let common {
      measures.append(
        AuditMeasure(
          "side bias of all observers, JOD in favor of photo A", common.value,
          interval: (common.low, common.high), expected: 0))
    }
    if let model = study.model {
      measures.append(
        AuditMeasure("spread of the observers' side biases, JOD", model.sideBiasSpread))
    }
    return AuditFinding(
      .sideBias, verdict, sentence, p: min(1, 2 * min(p[0], own.min() ?? 1)), measures: measures,
      items: items.map(\.item))
  }
}

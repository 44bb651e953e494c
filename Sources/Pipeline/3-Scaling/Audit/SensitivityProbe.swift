import Domain
import Statistics

/// How well each observer tells photos apart: clickers, and observers who answer the other way
/// round.
///
/// The statistics are the slopes of the log-likelihood by a factor on all distances, for each
/// observer.
struct SensitivityProbe: VoteProbe {
  /// The loss of sensitivity that matters.
  private static let limit = 0.4

  func statistics(_ votes: ScoredVotes) -> [Double] {
    votes.layout.byObserver.map {
      $0.reduce(0) { $0 + votes.distance[$1] * votes.score[$1] }
    }
  }

  func finding(
    _ found: [Double], _ references: [ReferenceDistribution], _ study: AuditedStudy
  ) -> AuditFinding {
    guard let model = study.model else {
      return AuditFinding(
        .sensitivity, .fine, "There is nobody to compare the observer with.", p: nil)
    }
    // Telling photos apart better than the others is no defect.
    let p = MultipleTesting.holm.adjust(zip(found, references).map { $1.lowerTail($0) })
    var items: [(item: AuditItem, verdict: AuditVerdict)] = []
    for (observer, votes) in study.votes.layout.byObserver.enumerated() where !votes.isEmpty {
      let traits = model.observers[observer]
      let verdict = study.verdict(p[observer], size: (1 - traits.sensitivity) / Self.limit)
      guard verdict > .fine else { continue }
      let reach = 1.96 * traits.sensitivityError
      let words =
        traits.sensitivity + reach < 0
        ? "answers the other way round"
        : traits.sensitivity - reach < 0 && traits.sensitivity + reach < 0.6
          ? "answers as if at random" : "tells photos apart less well than the others"
      items.append(
        (
          AuditItem(
            study.observer(observer), p: p[observer],
            "\(study.observer(observer)) \(words): sensitivity "
              + "\(AuditText.number(traits.sensitivity)) ± \(AuditText.number(reach)), "
              + "where 1 is usual."), verdict
        ))
    }
    items.sort { ($0.item.p ?? 1) < ($1.item.p ?? 1) }
    return AuditFinding(
      .sensitivity, items.map(\.verdict).max() ?? .fine,
      items.isEmpty
        ? "All observers tell photos apart about equally well."
        : "Less sensitive than the others, or contrary: "
          + "\(AuditText.listed(items.map(\.item.name))).",
      p: p.min(),
      measures: [
        AuditMeasure("spread of the observers' sensitivities", model.sensitivitySpread),
        AuditMeasure(
          "least sensitivity", model.observers.map(\.sensitivity).min() ?? 1, expected: 1),
      ], items: items.map(\.item))
  }
}

import Domain
import Statistics

/// Observers whose answers surprise: the deviance of each observer's votes.
struct ObserverFitProbe: VoteProbe {
  func statistics(_ votes: ScoredVotes) -> [Double] {
    votes.layout.byObserver.map { votes.deviance($0) }
  }

  func finding(
    _ found: [Double], _ references: [ReferenceDistribution], _ study: AuditedStudy
  ) -> AuditFinding {
    let p = MultipleTesting.holm.adjust(zip(found, references).map { $1.upperTail($0) })
    var items: [(item: AuditItem, verdict: AuditVerdict)] = []
    for (observer, votes) in study.votes.layout.byObserver.enumerated() where !votes.isEmpty {
      let (outfit, infit) = study.votes.meanSquares(votes)
      let verdict = study.verdict(p[observer], size: (max(outfit, infit) - 1) / 0.2)
      guard verdict > .fine else { continue }
      items.append(
        (
          AuditItem(
            study.observer(observer), p: p[observer],
            "The answers of \(study.observer(observer)) are less probable than expected: "
              + "mean squared residual \(AuditText.number(outfit)) (outfit) and "
              + "\(AuditText.number(infit)) (infit), where 1 is expected."), verdict
        ))
    }
    items.sort { ($0.item.p ?? 1) < ($1.item.p ?? 1) }
    return AuditFinding(
      .observerFit, items.map(\.verdict).max() ?? .fine,
      items.isEmpty
        ? "The scale predicts every observer's answers as well as it should."
        : "The scale predicts these observers' answers badly: "
          + "\(AuditText.listed(items.map(\.item.name))).", p: p.min(),
      items: items.map(\.item))
  }
}

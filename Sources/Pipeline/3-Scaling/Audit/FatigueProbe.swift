import Domain
import Statistics

/// Whether answers follow the photos less and less along the study.
///
/// The statistic is the slope of the log-likelihood by a sensitivity that changes linearly over
/// each observer's own votes.
struct FatigueProbe: VoteProbe {
  func statistics(_ votes: ScoredVotes) -> [Double] {
    [Self.sums(votes).score]
  }

  func finding(
    _ found: [Double], _ references: [ReferenceDistribution], _ study: AuditedStudy
  ) -> AuditFinding {
    let p = references[0].lowerTail(found[0])
    let information = Self.sums(study.votes).information
    let change = information > 0 ? found[0] / information : 0
    let verdict = study.verdict(p, size: -change / 0.3)
    return AuditFinding(
      .fatigue, verdict,
      verdict > .fine
        ? "Observers tell photos apart less and less along their votes: sensitivity changes by "
          + "\(AuditText.number(change)) from the first to the last, where 1 is usual."
        : "Answers stay as good from the first vote to the last.", p: p,
      measures: [
        AuditMeasure(
          "change of sensitivity from the first to the last vote", change,
          interval: information > 0
            ? (
              change - 1.96 * references[0].deviation / information,
              change + 1.96 * references[0].deviation / information
            ) : nil, expected: 0)
      ])
  }

  private static func sums(_ votes: ScoredVotes) -> (score: Double, information: Double) {
    var (score, information) = (0.0, 0.0)
    for list in votes.layout.byObserver where list.count > 1 {
      for (rank, vote) in list.enumerated() {
        let time = Double(rank) / Double(list.count - 1) - 0.5
        score += time * votes.distance[vote] * votes.score[vote]
        information +=
          time * time * votes.distance[vote] * votes.distance[vote] * votes.information[vote]
      }
    }
    return (score, information)
  }
}

import Domain
import Statistics

/// Single answers that hardly anyone would give: slips of the finger, or rows entered the wrong way
/// round.
///
/// The statistic is the number of answers with a probability below 1 %.
struct SurpriseProbe: VoteProbe {
  private static let limit = 0.01

  func statistics(_ votes: ScoredVotes) -> [Double] {
    [Double((0..<votes.layout.count).count { votes.probability($0) < Self.limit })]
  }

  func finding(
    _ found: [Double], _ references: [ReferenceDistribution], _ study: AuditedStudy
  ) -> AuditFinding {
    let p = references[0].upperTail(found[0])
    let expected = references[0].mean
    // Less than one vote in 200 moves no scale.
    let excess = (found[0] - expected) / Double(max(study.votes.layout.count, 1))
    let verdict = study.verdict(p, size: excess / 0.005)
    var items: [AuditItem] = []
    if verdict > .fine {
      let rarest = (0..<study.votes.layout.count)
        .filter { study.votes.probability($0) < Self.limit }
        .sorted { study.votes.probability($0) < study.votes.probability($1) }
      items = rarest.prefix(20).map { vote in item(vote, study) }
    }
    let count = Int(found[0])
    return AuditFinding(
      .surprises, verdict,
      "\(AuditText.counted(count, "answer has", "answers have")) a probability below 1 % by the "
        + "scale; \(AuditText.number(expected, 1)) are expected.", p: p,
      measures: [
        AuditMeasure("answers with a probability below 1 %", found[0], expected: expected)
      ], items: items)
  }

  private func item(_ vote: Int, _ study: AuditedStudy) -> AuditItem {
    let layout = study.votes.layout
    let choseA = study.votes.results[vote] == 1
    let (winner, loser) =
      choseA ? (layout.a[vote], layout.b[vote]) : (layout.b[vote], layout.a[vote])
    let row = RowReference.text(layout.place[vote])
    return AuditItem(
      "row \(row)", p: nil,
      "Row \(row): \(study.observer(layout.observer[vote])) chose \(study.photo(winner)) over "
        + "\(study.photo(loser)), "
        + "\(AuditText.number(study.votes.distance[vote].magnitude / ThurstoneLink.unitsPerJOD, 1)) "
        + "JOD better.")
  }
}

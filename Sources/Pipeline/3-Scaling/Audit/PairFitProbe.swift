import Domain
import Glibc
import Statistics

/// Whether the counts of pairs fit one scale: the deviance of all pairs, and the pair that fits
/// least.
///
/// Where pairs have few votes the deviance has no χ² distribution; replicates give the right one.
struct PairFitProbe: VoteProbe {
  func statistics(_ votes: ScoredVotes) -> [Double] {
    let pairs = PairResiduals(votes)
    return [
      pairs.deviance, pairs.pearson,
      pairs.signedRoots.reduce(0) { max($0, abs($1)) },
    ]
  }

  func finding(
    _ found: [Double], _ references: [ReferenceDistribution], _ study: AuditedStudy
  ) -> AuditFinding {
    let p = zip(found, references).map { $1.upperTail($0) }
    let pairs = PairResiduals(study.votes)
    let layout = study.votes.layout
    let worst = pairs.signedRoots.indices.sorted {
      abs(pairs.signedRoots[$0]) > abs(pairs.signedRoots[$1])
    }
    var items: [AuditItem] = []
    for pair in worst.prefix(10) {
      let chance = references[2].upperTail(abs(pairs.signedRoots[pair]))
      guard study.verdict(chance) > .fine else { break }
      let names = [layout.first[pair], layout.second[pair]].map { study.photo(Int($0)) }
      items.append(
        AuditItem(
          "\(names[0]) – \(names[1])", p: chance,
          "\(names[0]) was chosen over \(names[1]) in \(AuditText.number(pairs.wins[pair], 0)) of "
            + "\(AuditText.number(pairs.totals[pair], 0)) votes; the scale expects "
            + "\(AuditText.number(pairs.expected[pair], 1))."))
    }
    let excess = found[0] / max(references[0].mean, 1e-9)
    let all = study.verdict(p[0], size: (excess - 1) / 0.1)
    let verdict = max(all, items.isEmpty ? .fine : study.verdict(items[0].p ?? 1))
    let sentence =
      all > .fine
      ? "One quality for each photo does not explain the counts: their deviance is "
        + "\(AuditText.number(excess)) times what it should be."
      : items.isEmpty
        ? "The counts of all pairs fit one scale." : "A few pairs do not fit the scale of the rest."
    return AuditFinding(
      .pairFit, verdict, sentence, p: min(1, 2 * min(p[0], p[2])),
      measures: [
        AuditMeasure("deviance of the pairs' counts", found[0], expected: references[0].mean),
        AuditMeasure("Pearson's statistic", found[1], expected: references[1].mean),
        AuditMeasure("largest residual of a pair", found[2], expected: references[2].mean),
      ], items: items)
  }
}

/// The counts of every pair against what a scale expects.
struct PairResiduals {
  /// The answers for the first photo of each pair.
  let wins: [Double]
  /// All answers of each pair.
  let totals: [Double]
  /// The answers for the first photo that the scale expects.
  let expected: [Double]
  /// The signed root of each pair's deviance: positive when the first photo won more often than
  /// expected.
  let signedRoots: [Double]
  /// Pearson's statistic; no expected count below 0.01 enters as its divisor.
  let pearson: Double

  /// The deviance of all pairs.
  var deviance: Double { signedRoots.reduce(0) { $0 + $1 * $1 } }

  init(_ votes: ScoredVotes) {
    let layout = votes.layout
    let counts = layout.counts(votes.results)
    var chance = [Double](repeating: 0.5, count: layout.first.count)
    for vote in 0..<layout.count {
      chance[layout.pair[vote]] =
        layout.a[vote] < layout.b[vote] ? votes.chance[vote] : 1 - votes.chance[vote]
    }
    var roots: [Double] = []
    var pearson = 0.0
    for pair in chance.indices {
      let (k, l) = (counts[2 * pair], counts[2 * pair + 1])
      let p = min(max(chance[pair], 1e-12), 1 - 1e-12)
      let total = k + l
      func part(_ count: Double, _ expected: Double) -> Double {
        count > 0 ? 2 * count * log(count / expected) : 0
      }
      let deviance = max(0, part(k, total * p) + part(l, total * (1 - p)))
      roots.append(k > total * p ? deviance.squareRoot() : -deviance.squareRoot())
      let step = k - total * p
      pearson += step * step / max(total * p * (1 - p), 0.01)
    }
    wins = chance.indices.map { counts[2 * $0] }
    totals = chance.indices.map { counts[2 * $0] + counts[2 * $0 + 1] }
    expected = chance.indices.map { chance[$0] * (counts[2 * $0] + counts[2 * $0 + 1]) }
    (signedRoots, self.pearson) = (roots, pearson)
  }
}

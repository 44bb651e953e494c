import Domain
import Glibc
import Statistics

/// Whether answers were given blindly, by all observers or by some.
///
/// The statistics are likelihood ratios of a lapse rate against none: of all votes, then of each
/// observer's. Rows entered the wrong way round look the same at twice their share.
struct LapseProbe: VoteProbe {
  /// The lapse rate that matters.
  private static let limit = 0.04

  func statistics(_ votes: ScoredVotes) -> [Double] {
    [Lapses(votes, Array(0..<votes.layout.count)).statistic]
      + votes.layout.byObserver.map { Lapses(votes, $0).statistic }
  }

  func finding(
    _ found: [Double], _ references: [ReferenceDistribution], _ study: AuditedStudy
  ) -> AuditFinding {
    let p = zip(found, references).map { $1.upperTail($0) }
    let own = MultipleTesting.holm.adjust(Array(p.dropFirst()))
    var items: [(item: AuditItem, verdict: AuditVerdict)] = []
    for (observer, votes) in study.votes.layout.byObserver.enumerated() where !votes.isEmpty {
      let lapses = Lapses(study.votes, votes)
      let verdict = study.verdict(own[observer], size: lapses.rate / (4 * Self.limit))
      guard verdict > .fine else { continue }
      let interval = lapses.interval
      items.append(
        (
          AuditItem(
            study.observer(observer), p: own[observer],
            "\(study.observer(observer)) seems to answer blindly in "
              + "\(AuditText.percent(lapses.rate)) of \(votes.count) votes (95 % interval "
              + "\(AuditText.percent(interval.low)) to \(AuditText.percent(interval.high)))."),
          verdict
        ))
    }
    items.sort { ($0.item.p ?? 1) < ($1.item.p ?? 1) }
    let rate = study.common?.lapseRate
    let all = study.verdict(p[0], size: (rate?.value ?? 0) / Self.limit)
    let verdict = max(all, items.map(\.verdict).max() ?? .fine)
    let sentence: String
    if all > .fine, let rate {
      sentence =
        "\(AuditText.percent(rate.value)) of all answers look blind, or half as many rows were "
        + "entered the wrong way round."
    } else if items.isEmpty {
      sentence = "No more answers look blind than chance explains."
    } else {
      sentence = "Blind answers by \(AuditText.listed(items.map(\.item.name)))."
    }
    let measures =
      rate.map {
        [AuditMeasure("lapse rate", $0.value, interval: ($0.low, $0.high), expected: 0)]
      } ?? []
    return AuditFinding(
      .lapses, verdict, sentence, p: min(1, 2 * min(p[0], own.min() ?? 1)), measures: measures,
      items: items.map(\.item))
  }
}

/// The share ε of blind answers among some votes at a given scale: probabilities `(1 − ε)·p + ε/2`.
struct Lapses {
  private let chances: [Double]
  /// The estimate by maximum likelihood.
  let rate: Double
  /// Twice the gain in log-likelihood over no lapses.
  let statistic: Double

  init(_ votes: ScoredVotes, _ indices: [Int]) {
    let chances = indices.compactMap {
      votes.results[$0] == 0.5 ? nil : max(votes.probability($0), 1e-300)
    }
    // The log-likelihood is concave in ε.
    func slope(_ rate: Double) -> Double {
      chances.reduce(0) { $0 + (0.5 - $1) / ((1 - rate) * $1 + rate / 2) }
    }
    var (low, high) = (0.0, 1.0)
    if chances.isEmpty || slope(0) <= 0 {
      high = 0
    } else if slope(1) >= 0 {
      low = 1
    } else {
      for _ in 0..<16 {
        let middle = (low + high) / 2
        if slope(middle) > 0 { low = middle } else { high = middle }
      }
    }
    let rate = (low + high) / 2
    (self.chances, self.rate) = (chances, rate)
    statistic = rate > 0 ? chances.reduce(0) { $0 + 2 * log((1 - rate) + rate / (2 * $1)) } : 0
  }

  /// The 95 % interval by profile likelihood.
  var interval: (low: Double, high: Double) {
    CommonObserverTraits.ends(
      rate, deviation: 0.02, reach: 3.841, within: 0...1,
      deviance: { value in
        let change = chances.reduce(0) { $0 + 2 * log((1 - value) + value / (2 * $1)) }
        return max(0, statistic - change)
      })
  }
}

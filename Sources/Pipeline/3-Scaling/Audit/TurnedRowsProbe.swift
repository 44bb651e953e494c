import Domain
import Glibc
import Statistics

/// Stretches of rows whose answers fit better the other way round, such as a block with its columns
/// exchanged.
///
/// The statistic is the largest sum of `ln((1 − p)/p)` over consecutive rows, p the probability of
/// each answer: what turning them round would gain. One is taken over the order of the file and one
/// over each observer's own rows.
struct TurnedRowsProbe: VoteProbe {
  func statistics(_ votes: ScoredVotes) -> [Double] {
    let own = votes.layout.byObserver.map { Self.best(votes, $0).gain }
    return [Self.best(votes, Array(0..<votes.layout.count)).gain, own.max() ?? 0]
  }

  func finding(
    _ found: [Double], _ references: [ReferenceDistribution], _ study: AuditedStudy
  ) -> AuditFinding {
    let p = zip(found, references).map { $1.upperTail($0) }
    let all = Array(0..<study.votes.layout.count)
    var items: [AuditItem] = []
    if study.verdict(p[0]) > .fine {
      let stretch = Self.best(study.votes, all)
      items.append(item(all, stretch.range, nil, p[0], study))
    }
    for (observer, votes) in study.votes.layout.byObserver.enumerated() {
      let stretch = Self.best(study.votes, votes)
      let chance = references[1].upperTail(stretch.gain)
      guard study.verdict(chance) > .fine else { continue }
      items.append(item(votes, stretch.range, observer, chance, study))
    }
    let least = min(1, 2 * (p.min() ?? 1))
    return AuditFinding(
      .turnedRows, items.isEmpty ? .fine : study.verdict(least),
      items.isEmpty
        ? "No stretch of rows fits better the other way round."
        : "Some rows look as if choice or photos had been exchanged.", p: least, items: items)
  }

  private func item(
    _ order: [Int], _ range: Range<Int>, _ observer: Int?, _ p: Double, _ study: AuditedStudy
  ) -> AuditItem {
    let votes = order[range]
    let contrary = votes.count { study.votes.probability($0) < 0.5 }
    let first = RowReference.text(study.votes.layout.place[votes.first ?? 0])
    let last = RowReference.text(study.votes.layout.place[votes.last ?? 0])
    let whose = observer.map { " of \(study.observer($0))" } ?? ""
    return AuditItem(
      "rows \(first) to \(last)" + whose, p: p,
      "Of the \(votes.count) answers\(whose) in rows \(first) to \(last), \(contrary) go against the "
        + "scale; turned round they would fit.")
  }

  /// The stretch of the largest gain.
  private static func best(
    _ votes: ScoredVotes, _ order: [Int]
  ) -> (gain: Double, range: Range<Int>) {
    var best = (gain: 0.0, range: 0..<0)
    var sum = 0.0
    var start = 0
    for (place, vote) in order.enumerated() where votes.results[vote] != 0.5 {
      if sum <= 0 { (sum, start) = (0, place) }
      let chance = min(max(votes.probability(vote), 1e-9), 1 - 1e-9)
      sum += log((1 - chance) / chance)
      if sum > best.gain { best = (sum, start..<(place + 1)) }
    }
    return best
  }
}

/// Places of votes inside texts, which whoever knows the file turns into its rows.
public enum RowReference {
  /// Private-use characters, which no name can be mistaken for.
  private static let marks = (open: Character("\u{F0002}"), close: Character("\u{F0003}"))

  /// The place of a vote among the votes of its scene.
  static func text(_ place: Int) -> String { "\(marks.open)\(place)\(marks.close)" }

  /// A text whose places are replaced by row numbers.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - row: The row number of the vote at a place among the votes of its scene.
  /// - Returns: The text without marks.
  public static func resolved(_ text: String, row: (Int) -> Int) -> String {
    guard text.contains(marks.open) else { return text }
    let parts = text.split(separator: marks.open, omittingEmptySubsequences: false)
    return parts.dropFirst().reduce(into: String(parts[0])) { result, part in
      guard let end = part.firstIndex(of: marks.close), let place = Int(part[..<end]) else {
        result.append(contentsOf: part)
        return
      }
      result += "\(row(place))"
      result.append(contentsOf: part[part.index(after: end)...])
    }
  }
}

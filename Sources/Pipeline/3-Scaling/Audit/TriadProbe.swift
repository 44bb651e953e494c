import Domain
import Statistics

/// Intransitivity: trios of photos of which each beats the next, more often or more clearly than
/// chance explains.
///
/// Two statistics over the trios whose three pairs were judged. The number of circular trios counts
/// majorities. The strongest trio is that of the largest efficient score of a circle, an advantage
/// γ of each photo over the next: its residuals around the circle, over the root of their
/// information less what the positions take of it.
///
/// Source: Kendall and Babington Smith 1940, doi:10.1093/biomet/31.3-4.324 (circular triads); the
/// model with a circle is the curl of Jiang, Lim, Yao and Ye 2011, doi:10.1007/s10107-010-0419-x.
struct TriadProbe: VoteProbe {
  private struct Trio {
    let photos: (Int, Int, Int)
    let pairs: (Int, Int, Int)
    /// The inverse root of the information about γ.
    let scale: Double
  }

  private let trios: [Trio]
  /// The most trios that are looked at; beyond, only pairs with more votes count.
  private static let most = 200_000

  /// Lists the trios of a study.
  ///
  /// - Parameters:
  ///   - votes: The votes, scored by their own scale.
  ///   - covariance: The covariance of the positions, row-major in squared JOD.
  init(_ votes: ScoredVotes, covariance: [Double]) {
    let (_, information) = Self.pairSums(votes)
    let layout = votes.layout
    var totals = [Int](repeating: 0, count: layout.first.count)
    for pair in layout.pair { totals[pair] += 1 }
    var found: [Trio] = []
    for least in 1...max(totals.max() ?? 1, 1) {
      let list = Self.trios(layout, pairs: totals.indices.filter { totals[$0] >= least })
      guard list.count <= Self.most else { continue }
      found = list.compactMap { photos, pairs in
        let scale = Self.scale(
          photos, pairs, information: information, covariance: covariance,
          count: layout.photos)
        return scale.map { Trio(photos: photos, pairs: pairs, scale: $0) }
      }
      break
    }
    trios = found
  }

  func statistics(_ votes: ScoredVotes) -> [Double] {
    let (scores, _) = Self.pairSums(votes)
    let counts = votes.layout.counts(votes.results)
    var circular = 0
    var largest = 0.0
    for trio in trios {
      largest = max(largest, abs(Self.circle(trio, scores)))
      if Self.isCircular(trio, counts) { circular += 1 }
    }
    return [Double(circular), largest]
  }

  func finding(
    _ found: [Double], _ references: [ReferenceDistribution], _ study: AuditedStudy
  ) -> AuditFinding {
    guard !trios.isEmpty else {
      return AuditFinding(
        .intransitivity, .fine, "No three photos were all compared with one another.")
    }
    let p = zip(found, references).map { $1.upperTail($0) }
    let (scores, _) = Self.pairSums(study.votes)
    let counts = study.votes.layout.counts(study.votes.results)
    let strongest = trios.map { (trio: $0, size: Self.circle($0, scores)) }
      .filter { references[1].upperTail(abs($0.size)) < AuditLimits.look }
      .sorted { abs($0.size) > abs($1.size) }
    var items: [AuditItem] = []
    for (trio, size) in strongest.prefix(10) {
      let chance = references[1].upperTail(abs(size))
      guard study.verdict(chance) > .fine else { break }
      items.append(item(trio, size, chance, counts, study))
    }
    let all = study.verdict(p[0])
    let verdict = max(all, items.isEmpty ? .fine : study.verdict(items[0].p ?? 1))
    let sentence =
      !items.isEmpty
      ? "Some photos beat one another in a circle, which no scale can show."
      : all > .fine
        ? "\(Int(found[0])) trios of photos beat one another in a circle; "
          + "\(AuditText.number(references[0].mean, 0)) are expected by chance."
        : "No more circles among photos than chance explains."
    return AuditFinding(
      .intransitivity, verdict, sentence, p: min(1, 2 * min(p[0], p[1])),
      measures: [
        AuditMeasure("circular trios", found[0], expected: references[0].mean),
        AuditMeasure("trios compared", Double(trios.count)),
        AuditMeasure("strongest circle, standard errors", found[1], expected: references[1].mean),
      ], items: items)
  }

  private func item(
    _ trio: Trio, _ size: Double, _ p: Double, _ counts: [Double], _ study: AuditedStudy
  ) -> AuditItem {
    let (i, j, k) = trio.photos
    let (ij, jk, ik) = trio.pairs
    let forward = size > 0
    let order = forward ? [i, j, k] : [i, k, j]
    func share(_ pair: Int, first: Bool) -> String {
      let total = counts[2 * pair] + counts[2 * pair + 1]
      return "\(AuditText.number(counts[2 * pair + (first ? 0 : 1)], 0)) of "
        + "\(AuditText.number(total, 0))"
    }
    let shares =
      forward
      ? [share(ij, first: true), share(jk, first: true), share(ik, first: false)]
      : [share(ik, first: true), share(jk, first: false), share(ij, first: false)]
    let names = order.map(study.photo)
    return AuditItem(
      names.joined(separator: " > ") + " > " + names[0], p: p,
      "\(names[0]) beats \(names[1]) in \(shares[0]) votes, \(names[1]) beats \(names[2]) in "
        + "\(shares[1]), and \(names[2]) beats \(names[0]) in \(shares[2]).")
  }

  /// The sum of scores of each pair in favor of its first photo, and the sum of information.
  private static func pairSums(_ votes: ScoredVotes) -> ([Double], [Double]) {
    var scores = [Double](repeating: 0, count: votes.layout.first.count)
    var information = scores
    for vote in 0..<votes.layout.count {
      let pair = votes.layout.pair[vote]
      scores[pair] +=
        votes.layout.a[vote] < votes.layout.b[vote] ? votes.score[vote] : -votes.score[vote]
      information[pair] += votes.information[vote]
    }
    return (scores, information)
  }

  private static func trios(
    _ layout: VoteLayout, pairs: [Int]
  ) -> [(photos: (Int, Int, Int), pairs: (Int, Int, Int))] {
    var higher = [[(photo: Int, pair: Int)]](repeating: [], count: layout.photos)
    for pair in pairs { higher[Int(layout.first[pair])].append((Int(layout.second[pair]), pair)) }
    var list: [(photos: (Int, Int, Int), pairs: (Int, Int, Int))] = []
    var link = [Int](repeating: -1, count: layout.photos)
    for i in 0..<layout.photos {
      for (j, pair) in higher[i] { link[j] = pair }
      for (j, ij) in higher[i] {
        for (k, jk) in higher[j] where link[k] >= 0 {
          list.append(((i, j, k), (ij, jk, link[k])))
          if list.count > most { return list }
        }
      }
      for (j, _) in higher[i] { link[j] = -1 }
    }
    return list
  }

  /// The inverse root of the information about a circle of i, j, k; nil where votes hardly tell.
  private static func scale(
    _ photos: (Int, Int, Int), _ pairs: (Int, Int, Int), information: [Double],
    covariance: [Double], count n: Int
  ) -> Double? {
    let (ij, jk, ki) = (information[pairs.0], information[pairs.1], information[pairs.2])
    let unit = ThurstoneLink.unitsPerJOD
    // How positions move with the circle.
    let pull = [
      (photos.0, unit * (ij - ki)), (photos.1, unit * (jk - ij)), (photos.2, unit * (ki - jk)),
    ]
    var variance = ij + jk + ki
    for (i, left) in pull {
      for (j, right) in pull { variance -= left * right * covariance[i * n + j] }
    }
    return variance > 1 ? 1 / variance.squareRoot() : nil
  }

  private static func circle(_ trio: Trio, _ scores: [Double]) -> Double {
    (scores[trio.pairs.0] + scores[trio.pairs.1] - scores[trio.pairs.2]) * trio.scale
  }

  private static func isCircular(_ trio: Trio, _ counts: [Double]) -> Bool {
    func lead(_ pair: Int) -> Double { counts[2 * pair] - counts[2 * pair + 1] }
    let (ij, jk, ik) = (lead(trio.pairs.0), lead(trio.pairs.1), lead(trio.pairs.2))
    return ij > 0 && jk > 0 && ik < 0 || ij < 0 && jk < 0 && ik > 0
  }
}

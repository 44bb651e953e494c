import Domain
import Statistics

/// Photos that do not behave like one photo with one quality.
///
/// Three statistics for each photo: the deviance of its votes; how far observers disagree about it,
/// each with an opinion of his or her own (the sum over observers of products of different scores);
/// and how far its first votes lie from its last ones, as when a file was replaced.
struct PhotoFitProbe: VoteProbe {
  private enum Kind: Int, CaseIterable {
    case scatter
    case observers
    case halves
  }

  func statistics(_ votes: ScoredVotes) -> [Double] {
    var result: [Double] = []
    var own = [Double](repeating: 0, count: votes.layout.observers)
    for (photo, list) in votes.layout.byPhoto.enumerated() {
      var squares = 0.0
      var early = 0.0
      for (rank, vote) in list.enumerated() {
        let score = votes.score(vote, of: photo)
        own[votes.layout.observer[vote]] += score
        squares += score * score
        if rank < list.count / 2 { early += score }
      }
      var products = -squares
      for vote in list {
        let observer = votes.layout.observer[vote]
        products += own[observer] * own[observer]
        own[observer] = 0
      }
      result += [votes.deviance(list), products, abs(early)]
    }
    return result
  }

  func finding(
    _ found: [Double], _ references: [ReferenceDistribution], _ study: AuditedStudy
  ) -> AuditFinding {
    let p = MultipleTesting.holm.adjust(zip(found, references).map { $1.upperTail($0) })
    var items: [(item: AuditItem, verdict: AuditVerdict)] = []
    for (photo, votes) in study.votes.layout.byPhoto.enumerated() where !votes.isEmpty {
      let kinds = Kind.allCases.filter { study.verdict(p[3 * photo + $0.rawValue]) > .fine }
      guard !kinds.isEmpty else { continue }
      let least = kinds.map { p[3 * photo + $0.rawValue] }.min() ?? 1
      let sentences = kinds.map { kind in
        sentence(kind, photo, votes, found[3 * photo + kind.rawValue], study)
      }
      items.append(
        (
          AuditItem(study.photo(photo), p: least, sentences.joined(separator: " ")),
          study.verdict(least)
        ))
    }
    items.sort { ($0.item.p ?? 1) < ($1.item.p ?? 1) }
    return AuditFinding(
      .photoFit, items.map(\.verdict).max() ?? .fine,
      items.isEmpty
        ? "Every photo behaves like one photo with one quality."
        : "These photos do not behave like one photo with one quality: "
          + "\(AuditText.listed(items.map(\.item.name))).", p: p.min(),
      items: items.map(\.item))
  }

  private func sentence(
    _ kind: Kind, _ photo: Int, _ votes: [Int], _ found: Double, _ study: AuditedStudy
  ) -> String {
    let unit = ThurstoneLink.unitsPerJOD
    let scored = study.votes
    switch kind {
    case .scatter:
      let (outfit, infit) = scored.meanSquares(votes)
      return "Its answers scatter more than expected (outfit \(AuditText.number(outfit)), infit "
        + "\(AuditText.number(infit)), where 1 is expected)."
    case .observers:
      var own: [Int: Double] = [:]
      var pairs = 0.0
      for vote in votes {
        own[scored.layout.observer[vote], default: 0] += scored.information[vote]
      }
      for vote in votes {
        let information = scored.information[vote]
        pairs += information * (own[scored.layout.observer[vote], default: 0] - information)
      }
      let spread = pairs > 0 ? (max(found, 0) / pairs).squareRoot() / unit : 0
      return "Observers disagree about it: their own opinions of it spread by "
        + "\(AuditText.number(spread, 1)) JOD, as if it had several qualities."
    case .halves:
      let early = votes.prefix(votes.count / 2)
      let late = votes.dropFirst(votes.count / 2)
      func shift(_ part: ArraySlice<Int>) -> Double {
        let information = part.reduce(0) { $0 + scored.information[$1] }
        let score = part.reduce(0) { $0 + scored.score($1, of: photo) }
        return information > 0 ? score / information / unit : 0
      }
      let change = shift(late) - shift(early)
      return "It was judged \(AuditText.number(abs(change), 1)) JOD "
        + "\(change > 0 ? "better" : "worse") in the second half of its votes: was the file "
        + "replaced?"
    }
  }
}

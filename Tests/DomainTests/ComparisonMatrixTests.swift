import Domain
import Testing

@Suite struct ComparisonMatrixTests {
  /// Votes that follow from their number alone, some of a photo against itself.
  private let votes = (0..<5000).map { number in
    SceneJudgements.Vote(
      observer: number % 7, a: number * 37 % 61, b: (number * number / 7) % 61,
      choice: number % 11 == 0 ? .tie : number % 3 == 0 ? .b : .a)
  }

  @Test func votesCountAsTheirPairsDo() {
    for weights in [[1.0], [0, 1, 2], [0.1, 0.7, 0, 1.3]] {
      func weight(_ vote: SceneJudgements.Vote) -> Double { weights[vote.observer % weights.count] }
      let single = votes.filter { $0.a != $0.b && weight($0) != 0 }.map { vote in
        let isForFirst = (vote.choice == .a) == (vote.a < vote.b)
        let isTie = vote.choice == .tie
        return ComparisonMatrix.Pair(
          first: min(vote.a, vote.b), second: max(vote.a, vote.b),
          firstWins: !isTie && isForFirst ? weight(vote) : 0,
          secondWins: !isTie && !isForFirst ? weight(vote) : 0, ties: isTie ? weight(vote) : 0)
      }
      let counted = ComparisonMatrix(count: 61, votes: votes, weight: weight)
      #expect(counted == ComparisonMatrix(count: 61, pairs: single))
      #expect(counted.pairs.count == 232)
    }
  }

  @Test func comparisonsOfAPhotoAreThoseOfItsPairs() {
    let judgements = SceneJudgements(
      scene: "S", attribute: .details, photos: (0..<61).map { PhotoID("\($0)") },
      observers: (0..<7).map { ObserverID("\($0)") }, votes: votes)
    #expect(judgements.comparisonsPerPhoto == ComparisonMatrix(judgements).comparisonsPerPhoto)
  }
}

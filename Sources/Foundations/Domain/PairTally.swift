/// Counts votes pair by pair in one pass over the votes of each photo.
struct PairTally {
  /// The votes on two different photos, by their first photo, in the order given.
  private let order: [Int32]
  /// The votes of photo i are `order[starts[i]..<starts[i + 1]]`.
  private let starts: [Int]

  init(count: Int, votes: [SceneJudgements.Vote]) {
    var starts = [Int](repeating: 0, count: count + 1)
    for vote in votes where vote.a != vote.b { starts[min(vote.a, vote.b) + 1] += 1 }
    for photo in 0..<count { starts[photo + 1] += starts[photo] }
    var order = [Int32](repeating: 0, count: starts[count])
    var next = starts
    for (place, vote) in votes.enumerated() where vote.a != vote.b {
      let first = min(vote.a, vote.b)
      order[next[first]] = Int32(place)
      next[first] += 1
    }
    (self.order, self.starts) = (order, starts)
  }

  /// The counts of every pair with votes of a weight other than 0, ascending by (first, second).
  func pairs(
    _ votes: [SceneJudgements.Vote], weight: (SceneJudgements.Vote) -> Double
  ) -> [ComparisonMatrix.Pair] {
    var pairs: [ComparisonMatrix.Pair] = []
    /// Where the pair with a second photo stands among those of the first one.
    var slots = [Int32](repeating: -1, count: starts.count - 1)
    var own: [ComparisonMatrix.Pair] = []
    for first in 0..<(starts.count - 1) {
      own.removeAll(keepingCapacity: true)
      for place in order[starts[first]..<starts[first + 1]] {
        let vote = votes[Int(place)]
        let weight = weight(vote)
        guard weight != 0 else { continue }
        let second = max(vote.a, vote.b)
        if slots[second] < 0 {
          slots[second] = Int32(own.count)
          own.append(ComparisonMatrix.Pair(first: first, second: second))
        }
        let slot = Int(slots[second])
        switch (vote.choice, vote.a == first) {
        case (.a, true), (.b, false): own[slot].firstWins += weight
        case (.b, true), (.a, false): own[slot].secondWins += weight
        case (.tie, _): own[slot].ties += weight
        }
      }
      for pair in own { slots[pair.second] = -1 }
      pairs += own.sorted { $0.second < $1.second }
    }
    return pairs
  }
}

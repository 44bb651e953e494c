/// Counts votes pair by pair in one pass over them.
struct PairTally {
  private let count: Int
  private var pairs: [ComparisonMatrix.Pair] = []
  /// The places of pairs in `pairs`, plus 1, where their hashes point to; a power of two, 0 is free.
  private var slots = [Int32](repeating: 0, count: 1024)

  /// Starts with no votes on `count` photos.
  init(count: Int) { self.count = count }

  /// Adds a vote of a weight; votes of one pair add up in the order in which they come.
  mutating func add(_ vote: SceneJudgements.Vote, weight: Double) {
    let (first, second) = (min(vote.a, vote.b), max(vote.a, vote.b))
    let place = place(first, second)
    switch (vote.choice, vote.a == first) {
    case (.a, true), (.b, false): pairs[place].firstWins += weight
    case (.b, true), (.a, false): pairs[place].secondWins += weight
    case (.tie, _): pairs[place].ties += weight
    }
  }

  /// The counts, ascending by (first, second).
  func sorted() -> [ComparisonMatrix.Pair] {
    pairs.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }

  private mutating func place(_ first: Int, _ second: Int) -> Int {
    var slot = slot(first, second)
    while slots[slot] != 0 {
      let place = Int(slots[slot] - 1)
      if pairs[place].first == first, pairs[place].second == second { return place }
      slot = (slot + 1) & (slots.count - 1)
    }
    pairs.append(ComparisonMatrix.Pair(first: first, second: second))
    slots[slot] = Int32(pairs.count)
    if 2 * pairs.count > slots.count { grow() }
    return pairs.count - 1
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: 4 * slots.count)
    for (place, pair) in pairs.enumerated() {
      var slot = slot(pair.first, pair.second)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(place + 1)
    }
  }

  /// Where the search for a pair starts; Knuth's multiplicative hash.
  private func slot(_ first: Int, _ second: Int) -> Int {
    let key = UInt64(first * count + second) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: key >> 32) & (slots.count - 1)
  }
}

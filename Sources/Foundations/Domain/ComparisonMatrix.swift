/// How often each photo of a scene was preferred to each other one: an `n × n` matrix of counts, held sparse.
public struct ComparisonMatrix: Hashable, Sendable {
  /// The counts of one compared pair, `first < second`.
  public struct Pair: Hashable, Sendable {
    /// Index of the first photo.
    public let first: Int
    /// Index of the second photo; always above `first`.
    public let second: Int
    /// How often `first` was chosen.
    ///
    /// Fractional where ties count as half votes.
    public var firstWins: Double
    /// How often `second` was chosen.
    public var secondWins: Double
    /// How often neither was chosen.
    public var ties: Double

    /// Makes the counts of one pair; `first` must be below `second`.
    public init(
      first: Int, second: Int, firstWins: Double = 0, secondWins: Double = 0, ties: Double = 0
    ) {
      self.first = first
      self.second = second
      self.firstWins = firstWins
      self.secondWins = secondWins
      self.ties = ties
    }

    /// All answers on this pair, ties included.
    public var total: Double { firstWins + secondWins + ties }
  }

  /// The number of photos, `n`.
  public let count: Int
  /// The compared pairs, ascending by (first, second), each once.
  public let pairs: [Pair]

  /// Makes a matrix of `count` photos from pairs in any order; counts of the same pair are added up.
  public init(count: Int, pairs: [Pair]) {
    var merged: [Int: Pair] = [:]
    for pair in pairs {
      let key = pair.first * count + pair.second
      if var known = merged[key] {
        known.firstWins += pair.firstWins
        known.secondWins += pair.secondWins
        known.ties += pair.ties
        merged[key] = known
      } else {
        merged[key] = pair
      }
    }
    self.count = count
    self.pairs = merged.keys.sorted().compactMap { merged[$0] }
  }

  /// Counts votes, each with a weight (bootstrap replicates give an observer's votes weight 0, 1, 2 …).
  public init(count: Int, votes: [SceneJudgements.Vote], weight: (SceneJudgements.Vote) -> Double) {
    var tally = PairTally(count: count)
    for vote in votes where vote.a != vote.b {
      let weight = weight(vote)
      if weight != 0 { tally.add(vote, weight: weight) }
    }
    self.count = count
    pairs = tally.sorted()
  }

  /// Counts every vote of a scene once.
  public init(_ judgements: SceneJudgements) {
    self.init(count: judgements.photos.count, votes: judgements.votes) { _ in 1 }
  }

  /// The number of answers that each photo took part in, in the order of the photos.
  public var comparisonsPerPhoto: [Double] {
    var totals = [Double](repeating: 0, count: count)
    for pair in pairs {
      totals[pair.first] += pair.total
      totals[pair.second] += pair.total
    }
    return totals
  }
}

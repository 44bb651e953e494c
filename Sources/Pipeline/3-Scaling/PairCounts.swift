import Domain

/// The counts of the compared pairs as parallel arrays, ascending by (first, second): what the
/// solvers work on.
struct PairCounts: Sendable {
  /// The number of photos.
  let count: Int
  /// The first photo of each pair.
  var first: [Int32] = []
  /// The second photo of each pair, above the first.
  var second: [Int32] = []
  /// The votes for the first photo.
  var wins: [Double] = []
  /// The votes for the second photo.
  var losses: [Double] = []
  /// The answers «neither», 0 everywhere when they count as half votes.
  var ties: [Double] = []
  /// The votes of each photo against itself, from pairs of identical photos; only pwcmp's prior has
  /// a use for them.
  var selfVotes: [Double] = []

  /// Reads a matrix; pairs without a vote are left out.
  init(_ matrix: ComparisonMatrix, ties rule: TieRule, selfVotes: [Double] = []) throws {
    count = matrix.count
    self.selfVotes = selfVotes
    for pair in matrix.pairs where pair.total != 0 {
      let counts = [pair.firstWins, pair.secondWins, pair.ties]
      guard pair.first >= 0, pair.first < pair.second, pair.second < count,
        counts.allSatisfy({ $0 >= 0 && $0.isFinite })
      else {
        throw InputError(
          "comparisons of photos \(pair.first) and \(pair.second)",
          "no counts of \(count) photos: \(counts)",
          remedy: "give two different photos in order, and counts of at least 0")
      }
      append(
        pair.first, pair.second, wins: pair.firstWins, losses: pair.secondWins, ties: pair.ties,
        rule: rule)
    }
  }

  /// Makes empty counts of `count` photos.
  init(count: Int) { self.count = count }

  /// Adds a pair behind the others.
  mutating func append(
    _ i: Int, _ j: Int, wins k: Double, losses l: Double, ties t: Double, rule: TieRule
  ) {
    let half = rule == .halfVotes ? t / 2 : 0
    first.append(Int32(i))
    second.append(Int32(j))
    wins.append(k + half)
    losses.append(l + half)
    ties.append(t - 2 * half)
  }

  /// The number of compared pairs.
  var pairs: Int { first.count }
}

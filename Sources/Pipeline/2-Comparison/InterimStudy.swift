import Domain
import Statistics

/// The votes of a running simulation with the scale that they give so far.
///
/// The scale is Thurstone's with the default prior, as `next-pairs` has it. Between two batches it
/// moves little, so that one step of Newton's method from the last positions finds it well within
/// its own standard errors.
struct InterimStudy: StudyEvidence {
  /// The number of photos.
  let photos: Int
  private var count: Int { photos }
  /// Votes for the row's photo over the column's, row-major.
  private var wins: [Double]
  /// The compared pairs, each once, in the order of their first vote.
  private var pairs: [(first: Int, second: Int)] = []
  private var positions: [Double]
  private var isFitted = false
  private var asap: GaussianBeliefs
  /// The votes that ``asap`` has not seen.
  private var unseen: [(winner: Int, loser: Int)] = []

  init(photos: Int) {
    self.photos = photos
    asap = GaussianBeliefs(items: photos)
    wins = Array(repeating: 0, count: photos * photos)
    positions = Array(repeating: 0, count: photos)
  }

  mutating func add(winner: Int, loser: Int) {
    if wins[winner * count + loser] + wins[loser * count + winner] == 0 {
      pairs.append((min(winner, loser), max(winner, loser)))
    }
    wins[winner * count + loser] += 1
    unseen.append((winner, loser))
  }

  /// All votes.
  var comparisons: ComparisonMatrix {
    ComparisonMatrix(
      count: count,
      pairs: pairs.map { first, second in
        ComparisonMatrix.Pair(
          first: first, second: second, firstWins: wins[first * count + second],
          secondWins: wins[second * count + first])
      })
  }

  /// What the votes say, with mean 0.
  mutating func posterior() throws -> QualityPosterior {
    // The first scale is far from its start.
    for _ in 0..<(isFitted ? 0 : 8) { _ = try step() }
    isFitted = true
    let covariance = try step()
    return try QualityPosterior(
      means: positions, covariance: centeredCovariance(covariance, count: count))
  }

  /// ASAP's scale, settled to a thousandth of a JOD or so.
  mutating func asapScale() -> (means: [Double], variances: [Double]) {
    for vote in unseen { asap.add(winner: vote.winner, loser: vote.loser, votes: 1) }
    unseen = []
    asap.settle(tolerance: 1e-4, rounds: 100)
    return asap.scale
  }

  /// One step of Newton's method; the covariance is that of the positions before it.
  private mutating func step() throws -> [Double] {
    let unit = 1 / JOD.differenceSigma
    let ridge = 1 / 25.0
    var gradient = positions.map { -ridge * $0 }
    var information = [Double](repeating: 0, count: count * count)
    SlopeTable.thurstone.withView { table in
      for (i, j) in pairs {
        let votes = table.votes(
          (positions[i] - positions[j]) * unit, wins: wins[i * count + j],
          losses: wins[j * count + i])
        let (slope, weight) = (votes.slope * unit, votes.weight * unit * unit)
        gradient[i] += slope
        gradient[j] -= slope
        information[j * count + i] -= weight
        information[i * count + i] += weight
        information[j * count + j] += weight
      }
    }
    for i in 0..<count { information[i * count + i] += ridge }
    guard let factor = Cholesky(information, count: count) else {
      throw InputError(
        "simulated study", "its scale could not be computed", remedy: "give more votes")
    }
    let step = factor.solve(gradient)
    let length = step.reduce(0) { max($0, abs($1)) }
    let fraction = min(1, 3 / max(length, 1e-300))
    for i in 0..<count { positions[i] += fraction * step[i] }
    return factor.inverse()
  }
}

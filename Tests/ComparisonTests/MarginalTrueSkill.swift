import Domain
import Statistics

/// TrueSkill's marginal expectation propagation, plain and converged: what ASAP's exact gains rest on.
///
/// Prior variance ½ per photo and variance 1 of a performance difference; results in JOD and JOD².
func marginalTrueSkill(_ matrix: ComparisonMatrix) -> (means: [Double], variances: [Double]) {
  var votes: [(winner: Int, loser: Int, count: Double)] = []
  for pair in matrix.pairs {
    if pair.firstWins > 0 { votes.append((pair.first, pair.second, pair.firstWins)) }
    if pair.secondWins > 0 { votes.append((pair.second, pair.first, pair.secondWins)) }
  }
  var precision = [Double](repeating: 2, count: matrix.count)
  var shift = [Double](repeating: 0, count: matrix.count)
  var messages = votes.map { _ in (winner: (0.0, 0.0), loser: (0.0, 0.0)) }
  for _ in 0..<3_000 {
    var change = 0.0
    for (k, vote) in votes.enumerated() {
      let (w, l) = (vote.winner, vote.loser)
      let pw = precision[w] - messages[k].winner.0
      let pl = precision[l] - messages[k].loser.0
      let mw = (shift[w] - messages[k].winner.1) / pw
      let ml = (shift[l] - messages[k].loser.1) / pl
      let v = 1 + 1 / pw + 1 / pl
      let (psi, lambda, _) = StandardNormal.truncation((mw - ml) / v.squareRoot())
      let mean = mw - ml + v.squareRoot() * psi
      let performance = 1 / (v * (1 - lambda))
      let message = performance - 1 / v
      let centre = (mean * performance - (mw - ml) / v) / message
      let toWinner = 1 / (1 + 1 / message + 1 / pl)
      let toLoser = 1 / (1 + 1 / message + 1 / pw)
      let new = ((toWinner, toWinner * (centre + ml)), (toLoser, toLoser * (mw - centre)))
      // Half steps: equal votes share one message and move together.
      let step = 0.5 / vote.count.squareRoot()
      let old = messages[k]
      messages[k].winner.0 += step * (new.0.0 - old.winner.0)
      messages[k].winner.1 += step * (new.0.1 - old.winner.1)
      messages[k].loser.0 += step * (new.1.0 - old.loser.0)
      messages[k].loser.1 += step * (new.1.1 - old.loser.1)
      precision[w] += vote.count * (messages[k].winner.0 - old.winner.0)
      shift[w] += vote.count * (messages[k].winner.1 - old.winner.1)
      precision[l] += vote.count * (messages[k].loser.0 - old.loser.0)
      shift[l] += vote.count * (messages[k].loser.1 - old.loser.1)
      change = max(change, abs(new.0.1 - old.winner.1), abs(new.0.0 - old.winner.0))
    }
    if change < 1e-12 { break }
  }
  let unit = JOD.differenceSigma
  return (
    zip(shift, precision).map { $0 / $1 * unit }, precision.map { unit * unit / $0 }
  )
}

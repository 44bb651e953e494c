import Domain
import Glibc
import Statistics

/// The distance prior of pwcmp: the distances of a study should be as likely as its counts make
/// them on average.
///
/// For ordered compared pairs r and s with chances p_r and counts k̃_s of n_s, A_rs = p_r^k̃_s·(1 −
/// p_r)^(n_s − k̃_s) and π_r = Σ_s A_rs / Σ_r′ A_r′s; the objective gains Σ_r ln(π_r + 0.1). In k̃,
/// a unanimous count is moved by one vote.
///
/// The public code, with which published scales were made, so turns a single vote round, and it
/// takes votes between identical photos for one more pair at distance 0. Both can be repaired: a
/// single vote then counts half.
///
/// A depends on a pair's counts only, so pairs with equal counts are summed once. Everything is in
/// the log domain.
///
/// Source: Perez-Ortiz and Mantiuk 2017, arXiv:1712.03686.
struct PwcmpPrior {
  private struct CountClass: Hashable {
    let wins: Double
    let losses: Double
  }

  private let pairs: PairCounts
  private let classes: [CountClass]
  private let multiplicities: [Double]
  private let offset = 0.1
  private let selfPairs: Double

  init(_ pairs: PairCounts, repaired: Bool) {
    self.pairs = pairs
    selfPairs = repaired ? 0 : Double(pairs.selfVotes.count { $0 > 0 })
    var found: [CountClass: Double] = [:]
    for pair in 0..<pairs.pairs {
      let (k, l) = (pairs.wins[pair], pairs.losses[pair])
      guard k + l > 0 else { continue }
      let shift = repaired ? min(1, (k + l) / 2) : min(1, k + l)
      let softened = CountClass(
        wins: k == 0 ? shift : l == 0 ? k - shift : k,
        losses: l == 0 ? shift : k == 0 ? l - shift : l)
      found[softened, default: 0] += 1
      found[CountClass(wins: softened.losses, losses: softened.wins), default: 0] += 1
    }
    if !repaired {
      // A vote on identical photos lies on the matrix's diagonal, which stands once and is its own
      // mirror image.
      for votes in pairs.selfVotes where votes > 0 {
        found[CountClass(wins: votes, losses: votes), default: 0] += 1
      }
    }
    let ordered = found.keys.sorted { ($0.wins, $0.losses) < ($1.wins, $1.losses) }
    classes = ordered
    multiplicities = ordered.map { found[$0, default: 0] }
  }

  /// Half of the prior's part of pwcmp's objective, to be minimized, with its gradient per JOD.
  ///
  /// Half, because pwcmp counts each pair in both orders, and the likelihood here counts it once.
  func evaluate(_ q: [Double]) -> (value: Double, gradient: [Double]) {
    let unit = ThurstoneLink.unitsPerJOD
    let active = (0..<pairs.pairs).filter { pairs.wins[$0] + pairs.losses[$0] > 0 }
    let (m, s) = (active.count, classes.count)
    var chance = [Double](repeating: 0, count: m * s)
    var mirrored = chance
    var slopes: [(better: Double, worse: Double)] = []
    slopes.reserveCapacity(m)
    var logs: [(better: Double, worse: Double)] = []
    logs.reserveCapacity(m)
    for pair in active {
      let x = (q[Int(pairs.first[pair])] - q[Int(pairs.second[pair])]) * unit
      logs.append((StandardNormal.logCdf(x), StandardNormal.logCdf(-x)))
      slopes.append((StandardNormal.inverseMills(x), StandardNormal.inverseMills(-x)))
    }
    var shares = [Double](repeating: 0, count: m)
    var selfChance = [Double](repeating: 0, count: s)
    var selfShare = 0.0
    let logHalf = -M_LN2
    for c in 0..<s {
      let (k, l) = (classes[c].wins, classes[c].losses)
      let level = (k + l) * logHalf
      var largest = selfPairs > 0 ? level : -Double.infinity
      for r in 0..<m {
        let forward = k * logs[r].better + l * logs[r].worse
        let backward = k * logs[r].worse + l * logs[r].better
        chance[r * s + c] = forward
        mirrored[r * s + c] = backward
        largest = max(largest, forward, backward)
      }
      selfChance[c] = exp(level - largest)
      var total = selfPairs * selfChance[c]
      for r in 0..<m {
        chance[r * s + c] = exp(chance[r * s + c] - largest)
        mirrored[r * s + c] = exp(mirrored[r * s + c] - largest)
        total += chance[r * s + c] + mirrored[r * s + c]
      }
      for r in 0..<m {
        chance[r * s + c] /= total
        mirrored[r * s + c] /= total
        shares[r] += multiplicities[c] * chance[r * s + c]
      }
      selfChance[c] /= total
      selfShare += multiplicities[c] * selfChance[c]
    }
    var value = 0.0
    var pull = [Double](repeating: 0, count: s)
    for r in 0..<m {
      value -= log(shares[r] + offset)
      for c in 0..<s { pull[c] += multiplicities[c] * chance[r * s + c] / (shares[r] + offset) }
    }
    value -= 0.5 * selfPairs * log(selfShare + offset)
    for c in 0..<s {
      pull[c] += 0.5 * selfPairs * multiplicities[c] * selfChance[c] / (selfShare + offset)
    }
    var gradient = [Double](repeating: 0, count: pairs.count)
    for r in 0..<m {
      var slope = 0.0
      for c in 0..<s {
        let (k, l) = (classes[c].wins, classes[c].losses)
        let forward = chance[r * s + c] * (k * slopes[r].better - l * slopes[r].worse)
        let backward = mirrored[r * s + c] * (l * slopes[r].better - k * slopes[r].worse)
        slope += multiplicities[c] * forward / (shares[r] + offset) - pull[c] * (forward + backward)
      }
      gradient[Int(pairs.first[active[r]])] -= slope * unit
      gradient[Int(pairs.second[active[r]])] += slope * unit
    }
    return (value, gradient)
  }

  /// The mode of likelihood and prior, with mean 0.
  func maximum(from start: [Double]? = nil, inverseHessian: [Double]? = nil) throws -> ScaleFit {
    let (search, likelihood) = try search(from: start, inverseHessian: inverseHessian)
    let hessian = numericalHessian(search.position, likelihood: likelihood)
    let covariance = Cholesky(hessian, count: pairs.count)?.inverse() ?? search.inverseHessian
    return ScaleFit(
      centering: search.position, covariance: covariance,
      logLikelihood: likelihood.logLikelihood(search.position), iterations: search.iterations)
  }

  /// The search alone, for replicates that need no covariance.
  func search(
    from start: [Double]?, inverseHessian: [Double]?
  ) throws -> (QuasiNewton, LikelihoodFit<ThurstoneLink>) {
    // A weak Gaussian start is finite for every design; the mean's own small term, 0.005·mean²,
    // only fixes the gauge.
    let likelihood = LikelihoodFit<ThurstoneLink>(pairs: pairs, ridge: 0)
    let begin: [Double]
    let shape: [Double]
    if let start, let inverseHessian {
      (begin, shape) = (start, inverseHessian)
    } else {
      let soft = try LikelihoodFit<ThurstoneLink>(pairs: pairs, ridge: 0.04).maximum(from: start)
      (begin, shape) = (soft.jod, soft.covariance)
    }
    let search = QuasiNewton(from: begin, inverseHessian: shape) { q in
      let prior = evaluate(q)
      let gradient = likelihood.slopes(q).gradient
      return (
        prior.value - likelihood.logLikelihood(q), zip(prior.gradient, gradient).map { $0 - $1 }
      )
    }
    guard search.converged else {
      throw ScalingError.notConverged(iterations: search.iterations)
    }
    return (search, likelihood)
  }

  /// The likelihood's information plus the prior's curvature by central differences of its
  /// gradient.
  private func numericalHessian(
    _ q: [Double], likelihood: LikelihoodFit<ThurstoneLink>
  ) -> [Double] {
    let n = pairs.count
    var matrix = likelihood.information(weights: likelihood.slopes(q).weights)
    let width = 1e-4
    for i in 0..<n {
      var (above, below) = (q, q)
      above[i] += width
      below[i] -= width
      let (up, down) = (evaluate(above).gradient, evaluate(below).gradient)
      for j in 0..<n {
        let slope = (up[j] - down[j]) / (4 * width)
        matrix[i * n + j] += slope
        matrix[j * n + i] += slope
      }
    }
    return matrix
  }
}

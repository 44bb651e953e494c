import Domain
import Glibc
import Statistics

/// Positions in a published unit, given published positions and new votes.
///
/// The published positions are a Gaussian prior N(m, S); photos that are not among them have the
/// default prior around the published mean. A vote prefers photo i to j with the probability
/// Φ(k·(v_i − v_j)/1.4826), where k is the number of JOD in one published unit: 1 where the unit is
/// the JOD, else estimated, log k ~ N(0, 1).
///
/// k maximizes the likelihood with the positions integrated out by Laplace's method. With few votes
/// it comes out some percent too large, as it does at the joint mode: ``AnchoredStretch``.
struct AnchoredFit {
  /// The positions, in the published unit.
  let positions: [Double]
  /// The number of JOD in one published unit.
  let jodPerUnit: Double
  /// The covariance of positions and, where it is estimated, log k.
  let inverse: [Double]
  /// The rows of `inverse`.
  let size: Int
  /// The precision of the prior, `size × size`.
  let priorPrecision: [Double]

  /// The covariance of the positions by the observed information, row-major.
  var covariance: [Double] { block(inverse) }

  /// The standard deviation of log k; 0 where the unit is the JOD.
  var logUnitDeviation: Double {
    size > positions.count ? inverse[size * size - 1].squareRoot() : 0
  }

  /// The part of a matrix of all unknowns that belongs to positions.
  func block(_ matrix: [Double]) -> [Double] {
    let n = positions.count
    return (0..<n * n).map { matrix[$0 / n * size + $0 % n] }
  }

  /// Takes what another fit found.
  init(
    positions: [Double], jodPerUnit: Double, inverse: [Double], size: Int, priorPrecision: [Double]
  ) {
    (self.positions, self.jodPerUnit, self.inverse) = (positions, jodPerUnit, inverse)
    (self.size, self.priorPrecision) = (size, priorPrecision)
  }

  /// Finds the positions and the unit.
  ///
  /// - Parameters:
  ///   - published: The published positions; they are the first photos.
  ///   - comparisons: The votes between the published photos and those that follow them.
  ///   - ties: What a tie means.
  ///   - ridge: The inverse prior variance of photos that were not published.
  /// - Throws: `ScalingError` when no maximum is found.
  init(
    _ published: PublishedScale, _ comparisons: ComparisonMatrix, ties: TieRule, ridge: Double
  ) throws {
    let model = try AnchoredModel(published, comparisons, ties: ties, ridge: ridge)
    let n = comparisons.count
    guard published.scale.convention != .jod else {
      let mode = try model.mode(unit: 1, from: model.origin)
      (positions, jodPerUnit, size) = (mode.positions, 1, n)
      inverse = mode.factor.inverse()
      priorPrecision = model.precision
      return
    }
    let (logUnit, deviation) = try model.logUnit()
    let mode = try model.mode(unit: exp(logUnit), from: model.origin)
    (positions, jodPerUnit, size) = (mode.positions, exp(logUnit), n + 1)
    // Positions follow the unit along this direction.
    let along = mode.factor.solve(model.pullOfUnit(mode, unit: exp(logUnit)))
    let own = mode.factor.inverse()
    let variance = deviation * deviation
    var joint = [Double](repeating: 0, count: (n + 1) * (n + 1))
    var precision = joint
    for i in 0..<n {
      for j in 0..<n {
        joint[i * (n + 1) + j] = own[i * n + j] + variance * along[i] * along[j]
        precision[i * (n + 1) + j] = model.precision[i * n + j]
      }
      joint[i * (n + 1) + n] = variance * along[i]
      joint[n * (n + 1) + i] = variance * along[i]
    }
    joint[(n + 1) * (n + 1) - 1] = variance
    precision[(n + 1) * (n + 1) - 1] = 1
    (inverse, priorPrecision) = (joint, precision)
  }
}

/// The posterior of positions for a given unit.
private struct AnchoredModel {
  /// Where the prior has its center.
  let origin: [Double]
  /// The inverse covariance of the prior, row-major.
  let precision: [Double]
  private let likelihood: LikelihoodFit<ThurstoneLink>

  /// The most probable positions for a unit, and the information around them.
  struct Mode {
    let positions: [Double]
    let logPosterior: Double
    let factor: Cholesky
  }

  init(
    _ published: PublishedScale, _ comparisons: ComparisonMatrix, ties: TieRule, ridge: Double
  ) throws {
    let (known, n) = (published.positions, comparisons.count)
    likelihood = LikelihoodFit<ThurstoneLink>(
      pairs: try PairCounts(comparisons, ties: ties, selfVotes: [Double](repeating: 0, count: n)),
      ridge: 0)
    guard let prior = Cholesky(published.covariance, count: known.count)?.inverse() else {
      throw InputError(
        "scene \(published.scale.scene), \(published.scale.attribute)",
        "the published covariance is not positive", remedy: "leave the covariances away")
    }
    var precision = [Double](repeating: 0, count: n * n)
    for i in known.indices {
      for j in known.indices { precision[i * n + j] = prior[i * known.count + j] }
    }
    for i in known.count..<n { precision[i * n + i] = ridge }
    self.precision = precision
    origin = known + [Double](repeating: Descriptive.mean(known), count: n - known.count)
  }

  /// Damped Newton steps from a start.
  func mode(unit k: Double, from start: [Double]) throws -> Mode {
    let n = origin.count
    var v = start
    var current = logPosterior(v, k)
    for _ in 1...200 {
      let (gradient, weights) = likelihood.slopes(v.map { k * $0 })
      let pull = pull(v)
      let slope = (0..<n).map { k * gradient[$0] + pull[$0] }
      guard let factor = Cholesky(information(weights, k), count: n) else { break }
      let step = factor.solve(slope)
      let gain = zip(slope, step).reduce(0) { $0 + $1.0 * $1.1 }
      var fraction = 1.0
      var (next, value) = (v, current)
      repeat {
        next = zip(v, step).map { $0 + fraction * $1 }
        value = logPosterior(next, k)
        if value >= current + 1e-4 * fraction * gain || gain < 1e-9 { break }
        fraction /= 2
      } while fraction > 1e-10
      let length = step.reduce(0) { max($0, abs($1)) } * fraction
      (v, current) = (next, value)
      guard length < 1e-7 else { continue }
      let last = likelihood.slopes(v.map { k * $0 }).weights
      guard let factor = Cholesky(information(last, k), count: n) else { break }
      return Mode(positions: v, logPosterior: current, factor: factor)
    }
    throw ScalingError.notConverged(iterations: 200)
  }

  /// The logarithm of the unit with its standard deviation: the maximum of the marginal posterior
  /// by golden section, and the curvature there.
  func logUnit() throws -> (value: Double, deviation: Double) {
    var start = origin
    func marginal(_ tau: Double) throws -> Double {
      let mode = try mode(unit: exp(tau), from: start)
      start = mode.positions
      return mode.logPosterior - 0.5 * mode.factor.logDeterminant - 0.5 * tau * tau
    }
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (-3.0, 3.0)
    var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
    var (atLeft, atRight) = (try marginal(left), try marginal(right))
    while high - low > 1e-4 {
      if atLeft > atRight {
        (high, right, atRight) = (right, left, atLeft)
        left = high - ratio * (high - low)
        atLeft = try marginal(left)
      } else {
        (low, left, atLeft) = (left, right, atRight)
        right = low + ratio * (high - low)
        atRight = try marginal(right)
      }
    }
    let tau = (low + high) / 2
    let width = 0.02
    let curvature =
      (2 * (try marginal(tau)) - (try marginal(tau - width)) - (try marginal(tau + width)))
      / (width * width)
    // The prior alone has curvature 1.
    return (tau, 1 / max(1, curvature).squareRoot())
  }

  /// How strongly a change of log k pulls at the positions: the mixed second derivative of the
  /// logarithm of the posterior.
  func pullOfUnit(_ mode: Mode, unit k: Double) -> [Double] {
    let q = mode.positions.map { k * $0 }
    let (gradient, weights) = likelihood.slopes(q)
    var pull = gradient.map { k * $0 }
    for pair in 0..<likelihood.pairs.pairs {
      let i = Int(likelihood.pairs.first[pair])
      let j = Int(likelihood.pairs.second[pair])
      let cross = k * weights[pair] * (q[i] - q[j])
      pull[i] -= cross
      pull[j] += cross
    }
    return pull
  }

  private func pull(_ v: [Double]) -> [Double] {
    let n = origin.count
    return (0..<n).map { i in
      -(0..<n).reduce(0) { $0 + precision[i * n + $1] * (v[$1] - origin[$1]) }
    }
  }

  private func logPosterior(_ v: [Double], _ k: Double) -> Double {
    let rest = zip(v, origin).map { $0 - $1 }
    return likelihood.logLikelihood(v.map { k * $0 })
      + 0.5 * zip(pull(v), rest).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func information(_ weights: [Double], _ k: Double) -> [Double] {
    var matrix = precision
    likelihood.add(weights.map { k * k * $0 }, to: &matrix)
    return matrix
  }
}

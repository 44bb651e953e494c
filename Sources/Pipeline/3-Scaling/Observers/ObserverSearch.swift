import Domain
import Glibc
import Statistics

/// The search behind ``ObserverModel``: positions, observers and their spreads in turn, until
/// positions stand still.
struct ObserverSearch<Link: PreferenceLink> {
  let layout: VoteLayout
  let results: [Double]
  let ridge: Double
  var positions: [Double]
  var lapseRate = 0.01
  var bias: RandomEffect
  var sensitivity: RandomEffect

  /// The mean of the exponential prior of the lapse rate.
  private static var priorRate: Double { 0.02 }

  init(layout: VoteLayout, results: [Double], ridge: Double, positions: [Double]) {
    (self.layout, self.results, self.ridge) = (layout, results, ridge)
    self.positions = positions
    // Two observers cannot show how observers differ.
    let isRandom = layout.byObserver.count { !$0.isEmpty } > 2
    let count = layout.observers
    bias = RandomEffect(count: count, center: 0, spread: isRandom ? 0.3 : 0)
    sensitivity = RandomEffect(count: count, center: 1, spread: isRandom ? 0.3 : 0)
  }

  /// Alternates until no position moves by more than 1e-4 JOD.
  mutating func run() throws {
    for _ in 0..<200 {
      for _ in 0..<4 { updateObservers() }
      updateLapseRate()
      let before = positions
      for _ in 0..<2 { try updatePositions() }
      let moved = zip(before, positions).reduce(0) { max($0, abs($1.0 - $1.1)) }
      // The spreads settle slowly where observers hardly differ; positions then stand still.
      if moved < 1e-4 { break }
    }
    let active = sensitivity.values.indices.filter { !layout.byObserver[$0].isEmpty }
    takeUnit(Descriptive.median(active.map { sensitivity.values[$0] }))
  }

  /// Makes a sensitivity the unit: 1.
  private mutating func takeUnit(_ factor: Double) {
    guard sensitivity.isRandom, factor > 0.05 else { return }
    sensitivity.rescale(by: factor)
    for photo in positions.indices { positions[photo] *= factor }
  }

  /// The distance of a vote in favor of photo A, in units of the link.
  private func distance(_ vote: Int) -> Double {
    (positions[layout.a[vote]] - positions[layout.b[vote]]) * Link.unitsPerJOD
  }

  private mutating func updateObservers() {
    let link = LapsingLink<Link>(lapseRate: lapseRate)
    shiftBiases(link)
    for (observer, votes) in layout.byObserver.enumerated() where !votes.isEmpty {
      for _ in 0..<2 {
        var (slopeC, slopeS) = (bias.priorSlope(observer), sensitivity.priorSlope(observer))
        var (cc, cs, ss) = (bias.priorWeight(observer), 0.0, sensitivity.priorWeight(observer))
        for vote in votes {
          let x = distance(vote)
          let term = link.term(
            sensitivity.values[observer] * x + bias.values[observer], result: results[vote])
          slopeC += term.slope
          slopeS += x * term.slope
          cc += term.weight
          cs += x * term.weight
          ss += x * x * term.weight
        }
        let determinant = cc * ss - cs * cs
        guard determinant > 1e-12 * cc * ss else { break }
        let stepC = (ss * slopeC - cs * slopeS) / determinant
        let stepS = (cc * slopeS - cs * slopeC) / determinant
        bias.move(observer, by: stepC, variance: ss / determinant)
        sensitivity.move(observer, by: stepS, variance: cc / determinant)
      }
    }
    let active = layout.byObserver.map { !$0.isEmpty }
    bias.update(active: active)
    sensitivity.update(active: active)
    takeUnit(sensitivity.center)
  }

  /// Moves all side biases together: their center alone would crawl where observers hardly differ.
  private mutating func shiftBiases(_ link: LapsingLink<Link>) {
    guard bias.isRandom else { return }
    var (slope, weight) = (0.0, 0.0)
    for vote in 0..<layout.count {
      let observer = layout.observer[vote]
      let term = link.term(
        sensitivity.values[observer] * distance(vote) + bias.values[observer],
        result: results[vote])
      slope += term.slope
      weight += term.weight
    }
    if weight > 0 { bias.shift(by: slope / weight) }
  }

  /// The maximum of a concave function, by bisection on its slope.
  private mutating func updateLapseRate() {
    let plain = LapsingLink<Link>(lapseRate: 0)
    let chances = (0..<layout.count).compactMap { vote -> Double? in
      guard results[vote] != 0.5 else { return nil }
      let observer = layout.observer[vote]
      let z = sensitivity.values[observer] * distance(vote) + bias.values[observer]
      return exp(plain.term(z, result: results[vote]).log)
    }
    func slope(_ rate: Double) -> Double {
      chances.reduce(-1 / Self.priorRate) {
        $0 + (0.5 - $1) / max((1 - rate) * $1 + rate / 2, 1e-12)
      }
    }
    guard slope(0) > 0 else {
      lapseRate = 0
      return
    }
    var (low, high) = (0.0, 0.95)
    for _ in 0..<24 {
      let middle = (low + high) / 2
      if slope(middle) > 0 { low = middle } else { high = middle }
    }
    lapseRate = (low + high) / 2
  }

  private mutating func updatePositions() throws {
    let found = derivatives()
    guard let factor = Cholesky(found.information, count: layout.photos) else {
      throw ScalingError.notConverged(iterations: 1)
    }
    let step = factor.solve(found.gradient)
    // Expected information overshoots rarely; steps beyond 2 JOD are cut.
    let length = step.reduce(0) { max($0, abs($1)) }
    let fraction = length > 2 ? 2 / length : 1
    for photo in positions.indices { positions[photo] += fraction * step[photo] }
  }

  private func derivatives() -> (gradient: [Double], information: [Double]) {
    let (n, unit) = (layout.photos, Link.unitsPerJOD)
    let link = LapsingLink<Link>(lapseRate: lapseRate)
    var gradient = positions.map { -ridge * $0 }
    var matrix = [Double](repeating: 0, count: n * n)
    var total = 0.0
    for vote in 0..<layout.count {
      let (a, b, observer) = (layout.a[vote], layout.b[vote], layout.observer[vote])
      let s = sensitivity.values[observer]
      let term = link.term(s * distance(vote) + bias.values[observer], result: results[vote])
      gradient[a] += unit * s * term.slope
      gradient[b] -= unit * s * term.slope
      let weight = unit * unit * s * s * term.weight
      total += weight
      matrix[a * n + a] += weight
      matrix[b * n + b] += weight
      matrix[a * n + b] -= weight
      matrix[b * n + a] -= weight
    }
    if ridge > 0 {
      for photo in 0..<n { matrix[photo * n + photo] += ridge }
    } else {
      for place in matrix.indices { matrix[place] += 2 * total / Double(n * n * n) }
    }
    return (gradient, matrix)
  }

  /// The model at the end of the search.
  func result() throws -> ObserverModel {
    let (n, unit) = (layout.photos, Link.unitsPerJOD)
    let link = LapsingLink<Link>(lapseRate: lapseRate)
    let plain = derivatives().information
    guard let plainFactor = Cholesky(plain, count: n) else {
      throw ScalingError.notConverged(iterations: 200)
    }
    let covariance = plainFactor.inverse()
    var joint = plain
    var slopes = [[Double]](repeating: Array(repeating: 0, count: n), count: layout.observers)
    var traits: [ObserverTraits] = []
    var logLikelihood = 0.0
    for (observer, votes) in layout.byObserver.enumerated() {
      let s = sensitivity.values[observer]
      var (crossC, crossS) = (
        [Double](repeating: 0, count: n), [Double](repeating: 0, count: n)
      )
      var (cc, cs, ss) = (bias.priorWeight(observer), 0.0, sensitivity.priorWeight(observer))
      for vote in votes {
        let (a, b, x) = (layout.a[vote], layout.b[vote], distance(vote))
        let term = link.term(s * x + bias.values[observer], result: results[vote])
        logLikelihood += term.log
        slopes[observer][a] += unit * s * term.slope
        slopes[observer][b] -= unit * s * term.slope
        let weight = unit * s * term.weight
        crossC[a] += weight
        crossC[b] -= weight
        crossS[a] += weight * x
        crossS[b] -= weight * x
        cc += term.weight
        cs += x * term.weight
        ss += x * x * term.weight
      }
      let determinant = cc * ss - cs * cs
      guard !votes.isEmpty, determinant > 1e-12 * cc * ss else {
        traits.append(
          ObserverTraits(
            sideBias: bias.center / unit, sideBiasError: bias.spread / unit,
            sensitivity: 1, sensitivityError: sensitivity.spread))
        continue
      }
      let (vc, vs, vcs) = (ss / determinant, cc / determinant, -cs / determinant)
      let own = [crossC, crossS].map { Self.image(covariance, $0, count: n) }
      let (qc, qs) = (Self.dot(crossC, own[0]), Self.dot(crossS, own[1]))
      for i in 0..<n where crossC[i] != 0 || crossS[i] != 0 {
        let left = (vc * crossC[i] + vcs * crossS[i], vcs * crossC[i] + vs * crossS[i])
        for j in 0..<n { joint[i * n + j] -= left.0 * crossC[j] + left.1 * crossS[j] }
      }
      traits.append(
        ObserverTraits(
          sideBias: bias.values[observer] / unit,
          sideBiasError: (vc * (1 + min(vc * qc, 1))).squareRoot() / unit, sensitivity: s,
          sensitivityError: (vs * (1 + min(vs * qs, 1))).squareRoot()))
    }
    let factor = Cholesky(joint, count: n) ?? plainFactor
    return ObserverModel(
      fit: ScaleFit(
        centering: positions, covariance: factor.inverse(), logLikelihood: logLikelihood,
        iterations: 1),
      observers: traits, sideBias: bias.center / unit, lapseRate: lapseRate,
      sideBiasSpread: bias.spread / unit, sensitivitySpread: sensitivity.spread, slopes: slopes)
  }

  private static func image(_ matrix: [Double], _ vector: [Double], count n: Int) -> [Double] {
    (0..<n).map { i in
      var sum = 0.0
      for j in 0..<n { sum += matrix[i * n + j] * vector[j] }
      return sum
    }
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

import Domain
import Statistics

/// The side bias and the lapse rate that all observers share, estimated in the likelihood together
/// with the positions.
///
/// An answer for photo A has probability `(1 − ε)·F(x + c) + ε/2`, with x the distance of the
/// photos and c the side bias in units of the link. Fisher scoring over positions, c and ε; c or ε
/// can be held, which gives profile likelihoods.
struct CommonObserverFit<Link: PreferenceLink> {
  let layout: VoteLayout
  let results: [Double]
  /// The inverse of the prior variance of the positions, per squared JOD.
  let ridge: Double

  /// Positions in JOD, side bias in units of the link, lapse rate, and the penalized
  /// log-likelihood.
  struct Point {
    var positions: [Double]
    var sideBias: Double
    var lapseRate: Double
    var value = -Double.infinity
  }

  /// The derivatives at a point.
  private struct Derivatives {
    var gradient: [Double]
    var information: [Double]
  }

  /// The largest lapse rate that is looked at: beyond, answers tell nothing of photos.
  private static var largestRate: Double { 0.95 }

  /// The maximum; nil when the search breaks down.
  func maximum(
    from start: Point, holdsSideBias: Bool = false, holdsLapseRate: Bool = false
  ) -> Point? {
    var point = start
    point.value = value(point)
    for _ in 0..<60 {
      let found = derivatives(point)
      var free = Array(0..<layout.photos)
      if !holdsSideBias { free.append(layout.photos) }
      let lapse = layout.photos + 1
      // At the boundary the rate stays while its slope points outward.
      let blocked = point.lapseRate <= 0 && found.gradient[lapse] <= 0
      if !holdsLapseRate, !blocked { free.append(lapse) }
      guard let step = step(found, free: free) else { return nil }
      let gain = zip(free, step).reduce(0) { $0 + found.gradient[$1.0] * $1.1 }
      var fraction = 1.0
      var next = point
      repeat {
        next = moved(point, free: free, step: step, fraction: fraction)
        next.value = value(next)
        if next.value >= point.value + 1e-4 * fraction * gain || gain < 1e-9 { break }
        fraction /= 2
      } while fraction > 1e-6
      let settled = abs(next.value - point.value) < 1e-8 && fraction == 1 || fraction <= 1e-6
      if next.value > point.value - 1e-9 { point = next }
      if settled { return point }
    }
    return point
  }

  /// The penalized log-likelihood.
  func value(_ point: Point) -> Double {
    let link = LapsingLink<Link>(lapseRate: point.lapseRate)
    var sum = -0.5 * ridge * point.positions.reduce(0) { $0 + $1 * $1 }
    for vote in 0..<layout.count {
      sum += link.term(distance(vote, point), result: results[vote]).log
    }
    return sum
  }

  /// The variance of side bias and lapse rate by the information, and over observers, in this
  /// order.
  ///
  /// Over observers: the sandwich of Liang and Zeger 1986, with the factor K/(K − 1) of few
  /// observers.
  func variances(at point: Point) -> (information: [Double], spread: [Double])? {
    let size = layout.photos + 2
    guard let factor = Cholesky(derivatives(point).information, count: size) else { return nil }
    let link = LapsingLink<Link>(lapseRate: point.lapseRate)
    let rows = [size - 2, size - 1].map { index in
      factor.solve((0..<size).map { $0 == index ? 1 : 0 })
    }
    var spread = [0.0, 0.0]
    for votes in layout.byObserver where !votes.isEmpty {
      var influence = [0.0, 0.0]
      for vote in votes {
        let term = link.term(distance(vote, point), result: results[vote])
        let (a, b) = (layout.a[vote], layout.b[vote])
        for (which, row) in rows.enumerated() {
          influence[which] +=
            (row[a] - row[b]) * term.slope * Link.unitsPerJOD + row[size - 2] * term.slope
            + row[size - 1] * term.lapseSlope
        }
      }
      for which in 0..<2 { spread[which] += influence[which] * influence[which] }
    }
    let active = Double(layout.byObserver.count { !$0.isEmpty })
    let correction = active > 1 ? active / (active - 1) : 1
    return ([rows[0][size - 2], rows[1][size - 1]], spread.map { $0 * correction })
  }

  private func distance(_ vote: Int, _ point: Point) -> Double {
    (point.positions[layout.a[vote]] - point.positions[layout.b[vote]]) * Link.unitsPerJOD
      + point.sideBias
  }

  private func derivatives(_ point: Point) -> Derivatives {
    let (n, unit) = (layout.photos, Link.unitsPerJOD)
    let size = n + 2
    let link = LapsingLink<Link>(lapseRate: point.lapseRate)
    var gradient = [Double](repeating: 0, count: size)
    var matrix = [Double](repeating: 0, count: size * size)
    for photo in 0..<n {
      gradient[photo] = -ridge * point.positions[photo]
      matrix[photo * size + photo] = ridge
    }
    for vote in 0..<layout.count {
      let (a, b) = (layout.a[vote], layout.b[vote])
      let term = link.term(distance(vote, point), result: results[vote])
      gradient[a] += unit * term.slope
      gradient[b] -= unit * term.slope
      gradient[n] += term.slope
      gradient[n + 1] += term.lapseSlope
      let weight = unit * unit * term.weight
      matrix[a * size + a] += weight
      matrix[b * size + b] += weight
      matrix[max(a, b) * size + min(a, b)] -= weight
      matrix[n * size + a] += unit * term.weight
      matrix[n * size + b] -= unit * term.weight
      matrix[n * size + n] += term.weight
      matrix[(n + 1) * size + a] += unit * term.crossWeight
      matrix[(n + 1) * size + b] -= unit * term.crossWeight
      matrix[(n + 1) * size + n] += term.crossWeight
      matrix[(n + 1) * size + n + 1] += term.lapseWeight
    }
    if ridge == 0 {
      // Without a prior the direction of all ones gets the mean weight, which touches no
      // difference.
      let mean = (0..<n).reduce(0) { $0 + matrix[$1 * size + $1] } / Double(n * n)
      for i in 0..<n { for j in 0...i { matrix[i * size + j] += mean } }
    }
    for index in [n, n + 1] {
      matrix[index * size + index] = matrix[index * size + index] * (1 + 1e-9) + 1e-9
    }
    return Derivatives(gradient: gradient, information: matrix)
  }

  private func step(_ found: Derivatives, free: [Int]) -> [Double]? {
    let size = layout.photos + 2
    var matrix = [Double](repeating: 0, count: free.count * free.count)
    for (row, i) in free.enumerated() {
      for column in 0...row {
        matrix[row * free.count + column] = found.information[i * size + free[column]]
      }
    }
    return Cholesky(matrix, count: free.count)?.solve(free.map { found.gradient[$0] })
  }

  private func moved(_ point: Point, free: [Int], step: [Double], fraction: Double) -> Point {
    var next = point
    for (place, index) in free.enumerated() {
      let change = fraction * step[place]
      if index < layout.photos {
        next.positions[index] += change
      } else if index == layout.photos {
        next.sideBias += change
      } else {
        next.lapseRate = min(max(next.lapseRate + change, 0), Self.largestRate)
      }
    }
    return next
  }
}

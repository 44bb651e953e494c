/// The directions in which points vary most, and how far a point lies from their cloud:
/// probabilistic PCA.
///
/// Columns are first centered and divided by their standard deviation. The covariance is then the
/// leading components plus equal noise in all other directions, so that it has an inverse with
/// fewer points than dimensions.
///
/// Source: Tipping and Bishop 1999, doi:10.1111/1467-9868.00196.
public struct PrincipalSubspace: Hashable, Sendable, Codable {
  /// The mean of every column.
  public let center: [Float]
  /// The standard deviation of every column; columns that never vary have 1/1000 of the columns'
  /// median.
  public let scale: [Float]
  /// The components, one unit vector of the columns' length each, by falling variance.
  public let components: [[Float]]
  /// The variance along each component, in squared standard deviations of a column.
  public let variances: [Double]
  /// The variance in every other direction.
  public let noise: Double

  /// The number of columns.
  public var dimension: Int { center.count }

  /// Fits points; nil with fewer than 3 points, points of different lengths, or points that never
  /// vary.
  ///
  /// - Parameters:
  ///   - points: the points, one row each.
  ///   - count: the largest number of components; at most half the points and a third of the
  ///     columns are used, so that something is left for the noise.
  ///   - generator: the start of the search for the components.
  public init?(_ points: [[Float]], components count: Int = 32, generator: SeededGenerator) {
    guard let dimension = points.first?.count, points.count >= 3, dimension > 0,
      points.allSatisfy({ $0.count == dimension && $0.allSatisfy(\.isFinite) })
    else { return nil }
    let (center, scale) = Self.moments(points, dimension)
    guard let scale else { return nil }
    let rows = points.map { point in
      (0..<dimension).map { (point[$0] - center[$0]) / scale[$0] }
    }
    let rank = max(1, min(count, points.count / 2, max(1, dimension / 3)))
    let basis = Self.leading(rows, dimension, rank, generator)
    let total = rows.reduce(0.0) { $0 + Self.squaredLength($1) } / Double(rows.count - 1)
    let variances = basis.map { direction in
      rows.reduce(0.0) { sum, row in
        let along = Self.dot(row, direction)
        return sum + along * along
      } / Double(rows.count - 1)
    }
    let rest = max(0, total - variances.reduce(0, +)) / Double(max(1, dimension - rank))
    self.center = center
    self.scale = scale
    self.components = basis
    self.variances = variances
    // Points on a plane leave no noise; a thousandth of a column's variance keeps distances finite.
    noise = max(rest, 1e-3)
  }

  /// Mahalanobis' distance of a point from the cloud, divided by the root of the dimension: about 1
  /// inside it.
  ///
  /// - Parameter point: as long as the fitted points; anything else is infinitely far.
  /// - Returns: the distance, in standard deviations of a column.
  public func distance(_ point: [Float]) -> Double {
    guard point.count == dimension, point.allSatisfy(\.isFinite) else { return .infinity }
    let row = (0..<dimension).map { (point[$0] - center[$0]) / scale[$0] }
    var inside = 0.0
    var explained = 0.0
    for (direction, variance) in zip(components, variances) {
      let along = Self.dot(row, direction)
      explained += along * along
      inside += along * along / max(variance, noise)
    }
    let outside = max(0, Self.squaredLength(row) - explained) / noise
    return ((inside + outside) / Double(dimension)).squareRoot()
  }

  private static func moments(_ points: [[Float]], _ dimension: Int) -> ([Float], [Float]?) {
    let count = Double(points.count)
    var (center, scale) = ([Float](), [Double]())
    for column in 0..<dimension {
      var (sum, squares) = (0.0, 0.0)
      for point in points { sum += Double(point[column]) }
      let mean = sum / count
      for point in points {
        let distance = Double(point[column]) - mean
        squares += distance * distance
      }
      center.append(Float(mean))
      scale.append((squares / (count - 1)).squareRoot())
    }
    let varying = scale.filter { $0 > 0 }
    guard !varying.isEmpty else { return (center, nil) }
    let floor = Descriptive.median(varying) / 1000
    return (center, scale.map { Float(max($0, floor)) })
  }

  /// The leading eigenvectors of the rows' covariance by orthogonal iteration.
  private static func leading(
    _ rows: [[Float]], _ dimension: Int, _ rank: Int, _ generator: SeededGenerator
  ) -> [[Float]] {
    var random = generator
    var basis = (0..<rank).map { _ in (0..<dimension).map { _ in Float(random.normal()) } }
    orthonormalize(&basis)
    // Directions of nearly equal variance may turn into one another without end; their span no
    // longer matters then.
    for _ in 0..<60 {
      var next = Array(repeating: [Float](repeating: 0, count: dimension), count: rank)
      for row in rows {
        for index in 0..<rank {
          let along = Float(dot(row, basis[index]))
          for column in 0..<dimension { next[index][column] += along * row[column] }
        }
      }
      orthonormalize(&next)
      let turned = zip(basis, next).reduce(0.0) { max($0, 1 - abs(dot($1.0, $1.1))) }
      basis = next
      if turned < 1e-6 { break }
    }
    return basis
  }

  /// Gram and Schmidt's orthogonalisation, twice for exactness; a vanished vector becomes 0.
  private static func orthonormalize(_ basis: inout [[Float]]) {
    for index in basis.indices {
      for _ in 0..<2 {
        for earlier in 0..<index {
          let along = Float(dot(basis[index], basis[earlier]))
          for column in basis[index].indices {
            basis[index][column] -= along * basis[earlier][column]
          }
        }
      }
      let length = squaredLength(basis[index]).squareRoot()
      for column in basis[index].indices {
        basis[index][column] = length > 1e-12 ? basis[index][column] / Float(length) : 0
      }
    }
  }

  private static func dot(_ a: [Float], _ b: [Float]) -> Double {
    a.withUnsafeBytes { a in
      b.withUnsafeBytes { b in
        let step = MemoryLayout<SIMD8<Float>>.stride
        var sums = SIMD8<Float>.zero
        var place = 0
        while place + step <= a.count {
          sums +=
            a.loadUnaligned(fromByteOffset: place, as: SIMD8<Float>.self)
            * b.loadUnaligned(fromByteOffset: place, as: SIMD8<Float>.self)
          place += step
        }
        var sum = Double(sums.sum())
        while place < a.count {
          let x = a.loadUnaligned(fromByteOffset: place, as: Float.self)
          let y = b.loadUnaligned(fromByteOffset: place, as: Float.self)
          sum += Double(x * y)
          place += MemoryLayout<Float>.stride
        }
        return sum
      }
    }
  }

  private static func squaredLength(_ a: [Float]) -> Double { dot(a, a) }
}

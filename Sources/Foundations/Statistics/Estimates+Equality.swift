/// Wald's test that several positions are the same.
public struct EqualityTest: Sendable, Hashable {
  /// The statistic, as an F.
  public let f: Double
  /// The degrees of freedom of the positions.
  public let degrees: Double
  /// Those of the error; nil when unlimited.
  public let errorDegrees: Double?
  /// The p-value.
  public let p: Double
}

extension Estimates {
  /// Tests that several positions are the same; nil for fewer than two, or where no test can be
  /// made.
  ///
  /// It is made with the observed information (χ²) and with the spread of K units (Hotelling's T²,
  /// hence F with k − 1 and K − k + 1 degrees of freedom for k positions); the larger p-value
  /// counts.
  public func equalityTest(_ members: [Int]) -> EqualityTest? {
    let size = members.count - 1
    guard size > 0 else { return nil }
    let tests = [
      wald(members, covariance: information, units: nil),
      spread.flatMap { wald(members, covariance: $0, units: units) },
    ]
    return tests.compactMap { $0 }.max { $0.p < $1.p }
  }

  private func wald(_ members: [Int], covariance: [Double], units: Int?) -> EqualityTest? {
    let (size, count) = (members.count - 1, positions.count)
    var matrix = [Double](repeating: 0, count: size * size)
    func entry(_ i: Int, _ j: Int) -> Double { covariance[members[i] * count + members[j]] }
    for a in 0..<size {
      for b in 0..<size {
        matrix[a * size + b] =
          entry(a + 1, b + 1) - entry(a + 1, b) - entry(a, b + 1) + entry(a, b)
      }
    }
    let steps = (0..<size).map { positions[members[$0 + 1]] - positions[members[$0]] }
    guard let factor = Cholesky(matrix, count: size) else { return nil }
    let square = zip(steps, factor.solve(steps)).reduce(0) { $0 + $1.0 * $1.1 }
    let degrees = Double(size)
    guard let units else {
      let p = ChiSquared(degreesOfFreedom: degrees).survival(square)
      return EqualityTest(f: square / degrees, degrees: degrees, errorDegrees: nil, p: p)
    }
    let errorDegrees = Double(units - 1) - degrees + 1
    guard errorDegrees > 0 else { return nil }
    let f = square * errorDegrees / (Double(units - 1) * degrees)
    let p = FisherF(numerator: degrees, denominator: errorDegrees).survival(f)
    return EqualityTest(f: f, degrees: degrees, errorDegrees: errorDegrees, p: p)
  }
}

/// The result of a repeated-measures analysis of variance.
public struct RepeatedMeasuresANOVA: Sendable, Hashable, Codable {
  /// The variance between conditions over the residual variance.
  public let f: Double
  /// Degrees of freedom of the conditions: conditions − 1.
  public let conditionDegrees: Double
  /// Degrees of freedom of the residual: (conditions − 1)(subjects − 1).
  public let residualDegrees: Double
  /// The probability of an F at least as large when all conditions have the same mean.
  public let p: Double
  /// Greenhouse and Geisser's ε: 1 when differences between conditions vary equally.
  public let epsilon: Double
  /// The p-value with both degrees of freedom multiplied by ε.
  public let correctedP: Double

  /// Tests whether all conditions have the same mean.
  ///
  /// It is nil with fewer than 2 subjects or 2 conditions, or without any residual variance.
  ///
  /// - Parameter scores: One row for each subject, one column for each condition, all rows of one
  ///   length.
  public init?(_ scores: [[Double]]) {
    let subjects = scores.count
    guard let conditions = scores.first?.count, subjects > 1, conditions > 1 else { return nil }
    var conditionMeans = [Double](repeating: 0, count: conditions)
    for row in scores {
      for column in 0..<conditions { conditionMeans[column] += row[column] / Double(subjects) }
    }
    let grandMean = Descriptive.mean(conditionMeans)
    // Residuals are double-centered scores; centering first keeps large common offsets from
    // cancelling.
    let centered = scores.map { row in
      let offset = Descriptive.mean(row) - grandMean
      return (0..<conditions).map { row[$0] - conditionMeans[$0] - offset }
    }
    let between = conditionMeans.reduce(0) { $0 + ($1 - grandMean) * ($1 - grandMean) }
    let residual = centered.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }
    guard residual > 0 else { return nil }
    conditionDegrees = Double(conditions - 1)
    residualDegrees = conditionDegrees * Double(subjects - 1)
    f = (between * Double(subjects) / conditionDegrees) / (residual / residualDegrees)
    p = FisherF(numerator: conditionDegrees, denominator: residualDegrees).survival(f)
    // ε = tr(S)² / ((k − 1)·tr(S²)) for the double-centered covariance S.
    var squares = 0.0
    for i in 0..<conditions {
      for j in 0...i {
        var covariance = 0.0
        for row in centered { covariance += row[i] * row[j] }
        squares += covariance * covariance * (i == j ? 1 : 2)
      }
    }
    epsilon = residual * residual / (conditionDegrees * squares)
    correctedP = FisherF(
      numerator: conditionDegrees * epsilon, denominator: residualDegrees * epsilon
    ).survival(f)
  }
}

/// The result of a paired t-test.
public struct PairedTTest: Sendable, Hashable, Codable {
  /// The mean difference over its standard error.
  public let t: Double
  /// The degrees of freedom: pairs − 1.
  public let degreesOfFreedom: Double
  /// The two-sided p-value.
  public let p: Double

  /// Tests whether two lists of paired measurements have the same mean; nil without variance or
  /// pairs.
  public init?(_ x: [Double], _ y: [Double]) {
    guard x.count == y.count else { return nil }
    let differences = zip(x, y).map { $0 - $1 }
    self.init(
      meanDifference: Descriptive.mean(differences),
      standardDeviation: Descriptive.standardDeviation(differences), count: x.count)
  }

  /// Tests a mean difference known by its standard deviation over `count` pairs.
  public init?(meanDifference: Double, standardDeviation: Double, count: Int) {
    guard count > 1, standardDeviation > 0 else { return nil }
    t = meanDifference / (standardDeviation / Double(count).squareRoot())
    degreesOfFreedom = Double(count - 1)
    p = StudentT(degreesOfFreedom: degreesOfFreedom).twoSided(t)
  }
}

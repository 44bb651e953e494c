/// How candidates stood against one baseline, one after the other.
public struct Trend: Sendable, Hashable {
  /// What the candidates were compared with.
  public var baseline: String
  /// The candidates by attribute, the oldest first.
  public var points: [TrendPoint]
  /// The level of the intervals.
  public var confidenceLevel: Double
  /// What a reader must know before the numbers.
  public var notices: [String]
  /// What else a reader should know.
  public var notes: [String]

  /// Makes a trend.
  public init(
    baseline: String, points: [TrendPoint], confidenceLevel: Double = 0.95,
    notices: [String] = [], notes: [String] = []
  ) {
    (self.baseline, self.points, self.confidenceLevel) = (baseline, points, confidenceLevel)
    (self.notices, self.notes) = (notices, notes)
  }
}

/// One candidate of a trend, for one attribute.
public struct TrendPoint: Sendable, Hashable {
  /// The candidate.
  public var candidate: String
  /// The attribute.
  public var attribute: Attribute
  /// The difference to the baseline, in JOD.
  public var difference: Double
  /// The lower end of its interval.
  public var low: Double
  /// The upper end of its interval.
  public var high: Double
  /// Its standard error.
  public var standardError: Double
  /// The number of votes; 0 from scores.
  public var votes: Int
  /// The distance from the mean of the candidates since the last change point, in JOD; nil for the
  /// first.
  public var step: Double?
  /// The p-value of that distance, corrected for the number of steps.
  public var stepP: Double?
  /// Whether the difference changed here.
  public var isChange = false

  /// Makes a point, its step not looked at yet.
  public init(
    candidate: String, attribute: Attribute, difference: Double, low: Double, high: Double,
    standardError: Double, votes: Int
  ) {
    (self.candidate, self.attribute) = (candidate, attribute)
    (self.difference, self.low, self.high) = (difference, low, high)
    (self.standardError, self.votes) = (standardError, votes)
  }
}

/// The place of one photo on a scale that is still growing.
public struct EstimatedScore: Hashable, Sendable {
  /// The position in JOD.
  public let mean: Double
  /// Its standard deviation in JOD.
  public let deviation: Double
  /// The lower end of the 95 % interval.
  public let low: Double
  /// The upper end of the 95 % interval.
  public let high: Double

  /// Makes a score.
  public init(mean: Double, deviation: Double, low: Double, high: Double) {
    self.mean = mean
    self.deviation = deviation
    self.low = low
    self.high = high
  }
}

public import Domain
public import Statistics

/// Two neighbors on a scale, and whether a photo between them is missing.
public struct ScaleStep: Hashable, Sendable {
  /// Why a step counts as a gap.
  public enum Gap: String, Hashable, Sendable, CaseIterable {
    /// It is wider than allowed, and the interval of its width lies above 0.
    case wide
    /// It is not wider than allowed, but surely wider than half of that: errors don't explain it.
    case unexplained
    /// It is wider than allowed, but errors alone may have made it: votes are missing, not photos.
    case uncertain
  }

  /// The index of the worse photo.
  public let lower: Int
  /// The index of the better photo.
  public let upper: Int
  /// How much better the better one is.
  public let width: Double
  /// The interval of the width.
  public let interval: ConfidenceInterval
  /// Why it counts as a gap; nil for neighbors that are close enough.
  public let gap: Gap?
}

/// What counts as a gap of a scale.
public struct GapSettings: Hashable, Sendable, Codable {
  /// The largest distance of neighbors that is no gap, in the unit of the scale.
  public var widest = JOD(1)
  /// The probability that the interval of a distance covers the true one.
  public var confidenceLevel = 0.95

  /// One JOD: every step of the scale is then seen by at most 75 % of the observers.
  public init() {}
}

/// The distances between neighbors of a scale, from the worst to the best, each with whether it is a
/// gap.
///
/// Distances and intervals come from the joint estimates, so that what two photos share (such as
/// the stretch of the whole scale) is counted once. The intervals are those of single distances.
///
/// - Parameters:
///   - estimates: the positions.
///   - among: the indices of the photos that count, such as those that are placed well enough; nil
///     for all.
///   - settings: what counts as a gap.
/// - Returns: one entry less than photos.
/// - Throws: `InputError` for a width that can't be used.
public func scaleSteps(
  _ estimates: Estimates, among: [Int]? = nil, settings: GapSettings = GapSettings()
) throws(InputError) -> [ScaleStep] {
  let widest = settings.widest.value
  guard widest.isFinite, widest > 0 else {
    throw InputError(
      Setting("gap"), "\(widest) JOD is no distance of neighbors", remedy: "give more than 0")
  }
  let positions = estimates.positions
  let order = (among ?? Array(positions.indices)).sorted {
    (positions[$0], $0) < (positions[$1], $1)
  }
  return zip(order, order.dropFirst()).map { lower, upper in
    let sum = LinearCombination.difference(upper, lower)
    let width = estimates.value(sum)
    let ends = estimates.interval(sum, level: settings.confidenceLevel)
    let gap: ScaleStep.Gap? =
      width > widest
      ? (ends.low > 0 ? .wide : .uncertain) : ends.low > widest / 2 ? .unexplained : nil
    return ScaleStep(
      lower: lower, upper: upper, width: width,
      interval: ConfidenceInterval(
        low: ends.low, high: ends.high, level: settings.confidenceLevel), gap: gap)
  }
}

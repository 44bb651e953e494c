public import Domain
import Statistics

/// Marks where a trend changes.
///
/// Every candidate is held against the mean of those since the last change point, weighted by their
/// precision; so a step is found the more surely the longer the candidates before it agreed. The
/// distances of an attribute are tested with Bonferroni's correction for their number, so that with
/// a chance of at most `significance` a trend that does not change has a mark. Errors count as
/// independent: candidates share the baseline, which makes the errors of their distances smaller,
/// so that this errs on the safe side.
///
/// - Parameters:
///   - points: The candidates of all attributes, the oldest first.
///   - significance: The level over all steps of an attribute.
/// - Returns: The same points with their steps.
public func changePoints(_ points: [TrendPoint], significance: Double = 0.05) -> [TrendPoint] {
  let counts = points.reduce(into: [Attribute: Int]()) { $0[$1.attribute, default: 0] += 1 }
  var segments: [Attribute: Segment] = [:]
  return points.map { point in
    var marked = point
    let own = Segment(point)
    guard let before = segments[point.attribute] else {
      segments[point.attribute] = own
      return marked
    }
    let step = point.difference - before.mean
    let effect = EffectEstimate(
      value: step, standardError: (own.variance + before.variance).squareRoot(),
      degreesOfFreedom: .infinity)
    let steps = Double((counts[point.attribute] ?? 2) - 1)
    let p = min(1, effect.pValue() * steps)
    (marked.step, marked.stepP, marked.isChange) = (step, p, p < significance)
    segments[point.attribute] = marked.isChange ? own : before.joined(with: own)
    return marked
  }
}

/// Candidates that do not differ.
private struct Segment {
  let mean: Double
  let variance: Double

  /// One candidate; an interval that allows for few scenes or for early looks makes its error
  /// larger too.
  init(_ point: TrendPoint) {
    let half = (point.high - point.low) / 2 / StandardNormal.quantile(0.975)
    let deviation = max(half, point.standardError, 1e-9)
    (mean, variance) = (point.difference, deviation * deviation)
  }

  private init(mean: Double, variance: Double) { (self.mean, self.variance) = (mean, variance) }

  func joined(with other: Self) -> Self {
    let (own, new) = (1 / variance, 1 / other.variance)
    return Self(mean: (own * mean + new * other.mean) / (own + new), variance: 1 / (own + new))
  }
}

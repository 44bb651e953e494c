/// A trait of every observer: Student's t with 4 degrees of freedom around a center, both estimated
/// from the observers.
///
/// The t is a normal distribution whose precision is weighted for each observer, so that one who
/// stands far off hardly widens the spread. A spread of 0 at the start keeps all observers at one
/// common value.
///
/// Source: Lange, Little and Taylor 1989, doi:10.2307/2290063.
struct RandomEffect: Sendable {
  private(set) var values: [Double]
  private(set) var center: Double
  private(set) var spread: Double
  /// Whether observers may differ.
  let isRandom: Bool
  private var variances: [Double]
  private var weights: [Double]
  private let degrees = 4.0
  /// What stands for a spread of 0: below every effect on answers.
  private static let least = 1e-3

  init(count: Int, center: Double, spread: Double) {
    (self.center, self.spread) = (center, spread)
    isRandom = spread > 0
    values = Array(repeating: center, count: count)
    variances = Array(repeating: spread * spread, count: count)
    weights = Array(repeating: 1, count: count)
  }

  private var precision: Double {
    let spread = max(spread, Self.least)
    return 1 / (spread * spread)
  }

  /// The prior's information about an observer's value.
  func priorWeight(_ observer: Int) -> Double { weights[observer] * precision }

  /// The slope of the prior at an observer's value.
  func priorSlope(_ observer: Int) -> Double {
    -priorWeight(observer) * (values[observer] - center)
  }

  /// Moves a value; steps beyond 1 are cut.
  mutating func move(_ observer: Int, by step: Double, variance: Double) {
    guard isRandom else { return }
    values[observer] += min(max(step, -1), 1)
    variances[observer] = variance
  }

  /// Moves the center and all values.
  mutating func shift(by step: Double) {
    for observer in values.indices { values[observer] += step }
    center += step
  }

  /// Estimates weights, center and spread from the values of those who judged.
  mutating func update(active: [Bool]) {
    guard isRandom else { return }
    let known = values.indices.filter { active[$0] }
    for observer in known {
      let distance = square(observer) * precision
      weights[observer] = (degrees + 1) / (degrees + distance)
    }
    let total = known.reduce(0) { $0 + weights[$1] }
    center = known.reduce(0) { $0 + weights[$1] * values[$1] } / total
    let sum = known.reduce(0) { $0 + weights[$1] * square($1) }
    spread = max((sum / Double(known.count)).squareRoot(), Self.least)
  }

  /// Divides all values by a factor that becomes the unit.
  mutating func rescale(by factor: Double) {
    for observer in values.indices {
      values[observer] /= factor
      variances[observer] /= factor * factor
    }
    center /= factor
    spread = max(spread / factor, Self.least)
  }

  /// The expected squared distance of an observer's value from the center.
  private func square(_ observer: Int) -> Double {
    let step = values[observer] - center
    return step * step + variances[observer]
  }
}

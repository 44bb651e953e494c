import Statistics
import Testing

@Suite struct EstimatesTests {
  /// Two positions, `wins` of `total` answers for the first under Thurstone's model with a prior of
  /// variance 25 each.
  func pair(_ wins: Double, of total: Double, units: Int?) -> Estimates {
    let unit = 1 / 1.4826
    // The mode by bisection on the slope of the penalized log-likelihood in the half-distance.
    var (low, high) = (-30.0, 30.0)
    for _ in 0..<200 {
      let d = (low + high) / 2
      let x = d * unit
      let slope =
        (wins * StandardNormal.inverseMills(x) - (total - wins) * StandardNormal.inverseMills(-x))
        * unit - d / 50
      if slope > 0 { low = d } else { high = d }
    }
    let x = low * unit
    let curvature =
      (wins * StandardNormal.truncation(x).lambda
        + (total - wins) * StandardNormal.truncation(-x).lambda) * unit * unit + 1 / 50.0
    let quarter = 1 / curvature / 4
    let mode = [low / 2, -low / 2]
    return Estimates(
      positions: mode, information: [quarter, -quarter, -quarter, quarter], units: units,
      comparisons: [total, total],
      likelihood: PairLikelihood(
        mode: mode, first: [0], second: [1], wins: [wins], losses: [total - wins], link: .probit,
        unit: unit))
  }

  let better = LinearCombination.difference(0, 1)

  @Test func unanimousVotesAreNeverCertain() {
    // The exact two-sided binomial p-values are 0.25, 0.031, 0.0063 and 0.00049.
    let expected: [(Double, Double, ClosedRange<Double>)] = [
      (3, 3, 0.1...0.3), (6, 6, 0.02...0.06), (11, 12, 0.005...0.02), (12, 12, 0.0005...0.005),
    ]
    for (wins, total, range) in expected {
      let estimates = pair(wins, of: total, units: Int(total))
      let p = estimates.pValue(better)
      #expect(range.contains(p), "\(wins) of \(total): \(p)")
      let ends = estimates.interval(better)
      #expect(ends.low < estimates.value(better) && estimates.value(better) < ends.high)
      #expect(ends.high.isFinite && ends.high - ends.low > 1)
      // The interval holds what the test does not reject.
      #expect((ends.low > 0) == (p < 0.05))
      #expect(abs(estimates.pValue(better, of: ends.low) - 0.05) < 1e-5)
      #expect(abs(estimates.pValue(better, of: ends.high) - 0.05) < 1e-5)
    }
    #expect(pair(12, of: 12, units: 12).pValue(better) < pair(11, of: 12, units: 12).pValue(better))
  }

  @Test func oneVoteSaysNextToNothing() {
    let one = pair(1, of: 1, units: nil)
    #expect(one.degreesOfFreedom(better) == 1)
    #expect(one.pValue(better) > 0.3)
  }

  @Test func devianceIsThatOfTheWholeLikelihood() {
    let estimates = pair(9, of: 12, units: nil)
    func objective(_ d: Double) -> Double {
      9 * StandardNormal.logCdf(d / 1.4826) + 3 * StandardNormal.logCdf(-d / 1.4826) - d * d / 100
    }
    let mode = estimates.value(better)
    for d in [-1.0, 0, 0.5, 3, 5] {
      let root = (2 * (objective(mode) - objective(d))).squareRoot()
      #expect(abs(abs(estimates.statistic(better, of: d)) - root) < 1e-6)
    }
    #expect(estimates.statistic(better, of: 0) > 0 && estimates.statistic(better, of: 5) < 0)
  }

  @Test func withoutALikelihoodTheIntervalIsStudents() {
    let estimates = Estimates(
      positions: [1, -1], information: [0.25, -0.25, -0.25, 0.25],
      spread: [0.5, -0.5, -0.5, 0.5], units: 11)
    #expect(abs(estimates.standardError(better) - 2.0.squareRoot()) < 1e-12)
    let ends = estimates.interval(better)
    // t with 10 degrees of freedom: 2.228139 at 97.5 %.
    #expect(abs(ends.high - 2 - 2.228139 * 2.0.squareRoot()) < 1e-5)
    #expect(abs(ends.low - 2 + 2.228139 * 2.0.squareRoot()) < 1e-5)
    // A spread below the information changes nothing.
    let narrow = estimates.with(positions: [1, -1], spread: [0, 0, 0, 0], units: 11)
    #expect(abs(narrow.standardError(better) - 1) < 1e-12)
    // Neither does it lose a deviation when moved.
    let moved = pair(9, of: 12, units: 12)
    let shifted = moved.with(
      positions: moved.positions.map { $0 * 0.5 }, spread: nil, units: 12)
    let (old, new) = (moved.interval(better), shifted.interval(better))
    let shift = moved.value(better) / 2
    #expect(abs(old.low - shift - new.low) < 1e-5 && abs(old.high - shift - new.high) < 1e-5)
  }

  @Test func equalityNeedsBothCovariances() throws {
    let identity = [1.0, 0, 0, 0, 1, 0, 0, 0, 1]
    let plain = Estimates(positions: [0, 1, 3], information: identity)
    // Three independent positions of variance 1: the statistic is the sum of squares around their
    // mean, 4.6667.
    let test = try #require(plain.equalityTest([0, 1, 2]))
    #expect(abs(test.f * 2 - 14.0 / 3) < 1e-12)
    #expect(abs(test.p - ChiSquared(degreesOfFreedom: 2).survival(14.0 / 3)) < 1e-12)
    let spread = Estimates(
      positions: [0, 1, 3], information: identity, spread: identity.map { 2 * $0 }, units: 12)
    let wider = try #require(spread.equalityTest([0, 1, 2]))
    #expect(wider.p > test.p && wider.errorDegrees == 10)
    #expect(plain.equalityTest([1]) == nil)
  }
}

import Statistics
import Testing

@Suite struct EffectTests {
  @Test func testsAndIntervalsAgree() {
    let effect = EffectEstimate(value: 0.8, standardError: 0.3, degreesOfFreedom: 9)
    let ends = effect.interval(level: 0.95)
    #expect(abs(effect.pValue(of: ends.low) - 0.05) < 1e-9)
    #expect(abs(effect.pValue(atMost: ends.low) - 0.025) < 1e-9)
    #expect(abs(effect.pValue(atLeast: ends.high) - 0.025) < 1e-9)
    let (low, high) = (effect.pValue(atMost: -1), effect.pValue(atLeast: 1))
    #expect(effect.equivalencePValue(margin: 1) == max(low, high))
    let normal = EffectEstimate(value: 1.96, standardError: 1)
    #expect(abs(normal.pValue() - 0.05) < 1e-4)
  }

  @Test func anytimeIntervalsAreWiderAndAgreeWithTheirTests() {
    let effect = EffectEstimate(value: 0.8, standardError: 0.3)
    let anytime = AnytimeEffect(effect, mixtureDeviation: 0.5)
    let (fixed, ends) = (effect.interval(level: 0.95), anytime.interval(level: 0.95))
    #expect(ends.low < fixed.low && ends.high > fixed.high)
    #expect(abs(anytime.pValue(of: ends.low) - 0.05) < 1e-9)
    #expect(anytime.pValue(of: 0) > effect.pValue(of: 0))
    #expect(anytime.pValue(atMost: 0) < anytime.pValue(of: 0))
    #expect(anytime.pValue(atLeast: 0) == 1)
    // Few degrees of freedom enlarge the error as Student's t does.
    let few = AnytimeEffect(
      EffectEstimate(value: 0.8, standardError: 0.3, degreesOfFreedom: 4), mixtureDeviation: 0.5)
    #expect(abs(few.standardError / 0.3 - 2.7764 / 1.95996) < 1e-3)
  }

  @Test func lookingAfterEveryBatchKeepsTheErrorRate() {
    // 400 studies without an effect, looked at after each of 100 batches.
    let (runs, batches) = (400, 100)
    var (fixed, anytime, oneSided) = (0, 0, 0)
    for run in 0..<runs {
      var random = SeededGenerator(seed: UInt64(run) + 77)
      var sum = 0.0
      var found = (fixed: false, anytime: false, oneSided: false)
      for batch in 1...batches {
        sum += random.normal()
        let effect = EffectEstimate(
          value: sum / Double(batch), standardError: 1 / Double(batch).squareRoot())
        let sequence = AnytimeEffect(effect, mixtureDeviation: 0.4)
        found.fixed = found.fixed || effect.pValue() < 0.05
        found.anytime = found.anytime || sequence.pValue(of: 0) < 0.05
        found.oneSided = found.oneSided || sequence.pValue(atMost: 0) < 0.05
      }
      fixed += found.fixed ? 1 : 0
      anytime += found.anytime ? 1 : 0
      oneSided += found.oneSided ? 1 : 0
    }
    // Fixed tests fail in a third of the studies; 5 % of 400 and three standard errors are 33.
    #expect(fixed > 80 && anytime <= 33 && oneSided <= 33, "\(fixed), \(anytime), \(oneSided)")
  }

  @Test func pooledEffectsAreThoseOfTheAnalysis() throws {
    let effects = [0.5, 1.5, -0.2, 0.9]
    var covariance = [Double](repeating: 0.01, count: 16)
    for index in 0..<4 { covariance[index * 5] = 0.09 }
    let sample = try #require(PooledEffect(sample: effects, covariance: covariance))
    let analysis = try #require(MetaAnalysis(effects: effects, covariance: covariance))
    #expect(sample.estimate.interval(level: 0.95) == analysis.interval())
    #expect(abs(sample.estimate.pValue() - analysis.pValue) < 1e-12)
    let these = PooledEffect(these: effects, covariance: covariance, degreesOfFreedom: 30)
    // (4·0.09 + 12·0.01)/16.
    #expect(abs(these.estimate.standardError - 0.03.squareRoot()) < 1e-12)
    #expect(these.analysis == nil && abs(these.estimate.value - 0.675) < 1e-12)
    #expect(PooledEffect(sample: [1], covariance: [1]) == nil)
  }
}

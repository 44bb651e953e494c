import Statistics
import Testing

@Suite struct MetaAnalysisTests {
  /// Log relative risks of the 13 BCG vaccine trials and their variances, from the published counts
  /// (Colditz 1994).
  let effects = [
    -0.88931133392, -1.585388657201, -1.3480731483, -1.441551190021, -0.217547322211,
    -0.786115585819, -1.620898223598, 0.011952333524, -0.469417648738, -1.371344803473,
    -0.339358828338, 0.445913400571, -0.017313948217,
  ]
  let variances = [
    0.325584765004, 0.194581121398, 0.415367965368, 0.020010031902, 0.05121017217, 0.006905618456,
    0.223017247572, 0.003961579298, 0.056434210463, 0.073024793613, 0.012412213972,
    0.5325058452, 0.071404659684,
  ]

  func diagonal(_ values: [Double]) -> [Double] {
    var matrix = [Double](repeating: 0, count: values.count * values.count)
    for (i, value) in values.enumerated() { matrix[i * values.count + i] = value }
    return matrix
  }

  @Test func literatureValues() throws {
    let found = try #require(
      MetaAnalysis(effects: effects, covariance: diagonal(variances)))
    // metafor's documentation: τ² 0.3132, estimate −0.7145, I² 92.22 %, Q(12) 152.2330; all digits
    // by SciPy.
    #expect(abs(found.tau * found.tau - 0.313243263) < 1e-7)
    #expect(abs(found.mean + 0.714532343) < 1e-7)
    #expect(abs(found.standardError - 0.180791744) < 1e-7)
    #expect(abs(found.heterogeneityShare - 0.922213846) < 1e-7)
    #expect(abs(found.q - 152.233008) < 1e-5)
    #expect(found.heterogeneityP < 1e-20)
    // t with 12 degrees of freedom: 2.178813.
    #expect(abs(found.interval().high - found.mean - 2.178813 * found.standardError) < 1e-6)
    let wide = found.predictionInterval()
    #expect(abs(wide.low + 2.004) < 0.05 && abs(wide.high - 0.575) < 0.05)
  }

  @Test func sharedErrorsDoNotAverageOut() throws {
    // By SciPy, with 0.04 shared by all five errors.
    let values = [0.5, 1.2, -0.3, 0.9, 0.1]
    let shared = diagonal([0.1, 0.2, 0.15, 0.05, 0.3]).map { $0 + 0.04 }
    let found = try #require(MetaAnalysis(effects: values, covariance: shared))
    #expect(abs(found.tau * found.tau - 0.194380920) < 1e-6)
    #expect(abs(found.mean - 0.518702436) < 1e-6)
    #expect(abs(found.standardError - 0.329942271) < 1e-6)
    #expect(abs(found.heterogeneityP - 0.041608508) < 1e-7)
    #expect(MetaAnalysis(effects: [1], covariance: [1]) == nil)
  }

  @Test func equalEffectsKeepTheirErrors() throws {
    let found = try #require(
      MetaAnalysis(effects: [1, 1, 1, 1], covariance: diagonal([0.4, 0.4, 0.4, 0.4])))
    // Without the factor's lower bound the error of equal effects would be 0.
    #expect(found.tau == 0 && abs(found.standardError - 0.1.squareRoot()) < 1e-12)
    #expect(found.heterogeneityShare == 0)
  }

  @Test(arguments: [5, 12, 50], [0.0, 0.3, 1.5])
  func falseDifferencesAreRare(scenes: Int, tau: Double) throws {
    var random = SeededGenerator(seed: UInt64(scenes) * 100 + UInt64(tau * 10))
    var rejected = 0
    let runs = 2000 / (scenes > 20 ? 5 : 1)
    for _ in 0..<runs {
      let variances = (0..<scenes).map { _ in 0.03 + 0.2 * random.uniform() }
      let values = variances.map {
        tau * random.normal() + $0.squareRoot() * random.normal()
      }
      let found = try #require(
        MetaAnalysis(effects: values, covariance: diagonal(variances)))
      rejected += found.pValue < 0.05 ? 1 : 0
    }
    // 5 % and three standard errors of the simulation.
    let share = Double(rejected) / Double(runs)
    #expect(share < 0.05 + 3 * (0.05 * 0.95 / Double(runs)).squareRoot())
    print("false differences, \(scenes) scenes, tau \(tau): \(share)")
  }
}

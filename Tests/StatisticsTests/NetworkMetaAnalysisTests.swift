import Statistics
import Testing

@Suite struct NetworkMetaAnalysisTests {
  @Test func twoGroupsAreAMetaAnalysisOfTheirDifference() throws {
    let differences = [0.8, -0.3, 1.6, 0.2, 0.9, -0.6]
    let errors = [0.2, 0.3, 0.25, 0.4, 0.2, 0.3]
    let scenes = zip(differences, errors).enumerated().map { index, scene in
      // Any level of the scene, and the error split between the two.
      NetworkMetaAnalysis.Scene(
        groups: [0, 1], values: [Double(index) + scene.0, Double(index)],
        covariance: [scene.1 * scene.1 / 2, 0, 0, scene.1 * scene.1 / 2])
    }
    let network = try #require(NetworkMetaAnalysis(count: 2, scenes: scenes))
    var covariance = [Double](repeating: 0, count: 36)
    for index in 0..<6 { covariance[index * 7] = errors[index] * errors[index] }
    let plain = try #require(MetaAnalysis(effects: differences, covariance: covariance))
    let effect = network.effect(.difference(0, 1))
    #expect(abs(effect.value - plain.mean) < 1e-3)
    #expect(abs(effect.standardError - plain.standardError) < 1e-3)
    #expect(abs(network.tau - plain.tau) < 1e-3 && effect.degreesOfFreedom == 5)
    #expect(abs(network.means[0] + network.means[1]) < 1e-9)
  }

  @Test func meansThatAddUpToNothingHaveACovarianceWithoutInverse() throws {
    // A scale's positions are from their mean: where the groups hold all photos, the matrix is
    // exactly singular.
    let differences = [0.8, -0.3, 1.6, 0.2]
    let variance = 0.0625
    func scenes(_ covariance: [Double]) -> [NetworkMetaAnalysis.Scene] {
      differences.map {
        NetworkMetaAnalysis.Scene(
          groups: [0, 1], values: [$0 / 2, -$0 / 2], covariance: covariance)
      }
    }
    let singular = try #require(
      NetworkMetaAnalysis(count: 2, scenes: scenes([variance, -variance, -variance, variance])))
    // The same error of the difference, 4·variance, split evenly.
    let split = try #require(
      NetworkMetaAnalysis(count: 2, scenes: scenes([2 * variance, 0, 0, 2 * variance])))
    for (one, other) in zip(singular.covariance, split.covariance) {
      #expect(abs(one - other) < 1e-9)
    }
    #expect(abs(singular.tau - split.tau) < 1e-9 && abs(singular.means[0] - 0.2875) < 1e-9)
  }

  @Test func groupsAreComparedThroughOthers() throws {
    // 0 and 2 never meet; both meet 1.
    var random = SeededGenerator(seed: 3)
    let truth = [1.0, 0, -2]
    let scenes = (0..<40).map { index -> NetworkMetaAnalysis.Scene in
      let groups = index.isMultiple(of: 2) ? [0, 1] : [1, 2]
      let level = 3 * random.normal()
      return NetworkMetaAnalysis.Scene(
        groups: groups, values: groups.map { truth[$0] + level + 0.2 * random.normal() },
        covariance: [0.02, 0, 0, 0.02])
    }
    let network = try #require(NetworkMetaAnalysis(count: 3, scenes: scenes))
    let effect = network.effect(.difference(0, 2))
    // √(2·0.2²/20·2) = 0.09; four standard errors.
    #expect(abs(effect.value - 3) < 0.36 && effect.standardError < 0.2)
    #expect(NetworkMetaAnalysis(count: 4, scenes: scenes) == nil)
    #expect(NetworkMetaAnalysis(count: 3, scenes: Array(scenes.prefix(2))) == nil)
  }

  @Test func intervalsHold() throws {
    var held = 0
    let runs = 300
    for seed in 0..<runs {
      var random = SeededGenerator(seed: UInt64(seed) + 40)
      let scenes = (0..<8).map { _ in
        NetworkMetaAnalysis.Scene(
          groups: [0, 1, 2, 3],
          values: (0..<4).map { Double($0) * 0.5 + 0.6 * random.normal() + 0.3 * random.normal() },
          covariance: (0..<16).map { $0 % 5 == 0 ? 0.09 : 0 })
      }
      let network = try #require(NetworkMetaAnalysis(count: 4, scenes: scenes))
      let ends = network.effect(.difference(3, 0)).interval(level: 0.95)
      held += ends.low <= 1.5 && ends.high >= 1.5 ? 1 : 0
    }
    // 95 % of 300 less three standard errors.
    #expect(held >= 273, "\(held) of \(runs)")
  }
}

import Decision
import Domain
import Statistics
import Testing

/// Evidence of scenes whose errors are independent and equally large.
func evidence(
  _ differences: [Double], error: Double = 0.2, attribute: Attribute = .details, votes: Int = 60
) -> AttributeEvidence {
  let count = differences.count
  var covariance = [Double](repeating: 0, count: count * count)
  for index in 0..<count { covariance[index * count + index] = error * error }
  return AttributeEvidence(
    attribute: attribute,
    scenes: differences.enumerated().map { index, value in
      AttributeEvidence.Scene(
        scene: SceneID("S\(index)"),
        effect: EffectEstimate(value: value, standardError: error), votes: votes)
    }, covariance: covariance, degreesOfFreedom: Double(count * votes - 1), observers: 20)
}

/// The verdict on evidence, candidate B against baseline A.
func verdict(
  _ evidence: AttributeEvidence..., slices: [SliceEvidence] = [],
  change: (inout DecisionSettings) -> Void = { _ in }
) throws -> Verdict {
  var settings = DecisionSettings()
  change(&settings)
  return try decide(
    evidence, slices: slices, baseline: "A", candidate: "B", source: .votes, settings: settings)
}

@Suite struct DecideTests {
  @Test func theFourOutcomes() throws {
    #expect(try verdict(evidence([1.1, 0.9, 1.2, 0.8, 1.0, 1.0])).outcome == .better)
    #expect(try verdict(evidence([-1.1, -0.9, -1.2, -0.8, -1.0, -1.0])).outcome == .worse)
    #expect(try verdict(evidence([0.1, -0.1, 0.05, 0, -0.05, 0.02])).outcome == .equivalent)
    #expect(try verdict(evidence([1.5, -1.5, 1, -1, 0.5, -0.3])).outcome == .inconclusive)
  }

  @Test func intervalAndOutcomeAgreeForOneAttribute() throws {
    for shift in stride(from: -1.0, through: 1.0, by: 0.05) {
      let found = try verdict(
        evidence([0.3, -0.2, 0.5, -0.4, 0.1, 0.0].map { $0 + shift }))
      let finding = try #require(found.attributes[0].finding)
      switch found.outcome {
      case .better: #expect(finding.low > 0)
      case .worse: #expect(finding.high < 0)
      case .equivalent: #expect(finding.equivalenceP < 0.05)
      case .inconclusive: #expect(finding.low <= 0 && finding.high >= 0)
      }
      // The two-sided 90 % interval inside the margin is the same as two one-sided tests at 5 %.
      let half = StudentT(degreesOfFreedom: 5).quantile(0.95) * finding.standardError
      let isInside = finding.difference - half > -0.5 && finding.difference + half < 0.5
      #expect(isInside == (finding.equivalenceP < 0.05))
    }
  }

  @Test func aShownDifferenceInsideTheMarginIsEquivalent() throws {
    let scenes = (0..<40).map { 0.2 + 0.02 * Double($0 % 5 - 2) }
    let found = try verdict(evidence(scenes))
    let finding = try #require(found.attributes[0].finding)
    #expect(finding.low > 0)
    #expect(found.outcome == .equivalent && found.gateResult == .pass)
    #expect(found.attributes[0].reason.contains("shown to differ from 0"))
    // With a margin of 0 nothing is equivalent, and the same difference is better.
    #expect(try verdict(evidence(scenes)) { $0.margin = 0 }.outcome == .better)
  }

  @Test func gatesAndExitCodes() throws {
    let (better, worse) = ([1.1, 0.9, 1.2, 0.8, 1.0], [-1.1, -0.9, -1.2, -0.8, -1.0])
    let same = [0.1, -0.1, 0.05, 0, -0.05, 0.02]
    let open = [1.5, -1.5, 1, -1, 0.5]
    // Not worse by the margin, and neither better nor equivalent.
    let above = [0.85, 0.05, 0.75, -0.25, 0.55, 0.05, 0.45, -0.05]
    func code(
      _ scenes: [Double], _ gate: GateRule, _ policy: InconclusivePolicy? = nil
    ) throws -> Int32 {
      try verdict(evidence(scenes)) {
        ($0.gate, $0.inconclusive) = (gate, policy)
      }.exitCode
    }
    #expect(try code(better, .noWorse) == 0 && code(better, .better) == 0)
    #expect(try code(worse, .noWorse) == 1 && code(worse, .better) == 1)
    #expect(try code(same, .noWorse) == 0 && code(same, .better) == 1)
    #expect(try code(open, .noWorse) == 3 && code(open, .better) == 3)
    #expect(try code(open, .noWorse, .pass) == 0 && code(open, .noWorse, .fail) == 1)
    #expect(try code(above, .noWorse) == 0 && code(above, .better) == 3)
    #expect(try verdict(evidence(above)).outcome == .inconclusive)
  }

  @Test func attributesAreCorrectedTogether() throws {
    // p is about .03 for one attribute alone, and .06 as one of two.
    let weak = [1.57, 0.07, 1.17, 0.47, 1.67, 0.17]
    let alone = try verdict(evidence(weak, attribute: .exposure))
    let p = try #require(alone.attributes[0].finding).p
    #expect(p > 0.025 && p < 0.05 && alone.outcome == .better)
    let open = [1.5, -1.5, 1, -1, 0.5, -0.3]
    let both = try verdict(
      evidence(weak, attribute: .exposure), evidence(open, attribute: .details))
    let corrected = try #require(both.attributes.last?.finding)
    #expect(both.attributes.map(\.attribute) == [.details, .exposure])
    #expect(corrected.p == p && corrected.adjustedP == 2 * p)
    #expect(both.attributes.last?.outcome == .inconclusive)
  }

  @Test func theWholeIsAsGoodAsItsWorstAttribute() throws {
    let better = evidence([1.1, 0.9, 1.2, 0.8, 1.0], attribute: .details)
    let worse = evidence([-1.1, -0.9, -1.2, -0.8, -1.0], attribute: .exposure)
    let same = evidence([0.1, -0.1, 0.05, 0, -0.05, 0.02], attribute: .overall)
    let open = evidence([1.5, -1.5, 1, -1, 0.5], attribute: .colour)
    #expect(try verdict(better, worse, same, open).outcome == .worse)
    #expect(try verdict(better, same, open).outcome == .inconclusive)
    #expect(try verdict(better, same).outcome == .better)
    #expect(try verdict(same).outcome == .equivalent)
    #expect(try verdict(better, worse).sentence.contains("worse than A in exposure"))
  }

  @Test func oneSceneIsNoSample() throws {
    let found = try verdict(evidence([2.0], error: 0.1))
    #expect(found.outcome == .inconclusive && found.exitCode == 3)
    #expect(found.attributes[0].reason.contains("One scene"))
    let these = try verdict(evidence([2.0], error: 0.1)) { $0.scenes = .theseScenes }
    #expect(these.outcome == .better && these.scenesAre == .theseScenes)
    #expect(these.notes.contains { $0.contains("these scenes only") })
  }

  @Test func noSceneDecidesNothing() throws {
    let found = try verdict(evidence([]))
    #expect(found.outcome == .inconclusive && found.attributes[0].finding == nil)
    #expect(throws: InputError.self) {
      try decide(
        [], baseline: "A", candidate: "B", source: .votes, settings: DecisionSettings())
    }
  }

  @Test func oneSceneThatCarriesEverything() throws {
    let found = try verdict(evidence([4, 0.02, -0.03, 0.01, 0, -0.01, 0.03, 0]))
    #expect(found.outcome == .inconclusive)
    #expect(found.attributes[0].pivotalScene?.scene == "S0")
    #expect(found.attributes[0].pivotalScene?.outcomeWithout == .equivalent)
    let heterogeneity = try #require(found.attributes[0].heterogeneity)
    #expect(heterogeneity.tau > 1 && heterogeneity.share > 0.9)
  }

  @Test func settingsWithoutAMeaningAreRefused() {
    #expect(throws: InputError.self) { try verdict(evidence([0, 1])) { $0.margin = -1 } }
    #expect(throws: InputError.self) { try verdict(evidence([0, 1])) { $0.visible = 0 } }
    #expect(throws: InputError.self) {
      try verdict(evidence([0, 1])) { ($0.margin, $0.isSequential) = (0, true) }
    }
  }

  @Test func whatCanBeSeen() throws {
    let large = try verdict(evidence([2.1, 1.9, 2.2, 1.8, 2.0, 2.0]))
    #expect(large.attributes[0].finding?.visible == .yes)
    let small = try verdict(evidence([0.1, -0.1, 0.05, 0, -0.05, 0.02]))
    #expect(small.attributes[0].finding?.visible == .no)
    let finding = try #require(large.attributes[0].finding)
    #expect(finding.probabilityVisible > 0.99 && finding.preference > 0.9)
    let open = try verdict(evidence([1.5, -0.5, 1, 2, 0.5]))
    #expect(open.attributes[0].finding?.visible == .open)
  }
}

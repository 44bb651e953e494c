import Comparison
import Domain
import Scaling
import Statistics
import Testing

/// Two scenes of 12 photos over 4 JOD, judged by a panel; `votes` per scene.
private func study(
  _ observers: [SimulatedObserver], votes: Int = 2_400, seed: UInt64
) throws -> [SceneJudgements] {
  let truth = ["S", "T"].flatMap { scene in
    (0..<12).map {
      TrueQuality(
        scene: SceneID(scene), attribute: .details, photo: PhotoID("p\($0 / 10)\($0 % 10)"),
        quality: JOD(Double($0) / 11 * 4))
    }
  }
  return SceneJudgements.grouping(
    try simulate(truth: truth, comparisons: votes, observers: observers, seed: seed))
}

private func screen(_ scenes: [SceneJudgements]) throws -> ObserverScreening {
  try screenObservers(scenes) { try posterior($0) }
}

@Suite struct ObserverScreeningTests {
  @Test func idealObserversAreRarelyFlagged() throws {
    var flagged = 0
    for seed in 0..<10 {
      let screening = try screen(try study(SimulatedObserver.panel(12), seed: UInt64(seed)))
      #expect(screening.observers.count == 12)
      flagged += screening.observers.flatMap(\.flags).count { $0.concern != .unlikely }
    }
    // 10 studies × 4 tests, each with 5 % in total: 2 expected; the likelihood's distance is no
    // test.
    #expect(flagged <= 6)
  }

  @Test func blindObserversAreFoundAndMeasured() throws {
    var panel = SimulatedObserver.panel(12)
    panel[3] = SimulatedObserver(id: "S04", lapseRate: 0.5)
    let screening = try screen(try study(panel, seed: 20))
    let one = try #require(screening.observers.first { $0.statistics.observer == "S04" })
    #expect(Set(one.flags.map(\.concern)).isSuperset(of: [.lapses, .disagrees, .unlikely]))
    // 400 votes know the rate to about 6 %.
    #expect(abs(one.statistics.lapseRate - 0.5) < 4 * one.statistics.lapseStandardError)
    #expect(one.statistics.lapseStandardError < 0.1)
    #expect(screening.flagged.contains("S04"))
    // Blind answers squeeze the scale: without them it is wider.
    #expect(one.effect.slope > 1)
    #expect(one.effect.rootMeanSquareShift > .zero)
    let together = try #require(screening.effectOfFlagged)
    #expect(together.spearman > 0.95)
  }

  @Test func sideBiasIsFound() throws {
    var panel = SimulatedObserver.panel(12)
    panel[7] = SimulatedObserver(id: "S08", sideBias: JOD(1.2))
    let screening = try screen(try study(panel, seed: 21))
    let one = try #require(screening.observers.first { $0.statistics.observer == "S08" })
    #expect(one.flags.contains { $0.concern == .sideBias })
    #expect(one.statistics.sideA.found > 0.6)
    #expect(abs(one.statistics.sideA.expected - 0.5) < 0.05)
  }

  @Test func hastyAnswersAndTimesAreReported() throws {
    var panel = SimulatedObserver.panel(6).map {
      SimulatedObserver(id: $0.id, medianMilliseconds: 2_500)
    }
    panel[0] = SimulatedObserver(id: "S01", lapseRate: 0.9, medianMilliseconds: 250)
    let screening = try screen(try study(panel, seed: 22))
    let hasty = screening.observers[0]
    #expect(hasty.flags.contains { $0.concern == .hasty && $0.sentence.contains("300 ms") })
    #expect(screening.observers[1].flags.allSatisfy { $0.concern != .hasty })
    let median = try #require(screening.observers[1].statistics.medianMilliseconds)
    // 800 log-normal times of shape 0.5 know the median to 2 %.
    #expect(abs(median - 2_500) < 250)
  }

  @Test func repeatsAreCountedAgainstTheModel() throws {
    // 66 pairs a scene and 800 votes each: everybody repeats.
    var panel = SimulatedObserver.panel(3)
    panel[2] = SimulatedObserver(id: "S03", lapseRate: 1)
    let screening = try screen(try study(panel, seed: 23))
    let blind = try #require(screening.observers[2].statistics.repeatAgreement)
    #expect(blind.answers == 1_600 - 132)
    #expect(abs(blind.found - 0.5) < 0.06)
    #expect(screening.observers[2].flags.contains { $0.concern == .inconsistent })
    let good = try #require(screening.observers[0].statistics.repeatAgreement)
    #expect(good.found > blind.found)
  }

  @Test func likelihoodMeetsAWorkedExample() throws {
    // x answered 3 of 4 times for the better photo; with even chances log₁₀(4/16) is −0.602.
    let votes = (0..<4).map {
      SceneJudgements.Vote(observer: 0, a: 0, b: 1, choice: $0 == 0 ? .b : .a)
    }
    let others = [Choice.a, .b].map { SceneJudgements.Vote(observer: 1, a: 0, b: 1, choice: $0) }
    let scene = SceneJudgements(
      scene: "S", attribute: .details, photos: ["p", "q"], observers: ["x", "y"],
      votes: votes + others)
    let screening = try screen([scene])
    #expect(abs(screening.observers[0].statistics.logLikelihood + 0.60206) < 1e-4)
    #expect(screening.observers[0].statistics.agreement.expected == 0.5)
  }

  @Test func observersWhoHoldTheDesignTogetherAreNamed() throws {
    // Only x compares q and r.
    let scene = SceneJudgements(
      scene: "S", attribute: .details, photos: ["p", "q", "r"], observers: ["x", "y"],
      votes: [
        .init(observer: 0, a: 1, b: 2, choice: .a), .init(observer: 0, a: 2, b: 1, choice: .a),
        .init(observer: 1, a: 0, b: 1, choice: .a), .init(observer: 1, a: 1, b: 0, choice: .a),
      ])
    let screening = try screenObservers([scene]) { matrix in
      guard let fit = try? fitScale(matrix, disconnected: .refuse) else { return nil }
      return try QualityPosterior(means: fit.jod, covariance: fit.covariance)
    }
    #expect(screening.observers[0].effect.lostScenes == ["S"])
    #expect(throws: InputError.self) {
      try screen([
        SceneJudgements(
          scene: "S", attribute: .details, photos: ["p", "q"], observers: ["x"],
          votes: [.init(observer: 0, a: 0, b: 1, choice: .a)])
      ])
    }
  }
}

import Domain
import Scaling
import Statistics
import Testing

/// Studies in which every observer judges every pair once, so that votes are often unanimous.
@Suite struct SmallDesignTests {
  func study(_ truth: [Double], observers: Int, seed: UInt64) -> SceneJudgements {
    var random = SeededGenerator(seed: seed)
    var votes: [SceneJudgements.Vote] = []
    for observer in 0..<observers {
      for a in truth.indices {
        for b in truth.indices.dropFirst(a + 1) {
          let better = truth[a] - truth[b] + JOD.differenceSigma * random.normal() > 0
          votes.append(
            SceneJudgements.Vote(observer: observer, a: a, b: b, choice: better ? .a : .b))
        }
      }
    }
    return SceneJudgements(
      scene: "S", attribute: .details, photos: truth.indices.map { PhotoID("photo\($0)") },
      observers: (0..<observers).map { ObserverID("o\($0)") }, votes: votes)
  }

  func votes(_ wins: Int, of total: Int) -> SceneJudgements {
    SceneJudgements(
      scene: "S", attribute: .details, photos: ["a", "b"],
      observers: (0..<total).map { ObserverID("o\($0)") },
      votes: (0..<total).map {
        SceneJudgements.Vote(observer: $0, a: 0, b: 1, choice: $0 < wins ? .a : .b)
      })
  }

  // All pairs once per observer: designs in which unanimous votes are common.
  @Test(arguments: [([0, 3.5], 12), ([0, 3, 6, 9], 12), ([0, 2, 4, 6, 8, 10], 20)])
  func differencesCover(truth: [Double], observers: Int) throws {
    var settings = ScalingSettings()
    settings.bootstraps = 0
    var (held, all) = (0, 0)
    for seed in 0..<200 {
      let scaled = try scaleScene(
        study(truth, observers: observers, seed: UInt64(seed)), settings: settings)
      for contrast in try contrasts(scaled) {
        let (i, j) = (Int(contrast.first.dropFirst(5)) ?? 0, Int(contrast.second.dropFirst(5)) ?? 0)
        let difference = truth[i] - truth[j]
        held +=
          contrast.interval.low <= difference && difference <= contrast.interval.high
          ? 1 : 0
        all += 1
      }
    }
    // Votes are counts, so that small designs hold more than 95 %; never less but for chance.
    #expect(Double(held) / Double(all) > 0.93)
    print("\(truth.count) photos, \(observers) observers: \(Double(held) / Double(all))")
  }

  @Test func unanimousVotesHaveAnInterval() throws {
    let found = try contrasts(scaleScene(votes(12, of: 12)))[0]
    #expect(found.p > 1e-4 && found.p < 0.01)
    #expect(found.interval.low > 0 && found.interval.high.isFinite)
    #expect(found.interval.width > 3)
    let few = try contrasts(scaleScene(votes(3, of: 3)))[0]
    #expect(few.p > 0.1 && !few.isShown)
    let one = try contrasts(scaleScene(votes(1, of: 1)))[0]
    #expect(one.p > 0.3)
    for study in [votes(12, of: 12), votes(3, of: 3), votes(1, of: 1)] {
      let scaled = try scaleScene(study)
      #expect(scaled.scale.photos.allSatisfy { $0.interval.width > 1 })
      #expect(scaled.scale.photos.allSatisfy { $0.standardDeviation > 0.1 })
      #expect(try forecastStudy(study, scaled: scaled, target: JOD(1)).isReached == false)
    }
  }

  @Test func replicatesDoNotChangeAContrast() throws {
    var without = ScalingSettings()
    without.bootstraps = 0
    for study in [votes(11, of: 12), votes(12, of: 12)] {
      let answers = try contrasts(scaleScene(study))
      #expect(try contrasts(scaleScene(study, settings: without)) == answers)
    }
    let (most, all) = (
      try contrasts(scaleScene(votes(11, of: 12)))[0],
      try contrasts(scaleScene(votes(12, of: 12)))[0]
    )
    #expect(all.p < most.p && most.p < 0.05)
  }
}

import Domain
import Foundation
import Scaling
import Statistics
import Testing

/// One case of `Fixtures/models.json`, made by `Scripts/golden/scaling.py`.
struct ModelGolden: Decodable {
  let photos: Int
  let first, second: [Int]
  let wins, losses, ties: [Double]
  let caseV, caseVCovariance, gaussian, gaussianCovariance: [Double]
  let bradleyTerryWithoutTies, davidson: [Double]
  let nu: Double

  func matrix(ties included: Bool = true) -> ComparisonMatrix {
    ComparisonMatrix(
      count: photos,
      pairs: first.indices.map {
        ComparisonMatrix.Pair(
          first: first[$0], second: second[$0], firstWins: wins[$0], secondWins: losses[$0],
          ties: included ? ties[$0] : 0)
      })
  }
}

/// One case of `Fixtures/trueskill.json`, made by `Scripts/golden/scaling_trueskill.py`.
struct TrueSkillGolden: Decodable {
  let photos: Int
  let wins: [[Double]]
  let means: [Double]
}

func fixture<Value: Decodable>(_ name: String) throws -> Value {
  let file = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/\(name).json")
  return try JSONDecoder().decode(Value.self, from: Data(contentsOf: file))
}

func worst(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(a.count == b.count ? 0 : .infinity) { max($0, abs($1.0 - $1.1)) }
}

/// Counts of one pair of two photos.
func pairMatrix(_ wins: Double, _ losses: Double, ties: Double = 0) -> ComparisonMatrix {
  ComparisonMatrix(
    count: 2,
    pairs: [
      ComparisonMatrix.Pair(
        first: 0, second: 1, firstWins: wins, secondWins: losses, ties: ties)
    ])
}

@Suite struct ModelTests {
  // SciPy's root finder stops near 1e-12; its finite-difference Hessians are good to some 1e-8.
  @Test func modelsMeetSciPyAndChoix() throws {
    let cases: [ModelGolden] = try fixture("models")
    for golden in cases {
      let plain = try fitScale(golden.matrix(), prior: .none)
      #expect(worst(plain.jod, golden.caseV) < 1e-8)
      #expect(worst(plain.covariance, golden.caseVCovariance) < 1e-6)
      let mapped = try fitScale(golden.matrix(), prior: .gaussian(varianceJOD2: 25))
      #expect(worst(mapped.jod, golden.gaussian) < 1e-8)
      #expect(worst(mapped.covariance, golden.gaussianCovariance) < 1e-6)
      let logistic = try fitScale(
        golden.matrix(ties: false), model: .bradleyTerry, prior: .none)
      // choix stops at its own tolerance.
      #expect(worst(logistic.jod, golden.bradleyTerryWithoutTies) < 1e-6)
      let ties = try fitScale(golden.matrix(), model: .bradleyTerry, prior: .none, ties: .davidson)
      #expect(worst(ties.jod, golden.davidson) < 1e-6)
      #expect(abs((ties.tieParameter ?? 0) - golden.nu) < 1e-5)
    }
  }

  @Test func convergedTrueSkillMeetsASAP() throws {
    let cases: [TrueSkillGolden] = try fixture("trueskill")
    for golden in cases {
      var pairs: [ComparisonMatrix.Pair] = []
      for i in 0..<golden.photos {
        for j in (i + 1)..<max(golden.photos, i + 1) {
          pairs.append(
            ComparisonMatrix.Pair(
              first: i, second: j, firstWins: golden.wins[i][j], secondWins: golden.wins[j][i]))
        }
      }
      let matrix = ComparisonMatrix(count: golden.photos, pairs: pairs)
      let fit = try fitScale(matrix, model: .trueSkill, disconnected: .usePrior)
      let mean = Descriptive.mean(golden.means)
      // Both run to 1e-9 of a step; the slowest mode then is some 1e-8 from its end.
      #expect(worst(fit.jod, golden.means.map { ($0 - mean) * 1.4826 }) < 1e-7)
    }
  }

  @Test func oneJODIsSeventyFivePercent() throws {
    let thurstone = try fitScale(pairMatrix(75, 25), prior: .none)
    // 1.4826 is 1/Φ⁻¹(0.75) rounded: 1.5e-6 off.
    #expect(abs(thurstone.jod[0] - thurstone.jod[1] - 1) < 2e-6)
    let logistic = try fitScale(pairMatrix(75, 25), model: .bradleyTerry, prior: .none)
    #expect(abs(logistic.jod[0] - logistic.jod[1] - 1) < 1e-12)
    let ties = try fitScale(
      pairMatrix(60, 20, ties: 30), model: .bradleyTerry, prior: .none, ties: .davidson)
    #expect(abs(ties.jod[0] - ties.jod[1] - 1) < 1e-6)
    // ν = t/√(k·l).
    #expect(abs((ties.tieParameter ?? 0) - 30 / 1200.0.squareRoot()) < 1e-5)
    #expect(abs(thurstone.jod[0] + thurstone.jod[1]) < 1e-12)
  }

  @Test func informationOfOnePair() throws {
    // At equal counts the weight is n·(4/2π)/σ²: I = n·(2/π)/1.4826², and Var(difference) = 1/I.
    let fit = try fitScale(pairMatrix(50, 50), prior: .none)
    let expected = (Double.pi / 2 / 100).squareRoot() * 1.4826
    #expect(abs(fit.differenceDeviation(0, 1) - expected) < 1e-9)
  }

  @Test func tiesAsHalfVotes() throws {
    let half = try fitScale(pairMatrix(60, 10, ties: 30), prior: .none)
    let split = try fitScale(pairMatrix(75, 25), prior: .none)
    #expect(worst(half.jod, split.jod) < 1e-12)
  }

  @Test(arguments: [ScalePrior.none, .standard])
  func tiesAloneAreAScaleOfEqualPhotos(prior: ScalePrior) throws {
    let pairs = [(0, 1), (1, 2)].map {
      ComparisonMatrix.Pair(first: $0, second: $1, firstWins: 0, secondWins: 0, ties: 8)
    }
    let fit = try fitScale(
      ComparisonMatrix(count: 3, pairs: pairs), model: .bradleyTerry, prior: prior,
      ties: .davidson)
    #expect(fit.jod.allSatisfy { abs($0) < 1e-9 })
    #expect(fit.standardDeviations.allSatisfy { $0.isFinite && $0 > 0.5 })
    // With 16 ties and half a decided answer the most likely share of ties is 16 / 16.5, and ν/(2 + ν) is the share.
    #expect(abs((fit.tieParameter ?? 0) - 64) < 1e-2)
    #expect(abs(fit.logLikelihood - 16 * log(16 / 16.5)) < 1e-3)
  }

  @Test func chainAddsUp() throws {
    // 75 % from each photo to the next: each step is 1 JOD, even without the other pairs.
    let n = 300
    let pairs = (0..<(n - 1)).map {
      ComparisonMatrix.Pair(first: $0, second: $0 + 1, firstWins: 75, secondWins: 25)
    }
    let fit = try fitScale(ComparisonMatrix(count: n, pairs: pairs), prior: .none)
    // 299 steps of at most 1.5e-6 from the rounding of 1.4826.
    #expect(abs(fit.jod[0] - fit.jod[n - 1] - 299) < 5e-4)
  }

  @Test func thousandsOfVotesOnAPair() throws {
    for prior in [ScalePrior.none, .pwcmp, .pwcmpRepaired, .standard] {
      let fit = try fitScale(pairMatrix(1400, 600), prior: prior)
      // Φ⁻¹(0.7)·1.4826 = 0.7775; the priors pull by less than 1 %.
      #expect(abs(fit.jod[0] - fit.jod[1] - 0.7775) < 0.008)
    }
  }

  @Test func unanimousPair() throws {
    let fit = try fitScale(pairMatrix(10, 0))
    #expect((2.0...8).contains(fit.jod[0] - fit.jod[1]))
    // On a single pair pwcmp's prior is constant, and the public code stops anywhere (at 7.7 JOD).
    for prior in [ScalePrior.none, .pwcmp, .pwcmpRepaired] {
      #expect(throws: ScalingError.self) { try fitScale(pairMatrix(10, 0), prior: prior) }
    }
  }

  @Test func absurdOutcomesStayFinite() throws {
    // Photo 3 beats the best of a long chain: x = −40 standard deviations at the chain's own distances.
    let steps = 60
    var pairs = (0..<steps).map {
      ComparisonMatrix.Pair(first: $0, second: $0 + 1, firstWins: 900, secondWins: 100)
    }
    pairs.append(ComparisonMatrix.Pair(first: 0, second: steps, firstWins: 0, secondWins: 1))
    let matrix = ComparisonMatrix(count: steps + 1, pairs: pairs)
    for prior in [ScalePrior.none, .gaussian(varianceJOD2: 1e6)] {
      let fit = try fitScale(matrix, prior: prior)
      #expect(fit.jod.allSatisfy { $0.isFinite })
      #expect(fit.jod[0] - fit.jod[steps] > 60)
    }
    // A start at which φ and Φ are both 0.
    let far = try fitScale(
      pairMatrix(3, 1), prior: .none, startingAt: [-500, 500])
    #expect(abs(far.jod[0] - far.jod[1] - 1) < 2e-6)
  }

  @Test func designErrorsNameGroups() throws {
    let names: [PhotoID] = ["a", "b", "c", "d", "e"]
    let apart = ComparisonMatrix(
      count: 5,
      pairs: [(0, 1), (1, 2), (3, 4)].map {
        ComparisonMatrix.Pair(first: $0.0, second: $0.1, firstWins: 3, secondWins: 2)
      })
    #expect(
      throws: ScalingError.disconnected(
        groups: [["a", "b", "c"], ["d", "e"]], suggestion: ["b", "d"])
    ) { try fitScale(apart, names: names) }
    let placed = try fitScale(apart, disconnected: .usePrior, names: names)
    // The prior centers each group around 0.
    #expect(abs(placed.jod[3] + placed.jod[4]) < 1e-9)
    let split = ComparisonMatrix(
      count: 3,
      pairs: [
        ComparisonMatrix.Pair(first: 0, second: 1, firstWins: 3, secondWins: 2),
        ComparisonMatrix.Pair(first: 1, second: 2, firstWins: 4, secondWins: 0),
      ])
    #expect(
      throws: ScalingError.unbounded(
        better: ["a", "b"], worse: ["c"], suggestion: ["a", "c"])
    ) { try fitScale(split, prior: .none, names: names) }
    #expect(throws: ScalingError.nothingToScale(photos: 1, comparisons: 0)) {
      try fitScale(ComparisonMatrix(count: 1, pairs: []))
    }
    #expect(throws: InputError.self) { try fitScale(pairMatrix(-1, 2)) }
    #expect(throws: InputError.self) { try fitScale(pairMatrix(.nan, 2)) }
    #expect(throws: InputError.self) {
      try fitScale(pairMatrix(1, 2), prior: .gaussian(varianceJOD2: 0))
    }
    #expect(throws: InputError.self) { try fitScale(pairMatrix(1, 2), ties: .davidson) }
  }

  @Test func orderOfPhotosDoesNotMatter() throws {
    let study = SimulatedStudy(
      truth: SimulatedStudy.evenTruth(12, range: 4), votes: 400, observers: 5, seed: 8)
    let order = [3, 7, 0, 11, 5, 1, 9, 2, 10, 4, 8, 6]
    let votes = study.judgements.votes.map {
      SceneJudgements.Vote(observer: 0, a: order[$0.a], b: order[$0.b], choice: $0.choice)
    }
    for prior in [ScalePrior.none, .pwcmp, .standard] {
      let one = try fitScale(ComparisonMatrix(study.judgements), prior: prior).jod
      let other = try fitScale(
        ComparisonMatrix(count: 12, votes: votes) { _ in 1 }, prior: prior
      ).jod
      // Newton's last step is below 1e-7, the quasi-Newton search's below 1e-9 of a curved bowl.
      #expect(worst(one, order.map { other[$0] }) < 1e-6)
    }
  }

  @Test func recoversWideScales() throws {
    for range in [2.0, 8, 14] {
      let truth = SimulatedStudy.evenTruth(60, range: range)
      var slopes: [Double] = []
      for seed in 0..<6 {
        let study = SimulatedStudy(truth: truth, votes: 3540, observers: 30, seed: UInt64(seed))
        let found = try fitScale(ComparisonMatrix(study.judgements)).jod
        let xx = truth.reduce(0) { $0 + $1 * $1 }
        slopes.append(zip(truth, found).reduce(0) { $0 + $1.0 * $1.1 } / xx)
      }
      // Six studies give the mean slope a standard error of about 0.01.
      #expect(abs(Descriptive.mean(slopes) - 1) < 0.05, "range \(range): \(slopes)")
    }
  }
}

import Statistics
import Testing

@Suite struct RankSetsTests {
  /// Independent positions with one standard error.
  private func estimates(_ positions: [Double], error: Double) -> Estimates {
    let count = positions.count
    return Estimates(
      positions: positions,
      information: (0..<(count * count)).map {
        $0 / count == $0 % count ? error * error : 0
      })
  }

  @Test func farPositionsHaveTheirRankAndCloseOnesShareTheirs() {
    let sets = RankSets(estimates([0, 10, 10.1, 20], error: 1))
    #expect(sets.ranks == [4...4, 2...3, 2...3, 1...1])
  }

  @Test func equalPositionsMayHaveEveryRank() {
    #expect(RankSets(estimates([1, 1, 1], error: 0.5)).ranks == [1...3, 1...3, 1...3])
    #expect(RankSets(estimates([1], error: 0.5)).ranks == [1...1])
  }

  @Test func stepsDownFindMoreThanTheFirstRound() {
    // Once the far pairs are settled, the level for the one that is left is that of a single test:
    // 2.2 errors suffice.
    let step = 2.2 * 2.0.squareRoot()
    let sets = RankSets(estimates([0, step, 100, 200, 300, 400], error: 1))
    #expect(sets.ranks[0] == 6...6)
    #expect(sets.ranks[1] == 5...5)
  }

  @Test func allSetsHoldTogetherInNineteenOfTwenty() {
    // Two groups of equal positions 1.5 errors apart; ranks of equal positions may be any of their
    // group's.
    let truth = [0, 0, 0, 1.5, 1.5, 1.5, 6.0]
    var random = SeededGenerator(seed: 5)
    var held = 0
    let studies = 300
    for _ in 0..<studies {
      let found = truth.map { $0 + random.normal() }
      let sets = RankSets(estimates(found, error: 1), draws: 500)
      let right = truth.indices.allSatisfy { index in
        let above = truth.count { $0 > truth[index] }
        let below = truth.count { $0 < truth[index] }
        return sets.ranks[index].lowerBound <= 1 + above
          && sets.ranks[index].upperBound >= truth.count - below
      }
      if right { held += 1 }
    }
    // 95 % promised; the binomial error of 300 studies is 1.3 %, and 91 % lies 3 of them below.
    #expect(Double(held) / Double(studies) > 0.91)
  }
}

@Suite struct ReferenceDistributionTests {
  @Test func tailsAreRanksInsideAndGammaBeyond() {
    var random = SeededGenerator(seed: 2)
    // Sums of squares of five normal numbers: χ² with 5 degrees of freedom.
    let replicates = (0..<2000).map { _ in
      (0..<5).reduce(0.0) { sum, _ in
        let z = random.normal()
        return sum + z * z
      }
    }
    let reference = ReferenceDistribution(replicates)
    let chi = ChiSquared(degreesOfFreedom: 5)
    // Ranks of 2,000 replicates: the error of a share of .05 is .005.
    #expect(abs(reference.upperTail(11.07) - 0.05) < 0.015)
    for point in [22.0, 26, 30] {
      let ratio = reference.upperTail(point) / chi.survival(point)
      // Mean, variance and skewness are known to a few percent, which moves a far tail by a factor
      // of some.
      #expect(ratio > 0.2 && ratio < 5, "\(point): \(ratio)")
    }
    #expect(reference.upperTail(-1) == 1)
    #expect(reference.lowerTail(0.05) < 0.01)
    #expect(reference.twoSided(4.5) > 0.5)
  }

  @Test func constantsAndNothingAreNoEvidence() {
    #expect(ReferenceDistribution([]).upperTail(3) == 1)
    let constant = ReferenceDistribution(Array(repeating: 2, count: 99))
    #expect(constant.upperTail(2) == 1)
    #expect(constant.upperTail(3) == 0.01)
  }
}

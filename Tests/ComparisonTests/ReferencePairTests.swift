import Comparison
import Domain
import Statistics
import Testing

@Suite struct ReferencePairTests {
  private let means = [0.5, 2, 1.5, -1, 9, 1]

  @Test func aReferenceMeetsTheBestFew() {
    var random = SeededGenerator(seed: 3)
    let pairs = referencePairs(references: [4], means: means, met: [], using: &random)
    #expect(pairs.map(\.pair) == [PhotoPair(4, 1), PhotoPair(4, 2), PhotoPair(4, 5)])
    #expect(pairs.allSatisfy { $0.gain == nil })
  }

  @Test func whatWasJudgedOrIsAvoidedIsNotChosenAgain() {
    var random = SeededGenerator(seed: 3)
    let constraints = PairConstraints(avoided: [PhotoPair(4, 5)])
    let pairs = referencePairs(
      references: [4], means: means, met: [PhotoPair(1, 4)], constraints: constraints,
      using: &random)
    #expect(pairs.map(\.pair) == [PhotoPair(4, 2)])
  }

  @Test func severalReferencesMeetTheSamePhotosAndNotOneAnother() {
    var random = SeededGenerator(seed: 3)
    let pairs = referencePairs(references: [4, 1], means: means, met: [], best: 2, using: &random)
    #expect(
      pairs.map(\.pair) == [
        PhotoPair(1, 2), PhotoPair(4, 2), PhotoPair(1, 5), PhotoPair(4, 5),
      ])
  }

  @Test func withoutReferencesNoRandomNumberIsDrawn() {
    var random = SeededGenerator(seed: 3)
    var same = random
    #expect(referencePairs(references: [], means: means, met: [], using: &random).isEmpty)
    #expect(random.next() == same.next())
  }

  @Test func beforeAnyVoteTheOthersAreDrawn() {
    var seen: Set<PhotoPair> = []
    for seed in 0..<40 {
      var random = SeededGenerator(seed: UInt64(seed))
      let pairs = referencePairs(
        references: [0], means: [0, 0, 0, 0, 0], met: [], best: 1, using: &random)
      #expect(pairs.count == 1)
      seen.formUnion(pairs.map(\.pair))
    }
    #expect(seen.count == 4)
  }
}

import Statistics
import Testing

@Suite struct DisjointSetsTests {
  @Test func groupsAreNamedByTheirSmallestNumber() {
    var sets = DisjointSets(count: 6)
    #expect(sets.roots() == [0, 1, 2, 3, 4, 5])
    sets.join(5, 3)
    sets.join(4, 1)
    sets.join(3, 4)
    #expect(sets.roots() == [0, 1, 2, 1, 1, 1])
    sets.join(1, 5)
    #expect(sets.root(5) == 1)
  }

  @Test func aLongChainIsOneGroup() {
    var sets = DisjointSets(count: 10_000)
    for number in stride(from: 9_999, to: 0, by: -1) { sets.join(number, number - 1) }
    #expect(sets.roots().allSatisfy { $0 == 0 })
  }
}

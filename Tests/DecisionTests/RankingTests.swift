import Decision
import Domain
import Statistics
import Testing

@Suite struct RankingTests {
  @Test func lettersAreSharedByWhatIsNotShownToDiffer() {
    // The best differs from the two last, the second from the last.
    let different: Set<[Int]> = [[0, 2], [0, 3], [1, 3]]
    let letters = compactLetters(order: [0, 1, 2, 3]) {
      different.contains([min($0, $1), max($0, $1)])
    }
    #expect(letters == ["a", "ab", "bc", "c"])
    for i in 0..<4 {
      for j in (i + 1)..<4 {
        #expect(Set(letters[i]).isDisjoint(with: letters[j]) == different.contains([i, j]))
      }
    }
    #expect(compactLetters(order: [1, 0]) { _, _ in false } == ["a", "a"])
    #expect(compactLetters(order: [1, 0]) { _, _ in true } == ["b", "a"])
  }

  @Test func ranksAreSets() throws {
    var random = SeededGenerator(seed: 9)
    let truth = [0.0, 2, 1.95, -2]
    let scenes = (0..<12).map { _ in
      NetworkMetaAnalysis.Scene(
        groups: [0, 1, 2, 3], values: truth.map { $0 + 0.3 * random.normal() },
        covariance: (0..<16).map { $0 % 5 == 0 ? 0.04 : 0 })
    }
    let board = try #require(
      rank(
        BoardEvidence(
          attribute: .details,
          groups: ["w", "x", "y", "z"].map { .init(name: $0, photos: 24, votes: 500) },
          scenes: scenes)))
    #expect(board.rows.map(\.group).prefix(2).sorted() == ["x", "y"])
    #expect(board.rows.prefix(2).allSatisfy { $0.bestRank == 1 && $0.worstRank == 2 })
    #expect(board.rows[2].bestRank == 3 && board.rows[2].worstRank == 3)
    #expect(board.rows.map(\.letters) == ["a", "a", "b", "c"])
    #expect(board.rows.allSatisfy { $0.low < $0.score && $0.score < $0.high && !$0.hasFewScenes })
  }
}

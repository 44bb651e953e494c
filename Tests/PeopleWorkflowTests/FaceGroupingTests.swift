import Domain
import PeopleWorkflow
import Studies
import Testing

@Suite struct FaceGroupingTests {
  private let box = FaceBox(x: 1, y: 2, width: 3, height: 4, score: 1)

  private func proposal(_ places: [Double], threshold: Double = 1) -> FaceGroupProposal {
    FaceGrouping.proposal(
      places.indices.map { (photo: Int64($0 + 10), box: box) }, threshold: threshold
    ) { abs(places[$0] - places[$1]) }
  }

  @Test func theLargestGroupComesFirst() {
    let made = proposal([0, 5, 5.5, 6, 0.2, 20])
    #expect(made.groups.map { $0.map(\.photo) } == [[11, 12, 13], [10, 14], [15]])
    #expect(made.groups[0].map(\.distance) == [0.75, 0.5, 0.75])
    #expect(made.groups[2].map(\.distance) == [0])
    #expect(made.likenesses.isEmpty)
  }

  @Test func nearGroupsAreNamedOnce() {
    // 0 and 1.1 are beyond the threshold, but not far; 9 is.
    let made = proposal([0, 1.1, 9])
    #expect(made.groups.count == 3 && made.likenesses.count == 1)
    let near = made.likenesses[0]
    #expect(near.one == 0 && near.other == 1 && near.distance == 1.1)
  }

  @Test func noFacesMakeNoGroups() {
    let made = proposal([])
    #expect(made.groups.isEmpty && made.likenesses.isEmpty)
  }
}

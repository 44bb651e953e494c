import Domain
import Testing
import Unification

@Suite struct CrossSetTests {
  @Test func takesBothEndsAndEvenSteps() throws {
    let values = (0...100).map { Double($0) / 10 }
    let set = try crossSet(scales: [scale("A", values.reversed())], perScene: 5)
    #expect(set.photos.map(\.score) == [0, 2.5, 5, 7.5, 10])
    #expect(set.warnings.isEmpty)
  }

  @Test func followsTheScaleRatherThanTheCrowd() throws {
    // Nine photos crowd at the bottom: order statistics would take three of them.
    let values = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 5, 10.0]
    let set = try crossSet(scales: [scale("A", values)], perScene: 3)
    #expect(set.photos.map(\.score) == [0, 5, 10])
  }

  @Test func oneChoiceDoesNotTakeTheNextOnesPhoto() throws {
    // Targets 0 4 8 12: the photo at 5.9 is nearest to 4 and to 8; exactly one of them gets it.
    let values = [0, 5.9, 6.1, 12.0, 0.2]
    let set = try crossSet(scales: [scale("A", values)], perScene: 4)
    #expect(set.photos.map(\.score) == [0, 5.9, 6.1, 12])
  }

  @Test func smallScenesGiveAllTheyHave() throws {
    let set = try crossSet(
      scales: [scale("B", [3, 1, 2]), scale("A", [0, 1, 2, 3, 4, 5])], perScene: 5)
    #expect(set.photos.map(\.scene.text) == ["A", "A", "A", "A", "A", "B", "B", "B"])
    #expect(set.photos.suffix(3).map(\.score) == [1, 2, 3])
    #expect(set.warnings.count == 1)
  }

  @Test func refusesWhatCannotLink() {
    #expect(throws: InputError.self) { try crossSet(scales: [scale("A", [1, 2])], perScene: 1) }
    #expect(throws: InputError.self) { try crossSet(scales: [], perScene: 3) }
    #expect(throws: InputError.self) { try crossSet(scales: [scale("A", [1, 1])], perScene: 2) }
    #expect(throws: InputError.self) { try crossSet(scales: [scale("A", [1, .nan])], perScene: 2) }
    let twice = [scale("A", [1, 2]), scale("A", [1, 2])]
    #expect(throws: InputError.self) { try crossSet(scales: twice, perScene: 2) }
  }
}

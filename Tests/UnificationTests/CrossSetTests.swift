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

  @Test func referencesAreAlwaysAmongTheChosen() throws {
    // Without them 0, 2.5, 5, 7.5 and 10 are chosen.
    let scales = [scale("A", (0...100).map { Double($0) / 10 })]
    let kept: [Double] = [3.6, 9.7]
    let references = Set(
      scales[0].photos.filter { kept.contains($0.score) }.map {
        ScenePhoto(scene: "A", photo: $0.photo)
      })
    #expect(references.count == 2)
    let set = try crossSet(scales: scales, perScene: 5, keeping: references)
    #expect(set.photos.count == 5 && set.warnings.isEmpty)
    #expect(Set(kept).isSubset(of: Set(set.photos.map(\.score))))
    #expect(set.photos.first?.score == 0 && set.photos.last?.score == 10)
    // The fifth stands where the others leave room.
    #expect(set.photos.map(\.score).contains { (5...7).contains($0) })
    // Of another scene they change nothing.
    let others = Set(references.map { ScenePhoto(scene: "B", photo: $0.photo) })
    #expect(
      try crossSet(scales: scales, perScene: 5, keeping: others).photos.map(\.score)
        == [0, 2.5, 5, 7.5, 10])
  }

  @Test func moreReferencesThanPlacesAreAllChosen() throws {
    let scales = [scale("A", (0...20).map { Double($0) })]
    let references = Set(
      scales[0].photos.filter { (15...18).contains($0.score) }.map {
        ScenePhoto(scene: "A", photo: $0.photo)
      })
    let set = try crossSet(scales: scales, perScene: 4, keeping: references)
    #expect(set.photos.map(\.score) == [0, 15, 16, 17, 18, 20])
    #expect(set.warnings.count == 1 && set.warnings[0].contains("6 photos were chosen"))
  }
}

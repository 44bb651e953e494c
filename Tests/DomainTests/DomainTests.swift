import Domain
import Foundation
import Testing

@Suite struct Identifiers {
  @Test func orderIsByScalarsAndNamesAreExact() {
    let names: [SceneID] = ["b", "Indoor_Scene_12", "a", "Indoor_Scene_1", "B", "é"]
    #expect(
      names.sorted().map(\.text) == ["B", "Indoor_Scene_1", "Indoor_Scene_12", "a", "b", "é"])
    #expect(SceneID("Indoor_Scene_1") != "indoor_scene_1")
    #expect(Attribute("Details") == .details)
    #expect(Attribute.details.title == "Details")
  }

  @Test func arePlainStringsInJSON() throws {
    let data = try JSONEncoder().encode([PhotoID("a.jpg")])
    #expect(String(decoding: data, as: UTF8.self) == "[\"a.jpg\"]")
    #expect(try JSONDecoder().decode([PhotoID].self, from: data) == ["a.jpg"])
  }
}

@Suite struct Units {
  @Test func jodDifferencesAndText() {
    #expect(JOD(3) - JOD(1) == JOD(2))
    #expect(JOD(1) + JOD(2) == JOD(3))
    #expect(JOD(-1) < JOD.zero)
    #expect("\(JOD(1.23456))" == "1.235 JOD")
  }

  /// The scale's unit: a difference of 1 JOD is seen by Φ(1 / 1.4826) = 75 % of the observers.
  @Test func oneJODIsSeenByThreeQuarters() {
    let seen = 0.5 * erfc(-1 / JOD.differenceSigma / 2.0.squareRoot())
    // The constant has four decimals, so the share is met to about 1e-5.
    #expect(abs(seen - 0.75) < 2e-5)
  }

  @Test func intervalsAreOrderedAndOverlap() {
    let interval = ConfidenceInterval(low: 2, high: 1)
    #expect(interval.low == 1 && interval.high == 2 && interval.width == 1)
    #expect(interval.overlaps(ConfidenceInterval(low: 2, high: 3)))
    #expect(!interval.overlaps(ConfidenceInterval(low: 2.001, high: 3)))
  }
}

@Suite struct Errors {
  @Test func fitOneLine() {
    let error = InputError("a\nb\u{1B}[31m", "is\tbad", remedy: "mend\r it")
    #expect("\(error)" == "a\\u{a}b\\u{1b}[31m: is\\u{9}bad; mend\\u{d} it")
  }
}

@Suite struct Judgements {
  private func vote(_ observer: ObserverID, _ a: PhotoID, _ b: PhotoID, _ choice: Choice)
    -> Judgement
  {
    Judgement(
      observer: observer, scene: "S", attribute: .details, photoA: a, photoB: b, choice: choice)
  }

  @Test func groupingIndexesByName() {
    let other = Judgement(
      observer: "o1", scene: "R", attribute: .details, photoA: "z", photoB: "y", choice: .b)
    let groups = SceneJudgements.grouping([
      vote("o2", "c", "a", .a), other, vote("o1", "a", "b", .tie),
    ])
    #expect(groups.map(\.scene) == ["R", "S"])
    #expect(groups[1].photos == ["a", "b", "c"])
    #expect(groups[1].observers == ["o1", "o2"])
    #expect(groups[1].votes.map(\.a) == [2, 0])
    #expect(groups[1].votes.map(\.observer) == [1, 0])
  }

  @Test func matrixCountsWhateverTheSide() {
    let scene = SceneJudgements.grouping([
      vote("o1", "a", "b", .a), vote("o2", "b", "a", .a), vote("o3", "b", "a", .b),
      vote("o3", "a", "b", .tie), vote("o1", "c", "a", .a),
    ])[0]
    let matrix = ComparisonMatrix(scene)
    #expect(matrix.count == 3)
    let expected = [
      ComparisonMatrix.Pair(first: 0, second: 1, firstWins: 2, secondWins: 1, ties: 1),
      ComparisonMatrix.Pair(first: 0, second: 2, firstWins: 0, secondWins: 1),
    ]
    #expect(matrix.pairs == expected)
    #expect(matrix.comparisonsPerPhoto == [5, 4, 1])
    let first = ComparisonMatrix(count: 3, votes: scene.votes) { $0.observer == 0 ? 2 : 0 }
    #expect(first.pairs.map(\.total) == [2, 2])
  }
}

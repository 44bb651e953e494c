import Domain
import Evaluation
import Testing

private func rows(_ scene: String, _ pairs: [(Double, Double)]) -> [Prediction] {
  pairs.enumerated().map { index, pair in
    Prediction(
      photo: PhotoID("\(scene)_\(index)"), scene: SceneID(scene), part: .test,
      measured: pair.0, predicted: pair.1)
  }
}

@Suite struct EvaluationTests {
  @Test func aMonotoneModelHasPerfectRanksAndItsOwnError() throws {
    let table = try evaluatePerScene(
      model: "m", rows("s", [(0, 0), (1, 1), (2, 4), (3, 9)]))
    // Rounding of a correlation of a few values: 1e-12 is a thousand times its size.
    #expect(abs((table.srcc.mean ?? 0) - 1) < 1e-12)
    #expect(abs((table.krcc.mean ?? 0) - 1) < 1e-12)
    // |0-0| + |1-1| + |2-4| + |3-9| = 8 over 4 photos.
    #expect(table.mae.mean == 2)
    #expect(table.global == nil)
    #expect(table.srcc.margin == nil)
  }

  @Test func scenesCountEquallyAndTheMedianIsTheirs() throws {
    let table = try evaluatePerScene(
      model: "m",
      rows("a", [(0, 0), (1, 1), (2, 2)]) + rows("b", [(0, 2), (1, 1), (2, 0)])
        + rows("c", [(0, 0), (1, 1), (2, 2), (3, 3)]))
    #expect(table.scenes.map(\.scene.text) == ["a", "b", "c"])
    #expect(abs((table.srcc.mean ?? 0) - 1.0 / 3) < 1e-12)
    #expect(abs((table.srcc.median ?? 0) - 1) < 1e-12)
    // t(0.975, 2) = 4.302653; sd of (1, -1, 1) = 1.154701; margin = t * sd / sqrt(3).
    #expect(abs((table.srcc.margin ?? 0) - 4.302653 * 1.154701 / 3.0.squareRoot()) < 1e-5)
  }

  @Test func alwaysZeroHasNoCorrelationAndTheMeanAbsoluteScoreAsError() throws {
    let table = try evaluateUnified(
      model: "always 0", UnifiedPredictions(alwaysZero(rows("s", [(-1, 5), (1, 5), (3, 5)]))))
    #expect(table.srcc.mean == nil)
    #expect(abs((table.mae.mean ?? 0) - 5.0 / 3) < 1e-12)
    #expect(table.global?.srcc == nil)
  }

  @Test func theGlobalPartPoolsAllPhotos() throws {
    let table = try evaluateUnified(
      model: "m",
      UnifiedPredictions(
        rows("a", [(0, 0), (1, 1), (2, 2)]) + rows("b", [(10, 0), (11, 1), (12, 2)])))
    #expect(abs((table.srcc.mean ?? 0) - 1) < 1e-12)
    // Pooled ranks: 1…6 against 1.5, 3.5, 5.5 twice over.
    #expect(abs((table.global?.srcc ?? 1) - 0.47809) < 1e-5)
    #expect(table.global?.photos == 6)
  }

  @Test func tooLittleIsAnErrorThatSaysWhatToDo() {
    #expect(throws: EvaluationError.empty) { try evaluatePerScene(model: "m", []) }
    #expect(throws: EvaluationError.tooFewPhotos(scene: "s", count: 2)) {
      try evaluatePerScene(model: "m", rows("s", [(0, 0), (1, 1)]))
    }
  }
}

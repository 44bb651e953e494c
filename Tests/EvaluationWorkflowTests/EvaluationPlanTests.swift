import Domain
import Evaluation
import EvaluationWorkflow
import Files
import Foundation
import ModelLibrary
import Synchronization
import TestSupport
import Testing

/// Scores, a scale and a split of 120 photos, whose errors are known.
@Suite struct EvaluationPlanTests {
  /// Opinion scores `0 … 119`; scores that are off by 1, 2, 3, 1, 2, 3, … upward.
  private func files(scored: Int = 120) throws -> Scratch {
    let scratch = try Scratch()
    let photos = (0..<120).map { "p\($0 + 100).jpg" }
    _ = try scratch.write(
      "IMAGE,MOS\n" + photos.enumerated().map { "\($1),\($0)\n" }.joined(), to: "mos.csv")
    _ = try scratch.write(
      "photo,score\n"
        + photos.prefix(scored).enumerated().map { "\($1),\($0 + 1 + $0 % 3)\n" }.joined(),
      to: "scores.csv")
    let parts = ["Train", "Valid", "Test"]
    _ = try scratch.write(
      "IMAGE,SPLIT\n" + photos.enumerated().map { "\($1),\(parts[$0 / 40])\n" }.joined(),
      to: "split.csv")
    return scratch
  }

  private func plan(_ scratch: Scratch, skipsMissing: Bool = false) throws -> EvaluationPlan {
    var bootstrap = BootstrapSettings()
    (bootstrap.replicates, bootstrap.seed) = (100, 1)
    return try EvaluationPlan(
      sources: [ModelSource(parsing: "ours=\(scratch.file("scores.csv"))")],
      scales: [scratch.file("mos.csv")], split: scratch.file("split.csv"),
      skipsMissing: skipsMissing, bootstrap: bootstrap)
  }

  @Test func onlyTheTestPartIsEvaluatedAndTheTrainingMeanIsKnown() throws {
    let scratch = try files()
    let sets = try plan(scratch).sets()
    #expect(sets.count == 1 && sets[0].photos.count == 40)
    #expect(sets[0].photos.map(\.measured).min() == 80)
    // The mean of 0 … 39.
    #expect(sets[0].trainingMean == 19.5)
    let comparison = try #require(try plan(scratch).comparisons(metrics: []).first)
    #expect(comparison.models.map(\.model) == ["ours"])
    // 40 photos from place 80 on: errors 3, 1, 2, 3, 1, 2, …, 14 threes, 13 ones and 13 twos.
    let mae = try #require(comparison.models[0].global?.mae)
    #expect(abs(mae - (14 * 3 + 13 + 26) / 40.0) < 1e-12)
  }

  @Test func photosWithoutAScoreAreRefusedOrLeftOut() throws {
    let scratch = try files(scored: 119)
    let refused = message { _ = try plan(scratch).comparisons(metrics: []) }
    #expect(refused?.contains("scores.csv: 1 of 40 photos have no score, such as p219.jpg") == true)
    let heard = Mutex<[String]>([])
    let observer = WorkflowObserver { event in
      if case .note(let text) = event { heard.withLock { $0.append(text) } }
    }
    let left = try plan(scratch, skipsMissing: true).comparisons(metrics: [], observer: observer)
    #expect(left.count == 1)
    #expect(heard.withLock { $0 }.contains("1 of 40 photos lack a score and are left out"))
  }

  @Test func aConformalIntervalHasItsClosedForm() throws {
    let scratch = try files()
    let calibration = try CalibrationRun(plan(scratch), level: 0.9, design: .photos)
    _ = try calibration.run(to: scratch.file("c.json"), applied: scratch.file("applied.csv"))
    let found = try CanonicalJSON.read(IntervalCalibration.self, from: scratch.file("c.json"))
    // The 37th of 40 absolute errors of the validation photos, ⌈41 · 0.9⌉: a 3.
    #expect(found.margin == 3 && found.photos == 40)
    #expect(try CSVTable(path: scratch.file("applied.csv")).rows.count == 40)
    #expect(message { _ = try CalibrationRun(plan(scratch), level: 1, design: .photos) } != nil)
  }

  @Test func sourcesAreUnderstood() throws {
    let scratch = try files()
    let file = scratch.file("scores.csv")
    let plain = try ModelSource(parsing: file)
    #expect(plain.name == "scores" && plain.attribute == nil && !plain.isRun)
    let named = try ModelSource(parsing: "best@details=\(file)")
    #expect(named.name == "best" && named.attribute == .details && named.path == file)
    #expect(try ModelSource(parsing: "a=\(scratch.path)").isRun)
    #expect(message { _ = try ModelSource(parsing: "a=") }?.contains("names no file") == true)
  }
}

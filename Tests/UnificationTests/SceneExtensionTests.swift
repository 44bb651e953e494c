import Comparison
import Domain
import Scaling
import Statistics
import Testing
import Unification

private func posterior(_ matrix: ComparisonMatrix) throws -> QualityPosterior? {
  let fit = try fitScale(matrix, disconnected: .usePrior)
  return try QualityPosterior(means: fit.jod, covariance: fit.covariance)
}

private func judgements(
  _ qualities: [String: Double], votes: Int, seed: UInt64
) throws -> SceneJudgements {
  let truth = qualities.map {
    TrueQuality(
      scene: "S", attribute: .details, photo: PhotoID($0.key), quality: JOD($0.value))
  }
  let panel = SimulatedObserver.panel(10)
  return SceneJudgements.grouping(
    try simulate(truth: truth, comparisons: votes, observers: panel, seed: seed))[0]
}

private let oldQualities = Dictionary(
  uniqueKeysWithValues: (0..<10).map { ("old\($0)", Double($0) * 0.4) })
private let newQualities = Dictionary(
  uniqueKeysWithValues: (0..<5).map { ("new\($0)", 3 + Double($0) * 0.5) })

@Suite struct SceneExtensionTests {
  @Test func oldAndNewVotesMakeOneScaleWithTheOldOrigin() throws {
    let old = try judgements(oldQualities, votes: 400, seed: 1)
    let all = oldQualities.merging(newQualities) { one, _ in one }
    let new = try judgements(all, votes: 600, seed: 2)
    let extended = try extendScene(old: old, by: new, fit: posterior)
    #expect(extended.judgements.votes.count == 1_000)
    #expect(extended.added.count == 5)
    #expect(extended.shifts.count == 10)
    #expect(abs(extended.shifts.reduce(0) { $0 + $1.after.value }) < 1e-9)
    for (photo, score) in zip(extended.judgements.photos, extended.scores.means) {
      // About 90 votes a photo know it to 0.25 JOD.
      #expect(abs(score + 1.8 - (all[photo.text] ?? 0)) < 1)
    }
    #expect(extended.degreesOfFreedom == 9)
    #expect(extended.pValue > 0.001)
    #expect(abs(extended.slope - 1) < 0.3)
  }

  @Test func theShiftHasTheStatedSpreadAndTheTestItsLevel() throws {
    var squares = 0.0
    var count = 0.0
    var alarms = 0
    let all = oldQualities.merging(newQualities) { one, _ in one }
    for seed in 0..<200 {
      let old = try judgements(oldQualities, votes: 400, seed: UInt64(1_000 + 2 * seed))
      let new = try judgements(all, votes: 600, seed: UInt64(1_001 + 2 * seed))
      let extended = try extendScene(old: old, by: new, fit: posterior)
      for shift in extended.shifts {
        squares +=
          (shift.shift.value / shift.standardDeviation)
          * (shift.shift.value / shift.standardDeviation)
        count += 1
      }
      if extended.pValue < 0.05 { alarms += 1 }
    }
    print("shift: mean square in stated units \(squares / count), alarms at 5 %: \(alarms) of 200")
    // 2,000 dependent shifts, of 200 studies: the mean square is known to about 5 %; Fisher's
    // approximation adds some.
    #expect(abs(squares / count - 1) < 0.25)
    // Binomial: 10 ± 3.1 of 200; four standard errors, and χ² is an approximation.
    #expect(alarms <= 23)
  }

  @Test func aChangeOfHabitsIsSeen() throws {
    let old = try judgements(oldQualities, votes: 400, seed: 3)
    // In the new votes two old photos look 1.5 JOD worse and better than they did.
    var changed = oldQualities.merging(newQualities) { one, _ in one }
    changed["old8", default: 0] -= 1.5
    changed["old1", default: 0] += 1.5
    let new = try judgements(changed, votes: 600, seed: 4)
    let extended = try extendScene(old: old, by: new, fit: posterior)
    #expect(extended.pValue < 0.001)
    #expect(extended.warnings.contains { $0.contains("contradict the old scale") })
    let worst = extended.shifts.max { abs($0.shift.value) < abs($1.shift.value) }
    #expect(worst?.photo == "old8" || worst?.photo == "old1")
  }

  @Test func onlyOneOldPhotoLinksWithoutATest() throws {
    let old = try judgements(oldQualities, votes: 400, seed: 5)
    let new = try judgements(
      newQualities.merging(["old9": 3.6]) { one, _ in one }, votes: 200, seed: 6)
    let extended = try extendScene(old: old, by: new, fit: posterior)
    #expect(extended.degreesOfFreedom == 0)
    #expect(extended.pValue == 1)
    #expect(extended.warnings.contains { $0.contains("repeat some old pairs") })
    // Votes on a photo's far side tell nothing about the others: only the weak prior moves them.
    #expect(extended.rootMeanSquareShift.value < 0.01)
  }

  @Test func refusesIslandsAndOtherScenes() throws {
    let old = try judgements(oldQualities, votes: 100, seed: 7)
    let island = try judgements(newQualities, votes: 100, seed: 8)
    #expect(throws: InputError.self) { try extendScene(old: old, by: island, fit: posterior) }
    let other = SceneJudgements(
      scene: "T", attribute: .details, photos: [], observers: [], votes: [])
    #expect(throws: InputError.self) { try extendScene(old: old, by: other, fit: posterior) }
  }
}

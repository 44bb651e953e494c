import Domain
import Scaling
import Statistics
import Testing
import Unification

/// The joint scale is corrected by what its choice of pairs does to simulated studies.
@Suite struct JointReplayTests {
  /// Answers to a task's own pairs, as if the scale were `stretch` times as long.
  private func answers(to judgements: SceneJudgements, stretch: Double) -> TaskSimulation {
    let asked = ComparisonMatrix(judgements)
    return { positions, generator in
      asked.redrawn(at: positions.map { stretch * $0 }, using: &generator)
    }
  }

  private func unified(
    _ study: SimulatedStudy, stretch: Double, threads: Int? = nil
  ) throws -> UnifiedScale {
    try unifyJointly(
      within: study.within, cross: study.cross, reference: "A",
      replay: JointReplay(
        scenes: Dictionary(
          uniqueKeysWithValues: study.within.map {
            ($0.scene, answers(to: $0, stretch: stretch))
          }), cross: answers(to: study.cross, stretch: stretch), replicates: 48, seed: 3,
        threads: threads)
    ).scale
  }

  private func spread(_ scale: UnifiedScale) -> Double {
    Descriptive.standardDeviation(scale.photos.map(\.score))
  }

  @Test func aChoiceThatStretchesIsTakenOut() throws {
    let study = try SimulatedStudy(seed: 21)
    let plain = try unifyJointly(within: study.within, cross: study.cross, reference: "A").scale
    // The fit's own outward bias is taken out in both.
    let unstretched = try unified(study, stretch: 1)
    let stretched = try unified(study, stretch: 1.25)
    #expect(abs(spread(stretched) / spread(unstretched) - 1 / 1.25) < 0.04)
    // Every task is stretched alike, so that the scenes' lines to one another stay.
    for (corrected, line) in zip(stretched.alignments, plain.alignments) {
      #expect(abs(corrected.a / line.a - 1) < 0.1)
    }
  }

  @Test func aChoiceThatDoesNothingChangesLittleAndNarrowsNothing() throws {
    let study = try SimulatedStudy(seed: 22)
    let plain = try unifyJointly(within: study.within, cross: study.cross, reference: "A").scale
    let replayed = try unified(study, stretch: 1)
    // What remains is the outward bias of the fit itself, which replicates show as well.
    #expect((0.84...1.02).contains(spread(replayed) / spread(plain)))
    for (corrected, photo) in zip(replayed.photos, plain.photos) {
      #expect(corrected.photo == photo.photo && corrected.scene == photo.scene)
      #expect(corrected.standardDeviation >= photo.standardDeviation * 0.999)
    }
    let covered = study.errors(replayed).count(where: \.covered)
    // 120 photos whose errors hang together, at 95 %.
    #expect(covered >= 96)
  }

  @Test func threadsChangeNothing() throws {
    let study = try SimulatedStudy(seed: 23, photos: 10, shared: 4)
    let one = try unified(study, stretch: 1.1, threads: 1)
    let two = try unified(study, stretch: 1.1, threads: 2)
    #expect(one.photos.map(\.score) == two.photos.map(\.score))
    #expect(one.alignments == two.alignments)
  }

  @Test func whatASimulationThrowsIsThrown() throws {
    let study = try SimulatedStudy(seed: 24, photos: 8, shared: 4)
    let broken: TaskSimulation = { _, _ in
      throw InputError("the choice", "it can't be run again", remedy: "leave it away")
    }
    #expect(throws: InputError.self) {
      try unifyJointly(
        within: study.within, cross: study.cross,
        replay: JointReplay(scenes: [:], cross: broken, replicates: 16, threads: 1))
    }
  }
}

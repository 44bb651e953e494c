import Comparison
public import Domain
import Scaling
public import Unification

/// How the pairs of a study of several scenes were chosen, task by task.
public struct JointPairChoice: Sendable {
  private let scenes: [SceneJudgements]
  private let cross: SceneJudgements

  /// Looks at the votes of every scene and those across scenes.
  public init(_ scenes: [SceneJudgements], cross: SceneJudgements) {
    (self.scenes, self.cross) = (scenes, cross)
  }

  /// Whether the votes of any task say that earlier answers chose its pairs.
  public var isAdaptive: Bool { (scenes + [cross]).contains { PairReplay($0) != nil } }

  /// The choice in words, for provenance.
  func label(replicates: Int) -> String {
    guard isAdaptive else { return "chosen beforehand" }
    return replicates > 0
      ? "chosen by earlier answers; corrected by \(replicates) replicates"
      : "chosen by earlier answers, not corrected"
  }

  /// The choice of every task, to be run again on simulated answers.
  ///
  /// - Throws: what the scale of a task alone throws.
  public func replay(replicates: Int, seed: UInt64) throws -> JointReplay {
    var tasks: [SceneID: TaskSimulation] = [:]
    for scene in scenes { tasks[scene.scene] = try simulation(scene) }
    return JointReplay(
      scenes: tasks, cross: try simulation(cross), replicates: replicates, seed: seed)
  }

  private func simulation(_ judgements: SceneJudgements) throws -> TaskSimulation {
    let fit = try fitScale(ComparisonMatrix(judgements), disconnected: .usePrior)
    let deviation = ObserverOpinions(judgements, fit: fit, model: .thurstone).deviation
    // A task without a choice keeps its pairs.
    let replay =
      PairReplay(judgements) ?? PairReplay(judgements, criterion: .random, batch: 1)
    return { positions, generator in
      try replay.simulate(
        positions: positions, opinionDeviation: deviation, using: &generator)
    }
  }
}

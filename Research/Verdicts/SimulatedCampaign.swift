import Decision
import Domain
import Scaling
import Statistics

/// Two builds in several scenes, judged by simulated observers under Case V with opinions of their
/// own.
struct SimulatedCampaign {
  /// The mean difference over all scenes of the kind, in JOD.
  var mean: Double
  /// The standard deviation of the difference over scenes, in JOD.
  var tau: Double
  /// The number of scenes.
  var scenes: Int
  /// The number of votes in every scene.
  var votes = 96
  /// The number of observers, who judge all scenes.
  var observers = 12
  /// The number of attributes, alike and independent.
  var attributes = 2

  /// The votes of every attribute and scene.
  func judgements(seed: UInt64) -> [[SceneJudgements]] {
    var random = SeededGenerator(seed: seed)
    return (0..<attributes).map { attribute in
      (0..<scenes).map { scene in
        let difference = mean + tau * random.normal()
        // Two photos of each build, which differ among themselves too.
        let truth = [0, 0, difference, difference].map { $0 + 0.3 * random.normal() }
        let shift = difference - (truth[2] + truth[3] - truth[0] - truth[1]) / 2
        let quality = [truth[0], truth[1], truth[2] + shift, truth[3] + shift]
        let opinions = (0..<observers).map { _ in quality.map { $0 + 0.3 * random.normal() } }
        let variance = JOD.differenceSigma * JOD.differenceSigma - 2 * 0.3 * 0.3
        let list = (0..<votes).map { vote -> SceneJudgements.Vote in
          let observer = vote % observers
          let a = random.index(below: 4)
          let b = (a + 1 + random.index(below: 3)) % 4
          let percept =
            opinions[observer][a] - opinions[observer][b] + variance.squareRoot() * random.normal()
          return SceneJudgements.Vote(
            observer: observer, a: a, b: b, choice: percept > 0 ? .a : .b)
        }
        return SceneJudgements(
          scene: SceneID("S\(scene)"), attribute: Attribute("attribute\(attribute)"),
          photos: ["a1", "a2", "b1", "b2"], observers: (0..<observers).map { ObserverID("o\($0)") },
          votes: list)
      }
    }
  }

  /// The verdict on votes.
  static func verdict(
    _ judgements: [[SceneJudgements]], settings: DecisionSettings
  ) throws -> Verdict {
    var scaling = ScalingSettings()
    scaling.bootstraps = 0
    let evidence = try judgements.map { scenes in
      let differences = try scenes.map { scene in
        SceneDifference(
          .difference(meanOf: [2, 3], [0, 1]), in: try scaleScene(scene, settings: scaling))
      }
      return AttributeEvidence(
        attribute: scenes[0].attribute,
        scenes: zip(scenes, differences).map { scene, difference in
          AttributeEvidence.Scene(
            scene: scene.scene, effect: difference.effect, votes: scene.votes.count)
        }, covariance: errorCovariance(differences),
        degreesOfFreedom: commonDegreesOfFreedom(differences),
        observers: scenes[0].observers.count)
    }
    return try decide(
      evidence, baseline: "old", candidate: "new", source: .votes, settings: settings)
  }
}

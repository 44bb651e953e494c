import ArgumentParser
import Comparison
import Domain
import ScalingWorkflow

/// Chooses the pairs to be judged next.
struct NextPairsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "next-pairs",
    abstract: "Choose the pairs that tell most about the scale, for every scene.",
    discussion: """
      Information gain in closed form from the joint posterior of all votes, batches by minimum spanning tree, sides \
      balanced. CSV on standard output: scene,attribute,image_a,image_b,gain.
      """)

  @Option(help: "The votes so far.")
  var votes: String
  @Option(help: "The number of pairs per scene and attribute.")
  var batch: Int
  @Option(help: "What makes a pair valuable.")
  var criterion = PairCriterion.informationGain
  @Option(help: "For this observer: pairs that were judged already are left out.")
  var observer: String?
  @Option(help: "Pairs to avoid: a CSV with image_a,image_b.")
  var avoid: String?
  @Option(help: "Only this scene.")
  var scene: String?
  @Option(help: "Seed of ties and sides.")
  var seed: UInt64 = 1

  func run() throws {
    let choice = NextPairs(
      votes: votes, scene: scene.map { SceneID($0) }, batch: batch, criterion: criterion,
      observer: observer.map { ObserverID($0) }, avoided: avoid, seed: seed)
    Messages.show(try choice.table(observer: Screen().observer))
  }
}

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
      Gains in closed form from the joint posterior of all votes, batches by minimum spanning tree, sides balanced. CSV \
      on standard output: scene,attribute,image_a,image_b,gain,criterion,batch,batch_size,seed,random_share. Copy the \
      columns criterion and batch beside the answers into votes.csv: `vernier scale` then corrects positions and \
      intervals for the choice of pairs.
      """)

  @Option(help: "The votes so far.")
  var votes: String
  @Option(help: "The number of pairs per scene and attribute.")
  var batch: Int
  @Option(help: "What the pairs are chosen for.")
  var criterion = PairCriterion.errorReduction
  @Option(help: "The share of the pairs, 0 to 1, that are drawn at random instead.")
  var randomShare = 0.0
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
      randomShare: randomShare, observer: observer.map { ObserverID($0) }, avoided: avoid,
      seed: seed)
    Messages.show(try choice.table(observer: Screen().observer))
  }
}

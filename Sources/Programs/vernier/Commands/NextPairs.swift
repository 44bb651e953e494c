import ArgumentParser
import Comparison
import Domain
import ScalingWorkflow
import Studies

/// Chooses the pairs to be judged next.
struct NextPairsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "next-pairs",
    abstract: "Choose the most informative pairs for every scene.",
    discussion: """
      Gains in closed form from the joint posterior of all votes, batches by minimum spanning \
      tree, sides balanced. CSV on standard output: \
      scene,attribute,image_a,image_b,gain,criterion,batch,batch_size,seed,random_share. Copy the \
      columns criterion and batch into votes.csv with the answers; `vernier scale` then corrects \
      positions and intervals for the choice of pairs.
      """)

  @Option(help: "The votes so far.")
  var votes: String?
  @Option(
    help: """
      Published scores whose votes are not available: the votes are then those on new and \
      published photos, as for `vernier extend --published`.
      """)
  var published: String?
  @Option(help: "With --published: the photos to be placed, a CSV with scene,image.")
  var newPhotos: String?
  @Option(help: "The number of pairs per scene and attribute.")
  var batch: Int
  @Option(help: "The criterion that pairs are chosen by.")
  var criterion = PairCriterion.errorReduction
  @Option(help: "The share of pairs drawn at random instead, 0 to 1.")
  var randomShare = 0.0
  @Option(help: "Leave out pairs that this observer has judged.")
  var observer: String?
  @Option(help: "Pairs to avoid: a CSV with image_a,image_b.")
  var avoid: String?
  @Option(help: "Only this scene.")
  var scene: String?
  @Option(
    help: """
      The study's folder: each of its references is compared with the best three photos of its \
      scene first.
      """)
  var study: String?
  @Option(help: "Seed of random choices between equal pairs and of sides.")
  var seed: UInt64 = 1

  func validate() throws {
    guard votes != nil || published != nil else {
      throw ValidationError("Give --votes, or --published.")
    }
    guard newPhotos == nil || published != nil else {
      throw ValidationError("--new-photos goes with --published.")
    }
  }

  func run() throws {
    var choice = NextPairs(
      votes: votes, scene: scene.map { SceneID($0) }, batch: batch, criterion: criterion,
      randomShare: randomShare, observer: observer.map { ObserverID($0) }, avoided: avoid,
      seed: seed)
    (choice.published, choice.newPhotos) = (published, newPhotos)
    if let study { choice.references = try StudyAccess.read(study) { try $0.references() } }
    Messages.show(try choice.table(observer: Screen().observer))
  }
}

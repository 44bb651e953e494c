import ArgumentParser
import Comparison
import Domain
import Files
import Scaling
import Statistics

/// Chooses the pairs to be judged next.
struct NextPairs: ParsableCommand {
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
    guard batch >= 1 else {
      throw InputError("--batch", "\(batch) is no number of pairs", remedy: "give 1 or more")
    }
    let sampler: PairSampler
    do { sampler = try PairSampler(criterion: criterion, randomShare: randomShare) } catch {
      throw InputError("--random-share", error.problem, remedy: error.remedy)
    }
    let scenes = try SceneChoice.scenes(votes, only: scene)
    let avoided = try avoid.map { try PairList.read($0) } ?? []
    var table = CSVWriter(columns: [
      "scene", "attribute", "image_a", "image_b", "gain", "criterion", "batch", "batch_size",
      "seed", "random_share",
    ])
    for (index, judgements) in scenes.enumerated() {
      var generator = SeededGenerator(seed: seed).stream(UInt64(index))
      let constraints = PairConstraints(
        judgements, observer: observer.map { ObserverID($0) },
        avoided: PairList.indices(avoided, in: judgements))
      let comparisons = ComparisonMatrix(judgements)
      let pairs = try sampler.batch(
        batch, comparisons: comparisons, posterior: { try Posterior.of(comparisons) },
        constraints: constraints, using: &generator)
      for (pair, criterion) in pairs {
        table.append([
          judgements.scene.text, judgements.attribute.text, judgements.photos[pair.a].text,
          judgements.photos[pair.b].text, CSVWriter.text(pair.gain), criterion.rawValue,
          // The votes so far number the batch: later batches have higher numbers.
          "\(judgements.votes.count)", "\(batch)", "\(seed)", "\(randomShare)",
        ])
      }
      if pairs.count < batch {
        Messages.say("\(judgements.scene): only \(pairs.count) pairs are allowed")
      }
    }
    print(String(decoding: table.bytes, as: UTF8.self), terminator: "")
  }
}

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
      Information gain in closed form from the joint posterior of all votes, batches by minimum spanning tree, sides \
      balanced. CSV on standard output: scene,attribute,image_a,image_b,gain.
      """)

  @Option(help: "The votes so far.")
  var votes: String
  @Option(help: "The number of pairs per scene and attribute.")
  var batch: Int
  @Option(
    help:
      "What makes a pair valuable: \(PairCriterion.allCases.map(\.rawValue).joined(separator: ", "))."
  )
  var criterion = PairCriterion.informationGain.rawValue
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
    guard let criterion = PairCriterion(rawValue: criterion) else {
      let names = PairCriterion.allCases.map(\.rawValue).joined(separator: ", ")
      throw InputError("--criterion", "«\(self.criterion)» is not known", remedy: "give \(names)")
    }
    let scenes = try SceneChoice.scenes(votes, only: scene)
    let avoided = try avoid.map { try PairList.read($0) } ?? []
    var table = CSVWriter(columns: ["scene", "attribute", "image_a", "image_b", "gain"])
    for (index, judgements) in scenes.enumerated() {
      var generator = SeededGenerator(seed: seed).stream(UInt64(index))
      let constraints = PairConstraints(
        judgements, observer: observer.map { ObserverID($0) },
        avoided: PairList.indices(avoided, in: judgements))
      let pairs = try nextPairs(
        posterior: Posterior.of(ComparisonMatrix(judgements)), count: batch, criterion: criterion,
        constraints: constraints, using: &generator)
      for pair in pairs {
        table.append([
          judgements.scene.text, judgements.attribute.text, judgements.photos[pair.a].text,
          judgements.photos[pair.b].text, CSVWriter.text(pair.gain),
        ])
      }
      if pairs.count < batch {
        Messages.say("\(judgements.scene): only \(pairs.count) pairs are allowed")
      }
    }
    print(String(decoding: table.bytes, as: UTF8.self), terminator: "")
  }
}

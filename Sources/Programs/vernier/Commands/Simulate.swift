import ArgumentParser
import Comparison
import Domain
import Files

/// Makes votes of simulated observers from known qualities.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make votes of SIMULATED observers from known qualities (Thurstone Case V).",
    discussion: """
      truth.csv has the columns scene,attribute,image,quality (in JOD). Every scene and attribute gets N votes: a random \
      spanning tree first, so that the design is connected, then random pairs. The votes are not human: never mix them \
      with real ones.
      """)

  @Option(help: "The true qualities: scene,attribute,image,quality in JOD.")
  var truth: String
  @Option(help: "The number of votes per scene and attribute.")
  var comparisons: Int
  @Option(help: "The number of simulated observers.")
  var observers = 30
  @Option(help: "Seed of the random numbers: the same seed gives the same votes.")
  var seed: UInt64 = 1
  @Option(help: "Where to write the votes (observer,scene,attribute,image_a,image_b,choice).")
  var out: String

  func run() throws {
    guard (1...100_000).contains(observers) else {
      throw InputError("--observers", "\(observers) is out of range", remedy: "give 1 to 100000")
    }
    let votes = try simulate(
      truth: TruthFile.read(truth), comparisons: comparisons,
      observers: SimulatedObserver.panel(observers), seed: seed)
    try VotesFile.write(votes, to: out)
    try Provenance(
      command: ["simulate"], seed: seed,
      settings: [
        "comparisons": .integer(comparisons), "observers": .integer(observers), "simulated": true,
      ], inputs: Provenance.digests(of: [truth])
    ).write(beside: out)
    Messages.say("\(votes.count) votes of \(observers) simulated observers: \(out)")
  }
}

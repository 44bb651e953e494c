import ArgumentParser
import ScalingWorkflow

/// Makes votes of simulated observers from known qualities.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make votes of SIMULATED observers from known qualities (Thurstone Case V).",
    discussion: """
      truth.csv has the columns scene,attribute,image,quality (in JOD). Every scene and attribute \
      gets N votes: a random spanning tree first, so that the design is connected, then random \
      pairs. Never mix these votes with votes of people.
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
    let count = try SimulatedVotes(
      truth: truth, comparisons: comparisons, observers: observers, seed: seed
    ).run(to: out)
    Messages.say("\(count) votes of \(observers) simulated observers: \(out)")
  }
}

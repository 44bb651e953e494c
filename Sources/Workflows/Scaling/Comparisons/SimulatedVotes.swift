import Comparison
import Domain
import Files

/// Votes of simulated observers from known qualities.
public struct SimulatedVotes: Sendable {
  private let truth: String
  private let comparisons: Int
  private let observers: Int
  private let seed: UInt64

  /// Plans a simulation.
  ///
  /// - Parameters:
  ///   - truth: the true qualities, `scene,attribute,image,quality` in JOD.
  ///   - comparisons: the number of votes per scene and attribute.
  ///   - observers: the number of simulated observers.
  ///   - seed: of all random numbers.
  public init(truth: String, comparisons: Int, observers: Int, seed: UInt64) {
    (self.truth, self.comparisons, self.observers, self.seed) = (
      truth, comparisons, observers, seed
    )
  }

  /// Writes the votes.
  ///
  /// - Returns: the number of votes.
  /// - Throws: `InputError` when the truth can't be read or the numbers make no study.
  public func run(to path: String) throws -> Int {
    guard (1...100_000).contains(observers) else {
      throw InputError(
        Setting("observers"), "\(observers) is out of range", remedy: "give 1 to 100000")
    }
    let votes = try simulate(
      truth: TruthFile.read(truth), comparisons: comparisons,
      observers: SimulatedObserver.panel(observers), seed: seed)
    try VotesFile.write(votes, to: path)
    try Provenance(
      command: ["simulate"], seed: seed,
      settings: [
        "comparisons": .integer(comparisons), "observers": .integer(observers), "simulated": true,
      ], inputs: Provenance.digests(of: [truth])
    ).write(beside: path)
    return votes.count
  }
}

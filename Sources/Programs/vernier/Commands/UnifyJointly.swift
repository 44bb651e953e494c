import ArgumentParser
import Domain
import ScalingWorkflow

/// Brings scenes onto one scale by one likelihood over all votes.
struct UnifyJointly: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unify-jointly",
    abstract: "Bring scenes onto one scale by one likelihood over all votes (beyond paper 2).",
    discussion: """
      Instead of scaling each scene and the cross-scene set and fitting lines, one model is fitted \
      to all votes: every photo has one position, every scene one sensitivity. Writes what \
      `vernier unify` writes. Where the votes say that earlier answers chose their pairs, that choice \
      is run again on simulated answers, and lines, scores and errors are corrected for it. docs/unification.md says when it is more accurate, and by how much.
      """)

  @Option(help: "The votes inside the scenes.")
  var votes: String
  @Option(
    help: """
      The votes across scenes; photos are named scene/photo, or by a name that occurs in one scene \
      only.
      """)
  var crossVotes: String
  @Option(
    help: "The scene whose scale is the unit; if not given, it is chosen and the reason is printed."
  )
  var reference: String?
  @Option(
    help: """
      If earlier answers chose the pairs, the number of simulated repetitions of that choice, \
      which correct lines, scores and errors; 0 leaves them uncorrected.
      """)
  var replay = 200
  @Option(help: "Seed of the simulated repetitions.")
  var seed: UInt64 = 1
  @Option(help: "The folder to write to.")
  var out: String

  func run() throws {
    let unification = try UnifiedFromVotes(
      votes: votes, crossVotes: crossVotes, reference: reference.map { SceneID($0) },
      replicates: replay, seed: seed)
    let scale = try unification.run(to: out, observer: Screen().observer)
    Messages.say("\(scale.photos.count) photos on one scale: \(out)/Scores_Unified.csv")
  }
}

import ArgumentParser
import Domain
import Files
import Unification

/// Brings scenes onto one scale by one likelihood over all votes.
struct UnifyJointly: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unify-jointly",
    abstract: "Bring scenes onto one scale by one likelihood over all votes (beyond paper 2).",
    discussion: """
      In place of scaling each scene, scaling the cross-scene set and fitting lines, all votes are fitted at once: every \
      photo has one position, every scene one sensitivity. Writes what `vernier unify` writes. docs/unification.md says \
      where it is more exact, and by how much.
      """)

  @Option(help: "The votes inside the scenes.")
  var votes: String
  @Option(
    help: "The votes across scenes; photos are named scene/photo, or by a name that one scene has.")
  var crossVotes: String
  @Option(help: "The scene whose scale is the unit; chosen, and the reason printed, if not given.")
  var reference: String?
  @Option(help: "The folder to write to.")
  var out: String

  func run() throws {
    let within = SceneJudgements.grouping(try VotesFile.read(votes))
    let across = SceneJudgements.grouping(try VotesFile.read(crossVotes))
    guard let cross = across.first, across.count == 1 else {
      throw InputError(
        crossVotes, "it holds \(across.count) sets of votes, not one",
        remedy: "give the cross-scene votes of one attribute under one scene name")
    }
    let result = try unifyJointly(
      within: within.filter { $0.attribute == cross.attribute }, cross: cross,
      reference: reference.map { SceneID($0) })
    for warning in result.warnings { Messages.say("Note: \(warning)") }
    try CoefficientsFile.write(result.scale.alignments, to: "\(out)/coefficients.csv")
    try UnifiedScoresFile.write(
      UnifiedScores(scale: result.scale, sceneScores: result.scale.ownScores),
      to: "\(out)/Scores_Unified.csv",
      provenance: Provenance(
        command: ["unify-jointly"], inputs: Provenance.digests(of: [votes, crossVotes])))
    Messages.say("Reference scene \(result.scale.referenceScene): \(result.scale.referenceReason)")
    Messages.say("\(result.scale.photos.count) photos on one scale: \(out)/Scores_Unified.csv")
  }
}

extension UnifiedScale {
  /// Every photo's score on the scale of its own scene, by the alignments read backwards.
  fileprivate var ownScores: [JOD] {
    let lines = Dictionary(uniqueKeysWithValues: alignments.map { ($0.scene, $0) })
    return photos.map { photo in
      guard let own = lines[photo.scene], let reference = lines[referenceScene], own.a != 0 else {
        return photo.jod
      }
      return JOD((reference.a * photo.jod.value + reference.b - own.b) / own.a)
    }
  }
}

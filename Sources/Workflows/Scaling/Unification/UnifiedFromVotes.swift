public import Domain
import Files
import Unification

/// Brings scenes onto one scale by one likelihood over all votes.
public struct UnifiedFromVotes: Sendable {
  private let votes: String
  private let crossVotes: String
  private let reference: SceneID?
  private let replicates: Int
  private let seed: UInt64

  /// Plans a unification.
  ///
  /// - Parameters:
  ///   - votes: the path of the votes inside the scenes.
  ///   - crossVotes: the path of the votes across scenes, of one attribute under one scene name.
  ///   - reference: the scene whose scale is the unit; nil lets it be chosen.
  ///   - replicates: of the choice of pairs, where earlier answers made it; 0 corrects nothing.
  ///   - seed: of those replicates.
  /// - Throws: `InputError` for fewer than 16 replicates that are not 0.
  public init(
    votes: String, crossVotes: String, reference: SceneID? = nil, replicates: Int = 200,
    seed: UInt64 = 1
  ) throws(InputError) {
    guard replicates == 0 || replicates >= 16 else {
      throw InputError(
        Setting("replay"), "\(replicates) replicates give no errors",
        remedy: "give 200, or 0 to leave the scale uncorrected")
    }
    (self.votes, self.crossVotes, self.reference) = (votes, crossVotes, reference)
    (self.replicates, self.seed) = (replicates, seed)
  }

  /// Writes `coefficients.csv` and `Scores_Unified.csv`.
  ///
  /// - Parameters:
  ///   - folder: where they go.
  ///   - observer: receives remarks about the fit and the reference scene.
  /// - Returns: the unified scale.
  /// - Throws: an error when votes can't be read or the fit not be made.
  public func run(
    to folder: String, observer: WorkflowObserver = .silent
  ) throws -> UnifiedScale {
    let within = try VotesFile.scenes(votes, observer: observer)
    let across = try VotesFile.scenes(crossVotes, observer: observer)
    guard let cross = across.first, across.count == 1 else {
      throw InputError(
        crossVotes, "it holds \(across.count) sets of votes, not one",
        remedy: "give the cross-scene votes of one attribute under one scene name")
    }
    let scenes = within.filter { $0.attribute == cross.attribute }
    let choice = JointPairChoice(scenes, cross: cross)
    let result =
      choice.isAdaptive && replicates > 0
      ? try unifyJointly(
        within: scenes, cross: cross, reference: reference,
        replay: choice.replay(replicates: replicates, seed: seed))
      : try unifyJointly(within: scenes, cross: cross, reference: reference)
    if choice.isAdaptive {
      observer.message(
        "Earlier answers chose pairs; lines, scores and errors are "
          + (replicates > 0
            ? "corrected for it by \(replicates) replicates of the choice."
            : "not corrected for it, so that intervals are too narrow."))
    }
    for warning in result.warnings { observer.note(warning) }
    try CoefficientsFile.write(result.scale.alignments, to: "\(folder)/coefficients.csv")
    try UnifiedScoresFile.write(
      UnifiedScores(scale: result.scale, sceneScores: result.scale.ownScores),
      to: "\(folder)/Scores_Unified.csv",
      provenance: Provenance(
        command: ["unify-jointly"], seed: seed,
        settings: ["pairs": .text(choice.label(replicates: replicates))],
        inputs: Provenance.digests(of: [votes, crossVotes])))
    observer.message(
      "Reference scene \(result.scale.referenceScene): \(result.scale.referenceReason)")
    return result.scale
  }
}

extension UnifiedScale {
  /// Every photo's score on the scale of its own scene, by the alignments read backwards.
  fileprivate var ownScores: [Double] {
    let lines = Dictionary(uniqueKeysWithValues: alignments.map { ($0.scene, $0) })
    return photos.map { photo in
      guard let own = lines[photo.scene], let reference = lines[referenceScene], own.a != 0 else {
        return photo.score
      }
      return (reference.a * photo.score + reference.b - own.b) / own.a
    }
  }
}

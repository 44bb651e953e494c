public import Domain
import Files
import Scaling
import Statistics

/// Scales every scene of a ratings file, with the votes of the same scene if there are any:
/// `Scores_<Attribute>.csv`, `Clusters_<Attribute>.json` and `Covariances_<Attribute>.jsonl`.
public struct ScalesFromRatings: Sendable {
  private let ratings: String
  private let votes: String?
  private let plan: ScalingPlan

  /// Plans a run.
  ///
  /// - Parameters:
  ///   - ratings: The path of the ratings.
  ///   - votes: The path of votes about the same photos; nil for none.
  ///   - plan: How they become scales; replicates are not drawn.
  public init(ratings: String, votes: String?, plan: ScalingPlan) {
    (self.ratings, self.votes, self.plan) = (ratings, votes, plan)
  }

  /// Scales every scene; one that can't be scaled doesn't stop the others.
  ///
  /// - Parameters:
  ///   - folder: Where the files go.
  ///   - observer: Receives progress, remarks about scenes, and failures.
  /// - Returns: The files and the failures.
  /// - Throws: `InputError` when a file can't be read or written.
  public func run(
    to folder: String, observer: WorkflowObserver = .silent
  ) throws -> ScalesFromVotes.Outcome {
    let scenes = try RatingsFile.scenes(ratings)
    let judgements = try votes.map { try VotesFile.scenes($0, observer: observer) } ?? []
    for scene in judgements where !scenes.contains(where: { $0.names(scene) }) {
      throw InputError(
        ratings, "it has no ratings of scene \(scene.scene), \(scene.attribute), which has votes",
        remedy: "scale that scene's votes without ratings")
    }
    var outcome = ScalesFromVotes.Outcome(scenes: scenes.count)
    var results: [(analysis: SceneAnalysis, covariance: ScoreCovariance?)] = []
    for (index, scene) in scenes.enumerated() {
      let name = "\(scene.scene), \(scene.attribute)"
      let result = observer.attempt("\(ratings), scene \(name)") {
        let found = try scaleRatings(
          scene, judgements: judgements.first { scene.names($0) }, settings: plan.settings)
        for note in found.scaled.notes { observer.message("\(name): \(note)") }
        return (
          try analyseScene(found.scaled, rule: plan.levels, mode: plan.clusters),
          scene.photos.count <= ScalesFromVotes.photosWithCovariance
            ? ScoreCovariance(
              found.scaled.scale, covariance: found.scaled.estimates.covariance) : nil
        )
      }
      if let result { results.append(result) } else { outcome.failures += 1 }
      observer.progress("scaling scenes", index + 1, of: scenes.count)
    }
    var record = plan.record
    record["from"] = .text(votes == nil ? "ratings" : "ratings and votes")
    let provenance = Provenance(
      command: ["scale"], seed: plan.settings.seed, settings: record,
      inputs: try Provenance.digests(of: [ratings] + [votes].compactMap { $0 }))
    let groups = Dictionary(grouping: results, by: \.analysis.scale.attribute)
    for (attribute, group) in groups.sorted(by: { $0.key < $1.key }) {
      let path = "\(folder)/Scores_\(attribute.title).csv"
      try ScoresFile.write(group.map(\.analysis.scale), to: path, provenance: provenance)
      try AtomicFile.write(
        CanonicalJSON.document(group.map { ClusterRecord($0.analysis) }),
        to: "\(folder)/Clusters_\(attribute.title).json")
      try CovariancesFile.write(group.compactMap(\.covariance), beside: path)
      outcome.files.append(ScalesFromVotes.ScoreFile(scenes: group.count, path: path))
    }
    return outcome
  }
}

extension SceneRatings {
  /// Whether votes are about the same scene and attribute.
  fileprivate func names(_ votes: SceneJudgements) -> Bool {
    scene == votes.scene && attribute == votes.attribute
  }
}

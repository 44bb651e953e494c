public import Domain
import Files
import Scaling

/// The scenes of a votes file.
public enum SceneVotes {
  /// All scenes and attributes, or those of one scene.
  ///
  /// - Parameters:
  ///   - path: the votes.
  ///   - scene: the only scene to take; nil takes all.
  ///   - observer: hears remarks on the file.
  /// - Returns: the judgements of each scene and attribute.
  /// - Throws: `InputError` when the scene isn't in the file.
  public static func read(
    _ path: String, only scene: SceneID? = nil, observer: WorkflowObserver = .silent
  ) throws(InputError) -> [SceneJudgements] {
    let all = try VotesFile.scenes(path, observer: observer)
    guard let scene else { return all }
    let chosen = all.filter { $0.scene == scene }
    guard !chosen.isEmpty else {
      throw InputError(
        Setting("scene"), "«\(scene)» has no votes in \(path)",
        remedy: "give one of \(Set(all.map(\.scene.text)).sorted().joined(separator: ", "))")
    }
    return chosen
  }

  /// The joint posterior of all positions given the votes, under the default prior, which exists
  /// for every design.
  public static func posterior(_ comparisons: ComparisonMatrix) throws -> QualityPosterior {
    let fit = try fitScale(comparisons, disconnected: .usePrior)
    return try QualityPosterior(means: fit.jod, covariance: fit.covariance)
  }
}

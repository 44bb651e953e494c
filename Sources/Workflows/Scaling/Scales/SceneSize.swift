import Domain
import Scaling

/// How a scene is scaled for its size.
enum SceneSize: Hashable {
  /// With all that the plan asks for.
  case ordinary
  /// So many votes that replicates of them would take minutes: without bootstrap.
  case manyVotes
  /// So many photos that no matrix of all pairs of them can be held: without bootstrap, levels and clusters.
  case manyPhotos

  /// Up to here, a matrix of all pairs of photos and the tests inside the levels take seconds.
  static let mostPhotos = 2_000
  /// Up to here, a thousand replicates take some ten seconds.
  static let mostVotes = 2_000_000
}

extension ScalingPlan {
  /// How a scene is scaled for its size; replicates that were asked for are always made.
  func size(of scene: SceneJudgements) -> SceneSize {
    let isBare = !asksForBootstraps || settings.bootstraps == 0
    if isBare, scene.photos.count > SceneSize.mostPhotos, settings.allowsLargeScenes,
      clusters == .standard
    {
      return .manyPhotos
    }
    return !asksForBootstraps && scene.votes.count > SceneSize.mostVotes ? .manyVotes : .ordinary
  }
}

import Comparison
import Domain
import Foundation
import Scaling
import Statistics
import Unification

/// Votes of simulated observers, and the scales that the pipeline makes of them.
struct Votes {
  let seed: UInt64
  let observers = 30
  /// As many votes for an image as in the published data set's files.
  let votesPerImage = 40
  let crossPerScene = 5

  private var settings: ScalingSettings {
    var settings = ScalingSettings()
    // Only the scores are used here; no interval is reported.
    settings.bootstraps = 0
    settings.seed = seed
    return settings
  }

  /// Draws a scale of a scene's own: stretched by a and shifted by b JOD.
  static func distortion(_ random: inout SeededGenerator) -> (a: Double, b: Double) {
    (exp(0.3 * random.normal()), random.normal())
  }

  /// The scale of every scene, judged by observers who see `(quality − b) / a`.
  func scales(
    _ images: [StudyImage], distortion: (SceneID) -> (a: Double, b: Double) = { _ in (1, 0) }
  ) throws -> [SceneScale] {
    let truth = images.map { image in
      let (a, b) = distortion(image.scene)
      return TrueQuality(
        scene: image.scene, attribute: .details, photo: image.photo,
        quality: JOD((image.quality.value - b) / a))
    }
    let largest = Dictionary(grouping: images, by: \.scene).values.map(\.count).max() ?? 0
    let votes = try simulate(
      truth: truth, comparisons: votesPerImage * largest,
      observers: SimulatedObserver.panel(observers), seed: seed)
    return try SceneJudgements.grouping(votes).map {
      try scaleScene($0, settings: settings).scale
    }
  }

  /// One scale for all scenes through images judged across scenes, on the common scale.
  func unified(_ scales: [SceneScale], _ images: [StudyImage]) throws -> UnificationResult {
    let quality = Dictionary(images.map { ($0.key, $0.quality) }) { first, _ in first }
    let set = SceneID("CrossScenes")
    let truth = try crossSet(scales: scales, perScene: crossPerScene).photos.compactMap { photo in
      let place = ScenePhoto(scene: photo.scene, photo: photo.photo)
      return quality[place].map {
        TrueQuality(scene: set, attribute: .details, photo: place.crossName, quality: $0)
      }
    }
    let votes = try simulate(
      truth: truth, comparisons: votesPerImage * truth.count,
      observers: SimulatedObserver.panel(observers), pairing: .close(width: 2), seed: seed &+ 1)
    guard let group = SceneJudgements.grouping(votes).first else {
      throw InputError("cross-scene votes", "there are none", remedy: "report this")
    }
    let scale = try scaleScene(group, settings: settings).scale
    let cross = CrossScale(
      attribute: .details, convention: scale.convention,
      crossNamed: scale.photos)
    return try alignScenes(scales: scales, cross: cross)
  }
}

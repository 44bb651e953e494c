import Domain
import Scaling

extension Leaderboard.Board {
  /// Says how far each group stands below the references.
  ///
  /// The same contrast as of two groups: the mean of the scene's references against the mean of the
  /// group's other photos, over scenes as a sample of their kind.
  ///
  /// - Parameters:
  ///   - scenes: The scaled scenes of the attribute.
  ///   - groups: Which photos belong to which group, and which are references.
  ///   - level: The probability that an interval covers the true difference.
  mutating func addBelowReferences(
    _ scenes: [ScaledScene], _ groups: PhotoGroups, level: Double
  ) {
    // Sorts before every name of a group, so that it comes first in a contrast.
    let reference = "\u{1}reference"
    var settings = ContrastSettings()
    settings.confidenceLevel = level
    belowReferences = rows.compactMap { row in
      let found = groupContrasts(scenes, settings: settings) { photo -> String? in
        groups.isReference(photo.scene, photo.photo)
          ? reference : groups[photo.scene, photo.photo]?.group == row.group ? row.group : nil
      }
      return found.first.map {
        Leaderboard.BelowReference(
          group: row.group, difference: $0.difference.value, low: $0.interval.low,
          high: $0.interval.high, scenes: $0.scenes)
      }
    }
  }
}

import Domain
import Files
public import Reporting
import Scaling
import Statistics
import Unification

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

/// How far groups of photos, such as devices, stand below the references of their scenes, by the
/// scores of scales whose votes need not be there.
public enum ReferencesOfScales {
  /// Compares groups with references, over scenes as a sample of their kind.
  ///
  /// The errors of a scene come from the covariances beside the scores; where there are none they
  /// are inferred (``ScaleCovariances``), and where they can't be, those of photos count as
  /// independent.
  ///
  /// - Parameters:
  ///   - path: The scores of scenes.
  ///   - source: Which photos belong to which group, and which are references.
  ///   - level: The probability that an interval covers the true difference.
  /// - Returns: One comparison for each attribute with references; empty without.
  /// - Throws: `InputError` for files that can't be read, and where the scores hold no photo of the
  ///   groups.
  public static func comparisons(
    _ path: String, groups source: GroupSource, level: Double = 0.95
  ) throws -> [ReportReferences] {
    let groups = try PhotoGroups(source)
    let scales = try ScoresFile.read(path)
    guard scales.contains(where: { $0.photos.contains { groups[$0.scene, $0.photo] != nil } })
    else {
      throw InputError(
        path, "holds no photo of the groups of \(groups.place)",
        remedy: "name scenes and photos in both alike")
    }
    let known = try CovariancesFile.read(beside: path)
    return Set(scales.map(\.attribute)).sorted().compactMap { attribute in
      let own = scales.filter { $0.attribute == attribute }
      var found: [String: [EffectEstimate]] = [:]
      for scale in own {
        let covariance =
          known[scale.scene]?.matrix(of: scale.photos)
          ?? ScaleCovariances.inferred(of: scale) ?? independent(scale.photos)
        for (group, effect) in differences(scale, covariance, groups) {
          found[group, default: []].append(effect)
        }
      }
      guard let unit = own.first?.convention.unitLabel, !found.isEmpty else { return nil }
      let rows = found.map { pooled($0.value, group: $0.key, level: level) }
      return ReportReferences(
        attribute: attribute, unit: unit, level: level,
        groups: rows.sorted { ($0.difference, $0.group) < ($1.difference, $1.group) })
    }
  }

  /// The mean of a scene's references less the mean of each group's other photos.
  private static func differences(
    _ scale: SceneScale, _ covariance: [Double], _ groups: PhotoGroups
  ) -> [String: EffectEstimate] {
    var references: [Int] = []
    var members: [String: [Int]] = [:]
    for (index, photo) in scale.photos.enumerated() {
      if groups.isReference(photo.scene, photo.photo) {
        references.append(index)
      } else if let group = groups[photo.scene, photo.photo]?.group {
        members[group, default: []].append(index)
      }
    }
    guard !references.isEmpty else { return [:] }
    let estimates = Estimates(positions: scale.photos.map(\.score), information: covariance)
    return members.mapValues { own in
      EffectEstimate(.difference(meanOf: references, own), in: estimates)
    }
  }

  private static func independent(_ photos: [ScaledPhoto]) -> [Double] {
    photos.indices.flatMap { row in
      photos.indices.map { column in
        row == column ? photos[row].standardDeviation * photos[row].standardDeviation : 0
      }
    }
  }

  private static func pooled(
    _ effects: [EffectEstimate], group: String, level: Double
  ) -> Leaderboard.BelowReference {
    let count = effects.count
    let variances = (0..<count * count).map { place in
      place / count == place % count
        // Scores without errors still differ between scenes.
        ? max(effects[place % count].standardError * effects[place % count].standardError, 1e-12)
        : 0
    }
    let analysis = MetaAnalysis(effects: effects.map(\.value), covariance: variances)
    let mean = analysis?.mean ?? effects[0].value
    let ends = analysis?.interval(level: level) ?? effects[0].interval(level: level)
    return Leaderboard.BelowReference(
      group: group, difference: mean, low: ends.low, high: ends.high, scenes: count)
  }
}

public import Domain

/// Two photos of a scene, one of each side, that show the same.
public struct SceneExample: Sendable, Hashable {
  /// The attribute.
  public var attribute: Attribute
  /// The scene.
  public var scene: SceneID
  /// The scene's difference, in JOD.
  public var difference: Double
  /// A photo of the baseline.
  public var baseline: PhotoID
  /// A photo of the candidate.
  public var candidate: PhotoID
}

/// A pair of photos of a scene with the difference between them.
struct ExamplePair {
  let baseline: PhotoID
  let candidate: PhotoID
  let difference: Double
}

extension Verdict {
  /// How many scenes are shown for each attribute, and for all together.
  private static let limits = (attribute: 3, all: 6)

  /// The scenes that decide: those with the largest differences, on the side of the outcome where
  /// it has one.
  ///
  /// - Parameter pairs: the pairs of a scene for an attribute; each scene is shown by the pair that
  ///   is nearest to its mean.
  /// - Returns: the scenes with their photos, attribute by attribute.
  func examples(_ pairs: (Attribute, SceneID) -> [ExamplePair]) -> [SceneExample] {
    var shown: [SceneExample] = []
    for found in attributes {
      let side: Double =
        switch found.outcome {
        case .better: 1
        case .worse: -1
        case .equivalent, .inconclusive: 0
        }
      let order = found.scenes.filter { side * $0.difference >= 0 }
        .sorted { abs($0.difference) > abs($1.difference) }
      var own: [SceneExample] = []
      for scene in order where own.count < Self.limits.attribute {
        let pair = pairs(found.attribute, scene.scene).min {
          abs($0.difference - scene.difference) < abs($1.difference - scene.difference)
        }
        guard let pair else { continue }
        own.append(
          SceneExample(
            attribute: found.attribute, scene: scene.scene, difference: scene.difference,
            baseline: pair.baseline, candidate: pair.candidate))
      }
      shown += own
    }
    // Every attribute keeps its first scenes.
    let attributes = max(1, Set(shown.map(\.attribute)).count)
    let each = max(1, Self.limits.all / attributes)
    var counts: [Attribute: Int] = [:]
    return shown.filter { example in
      counts[example.attribute, default: 0] += 1
      return counts[example.attribute, default: 0] <= each
    }
  }
}

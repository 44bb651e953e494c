public import Domain

/// The hand-crafted models, by the names that files and commands give them.
public enum HandcraftedModel: String, Hashable, Sendable, CaseIterable {
  /// Natural-image statistics against a model of pristine photos (Mittal et al. 2013).
  case niqe
  /// NIQE with more features and a model for each patch (Zhang et al. 2015).
  case ilniqe
  /// Regression of natural-scene statistics (Mittal et al. 2012).
  case brisque
}

extension HandcraftedModel {
  /// The unit of the published model's scores; a model that was fitted to scores has theirs.
  public var unit: ScoreUnit {
    let name =
      switch self {
      case .niqe: "NIQE"
      case .ilniqe: "IL-NIQE"
      case .brisque: "BRISQUE"
      }
    return ScoreUnit(.own(name), direction: .lowerIsBetter)
  }
}

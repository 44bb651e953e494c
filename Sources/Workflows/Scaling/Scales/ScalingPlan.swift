import Domain
import Files
public import Scaling

/// How votes become scales with levels and clusters.
public struct ScalingPlan: Hashable, Sendable {
  /// The scale's settings.
  public var settings: ScalingSettings
  /// The rule of the number of quality levels.
  public var levels: LevelRule
  /// How clusters are found.
  public var clusters: ClusterMode
  /// How the pairs were chosen, for votes that do not say it; nil takes what they say.
  public var choice: StatedPairChoice?
  /// The preset that the plan started from.
  public var preset: ScalingPreset?

  /// Whether the number of bootstrap replicates was asked for; if not, large scenes get none.
  public var asksForBootstraps: Bool

  /// Makes a plan; the defaults are those of the stage.
  public init(
    settings: ScalingSettings = ScalingSettings(), levels: LevelRule = .upperLimit,
    clusters: ClusterMode = .standard, choice: StatedPairChoice? = nil,
    asksForBootstraps: Bool = true, preset: ScalingPreset? = nil
  ) {
    (self.choice, self.preset) = (choice, preset)
    self.asksForBootstraps = asksForBootstraps
    (self.settings, self.levels, self.clusters) = (settings, levels, clusters)
  }

  /// The settings as provenance keeps them.
  var record: [String: SettingValue] {
    var record: [String: SettingValue] = [
      "model": .text(settings.model.rawValue), "prior": .text(settings.prior.label),
      "ties": .text(settings.ties.rawValue), "bootstrap": .integer(settings.bootstraps),
      "convention": .text(settings.convention.rawValue), "rule": .text(levels.label),
      "clusters": .text(clusters.label),
      "minimum-observers": .integer(settings.minimumObservers),
      "intervals": .text(settings.effectiveIntervalRule.rawValue),
      "replay": .integer(settings.replays),
    ]
    if settings.observers == .model { record["observers"] = .text(settings.observers.rawValue) }
    if let preset {
      record["preset"] = .text(preset.rawValue)
      record["protocol"] = .text(
        "pairs by ASAP's gain (next-pairs --criterion asap), TrueSkill, percentile bootstrap, "
          + "RMANOVA, paired t-tests, Louvain")
    }
    return record
  }
}

extension LevelRule {
  /// The rule's name in options and provenance.
  public var label: String {
    switch self {
    case .upperLimit: "upper-limit"
    case .range: "range"
    case .rangePlusOne: "range+1"
    case .fixed(let count): "\(count)"
    }
  }
}

extension ClusterMode {
  /// The mode's name in options and provenance.
  public var label: String {
    switch self {
    case .joint: "joint"
    case .piq23: "piq23"
    }
  }
}

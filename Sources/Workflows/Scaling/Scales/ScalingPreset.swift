import Domain
import Scaling

/// A named set of settings; options that are given beside it win.
public enum ScalingPreset: String, Hashable, Sendable, CaseIterable {
  /// The protocol of the data set PIQ23 (Chahine et al. 2023, section 4), as far as paper and files
  /// tell it.
  ///
  /// Pairs by ASAP's gain, TrueSkill, 300 replicates over observers with plain percentiles in the
  /// data set's z-scored unit, levels by the rule that meets its files best, clusters by RMANOVA,
  /// paired t-tests and Louvain. Nothing is corrected for the choice of pairs, since the data set
  /// is not.
  case piq23

  /// The plan that the preset stands for.
  ///
  /// - Parameter replicates: the number of bootstrap replicates; nil takes the preset's.
  /// - Returns: a plan that options may still change.
  public func plan(replicates: Int? = nil) -> ScalingPlan {
    var settings = ScalingSettings()
    settings.model = .trueSkill
    settings.convention = .piq23
    settings.intervalRule = .percentile
    settings.bootstraps = replicates ?? 300
    settings.replays = 0
    settings.minimumObservers = 2
    return ScalingPlan(
      settings: settings, levels: .upperLimit,
      clusters: .piq23(bootstraps: settings.bootstraps), preset: self)
  }
}

/// How a table summarizes a metric.
public enum TableStatistic: String, Hashable, Sendable, Codable, CaseIterable {
  /// The mean over scenes.
  case mean
  /// The median over scenes.
  case median
  /// Over all photos of a unified scale.
  case global
}

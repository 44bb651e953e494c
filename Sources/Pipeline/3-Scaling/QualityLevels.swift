public import Domain
public import Statistics

/// How many quality levels a scale is divided into.
public enum LevelRule: Sendable, Hashable, Codable {
  /// ⌈(highest interval end − lowest JOD) / median interval width⌉.
  ///
  /// Of the simple rules it comes closest to the published data: equal in 118 of 150 scale files,
  /// within 1 in all.
  case upperLimit
  /// The paper's words: the JOD range over the median interval width, rounded up.
  case range
  /// Rounded JOD range over median interval width, plus 1.
  case rangePlusOne
  /// A fixed number.
  case fixed(Int)

  /// The number of levels of a scale, between 1 and the number of photos.
  public func count(jod: [Double], low: [Double], high: [Double], width: [Double]) -> Int {
    guard let least = jod.min(), let most = jod.max(), let limit = high.max() else { return 0 }
    let median = Descriptive.median(width)
    let levels: Double =
      switch self {
      case .upperLimit: ((limit - least) / median).rounded(.up)
      case .range: ((most - least) / median).rounded(.up)
      case .rangePlusOne: ((most - least) / median).rounded() + 1
      case .fixed(let count): Double(count)
      }
    // Without uncertainty every photo has a level of its own.
    guard levels.isFinite else { return jod.count }
    return max(1, min(jod.count, Int(min(levels, 1e9))))
  }
}

/// The quality levels of one scale: a k-means partition of the intervals as points (low, high).
///
/// Source: Chahine et al. 2023, section 4.2.
public struct QualityLevels: Sendable, Hashable {
  /// The level of every photo, 0 the worst.
  public let levels: [Int]
  /// The number of levels.
  public let count: Int
  /// The sum of squared distances of the points (low, high) from the means of their levels.
  public let inertia: Double

  /// Divides a scale into levels; all lists hold one number for each photo, in the unit of the
  /// scale.
  ///
  /// - Parameters:
  ///   - jod: The positions.
  ///   - low: The lower interval ends.
  ///   - high: The upper interval ends.
  ///   - width: The interval widths; nil takes high − low.
  ///   - rule: The number of levels.
  ///   - restarts: The number of seeded starts of k-means, of which the best is kept.
  ///   - generator: The source of randomness.
  public init(
    jod: [Double], low: [Double], high: [Double], width: [Double]? = nil,
    rule: LevelRule = .upperLimit,
    restarts: Int = 300, generator: SeededGenerator = SeededGenerator(seed: 1)
  ) {
    let count = rule.count(
      jod: jod, low: low, high: high, width: width ?? zip(high, low).map { $0 - $1 })
    let partition = KMeans(
      zip(low, high).map { [$0, $1] }, count: count, restarts: restarts, generator: generator)
    // Levels ascend with the mean of their photos' positions.
    let groups = Dictionary(grouping: jod.indices) { partition.labels[$0] }
    let ordered = groups.keys.sorted { first, second in
      let means = [first, second].map { Descriptive.mean((groups[$0] ?? []).map { jod[$0] }) }
      return (means[0], first) < (means[1], second)
    }
    let level = Dictionary(uniqueKeysWithValues: zip(ordered, ordered.indices))
    levels = partition.labels.map { level[$0, default: 0] }
    self.count = ordered.count
    inertia = partition.inertia
  }

  /// Divides the scale of a scene into levels.
  public init(
    _ scale: SceneScale, rule: LevelRule = .upperLimit, restarts: Int = 300,
    generator: SeededGenerator = SeededGenerator(seed: 1)
  ) {
    self.init(
      jod: scale.photos.map(\.score), low: scale.photos.map(\.interval.low),
      high: scale.photos.map(\.interval.high), rule: rule, restarts: restarts,
      generator: generator)
  }
}

import Domain
import Statistics

/// What the judged pairs of a study look like, whoever chose them.
struct DesignProfile: Sendable {
  private let values: [DesignFeature: Double]

  /// Looks at the pairs of votes.
  ///
  /// - Parameters:
  ///   - comparisons: The votes by pair.
  ///   - positions: The positions that they give, in any unit.
  init(_ comparisons: ComparisonMatrix, positions: [Double]) {
    let totals = comparisons.comparisonsPerPhoto
    let answers = totals.reduce(0, +) / 2
    var values: [DesignFeature: Double] = [:]
    values[.closeness] =
      PairCloseness(positions, pairs: comparisons.pairs.map { ($0.first, $0.second, $0.total) })?
      .ratio
    if answers > 0 {
      values[.repeats] = 1 - Double(comparisons.pairs.count) / answers
      values[.unevenness] =
        Descriptive.populationVariance(totals).squareRoot() / Descriptive.mean(totals)
    }
    self.values = values
  }

  /// The value of a feature; nil where the design is too small for it.
  subscript(feature: DesignFeature) -> Double? { values[feature] }
}

/// What is compared between a study and replicates of its choice of pairs.
public enum DesignFeature: String, Sendable, Hashable, Codable, CaseIterable {
  /// The mean distance in rank of judged pairs, 1 for unrelated pairs.
  case closeness
  /// The share of the answers that repeat a pair.
  case repeats
  /// The standard deviation of the photos' numbers of answers over their mean.
  case unevenness

  /// The least difference between study and replicates that counts.
  ///
  /// Replicates of the true choice stay within half of it (docs/active-sampling.md).
  fileprivate var limit: Double {
    switch self {
    case .closeness: 0.2
    case .repeats: 0.2
    case .unevenness: 0.25
    }
  }
}

/// A study that replicates of its stated choice of pairs do not resemble.
public struct DesignMismatch: Sendable, Hashable, Codable {
  /// The feature in which they differ most.
  public let feature: DesignFeature
  /// Its value in the study.
  public let study: Double
  /// Its mean over the replicates.
  public let replicates: Double

  /// Compares a study with replicates of its choice of pairs; nil when they resemble it.
  ///
  /// They differ when a feature of the study lies outside of four standard deviations of the
  /// replicates, and by as much as matters.
  init?(_ study: DesignProfile, replicates: [DesignProfile]) {
    var worst: (size: Double, feature: DesignFeature, study: Double, mean: Double)?
    for feature in DesignFeature.allCases {
      let values = replicates.compactMap { $0[feature] }
      guard let own = study[feature], values.count > 1 else { continue }
      let mean = Descriptive.mean(values)
      let step = abs(own - mean)
      let size = step / feature.limit
      guard size >= 1, step > 4 * Descriptive.standardDeviation(values) else { continue }
      if worst.map({ $0.size < size }) ?? true { worst = (size, feature, own, mean) }
    }
    guard let worst else { return nil }
    (feature, self.study, self.replicates) = (worst.feature, worst.study, worst.mean)
  }

  /// The difference in words.
  public var sentence: String {
    func percent(_ share: Double) -> String { "\(Int((100 * share).rounded())) %" }
    func closer(_ ratio: Double) -> String {
      ratio > 1 ? "\(percent(ratio - 1)) farther apart" : "\(percent(1 - ratio)) closer"
    }
    return switch feature {
    case .closeness:
      "its pairs are \(closer(study)) on the scale than unrelated ones, those of replicates "
        + closer(replicates)
    case .repeats:
      "\(percent(study)) of its answers repeat a pair, \(percent(replicates)) in replicates"
    case .unevenness:
      "its photos' numbers of answers vary by \(percent(study)), by \(percent(replicates)) in "
        + "replicates"
    }
  }
}
